"""The check before one starts (対象かどうかの確認): a few questions, then yes, no or maybe with the reasons.

Nothing is stored: the answers travel in the page's address. It is never a decision, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from souto.services.procedures.definition.base import Key, Kind, Model, Slug, Value
from souto.services.procedures.definition.conditions import Condition
from souto.services.procedures.definition.facts import FactMissingError
from souto.services.procedures.definition.fields.choice import Option, option_findings
from souto.services.procedures.definition.scope import Findings, Scope, Shape
from souto.services.procedures.definition.wording import Wording, ja

Result = Literal["yes", "no", "maybe"]


class Question(Model):
    """One question with its options; `help` says why it is asked or where to look."""

    key: Key
    text: Wording
    help: Wording | None = None
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=20)]


class Alternative(Model):
    """What else may help: another procedure of the city, or words."""

    title: Wording
    text: Wording | None = None
    slug: Slug | None = None


class Rule(Model):
    """When the condition (over the questions) holds, this is the result and its reason, in one sentence."""

    when: Condition
    result: Result
    reason: Wording
    instead: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answers come to; `next_question` is the key of the one to ask, None when the result stands."""

    result: Result
    reasons: tuple[Mapping[str, str], ...]
    instead: tuple[Alternative, ...]
    next_question: str | None


class Eligibility(Model):
    """Two questions or more, and rules. Of the rules that hold, no outweighs maybe, and maybe outweighs yes."""

    questions: Annotated[tuple[Question, ...], Field(min_length=2, max_length=12)]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    otherwise: Result = "maybe"

    def judge(self, answers: Mapping[str, str], *, today: date) -> Verdict:
        """Weigh `answers` (question key to option code). A "no" stands at once: nobody answers more for nothing."""
        known = {q.key: answers[q.key] for q in self.questions if any(o.code == answers.get(q.key) for o in q.options)}
        scope = _Answers(known, today)
        holding = [rule for rule in self.rules if rule.when.holds(scope)]
        result = next((r for r in ("no", "maybe", "yes") if any(rule.result == r for rule in holding)), self.otherwise)
        weighing = [rule for rule in holding if rule.result == result]
        waiting = next((q.key for q in self.questions if q.key not in known), None)
        surely_no = any(rule.result == "no" and set(rule.when.references()) <= set(known) for rule in holding)
        return Verdict(
            result=result,
            reasons=tuple(rule.reason for rule in weighing),
            instead=tuple(option for rule in weighing for option in rule.instead),
            next_question=None if surely_no else waiting,
        )

    def findings(self) -> Iterator[tuple[str, str]]:
        """What an editor must mend, with the question's key ("" for a rule)."""
        shapes: dict[str, Shape] = {}
        for question in self.questions:
            if question.key in shapes:
                yield question.key, f"質問のキー「{question.key}」が2回あります"
            shapes[question.key] = Shape(Kind.CODE, frozenset(option.code for option in question.options))
            yield from ((question.key, finding) for finding in option_findings(question.options))
        for number, rule in enumerate(self.rules, start=1):
            findings: Findings = rule.when.findings(shapes.get)
            yield from (("", f"対象確認の{number}番目の規則: {finding}") for finding in findings)

    def wordings(self) -> Iterator[tuple[str, Mapping[str, str] | None]]:
        """Every text with the name of its place."""
        for question in self.questions:
            yield question.key, question.text
            yield f"{question.key}.help", question.help
            yield from ((f"{question.key}.{option.code}", option.label) for option in question.options)
        for number, rule in enumerate(self.rules, start=1):
            yield f"rules.{number}", rule.reason
            for other in rule.instead:
                yield f"rules.{number}.instead", other.title
                yield f"rules.{number}.instead.text", other.text


#: The headings of the three results.
HEADINGS: dict[str, Mapping[str, str]] = {
    "yes": ja("対象になりそうです", easy="この 手続きが できそうです", en="You are likely to qualify"),
    "no": ja("対象にならないようです", easy="この 手続きは できないようです", en="You are unlikely to qualify"),
    "maybe": ja("対象になるかもしれません", easy="この 手続きが できるかもしれません", en="You may qualify"),
}


class _Answers:
    """The questions' answers as a condition sees them."""

    def __init__(self, known: Mapping[str, str], today: date) -> None:
        self._known = known
        self._today = today

    def value(self, reference: str) -> Value | None:
        return self._known.get(reference)

    def fact(self, name: str) -> Value | None:
        if name == "today":
            return self._today.isoformat()
        raise FactMissingError(fact=name)

    def rows(self, group: str) -> Sequence[Scope]:
        return ()

    @property
    def today(self) -> date:
        return self._today
