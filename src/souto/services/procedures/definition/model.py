"""The definition of a procedure (手続の定義): everything that a resident reads and is asked, in one frozen value.

The defaults below belong to the schema version: they never change within one, because a stored body leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field as PydanticField
from pydantic import ValidationError

from souto.kernel.errors import SoutoError
from souto.services.procedures.definition import answering
from souto.services.procedures.definition.base import Answers, Code, Facts, Key, Model, RawData, Reference, Slug
from souto.services.procedures.definition.conditions import Condition
from souto.services.procedures.definition.eligibility import Eligibility
from souto.services.procedures.definition.evaluation import Evaluation, Visible
from souto.services.procedures.definition.fields import ComputedField, Field, FieldBase, GroupField
from souto.services.procedures.definition.problems import Problem
from souto.services.procedures.definition.scope import Shape
from souto.services.procedures.definition.wording import Wording

#: The newest form of a definition; older ones pass through `upgrades`.
SCHEMA_VERSION = 1

CATEGORIES: dict[str, Mapping[str, str]] = {
    "moving": {"ja": "引越し・住まい", "ja-easy": "ひっこし・家", "en": "Moving and housing"},
    "birth": {"ja": "妊娠・出産", "ja-easy": "赤ちゃんが 生まれる", "en": "Pregnancy and birth"},
    "childcare": {"ja": "子育て", "ja-easy": "子どもを 育てる", "en": "Childcare"},
    "school": {"ja": "学校・教育", "ja-easy": "学校", "en": "School"},
    "work": {"ja": "仕事・事業", "ja-easy": "仕事", "en": "Work and business"},
    "tax": {"ja": "税金", "ja-easy": "税金", "en": "Taxes"},
    "care": {"ja": "健康・福祉・介護", "ja-easy": "体と 生活の 助け", "en": "Health and care"},
    "bereavement": {"ja": "おくやみ", "ja-easy": "家族が 亡くなったとき", "en": "Bereavement"},
    "certificate": {"ja": "証明書", "ja-easy": "証明書", "en": "Certificates"},
    "road": {"ja": "道路・公園", "ja-easy": "道・公園", "en": "Roads and parks"},
    "waste": {"ja": "ごみ・環境", "ja-easy": "ごみ", "en": "Waste and environment"},
    "marriage": {"ja": "結婚・戸籍", "ja-easy": "結婚・戸籍", "en": "Marriage and family register"},
}


class UnknownPageError(SoutoError):
    """The definition has no such page, or the answers hide it."""

    message = "このページは、いまの回答では使いません。前のページに戻ってください。"
    status = 404


class Fee(Model):
    """What it costs: `amount` in yen, or the key of a computed yen field; `account` is the city's account code (費目)."""

    amount: Annotated[int, PydanticField(ge=0)] | Key
    account: Code
    due: Literal["submission", "acceptance", "approval"]
    note: Wording | None = None


class Outcome(Model):
    """A way to decide. `granted`: the person gets what was asked for (all or part), so fees fall due and the hand-over goes."""

    code: Code
    label: Wording
    granted: bool


class Step(Model):
    """A line of 「流れ」; `days` are working days, where they are known."""

    title: Wording
    days: Annotated[int, PydanticField(ge=0)] | None = None


class Faq(Model):
    """A question that people ask, and its answer."""

    question: Wording
    answer: Wording


class Page(Model):
    """One page of the form: one thing asked, in one field or a few that belong together."""

    key: Key
    title: Wording
    intro: Wording | None = None
    condition: Condition | None = None
    fields: Annotated[tuple[Field, ...], PydanticField(min_length=1, max_length=40)]


