from __future__ import annotations

import pytest
from django.db import connection, transaction

from souto.kernel import jobs
from tests.jobs import run_all, waiting

ran: list[str] = []


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> None:
    def note(*, word: str) -> None:
        ran.append(word)
        if word == "first":
            jobs.defer("tests.note", word="second")

    ran.clear()
    monkeypatch.setitem(jobs._registry, "tests.note", jobs.Job(name="tests.note", run=note))


@pytest.mark.django_db
def test_a_database_of_the_runs_own_is_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_database(), current_setting('server_version_num')::int")
        name, version = cursor.fetchone()

    assert name.startswith("test_")
    assert version >= 170000


@pytest.mark.django_db
@pytest.mark.usefixtures("job")
def test_deferred_jobs_run_in_the_test_with_those_they_defer_in_turn() -> None:
    jobs.defer("tests.note", word="first")
    jobs.defer("tests.note", word="later", delay=3600)

    assert run_all() == ["tests.note", "tests.note"]
    assert ran == ["first", "second"]
    assert waiting() == [("tests.note", {"word": "later"})]


@pytest.mark.django_db
@pytest.mark.usefixtures("job")
def test_a_job_rolls_back_with_its_transaction() -> None:
    with transaction.atomic():
        jobs.defer("tests.note", word="never")
        transaction.set_rollback(True)

    assert waiting() == []
