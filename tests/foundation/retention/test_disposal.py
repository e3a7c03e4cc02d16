"""From the end of a retention period to the record of what was disposed of."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from souto.foundation.audit import queries as audit
from souto.foundation.audit.models import Entry
from souto.foundation.audit.sealing import seal_committed
from souto.foundation.documents.models import Document, StoredFile
from souto.foundation.notifications.models import Message
from souto.foundation.retention import actions, jobs, queries
from souto.foundation.retention.models import DisposalItem, DisposalList, Hold
from souto.foundation.vault import keys
from souto.foundation.vault.erasure import DisposedError
from souto.kernel.errors import ForbiddenError, HiddenError
from souto.services.applications import actions as applications
from souto.services.applications import queries as applications_queries
from souto.services.applications.models import Application, Submission
from souto.services.casework import queries as casework_queries
from tests.foundation.retention import world
from tests.jobs import run_all as run_jobs
from tests.services.applications import world as filing
from tests.services.casework import world as casework_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("procedure")]


def test_a_record_is_listed_from_the_april_after_its_last_day() -> None:
    application = world.closed()
    with world.on(world.STILL_KEPT):
        assert actions.list_due(actor=world.SYSTEM) == 0
    with world.on("2032-04-01", hour=0):
        assert actions.list_due(actor=world.SYSTEM) == 1

    found = DisposalList.objects.get()
    item = found.items.get()
    assert (found.fiscal_year, found.number, found.state) == (2032, "2032-citizens", "open")
    assert (item.subject_id, item.reference, item.years) == (application.id, application.number, 5)
    assert (item.completed_on.isoformat(), item.ends_on.isoformat()) == ("2026-05-10", "2032-03-31")


def test_drawing_up_again_changes_nothing() -> None:
    world.closed()
    with world.on(world.DUE):
        assert [actions.list_due(actor=world.SYSTEM) for _ in range(3)] == [1, 0, 0]


def test_a_withdrawn_application_is_completed_and_an_open_one_is_not() -> None:
    gone = world.withdrawn(filing.resident())
    with world.on(world.CLOSED):
        filing.submitted(filing.resident())
    with world.on(world.DUE):
        found = world.listed()
        assert [item.subject_id for item in found.items.all()] == [gone.id]


def test_what_is_held_back_comes_onto_no_list_until_the_hold_ends() -> None:
    application, officer = world.closed(), world.officer()
    with world.on(world.DUE):
        hold = actions.set_hold(
            actor=officer, kind=world.KIND, subject_id=application.id, reason="litigation", words="令和13年(行ウ)1号"
        )
        assert actions.list_due(actor=world.SYSTEM) == 0
        actions.end_hold(actor=officer, hold_id=hold.id)
        assert actions.list_due(actor=world.SYSTEM) == 1


def test_a_hold_takes_the_record_off_the_list_it_stands_on() -> None:
    application = world.closed()
    with world.on(world.DUE):
        found = world.listed()
        actions.set_hold(actor=world.officer(), kind=world.KIND, subject_id=application.id, reason="audit", words="")
    assert found.items.get().state == "taken_off"


def test_a_procedure_may_name_a_period_of_its_own() -> None:
    filing.publish(filing.body(slug="long", retention=30))
    filing.publish(filing.body(slug="ever", retention="permanent"))
    with world.on(world.CLOSED):
        resident = filing.resident()
        for slug in ("long", "ever"):
            application = applications.submit(actor=resident, draft_id=filing.filled(resident, slug).id)
            applications.withdraw(actor=resident, application_id=application.id, reason="不要")
    with world.on("2057-03-31"):
        assert actions.list_due(actor=world.SYSTEM) == 0
    with world.on("2057-04-01"):
        actions.list_due(actor=world.SYSTEM)
    assert [item.years for item in DisposalItem.objects.all()] == [30]


def test_a_kind_without_a_period_is_kept(settings: LazySettings, tmp_path: Path) -> None:
    folder = tmp_path / "silent"
    folder.mkdir()
    settings.CITY_DIR = world.city_with(folder, "")
    world.closed()
    with world.on("2099-04-02"):
        assert actions.list_due(actor=world.SYSTEM) == 0


def test_a_list_that_was_passed_on_grows_no_more() -> None:
    world.closed()
    with world.on(world.DUE):
        found = world.listed()
        actions.review(actor=world.officer(), list_id=found.id)
        world.withdrawn(filing.resident())
    with world.on(world.DUE):
        assert actions.list_due(actor=world.SYSTEM) == 0
    with world.on("2033-04-02"):
        assert actions.list_due(actor=world.SYSTEM) == 2, "both come onto next year's"


def test_rows_are_taken_off_with_a_reason_and_put_back() -> None:
    world.closed()
    officer = world.officer()
    with world.on(world.DUE):
        found = world.listed()
        item = found.items.get()
        with pytest.raises(actions.ReasonMissingError):
            actions.take_off(actor=officer, list_id=found.id, item_ids=[item.id], reason="なんとなく")
        with pytest.raises(actions.NothingSelectedError):
            actions.take_off(actor=officer, list_id=found.id, item_ids=[], reason="history")
        assert actions.take_off(actor=officer, list_id=found.id, item_ids=[item.id], reason="history") == 1
        item.refresh_from_db()
        assert (item.state, item.reason, item.settled_by_id) == ("taken_off", "history", officer.id)
        actions.put_back(actor=officer, list_id=found.id, item_id=item.id)
        item.refresh_from_db()
        assert (item.state, item.reason, item.settled_by_id) == ("listed", "", None)


def test_who_reviewed_cannot_approve_and_an_officer_cannot_at_all() -> None:
    world.closed()
    chief, officer = world.chief(), world.officer()
    with world.on(world.DUE):
        found = world.listed()
        actions.review(actor=chief, list_id=found.id)
        with pytest.raises(actions.SamePersonError):
            actions.approve(actor=chief, list_id=found.id)
        with pytest.raises(ForbiddenError):
            actions.approve(actor=officer, list_id=found.id)
        found.refresh_from_db()
        assert found.state == "reviewed"
        actions.approve(actor=world.chief(), list_id=found.id)


def test_the_database_knows_the_rule_of_the_second_person() -> None:
    world.closed()
    chief = world.chief()
    with world.on(world.DUE):
        found = world.listed()
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalList.objects.filter(pk=found.id).update(
            state="approved", reviewed_by_id=chief.id, approved_by_id=chief.id
        )


def test_a_chief_of_another_section_finds_nothing() -> None:
    world.closed()
    stranger = world.chief("childcare")
    with world.on(world.DUE):
        found = world.listed()
        with pytest.raises(HiddenError):
            actions.review(actor=stranger, list_id=found.id)
        assert list(queries.lists(actor=stranger)) == []
    found.refresh_from_db()
    assert found.state == "open"


def test_two_people_at_once_one_of_them_is_told() -> None:
    world.closed()
    with world.on(world.DUE):
        found = world.listed()
        actions.review(actor=world.officer(), list_id=found.id)
        actions.approve(actor=world.chief(), list_id=found.id)
        with pytest.raises(actions.ListMovedOnError):
            actions.approve(actor=world.chief(), list_id=found.id)
        with pytest.raises(actions.ListMovedOnError):
            actions.send_back(actor=world.chief(), list_id=found.id)
        item = found.items.get()
        with pytest.raises(actions.ListMovedOnError):
            actions.take_off(actor=world.officer(), list_id=found.id, item_ids=[item.id], reason="history")


def test_nothing_goes_before_a_list_is_approved() -> None:
    application = world.closed()
    with world.on(world.DUE):
        found = world.listed()
        actions.review(actor=world.officer(), list_id=found.id)
        jobs.dispose(list_id=str(found.id))
        with pytest.raises(ForbiddenError):
            actions.dispose_item(actor=world.SYSTEM, item_id=found.items.get().id)
        with pytest.raises(ForbiddenError):
            actions.dispose_item(actor=world.chief(), item_id=found.items.get().id)
    assert Application.objects.get(id=application.id).contact["email"] == "hanako@example.jp"


def _full() -> Application:
    """With a note of staff, a receipt, a notice, messages and an attached file."""
    with world.on(world.CLOSED):
        resident = filing.resident()
        draft = filing.filled(resident)
        form = {"children": [filing.ROW], f"children/{filing.ROW}/child": ["山田空"]}
        actions_form = {**form, f"children/{filing.ROW}/apart": ["yes"]}
        applications.save_page(actor=resident, draft_id=draft.id, page_key="family", raw=actions_form)
        photo = filing.photo()
        applications.attach_file(
            actor=resident, draft_id=draft.id, path=f"children/{filing.ROW}/proof", name="p.jpg", content=photo
        )
        application = applications.submit(actor=resident, draft_id=draft.id)
        case = casework_world.case_of(application.id)
        world.note(casework_world.officer(), application, "電話で確認した")
        casework_world.decided(case)
        run_jobs()
    # The worker has closed it: nothing was to be handed over.
    return Application.objects.get(id=application.id)


def test_everything_that_was_sealed_is_gone_and_the_numbers_stay() -> None:
    application = _full()
    files = [f.path for f in StoredFile.objects.all()] + [d.path for d in Document.objects.filter(state="ready")]
    sealed = [application.key_id, *StoredFile.objects.values_list("key_id", flat=True)]
    sealed += Document.objects.values_list("key_id", flat=True)
    sealed += Message.objects.values_list("key_id", flat=True)
    assert len(files) >= 3
    assert all(default_storage.exists(path) for path in files)
    with world.on(world.DUE):
        found = world.approved()
        run_jobs()
    found.refresh_from_db()
    item = found.items.get()

    assert (found.state, item.state, item.disposed_on.isoformat()) == ("done", "disposed", "2032-04-02")
    assert not any(default_storage.exists(path) for path in files)
    for key_id in sealed:
        with pytest.raises(keys.KeyDestroyedError):
            keys.read_key(key_id)
    assert not Message.objects.filter(subject_id=application.id).exists()
    with pytest.raises(keys.KeyDestroyedError):
        _ = Submission.objects.get(application_id=application.id).payload
    kept = Application.objects.get(id=application.id)
    assert (kept.number, kept.state, kept.disposed_under) == (application.number, "closed", "2032-citizens")
    assert kept.records.count() == application.records.count()
    assert item.counts["attachments"] == 1
    assert item.counts["documents"] >= 2
    assert item.counts["submissions"] == 1
    assert item.counts["keys"] == len(item.keys)
    assert str(application.key_id) in item.keys


@pytest.mark.django_db(transaction=True)
def test_the_record_of_disposal_and_the_trail_hold_nobodys_data() -> None:
    application = _full()
    with world.on(world.DUE):
        world.approved()
        run_jobs()
    seal_committed()

    assert audit.verify().ok
    verbs = Entry.objects.filter(subject_id=application.id, action__startswith="retention.")
    assert list(verbs.order_by("id").values_list("action", flat=True)) == ["retention.give_up", "retention.dispose"]
    everything = str(list(DisposalItem.objects.values()) + list(DisposalList.objects.values()))
    everything += str([[e.facts, e.fields] for e in Entry.objects.all()])
    for word in ("山田", "ヤマダ", "hanako@example.jp", "元本郷町", "電話で確認した", "p.jpg"):
        assert word not in everything


def test_rows_of_a_list_cannot_be_deleted() -> None:
    world.closed()
    with world.on(world.DUE):
        found = world.listed()
    for table in ("retention_disposalitem", "retention_disposallist"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"delete from {table}")
    assert found.items.count() == 1


def test_a_hold_that_comes_after_the_approval_still_keeps_the_record() -> None:
    application, other = world.closed(), world.closed()
    with world.on(world.DUE):
        found = world.approved()
        # Set past the action, which would take the row off: the job must look for itself.
        hold = Hold(
            kind=world.KIND,
            subject_id=application.id,
            department=found.department,
            reference=application.number,
            title={"ja": "x"},
            reason="disclosure",
            set_by_id=world.officer().id,
        )
        hold.words = "開示請求 第12号"
        hold.save()
        run_jobs()
    found.refresh_from_db()

    assert found.state == "done"
    assert {i.subject_id: (i.state, i.reason) for i in found.items.all()} == {
        application.id: ("kept", "held"),
        other.id: ("disposed", ""),
    }
    assert Application.objects.get(id=application.id).contact["email"]


def test_a_period_that_was_lengthened_meanwhile_keeps_the_record(settings: LazySettings, tmp_path: Path) -> None:
    application = world.closed()
    with world.on(world.DUE):
        found = world.approved()
        folder = tmp_path / "longer"
        folder.mkdir()
        settings.CITY_DIR = world.city_with(folder, "application = 10")
        run_jobs()
    assert (found.items.get().state, found.items.get().reason) == ("kept", "changed")
    assert Application.objects.get(id=application.id).contact["email"]


def test_running_twice_does_no_harm() -> None:
    world.closed()
    with world.on(world.DUE):
        found = world.approved()
        run_jobs()
        before = Entry.objects.count(), DisposalItem.objects.values().get()
        jobs.dispose(list_id=str(found.id))
        actions.finish_list(actor=world.SYSTEM, list_id=found.id)
    assert (Entry.objects.count(), DisposalItem.objects.values().get()) == before


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before the first key", "after the first key"])
def test_killed_between_the_rows_and_the_keys_the_next_run_finishes(moment: str) -> None:
    application, second = world.closed(), world.closed()
    with world.on(world.DUE):
        found = world.approved()
        child = _in_child(lambda: _dispose_and_die(found.id, after_first=moment == "after the first key"))
        assert child == -signal.SIGKILL
        half = found.items.filter(state="erasing").get()
        assert {application.id, second.id} > {half.subject_id}
        # Given up: nobody reads it any more, although keys are still there.
        with pytest.raises(DisposedError):
            applications_queries.access_application(actor=world.SYSTEM, application_id=half.subject_id)
        assert any(_readable(UUID(key)) for key in half.keys)

        jobs.list_due()  # as the nightly job finds it
        run_jobs()
    found.refresh_from_db()
    assert found.state == "done"
    for item in found.items.all():
        assert item.state == "disposed"
        assert not any(_readable(UUID(key)) for key in item.keys)


def test_a_rolled_back_step_destroys_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    application = world.closed()
    with world.on(world.DUE):
        found = world.approved()

        def fails(*_args: object, **_more: object) -> None:
            raise RuntimeError("the disk is full")

        monkeypatch.setattr("souto.foundation.retention.actions.disposing.events.publish", fails)
        with pytest.raises(RuntimeError):
            actions.dispose_item(actor=world.SYSTEM, item_id=found.items.get().id)
    assert found.items.get().state == "listed"
    assert Application.objects.get(id=application.id).contact["email"] == "hanako@example.jp"


def test_words_of_a_hold_go_with_the_record() -> None:
    application, officer = world.closed(), world.officer()
    with world.on(world.DUE):
        hold = actions.set_hold(
            actor=officer, kind=world.KIND, subject_id=application.id, reason="audit", words="山田さんの件"
        )
        actions.end_hold(actor=officer, hold_id=hold.id)
        world.approved()
        run_jobs()
        with pytest.raises(keys.KeyDestroyedError):
            _ = Hold.objects.get(pk=hold.id).words
        with pytest.raises(actions.AlreadyDisposedError):
            actions.set_hold(actor=officer, kind=world.KIND, subject_id=application.id, reason="audit", words="")


def test_copies_in_the_folders_of_core_systems_go_too(settings: LazySettings) -> None:
    casework_world.procedure(slug="handed")
    with world.on(world.CLOSED):
        resident = filing.resident()
        application = applications.submit(actor=resident, draft_id=filing.filled(resident, "handed").id)
        casework_world.decided(casework_world.case_of(application.id))
        run_jobs()
        outbox = Path(settings.HANDOVER_DIR) / "juki" / "outbox"
        assert len(list(outbox.iterdir())) == 2
        applications.close(actor=world.SYSTEM, application_id=application.id)
    with world.on(world.DUE):
        world.approved()
        run_jobs()
    assert list(outbox.iterdir()) == []


def test_disposed_cases_leave_the_queue_and_answer_as_disposed() -> None:
    application, officer = world.closed(), world.officer()
    case = casework_world.case_of(application.id)
    with world.on(world.DUE):
        world.approved()
        run_jobs()
        assert not casework_queries.find_cases(actor=officer, filters=casework_queries.Filters(state="all")).exists()
        with pytest.raises(DisposedError):
            casework_queries.access_case(actor=officer, case_id=case.id)
        with pytest.raises(HiddenError):
            casework_queries.access_case(actor=world.officer("childcare"), case_id=case.id)


def _readable(key_id: UUID) -> bool:
    try:
        keys.read_key(key_id)
    except keys.KeyDestroyedError:
        return False
    return True


def _dispose_and_die(list_id: UUID, *, after_first: bool) -> None:
    """Run the job as the worker does; the process is killed at the first, or the second, key that it would destroy."""
    destroy, seen = keys.destroy_key, []

    def killed(key_id: UUID) -> None:
        if seen or not after_first:
            os.kill(os.getpid(), signal.SIGKILL)
        seen.append(key_id)
        destroy(key_id)

    import souto.foundation.vault.erasure as erasure

    erasure.destroy_key = killed
    jobs.dispose(list_id=str(list_id))


def _in_child(work: object) -> int:
    """Run `work` in a process of its own with its own connection; returns how it ended (negative: the signal)."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            work()  # type: ignore[operator]
        finally:
            os._exit(7)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


@pytest.mark.django_db
@pytest.mark.usefixtures("procedure")
def test_keys_that_came_back_with_an_old_copy_are_destroyed_again() -> None:
    application = world.closed()
    kept = keys._path(application.key_id).read_bytes()
    with world.on(world.DUE):
        world.approved()
        run_jobs()
    keys._path(application.key_id).write_bytes(kept)
    jobs.destroy_again()

    assert not _readable(application.key_id)
    assert Entry.objects.filter(action="retention.destroy_again", subject_id=application.id).count() == 1
    jobs.destroy_again()
    assert Entry.objects.filter(action="retention.destroy_again").count() == 1
