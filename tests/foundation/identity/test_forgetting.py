from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from souto.foundation.identity import actions, jobs, queries
from souto.foundation.identity.models import Attempts, Person, SigningRequest
from souto.foundation.identity.queries import actor_for_person
from souto.foundation.vault.keys import KeyDestroyedError, destroy_key, read_key
from souto.kernel import clock
from souto.kernel.errors import NotFoundError, TooManyAttemptsError
from tests.foundation.identity.people import enrol, make_staff
from tests.foundation.identity.provider import sign_in, words

pytestmark = pytest.mark.django_db


def test_attempts_are_counted_in_a_window_and_forgotten():
    for _ in range(3):
        actions.allow_attempt(key="x", limit=3, window_seconds=60)
    with pytest.raises(TooManyAttemptsError):
        actions.allow_attempt(key="x", limit=3, window_seconds=60)
    actions.allow_attempt(key="y", limit=3, window_seconds=60)
    assert b"x" not in [bytes(attempt.key) for attempt in Attempts.objects.all()]

    Attempts.objects.update(window_start=clock.real_now() - timedelta(days=2))
    actions.allow_attempt(key="x", limit=3, window_seconds=60)
    jobs.forget_attempts()

    assert Attempts.objects.count() == 1


def test_sessions_that_ended_are_deleted(client):
    client.get("/staff/sign-in")
    Session.objects.update(expire_date=clock.real_now() - timedelta(days=1))

    jobs.forget_sessions()

    assert not Session.objects.exists()


def test_a_document_that_was_never_signed_is_erased(client, provider, django_capture_on_commit_callbacks):
    sign_in(client, "hanako")
    actor = actor_for_person(Person.objects.get(), assurance=2)
    old = actions.start_signing(actor=actor, content=b"old", return_to="/")
    key_id = SigningRequest.objects.get(pk=old.id).key_id
    SigningRequest.objects.update(started_at=clock.real_now() - timedelta(days=8))
    young = actions.start_signing(actor=actor, content=b"young", return_to="/")

    with django_capture_on_commit_callbacks(execute=True):
        jobs.forget_unsigned()

    assert list(SigningRequest.objects.values_list("pk", flat=True)) == [young.id]
    with pytest.raises(KeyDestroyedError):
        read_key(key_id)


def test_an_erased_person_has_no_name_and_no_profile(client, provider):
    sign_in(client, "hanako")
    person = Person.objects.get()

    destroy_key(person.key_id)

    assert queries.person_display_name(person.id) == ""
    with pytest.raises(NotFoundError):
        queries.profile_of(person.id)


def test_staff_sign_in_each_working_day(client):
    enrol(client, make_staff())

    assert client.session.get_expiry_age() <= 36_000


def test_a_newcomer_gets_messages_in_the_language_of_the_page(client, provider):
    client.get("/sign-in?lang=en")
    sign_in(client, "lan")

    assert Person.objects.get().language == "en"
    assert "Your information" in words(client.get("/me"))
