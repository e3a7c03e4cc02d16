"""What bookkeepers call the ledger's accounts and postings (勘定科目、仕訳の種類)."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

_ACCOUNTS = {"receivable": _("未収金"), "suspense": _("仮受金"), "refund": _("還付未済金")}
_PREFIXES = {"income": _("歳入（%(part)s）"), "clearing": _("未達の入金（%(part)s）")}
_KINDS = {
    "charge": _("調定"),
    "cancel": _("調定の取消"),
    "payment": _("入金"),
    "reversal": _("入金の取消"),
    "suspense": _("仮受"),
    "refund": _("還付の決定"),
    "refund_reversal": _("還付の取消"),
}


def account_name(account: str) -> str:
    """The name of an account in the language of the page; one without a name is called by its code."""
    if account in _ACCOUNTS:
        return gettext(_ACCOUNTS[account])
    prefix, _colon, part = account.partition(":")
    return gettext(_PREFIXES[prefix]) % {"part": part} if prefix in _PREFIXES and part else account


def kind_name(kind: str) -> str:
    """The name of a kind of posting in the language of the page."""
    return gettext(_KINDS[kind]) if kind in _KINDS else kind
