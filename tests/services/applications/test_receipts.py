from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader

from souto.foundation.documents.models import Document, DocumentState
from souto.foundation.documents.queries import open_document
from souto.kernel.jobs import registered
from souto.services.applications import actions
from souto.services.applications.models import Application
from tests.services.applications import world

pytestmark = pytest.mark.django_db


def _text(language: str = "ja", **profile: Any) -> str:
    if not (settings.FONTS_DIR / "BIZUDPGothic-Regular.ttf").is_file():
        pytest.skip("the fonts are not built (scripts/build)")
    world.publish()
    her = world.resident(world.person(**profile))
    actions.submit(actor=her, draft_id=world.filled(her).id, language=language)
    document = Document.objects.get(purpose="applications.receipt")
    registered()["documents.render"].run(document_id=str(document.id))
    document.refresh_from_db()
    assert document.state == DocumentState.READY, document.problem
    _, content = open_document(actor=her, document_id=document.id)
    pages = PdfReader(io.BytesIO(content.read())).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def test_the_copy_holds_number_answers_and_whom_to_call() -> None:
    text = _text()

    for words in (Application.objects.get().number, "控え", "山田　花子様", "1234567", "お子さん1", "042-626-3111"):
        assert words.replace("　", "") in text.replace("　", ""), words


def test_rare_kanji_and_forty_characters_are_printed() -> None:
    text = _text(name="𠮷田　" + "寿" * 37)

    assert "𠮷田" in text
    assert text.count("寿") >= 37


@pytest.mark.parametrize(("language", "word"), [("en", "Receiptnumber"), ("ja-easy", "受付番号（うけつけばんごう）")])
def test_the_copy_speaks_her_language(language: str, word: str) -> None:
    assert word in _text(language)


def test_the_expected_day_stands_beside_the_steps_and_is_none_of_them() -> None:
    text = _text()

    assert "2.結果をお知らせします" in text
    assert "結果のめやす：" in text
    assert "3.結果のめやす" not in text
