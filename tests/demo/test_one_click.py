"""The demo's one-click staff sign-in: only in the demo, only from this machine."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.urls import resolve
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RegexPattern, URLResolver

from souto.config import urls
from souto.foundation.audit.models import Entry
from souto.foundation.identity import actions
from souto.foundation.identity.models import Staff
from souto.kernel.actor import Actor
from tests.foundation.identity.people import make_staff

FACES = ("resident", "staff", "public")


def table(*, demo):
    return URLResolver(RegexPattern(r"^/"), urls.build(FACES, demo=demo))


def test_production_has_no_such_address():
    with pytest.raises(Resolver404):
        table(demo=False).resolve("/demo/staff/D0001")
    assert table(demo=True).resolve("/demo/staff/D0001").view_name == "demo:sign_in_staff"


def test_the_running_table_of_a_production_process_has_none():
    with pytest.raises(Resolver404):
        resolve("/demo/staff/D0001")


@pytest.fixture
def demo(settings):
    """A demo process: the setting and the URL table."""
    settings.DEMO = True
    with override_settings(ROOT_URLCONF="tests.demo.demo_urls"):
        yield


@pytest.fixture
def sample(db):
    staff = make_staff("D0001")
    Staff.objects.filter(pk=staff.pk).update(is_demo=True)
    return staff


def refused(client, answer):
    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session
    assert not Entry.objects.filter(action="demo.sign_in_staff").exists()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_one_click_from_this_machine(client, demo, sample, address):
    answer = client.post("/demo/staff/D0001", REMOTE_ADDR=address)

    assert (answer.status_code, answer["Location"]) == (302, "/staff/")
    assert client.session["_auth_user_id"] == str(sample.account.id)
    assert Entry.objects.get(action="demo.sign_in_staff").facts == {"one_click": True}


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.2", "2001:db8::1", "", "localhost"])
def test_another_machine_is_refused(client, demo, sample, address):
    refused(client, client.post("/demo/staff/D0001", REMOTE_ADDR=address))
    assert client.get("/demo/", REMOTE_ADDR=address).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_whoever_comes_through_a_proxy_is_refused(client, demo, sample, header):
    refused(client, client.post("/demo/staff/D0001", headers={header: "127.0.0.1"}, REMOTE_ADDR="127.0.0.1"))


def test_reading_signs_nobody_in(client, demo, sample):
    answer = client.get("/demo/staff/D0001")

    assert answer.status_code == 405
    assert "_auth_user_id" not in client.session


def test_a_real_staff_member_has_no_shortcut(client, demo, db):
    make_staff("R0001")

    refused(client, client.post("/demo/staff/R0001", REMOTE_ADDR="127.0.0.1"))


def test_a_process_that_is_no_demo_refuses_even_with_the_address(client, sample):
    with override_settings(ROOT_URLCONF="tests.demo.demo_urls", DEMO=False):
        refused(client, client.post("/demo/staff/D0001", REMOTE_ADDR="127.0.0.1"))


def test_a_form_of_another_site_is_refused(demo, sample):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/demo/staff/D0001", REMOTE_ADDR="127.0.0.1").status_code == 403


def test_the_page_lists_the_samples(client, demo, sample):
    actions.create_staff(actor=Actor.system("test"), number="R0001", name="本物")

    page = client.get("/demo/").content.decode()

    assert "佐藤" in page
    assert "本物" not in page
