"""What no program may decide: unreadable items, people who are nearly in the register, changed cards."""

from __future__ import annotations

import pytest
from django.test import Client

from souto.foundation.audit.models import Entry, Outcome
from souto.foundation.identity import actions, queries
from souto.foundation.identity.actions.reviews import NumberUnknownError, ReasonMissingError
from souto.foundation.identity.events import CredentialRelinked
from souto.foundation.identity.models import Credential, Person, ProfileReview, Relink, ReviewKind
from souto.foundation.identity.oidc import CardItems, ClaimProblem
from souto.foundation.identity.roles import Role
from souto.kernel import events
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, HiddenError
from tests.foundation.identity.people import enrol, make_staff
from tests.foundation.identity.provider import sign_in, words

pytestmark = pytest.mark.django_db

ISSUER = "https://idp.example/api/realms/main"
HANAKO = CardItems("山田　花子", "東京都八王子市元横山町三丁目９９番９号", "1990-04-12", "2")


@pytest.fixture(autouse=True)
def _register(settings):
    settings.IDENTITY = {**settings.IDENTITY, "register": "souto.foundation.identity.register.demo.DemoRegister"}


@pytest.fixture
def administrator():
    return queries.actor_for_staff(make_staff("A1", role=Role.ADMINISTRATOR, department="digital"))


def arrive(subject="s1", items=HANAKO):
    return actions.sign_in_with_claims(actor=Actor.anonymous(), issuer=ISSUER, subject=subject, items=items)


def test_a_new_card_of_a_known_number_waits_for_staff_and_is_not_joined():
    first = arrive("old-card")
    second = arrive("new-card")

    assert first.person_id != second.person_id
    review = ProfileReview.objects.get()
    assert (review.kind, review.person_id, review.other_person_id) == (
        ReviewKind.SAME_NUMBER,
        second.person_id,
        first.person_id,
    )
    assert queries.profile_of(second.person_id).register_number == ""
    assert queries.profile_of(second.person_id).name_kana == ""


def test_staff_move_the_new_card_to_the_known_person(administrator):
    heard = []
    events.subscribe(CredentialRelinked)(lambda event, actor: heard.append(event))
    first = arrive("old-card")
    second = arrive("new-card")
    review = ProfileReview.objects.get()

    actions.relink(actor=administrator, review_id=review.id, reason="窓口で新旧のカードを確認した")

    assert Credential.objects.get(subject="new-card").person_id == first.person_id
    assert Relink.objects.get().reason == "窓口で新旧のカードを確認した"
    assert arrive("new-card").person_id == first.person_id
    assert queries.profile_of(first.person_id).name_kana == "ヤマダ　ハナコ"
    entry = Entry.objects.get(action="identity.relink")
    assert (entry.actor_id, entry.subject_id) == (administrator.id, first.person_id)
    assert heard[0].from_person_id == second.person_id
    assert not ProfileReview.objects.filter(resolved_at__isnull=True).exists()


def test_a_moved_card_ends_the_sessions_of_both(client, provider, administrator, settings):
    sign_in(client, "hanako")
    credential = Credential.objects.get()
    credential.subject = "the-old-card"
    credential.save()
    other = Client()
    sign_in(other, "hanako")

    actions.relink(actor=administrator, review_id=ProfileReview.objects.get().id, reason="確認した")

    assert client.get("/me").status_code == other.get("/me").status_code == 302


def test_a_reason_is_needed(administrator):
    arrive("old-card")
    arrive("new-card")

    with pytest.raises(ReasonMissingError):
        actions.relink(actor=administrator, review_id=ProfileReview.objects.get().id, reason="  ")

    assert not Relink.objects.exists()


def test_whoever_does_not_manage_identities_moves_nothing():
    arrive("old-card")
    second = arrive("new-card")
    officer = queries.actor_for_staff(make_staff("O1"))

    with pytest.raises(ForbiddenError):
        actions.relink(actor=officer, review_id=ProfileReview.objects.get().id, reason="x")
    with pytest.raises(HiddenError):
        queries.access_review(actor=officer, review_id=ProfileReview.objects.get().id)
    assert Credential.objects.get(subject="new-card").person_id == second.person_id


