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


#: Words that are kept in the database in Japanese and said in the language of the page: stages, states, reasons of suspense.
KEPT = (
    _("速報"),
    _("確報"),
    _("取消"),
    _("消し込み済み"),
    _("仮受（未照合）"),
    _("照合済み（手作業）"),
    _("受領済みの再送"),
    _("この案件特定キーの納付書はありません"),
    _("確認番号が納付書と違います"),
    _("この料金は、すでに支払い済みか取り消されています（二重払いの疑い）"),
    _("取り消す元の通知がありません"),
    _("この料金の入金は、別の方法で処理されています"),
    _("手作業で照合した入金の取消です。確認してください"),
    _("同じ入金の速報を、仮受で受け付け済みです"),
    _("取消の通知による"),
)


def account_name(account: str) -> str:
    """The name of an account in the language of the page; one without a name is called by its code."""
    if account in _ACCOUNTS:
        return gettext(_ACCOUNTS[account])
    prefix, _colon, part = account.partition(":")
    return gettext(_PREFIXES[prefix]) % {"part": part} if prefix in _PREFIXES and part else account


def kind_name(kind: str) -> str:
    """The name of a kind of posting in the language of the page."""
    return gettext(_KINDS[kind]) if kind in _KINDS else kind
