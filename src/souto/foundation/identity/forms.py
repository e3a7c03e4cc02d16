"""Forms of the staff pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from souto.foundation.identity import queries
from souto.foundation.identity.roles import LABELS


class StaffForm(forms.Form):
    """A new staff member."""

    number = forms.CharField(label=_("職員番号"), max_length=32)
    name = forms.CharField(label=_("氏名"), max_length=80)
    email = forms.EmailField(label=_("メールアドレス"), required=False)


class MembershipForm(forms.Form):
    """A role in a department."""

    department = forms.ChoiceField(label=_("課"))
    role = forms.ChoiceField(label=_("役割"), choices=[(role.value, _(label)) for role, label in LABELS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(department.code, department.name) for department in queries.list_departments()]


class DepartmentForm(forms.Form):
    """A department (課), as residents call it."""

    code = forms.SlugField(label=_("記号（英数字とハイフン）"), max_length=64)
    name = forms.CharField(label=_("課の名前"), max_length=64)
    name_en = forms.CharField(label=_("英語の名前"), max_length=128, required=False)
    name_easy = forms.CharField(label=_("やさしい日本語の名前"), max_length=128, required=False)
    phone = forms.CharField(label=_("電話番号"), max_length=32, required=False)


class ReviewForm(forms.Form):
    """What a member of staff found out about a person."""

    reason = forms.CharField(label=_("確認した内容と理由"), widget=forms.Textarea(attrs={"rows": 5}), max_length=1000)
    value = forms.CharField(label=_("確認した値"), max_length=300, required=False)
    number = forms.CharField(label=_("宛名番号"), max_length=32, required=False)
