from __future__ import annotations

import io
from datetime import timedelta

import pytest

from souto.foundation.audit.models import Entry
from souto.foundation.documents.intake import EmptyFileError, WrongTypeError
from souto.foundation.documents.models import StoredFile
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.applications import actions, queries
from souto.services.applications.actions import Edit, SignInNeededError, TooMuchTextError, Upload
from souto.services.applications.merging import Tab, base_of
from souto.services.applications.models import Draft
from souto.services.procedures.definition import UnknownPageError
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Actor:
    world.publish()
    return world.resident()


def _save(
    actor: Actor, draft: Draft, page: str, raw: dict[str, list[str]], tab: Tab | None = None
) -> actions.PageSaved:
    return actions.save_page(actor=actor, draft_id=draft.id, page_key=page, raw=raw, tab=tab)


def _again(draft: Draft) -> Draft:
    return Draft.objects.get(id=draft.id)


def test_a_draft_begins_with_what_the_city_knows(her: Actor) -> None:
    draft = world.started(her)

    assert _again(draft).answers == {"name": {"full": "山田　花子"}, "email": "hanako@example.jp"}
    assert draft.expires_on == clock.today() + timedelta(days=30)


def test_a_draft_stays_with_the_version_it_began_with(her: Actor) -> None:
    draft = world.started(her)

    world.publish(world.body(summary="新しい版"))

    assert _again(draft).version.state == "superseded"
    assert actions.submit(actor=her, draft_id=world.filled(her).id).version.state == "published"
    world.fill(her, draft.id)
    assert actions.submit(actor=her, draft_id=draft.id).version_id == draft.version_id


def test_an_unpublished_procedure_cannot_be_begun(her: Actor) -> None:
    with pytest.raises(NotFoundError):
        world.started(her, "no-such-procedure")


@pytest.mark.parametrize("assurance", [0, 1])
def test_the_procedure_says_how_surely_the_person_must_be_known(her: Actor, assurance: int) -> None:
    with pytest.raises(SignInNeededError) as caught:
        world.started(world.resident(assurance=assurance))
    with pytest.raises(SignInNeededError):
        world.started(world.ANYBODY)

    assert caught.value.assurance == 2
    assert Draft.objects.count() == 0


def test_what_is_typed_is_kept_right_or_wrong(her: Actor) -> None:
    draft = world.started(her)

    saved = _save(her, draft, "you", {"email": ["hanako-at-example"]})

    assert [(p.path, p.page_key) for p in saved.problems] == [("email", "you")]
    assert _again(draft).raw == {"email": ["hanako-at-example"]}
    assert "email" not in _again(draft).answers


def test_a_verified_value_cannot_be_typed_over(her: Actor) -> None:
    draft = world.started(her)

    saved = _save(her, draft, "you", {"name.full": ["別の人"], "email": ["a@example.jp"]})

    assert saved.problems == []
    assert _again(draft).answers["name"] == {"full": "山田　花子"}
    assert "name.full" not in _again(draft).raw


def test_names_that_the_page_does_not_ask_for_are_left_aside(her: Actor) -> None:
    draft = world.started(her)

    _save(her, draft, "way", {"way": ["cash"], "account": ["1"], "csrfmiddlewaretoken": ["x"], "is_admin": ["1"]})

    assert _again(draft).raw == {"way": ["cash"]}


def test_a_page_that_the_answers_hide_takes_nothing(her: Actor) -> None:
    draft = world.started(her)
    _save(her, draft, "way", {"way": ["cash"]})

    with pytest.raises(UnknownPageError):
        _save(her, draft, "bank", {"account": ["1234567"]})

    assert "account" not in _again(draft).raw


def test_an_answer_opens_another_page_and_hides_it_again_without_losing_what_was_typed(her: Actor) -> None:
    draft = world.filled(her)

    _save(her, draft, "way", {"way": ["cash"]})
    hidden = _again(draft).version.definition.clean(_again(draft).answers, {"today": clock.today().isoformat()})
    _save(her, draft, "way", {"way": ["bank"]})

    assert "account" not in hidden
    assert _again(draft).raw["account"] == ["1234567"]


