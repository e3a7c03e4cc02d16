"""Files in a bucket: sealed, whole or not there, and gone with their record; against a real server of the protocol."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connections, transaction

from souto.config import environment, storage
from souto.config.commands import check
from souto.foundation.documents import actions as documents
from souto.foundation.documents import queries
from souto.foundation.documents.models import StoredFile
from souto.foundation.vault import keys
from souto.foundation.vault.cipher import UnreadableError
from souto.foundation.vault.erasure import Erasure
from souto.kernel.actor import Actor
from souto.kernel.ids import new_id
from tests.foundation.vault import bucket
from tests.services.applications.world import photo

SYSTEM = Actor.system("test")
PURPOSE = "applications.attachment"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with bucket.server() as url:
        yield url


@pytest.fixture
def s3(address: str, settings: LazySettings) -> str:
    """Every file goes to the bucket, as the settings would say."""
    value = f"s3://{bucket.BUCKET}/files?endpoint={address}&region=us-east-1&addressing=path"
    given = environment.STORAGE.get({"SOUTO_STORAGE": value})
    default = storage.backend(given, folder=settings.STATE_DIR, key=bucket.KEY, secret=bucket.SECRET)
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return address


def _name() -> tuple[UUID, str]:
    key_id = keys.create_key()
    return key_id, f"{key_id}/{new_id()}"


def test_a_file_comes_back_and_the_bucket_never_sees_its_content(s3: str) -> None:
    _, name = _name()
    content = "住民票の写し 山田花子".encode() * 40_000  # larger than any chunk
    default_storage.save(name, ContentFile(content, name=name))

    with default_storage.open(name) as file:
        assert file.read() == content
    stored = bucket.client(s3).get_object(Bucket=bucket.BUCKET, Key=f"files/{name}")["Body"].read()
    assert len(stored) > len(content)
    assert "山田".encode() not in stored
    with pytest.raises(ValueError, match=r"documents\.queries"):
        default_storage.url(name)


def test_an_object_that_was_moved_or_altered_is_refused(s3: str) -> None:
    key_id, name = _name()
    default_storage.save(name, ContentFile(b"payload", name=name))
    client = bucket.client(s3)
    stored = client.get_object(Bucket=bucket.BUCKET, Key=f"files/{name}")["Body"].read()
    other = f"{key_id}/{new_id()}"
    client.put_object(Bucket=bucket.BUCKET, Key=f"files/{other}", Body=stored)
    client.put_object(Bucket=bucket.BUCKET, Key=f"files/{name}", Body=stored[:-1] + bytes([stored[-1] ^ 1]))

    for wrong in (name, other):
        with pytest.raises(UnreadableError):
            default_storage.open(wrong)


def test_erasing_takes_key_and_object_and_may_run_twice(s3: str) -> None:
    key_id, name = _name()
    default_storage.save(name, ContentFile(b"payload", name=name))
    erasure = Erasure((key_id,), (name,))
    erasure.carry_out()
    erasure.carry_out()

    assert f"files/{name}" not in bucket.names(s3)
    with pytest.raises(keys.KeyDestroyedError):
        default_storage.open(name)


@pytest.mark.django_db(transaction=True)
def test_an_upload_is_stored_and_opened_through_the_gate(s3: str) -> None:
    stored = documents.store_upload(actor=SYSTEM, purpose=PURPOSE, subject_id=new_id(), name="p.jpg", content=photo())
    with default_storage.open(stored.path) as file:
        assert file.read() == photo().read()
    assert f"files/{stored.path}" in bucket.names(s3)
    documents.discard_file(actor=SYSTEM, file_id=stored.id)
    assert f"files/{stored.path}" not in bucket.names(s3)


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_killed_between_upload_and_commit_nobody_sees_half_a_record(s3: str) -> None:
    subject, before = new_id(), set(bucket.names(s3))
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            with transaction.atomic():
                documents.store_upload(actor=SYSTEM, purpose=PURPOSE, subject_id=subject, name="p.jpg", content=photo())
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL

    # The bytes had arrived, sealed; no row leads to them, so to everybody there is nothing.
    assert len(set(bucket.names(s3)) - before) == 1
    assert not StoredFile.objects.exists()
    assert queries.files_of(purpose=PURPOSE, subject_id=subject) == []

    documents.store_upload(actor=SYSTEM, purpose=PURPOSE, subject_id=subject, name="p.jpg", content=photo())
    assert len(queries.files_of(purpose=PURPOSE, subject_id=subject)) == 1


def test_the_check_writes_reads_and_deletes(s3: str) -> None:
    before = bucket.names(s3)

    assert check._storage_problem() is None
    assert bucket.names(s3) == before


def test_the_check_names_a_bucket_that_is_not_there(s3: str, settings: LazySettings) -> None:
    default = {**settings.STORAGES["default"]}
    default["OPTIONS"] = {**default["OPTIONS"], "bucket_name": "no-such-bucket"}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    problem = check._storage_problem()

    assert problem is not None
    assert "cannot be written" in problem
    assert "SOUTO_STORAGE" in problem


def test_the_check_holds_for_a_folder_too() -> None:
    assert check._storage_problem() is None


@pytest.mark.parametrize(
    "value",
    [
        "https://bucket",
        "s3://",
        "s3://b?endpoint=ftp://x",
        "s3://b?colour=blue",
        "s3://key:secret@b",
        "s3://b?addressing=x",
    ],
)
def test_an_address_that_cannot_be_used_is_named(value: str) -> None:
    with pytest.raises(environment.SettingError, match="SOUTO_STORAGE"):
        environment.STORAGE.get({"SOUTO_STORAGE": value})


def test_an_address_says_bucket_prefix_and_endpoint() -> None:
    found = storage.read("s3://city/souto/files?endpoint=https://s3.example.jp&region=jp-1&addressing=path")

    assert found == storage.Bucket("city", "souto/files", "https://s3.example.jp", "jp-1", "path")
