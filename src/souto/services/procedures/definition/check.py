"""Static checks of a definition before it is published: each finding names the page and the field.

An error keeps it from being published; a warning (a missing translation) is shown to the editor, who decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from souto.kernel.language import LANGUAGES, gaps
from souto.services.procedures.definition import facts
from souto.services.procedures.definition.fields import ComputedField, FieldBase, GroupField
from souto.services.procedures.definition.model import CATEGORIES, Definition, Page
from souto.services.procedures.definition.problems import PublishProblem, Severity
from souto.services.procedures.definition.scope import Lookup, Shape

_LANGUAGE_NAMES = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English"}


def problems(definition: Definition) -> list[PublishProblem]:
    """Everything found, errors first, in the order of the pages."""
    found = [
        *_whole(definition),
        *_keys(definition),
        *_fields(definition),
        *_conditions(definition),
        *_circles(definition),
        *_eligibility(definition),
        *_translations(definition),
    ]
    return sorted(found, key=lambda problem: problem.severity is Severity.WARNING)


def errors(definition: Definition) -> list[PublishProblem]:
    """Those findings that keep the definition from being published."""
    return [problem for problem in problems(definition) if problem.severity is Severity.ERROR]


def _warning(page: str, field: str, message: str) -> PublishProblem:
    return PublishProblem(page, field, message, Severity.WARNING)


def _whole(d: Definition) -> Iterator[PublishProblem]:
    if d.category not in CATEGORIES:
        yield PublishProblem("", "", f"分類「{d.category}」はありません（{'、'.join(CATEGORIES)}）")
    if d.signature and d.assurance < 2:
        yield PublishProblem("", "", "署名を求める手続では、本人確認の強さ（assurance）を2以上にしてください")
    if d.needs_identity and d.assurance == 0:
        yield PublishProblem("", "", "本人確認が必要な手続では、本人確認の強さ（assurance）を1以上にしてください")
    if d.resign_on and not d.signature:
        yield PublishProblem("", "", "署名を求めない手続に、再署名の項目（resign_on）は付けられません")
    for reference in d.resign_on:
        if d.field_at(reference) is None:
            yield PublishProblem("", "", f"再署名の項目「{reference}」がありません")
    yield from _deciding(d)
    yield from _fee(d)


def _deciding(d: Definition) -> Iterator[PublishProblem]:
    codes = [outcome.code for outcome in d.outcomes]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield PublishProblem("", "", f"結果のコード「{code}」が2回あります")
    if d.kind == "application" and {outcome.granted for outcome in d.outcomes} != {True, False}:
        yield PublishProblem("", "", "申請には、認める結果と認めない結果を、それぞれ一つ以上決めてください（outcomes）")
    if d.kind != "report" and d.processing_days is None:
        yield _warning("", "", "処理にかかる日数（processing_days）がありません")
    if d.core_system and d.handover_at is None:
        yield PublishProblem("", "", "基幹システムに渡す時点（handover_at）を決めてください")
    if d.handover_at == "payment" and d.fee is None:
        yield PublishProblem("", "", "手数料がない手続では、支払い後の引き渡し（handover_at: payment）は起こりません")


def _fee(d: Definition) -> Iterator[PublishProblem]:
    if d.fee is None or isinstance(d.fee.amount, int):
        return
    field = d.field_at(d.fee.amount)
    if not isinstance(field, ComputedField) or field.result != "yen":
        yield PublishProblem("", d.fee.amount, "手数料には、金額（円）の計算項目を指定してください")


def _keys(d: Definition) -> Iterator[PublishProblem]:
    pages = [page.key for page in d.pages]
    for key in sorted({key for key in pages if pages.count(key) > 1}):
        yield PublishProblem(key, "", "ページのキーが2回あります")
    seen: dict[str, str] = {}
    for page, field in d.all_fields():
        if field.key in seen:
            yield PublishProblem(
                page.key, field.key, f"項目のキーが2回あります（ページ「{seen[field.key]}」にもあります）"
            )
        seen.setdefault(field.key, page.key)
    for page, field in d.all_fields():
        for item in field.fields if isinstance(field, GroupField) else ():
            if item.key in seen:
                yield PublishProblem(
                    page.key,
                    f"{field.key}/{item.key}",
                    "行の中の項目のキーが、行の外の項目と同じです。別のキーにしてください",
                )


def _each(d: Definition) -> Iterator[tuple[Page, FieldBase, str, GroupField | None]]:
    """Every field with its page, its reference, and the group it belongs to."""
    for page, field in d.all_fields():
        yield page, field, field.key, None
        if isinstance(field, GroupField):
            for item in field.fields:
                yield page, item, f"{field.key}/{item.key}", field


def _fields(d: Definition) -> Iterator[PublishProblem]:
    for page, field, place, group in _each(d):
        for finding in field.findings():
            yield PublishProblem(page.key, place, finding)
        if field.verified and not field.prefill:
            yield PublishProblem(page.key, place, "カードの値で固定する項目（verified）には、prefill が必要です")
        if field.prefill is None:
            continue
        if field.prefill not in facts.KNOWN:
            yield PublishProblem(page.key, place, f"「{field.prefill}」という既知の情報はありません（prefill）")
        if group is not None:
            yield PublishProblem(page.key, place, "くり返しの行の中の項目には、prefill を付けられません")
        if field.prefill.startswith(("card.", "register.")) and d.assurance < 2:
            yield _warning(page.key, place, "カードで本人確認をしない手続では、この項目は自動で入りません（prefill）")


def _conditions(d: Definition) -> Iterator[PublishProblem]:
    order = {field.key: number for number, (_, field) in enumerate(d.all_fields())}
    pages = {page.key: number for number, page in enumerate(d.pages)}
    for page in d.pages:
        if page.condition:
            yield from (PublishProblem(page.key, "", f) for f in page.condition.findings(d.shape_at))
            for reference in page.condition.references():
                asked = d.page_of(reference)
                if asked and pages[asked.key] >= pages[page.key]:
                    yield PublishProblem(
                        page.key, "", f"ページの条件が、後で聞く「{reference.rstrip('?')}」を見ています"
                    )
    for page, field, place, group in _each(d):
        lookup = _row_lookup(d, group) if group else d.shape_at
        if isinstance(field, ComputedField):
            yield from (PublishProblem(page.key, place, f) for f in field.compute.findings(lookup))
        if field.condition is None:
            continue
        yield from (PublishProblem(page.key, place, f) for f in field.condition.findings(lookup))
        limit = order[place.split("/")[0]]
        for reference in field.condition.references():
            own = group is not None and group.item(reference.removeprefix(f"{group.key}/"))
            if own and group is not None:
                keys = [item.key for item in group.fields]
                if keys.index(own.key) >= keys.index(field.key):
                    yield PublishProblem(page.key, place, f"条件が、後で聞く「{reference}」を見ています")
            elif order.get(reference.split("/")[0], -1) >= limit:
                yield PublishProblem(page.key, place, f"条件が、後で聞く「{reference.rstrip('?')}」を見ています")


def _row_lookup(d: Definition, group: GroupField) -> Lookup:
    def find(reference: str) -> Shape | None:
        own = group.item(reference.removeprefix(f"{group.key}/"))
        return own.shape() if own else d.shape_at(reference)

    return find


def _circles(d: Definition) -> Iterator[PublishProblem]:
    """Computed fields that lead back to themselves, over other computed fields and over conditions."""
    graph = {field.key: sorted(set(_needs(d, page, field)) - {""}) for page, field in d.all_fields()}
    told: set[frozenset[str]] = set()
    for start in graph:
        circle = _circle_from(start, graph)
        if circle and frozenset(circle) not in told and any(isinstance(d.field_at(k), ComputedField) for k in circle):
            told.add(frozenset(circle))
            page = d.page_of(start)
            yield PublishProblem(
                page.key if page else "", start, f"計算がひと回りして終わりません（{' → '.join(circle)}）"
            )


def _needs(d: Definition, page: Page, field: FieldBase) -> Iterator[str]:
    """The top-level fields on which the value or the visibility of `field` rests."""
    for condition in (page.condition, field.condition):
        if condition:
            yield from (_top(d, reference) for reference in condition.references())
    if isinstance(field, ComputedField):
        yield from (_top(d, reference) for reference in field.compute.references())
    if isinstance(field, GroupField):
        for item in field.fields:
            if item.condition:
                yield from (_top(d, r) for r in item.condition.references() if field.item(r.split("/")[-1]) is None)


def _top(d: Definition, reference: str) -> str:
    """The top-level key of a reference; of `group/key?` (a row's own field, or one of the form) the one that exists."""
    if reference.endswith("?"):
        inside = reference.removesuffix("?")
        reference = inside if d.field_at(inside) else inside.split("/")[1]
    key = reference.split("/")[0]
    return key if d.field_at(key) else ""


def _circle_from(start: str, graph: Mapping[str, list[str]]) -> list[str]:
    """A way from `start` back to it, or []."""
    waiting = [[start]]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        for after in graph.get(way[-1], []):
            if after == start:
                return [*way, start]
            if after not in seen:
                seen.add(after)
                waiting.append([*way, after])
    return []


def _eligibility(d: Definition) -> Iterator[PublishProblem]:
    if d.eligibility:
        yield from (PublishProblem("eligibility", key, finding) for key, finding in d.eligibility.findings())


def _translations(d: Definition) -> Iterator[PublishProblem]:
    for page, field, name, text in _wordings(d):
        missing = gaps(text) if text else ()
        if missing:
            languages = "、".join(_LANGUAGE_NAMES[code] for code in LANGUAGES if code in missing)
            yield _warning(page, field, f"{name} の{languages}の文がありません")


def _wordings(d: Definition) -> Iterator[tuple[str, str, str, Mapping[str, str] | None]]:
    for name in ("title", "summary", "who", "deadline", "counter"):
        yield "", "", name, getattr(d, name)
    yield from (("", "", f"bring {number}", text) for number, text in enumerate(d.bring, start=1))
    yield from (("", "", f"steps {number}", step.title) for number, step in enumerate(d.steps, start=1))
    yield from (("", "", f"outcomes {outcome.code}", outcome.label) for outcome in d.outcomes)
    for number, faq in enumerate(d.faq, start=1):
        yield "", "", f"faq {number}", faq.question
        yield "", "", f"faq {number} answer", faq.answer
    for name, text in d.eligibility.wordings() if d.eligibility else ():
        yield "eligibility", "", name, text
    for page in d.pages:
        yield page.key, "", "title", page.title
        yield page.key, "", "intro", page.intro
    for page, field, place, _ in _each(d):
        yield page.key, place, "ask", field.ask
        yield from ((page.key, place, name, text) for name, text in field.wordings().items())
