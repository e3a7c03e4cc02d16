"""The notice of a decision, as it is printed."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from souto.foundation.documents.models import Document
from souto.kernel import clock
from souto.kernel.calendar import format_era
from souto.services.casework import actions
from souto.services.casework.models import Case
from tests import paper
from tests.jobs import run_all
from tests.services.applications import world as applications
from tests.services.casework import world

pytestmark = pytest.mark.django_db


def printed(case: Case, outcome: str, reason: str) -> list[str]:
    world.proposed(case, world.officer(), outcome, reason)
    actions.approve(actor=world.chief(), case_id=case.id)
    run_all()
    document = Document.objects.get(template="casework.notice")
    assert document.state == "ready", document.problem
    with default_storage.open(document.path) as file:
        return paper.pages(file.read())


def test_a_refusal_says_why_and_how_to_appeal() -> None:
    paper.fonts()
    world.procedure()
    who = applications.person(name="𠮷田　花子")
    case = world.opened(applications.resident(who))

    text = "".join(printed(case, "refused", "所得が限度額を超えています。\n#set text(red)")).replace("\n", "")

    assert "𠮷田　花子 様" in text
    assert "却下" in text
    assert "所得が限度額を超えています。" in text
    assert "#set text(red)" in text
    assert "審査請求" in text
    assert case.application.number in text


@pytest.mark.parametrize(("language", "words"), [("en", "Granted"), ("ja-easy", "申請の 結果を 決めました")])
def test_the_notice_speaks_the_language_of_the_applicant(language: str, words: str) -> None:
    paper.fonts()
    world.procedure()
    resident = applications.resident()
    draft = applications.actions.start_draft(actor=resident, slug="allowance", language=language).draft
    applications.fill(resident, draft.id)
    application = applications.actions.submit(actor=resident, draft_id=draft.id)

    text = "".join(printed(world.case_of(application.id), "granted", ""))

    assert words in text.replace("\n", "")
    assert "審査請求" not in text


def test_an_official_letter_is_dated_by_the_era() -> None:
    paper.fonts()
    world.procedure()
    case = world.opened()

    text = "".join(printed(case, "granted", "")).replace("\n", "")

    assert format_era(clock.today()) in text
