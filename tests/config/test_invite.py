from __future__ import annotations

import pytest

from souto.config.commands.base import CommandError
from souto.config.commands.invite import invite
from souto.foundation.audit.models import Entry
from souto.foundation.identity.models import Staff
from souto.foundation.identity.queries import actor_for_staff

pytestmark = pytest.mark.django_db


def test_the_first_administrator_gets_a_link_that_works(client):
    link = invite("1", "小林　さくら", role="administrator", department="digital")

    assert actor_for_staff(Staff.objects.get()).may("identity.manage")
    assert client.get(link.removeprefix("http://localhost:8000")).status_code == 200
    assert Entry.objects.filter(action="identity.invite_staff", actor_name="souto invite").exists()


def test_a_second_link_makes_no_second_person():
    first = invite("1", "小林　さくら", role="administrator", department="digital")

    assert invite("1", "小林　さくら", role="administrator", department="digital") != first
    assert Staff.objects.count() == 1


@pytest.mark.parametrize(("role", "department"), [("mayor", "digital"), ("officer", "no-such")])
def test_a_slip_of_the_pen_makes_nobody(role, department):
    with pytest.raises(CommandError):
        invite("1", "小林　さくら", role=role, department=department)

    assert not Staff.objects.exists()