class Definition(Model):
    """A procedure. `kind`: 申請 asks for a decision, 届出 tells, 通報 reports. `resign_on`: fields whose correction needs a new signature.

    `assurance` is what the sign-in must prove at least (0 none … 3 card signature); `assumptions` are figures of a sample (見本), said on
    the page. `retention` is how long it is kept (保存期間) in whole fiscal years after the one in which it was closed; None: as the city keeps
    its kind. `inventory` names the entry of the inventory (手続台帳) that this procedure puts online.
    """

    schema_version: Literal[1]
    slug: Slug
    title: Wording
    kana: str = ""
    summary: Wording
    synonyms: tuple[str, ...] = ()
    kind: Literal["application", "notification", "report"]
    department: Code
    category: str
    legal_basis: tuple[str, ...] = ()
    inventory: Key | None = None
    who: Wording | None = None
    deadline: Wording | None = None
    needs_identity: bool = False
    assurance: Annotated[int, PydanticField(ge=0, le=3)] = 0
    signature: bool = False
    fee: Fee | None = None
    processing_days: Annotated[int, PydanticField(ge=0, le=400)] | None = None
    retention: Literal[1, 3, 5, 10, 30, "permanent"] | None = None
    handover_at: Literal["submission", "approval", "payment"] | None = None
    core_system: Code | None = None
    outcomes: tuple[Outcome, ...] = ()
    resign_on: tuple[Reference, ...] = ()
    minutes: Annotated[int, PydanticField(ge=1, le=240)] | None = None
    bring: tuple[Wording, ...] = ()
    steps: tuple[Step, ...] = ()
    counter: Wording | None = None
    faq: tuple[Faq, ...] = ()
    related: tuple[Slug, ...] = ()
    assumptions: tuple[Wording, ...] = ()
    eligibility: Eligibility | None = None
    pages: Annotated[tuple[Page, ...], PydanticField(min_length=1, max_length=60)]

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read a stored body; raises `pydantic.ValidationError`."""
        return cls.model_validate(body)

    def body(self) -> dict[str, Any]:
        """The JSON to store: canonical, defaults left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @cached_property
    def _index(self) -> dict[str, tuple[Page, FieldBase]]:
        return {field.key: (page, field) for page in self.pages for field in page.fields}

    def page(self, key: str) -> Page:
        """The page `key`; raises `UnknownPageError`."""
        found = next((page for page in self.pages if page.key == key), None)
        if found is None:
            raise UnknownPageError
        return found

    def all_fields(self) -> Iterator[tuple[Page, FieldBase]]:
        """Every top-level field with its page, in order."""
        for page in self.pages:
            for field in page.fields:
                yield page, field

    def field_at(self, path: str) -> FieldBase | None:
        """The field behind a path or reference: `copies`, `children/a1b2c3d4/name`, `children/name`."""
        key, *rest = path.split("/")
        _, field = self._index.get(key, (None, None))
        if not rest:
            return field
        return field.item(rest[-1]) if isinstance(field, GroupField) and len(rest) <= 2 else None

    def page_of(self, path: str) -> Page | None:
        """The page on which a path is asked."""
        return self._index.get(path.split("/", maxsplit=1)[0], (None, None))[0]

    def shape_at(self, reference: str) -> Shape | None:
        """What a condition may compare `reference` with."""
        field = self.field_at(reference)
        return None if field is None else field.shape()

    def visible(self, answers: Answers, facts: Facts) -> Visible:
        """The pages and fields that the answers show. `facts` needs `today` where a condition asks for an age."""
        return Evaluation(self, answers, facts).visible()

    def check_page(
        self, page_key: str, raw: RawData, answers: Answers, *, facts: Facts, today: date
    ) -> answering.PageCheck:
        """Read one posted page; raises `UnknownPageError` where the answers hide it (see `answering.check_page`)."""
        return answering.check_page(self, page_key, raw, answers, facts=facts, today=today)

    def check_all(self, answers: Answers, *, facts: Facts, today: date) -> list[Problem]:
        """Everything that keeps the answers from being sent, in the order of the pages (see `answering.check_all`)."""
        return answering.check_all(self, answers, facts=facts, today=today)

    def clean(self, answers: Answers, facts: Facts) -> dict[str, Any]:
        """The answers without hidden and unknown ones, computed fields worked out (see `answering.clean`)."""
        return answering.clean(self, answers, facts)

    def prefill(self, facts: Facts) -> dict[str, Any]:
        """The answers that the facts give."""
        return answering.prefill(self, facts)

    def file_paths(self, answers: Answers) -> list[str]:
        """The paths of the file fields that hold files."""
        return answering.file_paths(self, answers)

    def fee_amount(self, answers: Answers, facts: Facts) -> int | None:
        """What it costs with these answers, in yen; None where nothing is charged or the amount is not known yet."""
        if self.fee is None:
            return None
        if isinstance(self.fee.amount, int):
            return self.fee.amount
        amount = Evaluation(self, answers, facts).value(self.fee.amount)
        return amount if isinstance(amount, int) else None

    @property
    def fixed_fee(self) -> int | None:
        """The amount where it is the same for everybody, 0 where there is no fee, None where the answers decide."""
        if self.fee is None:
            return 0
        return self.fee.amount if isinstance(self.fee.amount, int) else None

    def computed_fields(self) -> Iterator[ComputedField]:
        """The fields that are worked out."""
        for _, field in self.all_fields():
            if isinstance(field, ComputedField):
                yield field


def explain(error: ValidationError, *, limit: int = 20) -> list[str]:
    """What pydantic found, a line each, with the place in the file."""
    lines = []
    for found in error.errors(include_url=False)[:limit]:
        place = " › ".join(str(part + 1) if isinstance(part, int) else str(part) for part in found["loc"])
        lines.append(f"{place or '全体'}: {_REASONS.get(found['type'], found['msg'])}")
    return lines


_REASONS = {
    "missing": "この項目が必要です",
    "extra_forbidden": "この名前の項目はありません。つづりを確認してください",
    "string_pattern_mismatch": "使えるのは小文字のアルファベット、数字と「_」「-」です",
    "union_tag_invalid": "この種類はありません。つづりを確認してください",
    "union_tag_not_found": "種類（type）または条件の語が必要です",
    "bool_type": "true か false にしてください",
    "int_type": "整数にしてください",
    "int_parsing": "整数にしてください",
    "string_type": "文字にしてください",
    "literal_error": "決められた値のどれかにしてください",
    "too_short": "数が足りません",
    "too_long": "数が多すぎます",
}