def test_two_tabs_merge_field_by_field_and_the_last_writing_is_told(her: Actor) -> None:
    content = world.body(slug="two")
    content["pages"][0]["fields"].append({"type": "text", "key": "nick", "label": "呼び名", "required": False})
    world.publish(content)
    draft = world.started(her, "two")
    shown = {"email": ["hanako@example.jp"]}
    first, second = (Tab(0, base_of(shown, ["email", "nick"]), name) for name in ("one", "two"))

    _save(her, draft, "you", {"email": ["new@example.jp"], "nick": [""]}, first)
    quiet = _save(her, draft, "you", {"email": ["hanako@example.jp"], "nick": ["はな"]}, second)
    loud = _save(her, draft, "you", {"email": ["other@example.jp"], "nick": ["はな"]}, second)

    assert quiet.clashed == ()
    assert loud.clashed == ("email",)
    assert _again(draft).raw == {"email": ["other@example.jp"], "nick": ["はな"]}


def test_a_save_that_changes_nothing_leaves_the_revision(her: Actor) -> None:
    draft = world.filled(her)

    again = _save(her, draft, "way", {"way": ["bank"]})

    assert again.draft.revision == draft.revision


def test_rows_come_and_go_by_buttons_and_keep_their_ids(her: Actor) -> None:
    draft = world.filled(her)
    raw = world.FORM["family"]

    actions.save_page(actor=her, draft_id=draft.id, page_key="family", raw=raw, edit=Edit("add_row", "children"))
    more = _again(draft).raw["children"]
    actions.save_page(
        actor=her,
        draft_id=draft.id,
        page_key="family",
        raw={**raw, "children": more},
        edit=Edit("remove_row", "children", world.ROW),
    )

    assert len(more) == 2
    assert more[0] == world.ROW
    assert _again(draft).raw["children"] == more[1:]
    assert not [name for name in _again(draft).raw if world.ROW in name]
    assert [row["id"] for row in _again(draft).answers["children"]] == more[1:]


def test_a_file_is_stored_at_once_and_goes_with_its_button(her: Actor) -> None:
    draft = world.filled(her)
    path = f"children/{world.ROW}/proof"
    _save(her, draft, "family", {**world.FORM["family"], f"children/{world.ROW}/apart": ["yes"]})

    saved = actions.attach_file(actor=her, draft_id=draft.id, path=path, name="証明.jpg", content=world.photo())
    kept = _again(draft).answers["children"][0]["proof"]
    actions.remove_file(actor=her, draft_id=draft.id, path=path, file_id=StoredFile.objects.get().id)

    assert saved.file is not None
    assert saved.file["name"] == "証明.jpg"
    assert kept == [saved.file]
    assert "proof" not in _again(draft).answers["children"][0]
    assert StoredFile.objects.get().discarded_at is not None


def test_a_field_for_one_file_takes_the_new_one_in_place_of_the_old(her: Actor) -> None:
    draft = world.filled(her)
    path = f"children/{world.ROW}/proof"
    _save(her, draft, "family", {**world.FORM["family"], f"children/{world.ROW}/apart": ["yes"]})

    for _ in range(2):
        actions.attach_file(actor=her, draft_id=draft.id, path=path, name="a.jpg", content=world.photo())

    assert len(_again(draft).answers["children"][0]["proof"]) == 1
    assert StoredFile.objects.filter(discarded_at__isnull=True).count() == 1


@pytest.mark.parametrize(("content", "error"), [(b"", EmptyFileError), (b"%PDF-1.7 a", WrongTypeError)])
def test_a_file_that_is_not_what_is_asked_for_is_refused(her: Actor, content: bytes, error: type[Exception]) -> None:
    draft = world.filled(her)
    path = f"children/{world.ROW}/proof"
    _save(her, draft, "family", {**world.FORM["family"], f"children/{world.ROW}/apart": ["yes"]})

    with pytest.raises(error):
        actions.attach_file(actor=her, draft_id=draft.id, path=path, name="a.jpg", content=io.BytesIO(content))

    assert StoredFile.objects.count() == 0


def test_a_refused_file_does_not_lose_the_form(her: Actor) -> None:
    draft = world.filled(her)
    raw = {**world.FORM["family"], f"children/{world.ROW}/apart": ["yes"], f"children/{world.ROW}/child": ["海"]}

    saved = actions.save_page(
        actor=her,
        draft_id=draft.id,
        page_key="family",
        raw=raw,
        uploads=[Upload(f"children/{world.ROW}/proof", "a.jpg", io.BytesIO(b""))],
    )

    assert [p.path for p in saved.problems] == [f"children/{world.ROW}/proof"]
    assert _again(draft).answers["children"][0]["child"] == "海"


