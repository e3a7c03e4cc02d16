"""Documents: the row at once, the PDF by a job, twice without harm, a failure where an officer sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from souto.foundation.documents import actions, jobs, queries, seams
from souto.foundation.documents.models import Document, DocumentState
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import HiddenError
from souto.kernel.ids import new_id
from tests import paper
from tests.jobs import run_all

PURPOSE = "test.receipt"
OWNER = Actor(kind=ActorKind.RESIDENT, id=new_id())
STAFF = Actor(kind=ActorKind.STAFF, id=new_id())
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def _wired(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "letter.typ").write_text("#let data = json(bytes(sys.inputs.data))\n= #data.title\n#data.body\n")
    seams.register_template("test.letter", tmp_path / "letter.typ")
    seams.register_gate(PURPOSE, lambda actor, _subject: actor in (OWNER, STAFF))
    settings.FONTS_DIR = paper.fonts().folder


def make(body: str, *, template: str = "test.letter", **options: object) -> Document:
    return actions.make_document(
        actor=SYSTEM,
        purpose=PURPOSE,
        subject_id=new_id(),
        template=template,
        data={"body": body},
        language="ja",
        title={"ja": "申請の控え"},
        **options,
    )


@pytest.mark.django_db
def test_a_document_is_set_by_its_job_once() -> None:
    document = make("𠮷田　花子 様")
    with pytest.raises(queries.NotReadyError):
        queries.open_document(actor=OWNER, document_id=document.id)

    assert run_all() == ["documents.render"]
    first = Document.objects.get().sha256
    jobs.render(document_id=str(document.id))

    found, content = queries.open_document(actor=OWNER, document_id=document.id)
    assert content.read().startswith(b"%PDF-")
    assert (found.state, found.sha256) == (DocumentState.READY, first)


@pytest.mark.django_db
def test_a_glyph_that_no_font_has_is_a_problem_to_see() -> None:
    document = make("\U0001f9ff")

    run_all()

    found = Document.objects.get(pk=document.pk)
    assert found.state == DocumentState.FAILED
    assert found.problem
    with pytest.raises(queries.NotReadyError):
        queries.open_document(actor=OWNER, document_id=document.id)


@pytest.mark.django_db
def test_a_copy_of_what_was_typed_marks_such_a_glyph_instead(tmp_path: Path) -> None:
    (tmp_path / "copy.typ").write_text("#let data = json(bytes(sys.inputs.data))\n= #data.title\n#data.body\n")
    seams.register_template("test.copy", tmp_path / "copy.typ", as_typed=True)
    document = make("穴があります\U0001f468\u200d\U0001f467！", template="test.copy")

    run_all()

    found, content = queries.open_document(actor=OWNER, document_id=document.id)
    assert found.state == DocumentState.READY
    assert "穴があります〓！" in "".join(paper.pages(content.read()))


@pytest.mark.django_db
def test_internal_documents_are_hidden_from_residents() -> None:
    document = make("起案", person_visible=False)

    assert queries.access_document(actor=STAFF, document_id=document.id) == document
    with pytest.raises(HiddenError):
        queries.access_document(actor=OWNER, document_id=document.id)
