"""Uploads: decided by content, kept sealed, opened only through the gate of the room that they belong to."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from souto.foundation.audit.models import Entry
from souto.foundation.documents import actions, clamd, intake, queries, seams
from souto.foundation.documents.models import ScanState, StoredFile
from souto.foundation.vault.keys import KeyDestroyedError
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import HiddenError, NotFoundError
from souto.kernel.ids import new_id
from tests.jobs import run_all

PURPOSE = "test.attachment"
OWNER = Actor(kind=ActorKind.RESIDENT, id=new_id())
OTHER = Actor(kind=ActorKind.RESIDENT, id=new_id())
SUBJECT = new_id()


@pytest.fixture(autouse=True)
def _gate() -> None:
    seams.register_gate(PURPOSE, lambda actor, subject: actor == OWNER and subject == SUBJECT)


@pytest.fixture
def scanner() -> Iterator[None]:
    yield
    seams.use_scanner(None)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def upload(content: bytes, name: str = "写真.jpg", **options: object) -> StoredFile:
    return actions.store_upload(
        actor=OWNER, purpose=PURPOSE, subject_id=SUBJECT, name=name, content=ContentFile(content, name=name), **options
    )


@pytest.mark.django_db
def test_a_photo_is_kept_as_sent_and_sealed() -> None:
    stored = upload(picture(), name="../../通帳\x00の写し.JPEG")

    found, content = queries.open_file(actor=OWNER, file_id=stored.id)

    assert content.read() == picture()
    assert (found.name, found.media_type, found.scan) == ("通帳の写し.jpg", "image/jpeg", ScanState.NOT_SCANNED)
    assert picture() not in default_storage.path(stored.path).encode()
    with open(default_storage.path(stored.path), "rb") as on_disk:  # noqa: PTH123
        assert picture()[:20] not in on_disk.read()


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 5_000_000)
    return out.getvalue()


def pixel_bomb() -> bytes:
    return picture("PNG", (20_000, 10_000))


def large_picture() -> bytes:
    """More pixels than we take, and fewer than the picture library would refuse by itself."""
    out = io.BytesIO()
    Image.new("1", (10_000, 7_000)).save(out, "PNG")
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "limits", "error"),
    [
        (b"", intake.Limits(), intake.EmptyFileError),
        (zip_bomb(), intake.Limits(), intake.WrongTypeError),
        (pixel_bomb(), intake.Limits(), intake.TooManyPixelsError),
        (large_picture(), intake.Limits(), intake.TooManyPixelsError),
        (PDF, intake.PHOTOS, intake.WrongTypeError),
        (PDF[:20], intake.Limits(), intake.BrokenFileError),
        (picture()[:200], intake.Limits(), intake.BrokenFileError),
        (b"\xff\xd8\xff\xe0" + b"x" * 500, intake.Limits(), intake.BrokenFileError),
        (b"<script>alert(1)</script>", intake.Limits(), intake.WrongTypeError),
        (b"MZ" + b"\0" * 300, intake.Limits(), intake.WrongTypeError),
        (picture() + b"\0" * 2000, intake.Limits(max_bytes=1500), intake.TooLargeError),
    ],
)
def test_bad_files_are_refused_and_leave_nothing(content: bytes, limits: intake.Limits, error: type[Exception]) -> None:
    with pytest.raises(error):
        upload(content, limits=limits)

    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_the_size_message_names_both_sizes() -> None:
    with pytest.raises(intake.TooLargeError, match=r"10MBまでです（選んだファイルは14\.2MB）"):
        upload(picture() + b"\0" * (14_200_000 - len(picture())))


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [OTHER, Actor.anonymous(), Actor(kind=ActorKind.STAFF, id=new_id())])
def test_others_are_told_that_nothing_is_there(actor: Actor) -> None:
    stored = upload(picture())

    with pytest.raises(HiddenError):
        queries.open_file(actor=actor, file_id=stored.id)
    with pytest.raises(NotFoundError):
        queries.open_file(actor=actor, file_id=new_id())


@pytest.mark.django_db
def test_an_anonymous_request_gets_404(client: Client) -> None:
    stored = upload(picture())

    assert client.get(f"/files/{stored.id}/").status_code == 404
    assert client.get(f"/files/{new_id()}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_discarding_destroys_the_key() -> None:
    stored = upload(picture())

    actions.discard_file(actor=OWNER, file_id=stored.id)
    actions.discard_file(actor=OWNER, file_id=stored.id)

    with pytest.raises(NotFoundError):
        queries.open_file(actor=OWNER, file_id=stored.id)
    with pytest.raises(KeyDestroyedError):
        _ = StoredFile.objects.get(pk=stored.id).name
    assert not default_storage.exists(stored.path)
    assert Entry.objects.filter(action="documents.discard").count() == 1


class FakeClamd(threading.Thread):
    """A server that speaks INSTREAM over a real socket and finds the EICAR test string."""

    def __init__(self, *, answer: bytes | None = None) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.answer = answer

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.socket.getsockname()[1]}"

    def run(self) -> None:
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            body = b""
            while size := int.from_bytes(stream.read(4), "big"):
                body += stream.read(size)
            found = b"stream: Eicar-Signature FOUND\0" if b"EICAR" in body else b"stream: OK\0"
            connection.sendall(self.answer or found)
        self.socket.close()


@pytest.mark.django_db
@pytest.mark.usefixtures("scanner")
def test_the_scanner_decides() -> None:
    server = FakeClamd()
    server.start()
    seams.use_scanner(clamd.Clamd(server.address))
    assert upload(picture()).scan == ScanState.CLEAN

    server = FakeClamd()
    server.start()
    seams.use_scanner(clamd.Clamd(server.address))
    with pytest.raises(intake.InfectedFileError):
        upload(picture() + b"EICAR")
    assert StoredFile.objects.count() == 1
    assert Entry.objects.filter(action="documents.upload", outcome="refused").count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("scanner")
def test_while_the_scanner_is_away_nobody_opens_the_file() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    seams.use_scanner(clamd.Clamd(f"tcp://127.0.0.1:{port}", timeout=1))
    stored = upload(picture())
    with pytest.raises(queries.WaitingForScanError):
        queries.open_file(actor=OWNER, file_id=stored.id)

    server = FakeClamd()
    server.start()
    seams.use_scanner(clamd.Clamd(server.address))
    assert run_all() == ["documents.scan"]

    assert queries.open_file(actor=OWNER, file_id=stored.id)[1].read() == picture()


@pytest.mark.django_db
def test_files_move_with_their_draft() -> None:
    stored, application = upload(picture()), new_id()

    moved = actions.hand_over_files(
        actor=OWNER, purpose=PURPOSE, from_subject=SUBJECT, to_purpose="test.application", to_subject=application
    )

    assert moved == 1
    assert queries.files_of(purpose=PURPOSE, subject_id=SUBJECT) == []
    assert [f.id for f in queries.files_of(purpose="test.application", subject_id=UUID(str(application)))] == [
        stored.id
    ]