def test_no_file_goes_to_a_field_that_is_not_shown(her: Actor) -> None:
    draft = world.filled(her)

    with pytest.raises(NotFoundError):
        actions.attach_file(
            actor=her, draft_id=draft.id, path=f"children/{world.ROW}/proof", name="a.jpg", content=world.photo()
        )

    assert StoredFile.objects.count() == 0


def test_more_text_than_any_form_asks_for_is_refused_whole(her: Actor) -> None:
    draft = world.filled(her)

    with pytest.raises(TooMuchTextError):
        _save(her, draft, "last", {"memo": ["長" * 500_000]})

    assert _again(draft).raw["memo"] == ["よろしくお願いします"]


@pytest.mark.parametrize("text", ["a\x00b", "🎉", "ﾊﾅｺ", "\ud800"])
def test_odd_characters_are_kept_or_refused_never_a_crash(her: Actor, text: str) -> None:
    draft = world.started(her)

    saved = _save(her, draft, "last", {"memo": [text]})

    assert saved.draft.id == draft.id


def test_a_draft_is_for_its_person_only(her: Actor) -> None:
    draft = world.filled(her)
    others = [world.ANYBODY, world.resident(), world.staff(), world.chief()]

    for other in others:
        with pytest.raises(HiddenError):
            _save(other, draft, "way", {"way": ["cash"]})
        with pytest.raises(HiddenError):
            actions.discard_draft(actor=other, draft_id=draft.id)
        with pytest.raises(HiddenError):
            queries.access_draft(actor=other, draft_id=draft.id, token="guess")

    assert _again(draft).raw["way"] == ["bank"]


def test_an_anonymous_draft_is_for_the_browser_that_holds_its_token() -> None:
    world.publish(world.report_body())
    begun = actions.start_draft(actor=world.ANYBODY, slug="road", language="ja")

    saved = actions.save_page(
        actor=world.ANYBODY, draft_id=begun.draft.id, page_key="what", raw={"what": ["穴"]}, token=begun.token
    )
    with pytest.raises(HiddenError):
        actions.save_page(actor=world.ANYBODY, draft_id=begun.draft.id, page_key="what", raw={"what": ["x"]})

    assert saved.problems == []
    assert begun.token not in str(Draft.objects.values().get(id=begun.draft.id))
    assert _again(begun.draft).raw == {"what": ["穴"]}


def test_the_draft_of_anybody_can_be_gone_on_with_after_signing_in() -> None:
    world.publish(world.report_body())
    begun = actions.start_draft(actor=world.ANYBODY, slug="road", language="ja")

    found = queries.access_draft(actor=world.resident(), draft_id=begun.draft.id, token=begun.token)

    assert found.id == begun.draft.id


def test_staff_of_the_section_type_for_somebody_at_the_counter() -> None:
    world.publish()
    officer, elsewhere = world.staff(), world.staff(department="childcare")

    draft = actions.start_draft(actor=officer, slug="allowance", language="ja", person_id=world.person().id).draft
    world.fill(officer, draft.id)
    application = actions.submit(actor=officer, draft_id=draft.id, attendance=world.CAME)
    with pytest.raises(NotFoundError):
        world.started(elsewhere)

    assert application.channel == "counter"
    assert application.submitter_kind == "staff"
    assert application.person_id == draft.person_id


def test_a_discarded_draft_is_gone_with_its_files_and_its_key(her: Actor) -> None:
    world.publish(world.report_body())
    draft = world.started(her, "road")
    actions.attach_file(actor=her, draft_id=draft.id, path="photo", name="a.jpg", content=world.photo())

    actions.discard_draft(actor=her, draft_id=draft.id)

    assert not Draft.objects.filter(id=draft.id).exists()
    assert StoredFile.objects.get().discarded_at is not None


def test_the_trail_names_fields_and_no_answers(her: Actor) -> None:
    draft = world.started(her)
    _save(her, draft, "last", {"memo": ["ひみつ"]})

    entry = Entry.objects.filter(action="applications.save_draft").latest("at")

    assert entry.fields == ["memo"]
    assert "ひみつ" not in str(Entry.objects.values())