def test_an_unreadable_item_waits_and_the_sign_in_goes_on(administrator):
    unread = CardItems(HANAKO.name, HANAKO.address, "", "2", (ClaimProblem("birth_date", '"平成2年4月12日"'),))

    signed_in = arrive(items=unread)
    again = arrive(items=unread)

    assert again.person_id == signed_in.person_id
    review = ProfileReview.objects.get()
    assert (review.kind, review.detail) == (ReviewKind.UNREADABLE, {"raw": '"平成2年4月12日"'})
    assert queries.profile_of(signed_in.person_id).birth_date == ""
    actions.settle_review(actor=administrator, review_id=review.id, reason="住民票で確認", value="19900412")
    assert queries.profile_of(signed_in.person_id).birth_date == "1990-04-12"
    arrive(items=unread)
    assert queries.profile_of(signed_in.person_id).birth_date == "1990-04-12"
    assert ProfileReview.objects.count() == 1


def test_an_item_that_is_unreadable_now_is_not_taken_from_an_earlier_card():
    person_id = arrive().person_id

    arrive(items=CardItems(HANAKO.name, HANAKO.address, "", "2", (ClaimProblem("birth_date", '"?"'),)))

    assert queries.profile_of(person_id).birth_date == ""


def test_somebody_who_is_nearly_in_the_register_waits(administrator):
    moved = CardItems(HANAKO.name, "東京都八王子市子安町四丁目９９番９号", HANAKO.birth_date, "2")
    person_id = arrive(items=moved).person_id
    review = ProfileReview.objects.get()

    assert review.kind == ReviewKind.REGISTER_DIFFERS
    assert queries.profile_of(person_id).register_number == ""
    with pytest.raises(NumberUnknownError):
        actions.settle_review(actor=administrator, review_id=review.id, reason="x", number="9999999999")
    actions.settle_review(actor=administrator, review_id=review.id, reason="転居届を確認", number="1000000017")
    arrive(items=moved)
    assert queries.profile_of(person_id).register_number == "1000000017"
    assert queries.profile_of(person_id).name_kana == "ヤマダ　ハナコ"
    assert not ProfileReview.objects.filter(resolved_at__isnull=True).exists()


def test_a_number_of_another_person_is_not_given_away(administrator):
    arrive("hanako")
    moved = CardItems(HANAKO.name, "東京都八王子市子安町四丁目９９番９号", HANAKO.birth_date, "2")
    stranger = arrive("stranger", moved)
    review = ProfileReview.objects.get(person_id=stranger.person_id)

    with pytest.raises(NumberUnknownError):
        actions.settle_review(actor=administrator, review_id=review.id, reason="x", number="1000000017")

    assert queries.profile_of(stranger.person_id).register_number == ""


@pytest.mark.parametrize(
    "items",
    [
        CardItems("山田　花子", "東京都八王子市子安町一丁目１番", "1970-01-01", "2"),
        CardItems("佐々木　次郎", HANAKO.address, HANAKO.birth_date, "2"),
    ],
)
def test_a_namesake_or_a_neighbour_is_nobodys_entry(items):
    person_id = arrive(items=items).person_id

    assert queries.profile_of(person_id).register_number == ""
    assert not ProfileReview.objects.exists()


def test_one_card_at_two_doors_makes_one_person():
    assert arrive().person_id == arrive().person_id
    assert Person.objects.count() == 1


def test_the_pages_are_for_administrators_and_reading_is_on_record(client):
    arrive("old-card")
    person_id = arrive("new-card").person_id
    review = ProfileReview.objects.get()
    path = f"/staff/reviews/{review.id}"
    assert client.get(path).status_code == 302
    officer = Client()
    enrol(officer, make_staff("O1"))
    assert officer.get(path).status_code == 403
    assert officer.post(path, {"reason": "x", "answer": "relink"}).status_code == 403
    assert Entry.objects.filter(outcome=Outcome.REFUSED, action="identity.refuse").count() == 2
    enrol(client, make_staff("A1", role=Role.ADMINISTRATOR, department="digital"))

    page = client.get(path)

    assert "山田　花子" in words(page)
    assert Entry.objects.get(action="identity.view_review").subject_id == person_id
    assert client.post(path, {"reason": "", "answer": "relink"}).status_code == 422
    assert client.post(path, {"reason": "確認した", "answer": "relink"}).status_code == 303
    assert Relink.objects.count() == 1


def test_the_list_shows_what_waits(client):
    arrive("old-card")
    arrive("new-card")
    enrol(client, make_staff("A1", role=Role.ADMINISTRATOR, department="digital"))

    assert "同じ宛名番号の人がいる" in words(client.get("/staff/reviews"))
