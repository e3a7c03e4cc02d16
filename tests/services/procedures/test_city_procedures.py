"""The procedures of the city: complete in every language, without findings, and fillable from the first page to the last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.conf import settings

from souto.services.procedures.definition import Definition, check, json_schema, yaml_io
from tests.services.procedures.definition.samples import FACTS, TODAY, stored_file

CITY = Path(settings.CITY_DIR) / "procedures"
CARD = {
    **FACTS,
    "assurance": 2,
    "card.name": "髙﨑　花子",
    "card.address": "東京都八王子市元本郷町三丁目24番1号",
    "card.birth_date": "1990-05-01",
    "register.name_kana": "タカサキ　ハナコ",
}


def definition(slug: str) -> Definition:
    return yaml_io.load((CITY / f"{slug}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(CITY.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_file_is_complete_and_reads_back_equal(path: Path) -> None:
    found = yaml_io.load(path.read_text(encoding="utf-8"))

    assert found.slug == path.stem
    assert [str(problem) for problem in check.problems(found)] == []
    assert yaml_io.load(yaml_io.dump(found)) == found


def fill(
    form: Definition, typed: dict[str, str | list[str]], files: dict[str, Any], facts: dict[str, Any]
) -> dict[str, Any]:
    """Post page after page, as the answers open them, and return the answers that would be sent."""
    raw = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    answers: dict[str, Any] = {**form.prefill(facts), **files}
    for page in form.pages:
        if page.key in form.visible(answers, facts).pages:
            result = form.check_page(page.key, raw, answers, facts=facts, today=TODAY)
            assert [problem.say("ja") for problem in result.problems] == []
            answers = result.answers
    assert form.check_all(answers, facts=facts, today=TODAY) == []
    cleaned = form.clean(answers, facts)
    assert form.clean(cleaned, facts) == cleaned
    assert form.check_all(cleaned, facts=facts, today=TODAY) == []
    # Another system that reads the derived schema takes what we send.
    validator = jsonschema_rs.Draft202012Validator(json_schema.derive(form))
    assert [error.message for error in validator.iter_errors(cleaned)] == []
    assert list(validator.iter_errors({**cleaned, "unknown": 1}))
    return cleaned


def test_a_residence_record_sent_to_another_address() -> None:
    typed: dict[str, str | list[str]] = {
        "name_kana": "たかさき はなこ",
        "scope": "self",
        "honseki": "no",
        "relationship": "yes",
        "copies": "２",
        "purpose": "work",
        "delivery": "elsewhere",
        "send_to.postal_code": "192-0051",
        "send_to.prefecture": "東京都",
        "send_to.city": "八王子市",
        "send_to.town": "元本郷町三丁目24番1号",
        "send_reason": "入院しているため",
        "phone": "090-1234-5678",
        "name.family": "にせもの",
    }

    sent = fill(definition("juminhyo"), typed, {"send_photo": [stored_file()]}, CARD)

    assert sent["name"] == {"full": "髙﨑　花子"}
    assert sent["address"] == {"full": "東京都八王子市元本郷町三丁目24番1号"}
    assert sent["send_to"]["postal_code"] == "1920051"
    assert sent["fee"] == 600
    assert definition("juminhyo").fee_amount(sent, CARD) == 600
    assert "member_names" not in sent


def test_the_pages_about_another_address_stay_closed_for_the_counter() -> None:
    form = definition("juminhyo")

    assert {"send_to", "send_proof"} & set(form.visible({"delivery": "counter"}, CARD).pages) == set()
    assert {"send_to", "send_proof"} <= set(form.visible({"delivery": "elsewhere"}, CARD).pages)


def test_a_child_allowance_for_two_children_one_of_whom_lives_elsewhere() -> None:
    def child(row: str, **more: str) -> dict[str, str]:
        common = {
            "child_name.family": "髙﨑",
            "child_name.given": "一郎",
            "child_kana": "タカサキ　イチロウ",
            "relationship": "child",
        }
        return {f"children/{row}/{name}": value for name, value in {**common, **more}.items()}

    typed: dict[str, str | list[str]] = {
        "name_kana": "タカサキ　ハナコ",
        "phone": "042-620-0000",
        "reason": "birth",
        "reason_date": "令和8年11月20日",
        "pension": "employees",
        "children": ["aaaaaaaa", "bbbbbbbb"],
        **child("aaaaaaaa", child_birth_date="2026-11-20", lives_together="yes"),
        **child(
            "bbbbbbbb",
            child_birth_date="平成27年4月27日",
            lives_together="no",
            apart_reason="学校の寮にいるため",
            **{
                "child_address.postal_code": "1640001",
                "child_address.prefecture": "東京都",
                "child_address.city": "中野区",
                "child_address.town": "中野四丁目1番1号",
            },
        ),
        "bank_name": "桑都銀行",
        "branch_name": "本店",
        "account_kind": "ordinary",
        "account_number": "１２３４５６７",
        "account_holder": "ﾀｶｻｷ ﾊﾅｺ",
        "records_consent": "yes",
    }
    proof = {"children": [{"id": "bbbbbbbb", "apart_proof": [stored_file()]}]}

    sent = fill(definition("jido-teate"), typed, proof, CARD)

    assert sent["number_of_children"] == 2
    assert sent["children"][0]["child_birth_date"] == "2026-11-20"
    assert "child_address" not in sent["children"][0]
    assert sent["children"][1]["apart_proof"] == [stored_file()]
    assert sent["account_number"] == "1234567"


def test_a_pothole_reported_without_signing_in() -> None:
    typed: dict[str, str | list[str]] = {"kind": "hole", "place.landmark": "takao", "place.note": "北口の交差点 🕳️"}

    sent = fill(definition("road-damage"), typed, {"photos": [stored_file()]}, FACTS)

    assert sent["place"]["landmark"] == "takao"
    assert set(sent) == {"kind", "place", "photos"}


@pytest.mark.parametrize(
    ("slug", "answers", "result"),
    [
        ("juminhyo", {"registered": "now", "whose": "self"}, "yes"),
        ("juminhyo", {"registered": "never"}, "no"),
        ("juminhyo", {"registered": "before", "whose": "self"}, "maybe"),
        ("juminhyo", {"registered": "now", "whose": "other"}, "no"),
        ("jido-teate", {"resident": "yes", "child": "under3", "official": "no"}, "yes"),
        ("jido-teate", {"resident": "yes", "child": "upto18", "official": "unknown"}, "maybe"),
        ("jido-teate", {"resident": "yes", "child": "older"}, "no"),
        ("road-damage", {"danger": "urgent"}, "no"),
        ("road-damage", {"danger": "mild", "road": "unknown"}, "yes"),
    ],
)
def test_eligibility(slug: str, answers: dict[str, str], result: str) -> None:
    eligibility = definition(slug).eligibility
    assert eligibility is not None

    verdict = eligibility.judge(answers, today=TODAY)

    assert (verdict.result, verdict.next_question) == (result, None)
    assert verdict.reasons


@pytest.mark.django_db
def test_the_citys_inventory_is_taken_whole_and_invents_nothing() -> None:
    from souto.kernel import clock
    from souto.kernel.actor import Actor
    from souto.services.procedures import actions, queries

    rows = actions.read_csv((Path(settings.CITY_DIR) / "inventory.csv").read_bytes())

    report = actions.import_inventory(actor=Actor.system("test"), rows=rows, source="inventory.csv")

    lines = queries.list_inventory(on=clock.today(), demo=False)
    assert report.refused == ()
    assert 40 <= len(lines) == report.added
    assert all(line.item.yearly_volume is None for line in lines)
    assert {line.item.key for line in lines} >= {definition("juminhyo").inventory, definition("jido-teate").inventory}
