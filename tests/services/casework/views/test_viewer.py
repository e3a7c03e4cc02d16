"""Attachments beside the answers: pages drawn on the server, leafed through in place, every look on record, nothing for strangers."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from souto.foundation.audit.models import Entry, Outcome
from souto.foundation.documents import paging
from souto.kernel.errors import NotFoundError
from souto.kernel.ids import new_id
from souto.services.applications import actions as applications_actions
from souto.services.casework.models import Case
from tests.services.applications import world as applications
from tests.services.casework import world


def pdf(pages: int = 3, size: tuple[int, int] = (595, 842)) -> bytes:
    """A PDF whose pages are pictures."""
    sheets = [Image.new("RGB", size, (255, 255 - 40 * n, 255)) for n in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def with_files(*contents: tuple[str, bytes]) -> tuple[Case, list[UUID]]:
    """A case whose application came with these files."""
    content = applications.body()
    papers = {"type": "file", "key": "papers", "label": {"ja": "添付書類"}, "required": False, "max_files": 5}
    content["pages"].append({"key": "papers", "title": "書類", "fields": [papers]})
    applications.publish(content)
    resident = applications.resident()
    draft = applications.filled(resident)
    ids = []
    for name, given in contents:
        made = applications_actions.attach_file(
            actor=resident, draft_id=draft.id, path="papers", name=name, content=ContentFile(given, name=name)
        )
        assert made.file is not None
        ids.append(UUID(made.file["file_id"]))
    applications_actions.save_page(actor=resident, draft_id=draft.id, page_key="papers", raw={})
    application = applications_actions.submit(actor=resident, draft_id=draft.id)
    return world.case_of(application.id), ids


def looks(file_id: UUID) -> list[Entry]:
    return [e for e in Entry.objects.filter(action="documents.open_file") if e.facts["file"] == str(file_id)]


@pytest.mark.django_db
def test_a_pdf_is_leafed_through_beside_the_answers_and_every_page_is_on_record() -> None:
    case, (paper, picture) = with_files(("証明.pdf", pdf()), ("photo.jpg", applications.photo().getvalue()))
    client = world.browser(world.officer())

    page = client.get(f"/staff/cases/{case.id}/?file={paper}&page=2").content.decode()
    drawn = client.get(f"/staff/files/{paper}/pages/2.png")

    assert f"/staff/files/{paper}/pages/2.png" in page
    assert f"/staff/cases/{case.id}/files/{paper}/?page=1" in page
    assert f"/staff/cases/{case.id}/files/{paper}/?page=3" in page
    assert Image.open(io.BytesIO(drawn.content)).size[0] in {paging.WIDTH, paging.WIDTH + 1}  # PDFium rounds up
    assert [(e.outcome, e.facts["page"]) for e in looks(paper)] == [(Outcome.SEEN, 2)]

    last = client.get(f"/staff/cases/{case.id}/files/{paper}/?page=3", headers={"hx-request": "true"}).content.decode()
    assert f"/staff/cases/{case.id}/files/{picture}/?page=1" in last
    assert "<html" not in last


@pytest.mark.django_db
def test_a_fragment_asked_for_without_htmx_is_the_whole_page() -> None:
    case, (paper,) = with_files(("証明.pdf", pdf(1)))

    answer = world.browser(world.officer()).get(f"/staff/cases/{case.id}/files/{paper}/?page=1")

    assert answer.status_code == 302
    assert answer.url == f"/staff/cases/{case.id}/?file={paper}&page=1#viewer"


@pytest.mark.django_db
def test_saving_is_on_record_as_taken_away() -> None:
    case, (picture,) = with_files(("photo.jpg", applications.photo().getvalue()))
    client = world.browser(world.officer())

    client.get(f"/staff/files/{picture}/?download")

    assert [e.facts["taken_away"] for e in looks(picture)] == [True]
    assert case.application_id == looks(picture)[0].subject_id


@pytest.mark.django_db
def test_strangers_find_no_page_and_nothing_is_on_record_as_seen() -> None:
    case, (paper,) = with_files(("証明.pdf", pdf(1)))
    strangers = {
        "anonymous": Client(),
        "resident": world.browser(applications.resident(applications.person(name="別　人"))),
        "other section": world.browser(world.officer("childcare")),
    }

    for who, client in strangers.items():
        for address in (f"/staff/files/{paper}/pages/1.png", f"/staff/cases/{case.id}/files/{paper}/"):
            answer = client.get(address, headers={"hx-request": "true"})
            assert answer.status_code in {302, 401, 404}, (who, address)
            assert b"PNG" not in answer.content
    assert looks(paper) == []


@pytest.mark.django_db
def test_a_file_of_another_case_is_not_shown_in_this_one() -> None:
    case, _ids = with_files(("photo.jpg", applications.photo().getvalue()))

    client = world.browser(world.officer())

    assert client.get(f"/staff/cases/{case.id}/?file={new_id()}").status_code == 404
    assert client.get(f"/staff/cases/{case.id}/?file=nonsense").status_code == 200


def test_a_page_that_is_not_there_and_a_damaged_file_are_refused() -> None:
    with pytest.raises(NotFoundError):
        paging.draw(pdf(1), 2)
    with pytest.raises(paging.UnreadablePdfError):
        paging.count(pdf(1)[:200])


def test_a_page_of_any_size_stays_within_the_limit() -> None:
    tall = Image.open(io.BytesIO(paging.draw(pdf(1, (40, 4000)), 1)))

    assert max(tall.size) <= paging.MAX_SIDE + 1
