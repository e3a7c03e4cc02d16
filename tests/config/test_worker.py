from __future__ import annotations

import asyncio

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from souto.config.worker import work
from souto.foundation.audit import actions
from souto.kernel import jobs
from souto.kernel.actor import Actor


def database_url() -> str:
    given = connection.get_connection_params()
    return f"postgresql://{given['user']}:{given['password']}@{given['host']}:{given['port']}/{given['dbname']}"


def test_every_job_of_every_room_is_known_to_the_worker() -> None:
    registered = jobs.registered()

    assert "audit.seal" in registered
    assert set(registered) <= set(app.tasks)
    timed = {name for name, _ in app.periodic_registry.periodic_tasks}
    assert timed == {name for name, job in registered.items() if job.cron}


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_a_job_that_a_transaction_left_behind() -> None:
    with transaction.atomic():
        actions.record(actor=Actor.system("test"), action="tests.done")
        jobs.defer("audit.seal")

    asyncio.run(work(database_url(), concurrency=1, wait=False))

    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where task_name = 'audit.seal'")
        assert set(cursor.fetchall()) == {("succeeded",)}
