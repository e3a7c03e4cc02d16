"""The demo city is filled through the actions that people use, and a second filling changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from souto.demo.fill import fill
from souto.foundation.audit.models import Entry
from souto.foundation.identity.models import Department, Staff
from souto.kernel.actor import Actor
from souto.plan import queries as plan
from souto.services.applications.models import Application
from souto.services.procedures.models import ProcedureVersion


@pytest.mark.django_db
def test_filling_twice_is_filling_once(settings: Any) -> None:
    settings.DEMO = True

    logins = fill()
    counts = [m.objects.count() for m in (Department, Staff, ProcedureVersion, Application)]
    again = fill()

    assert logins == again
    assert [m.objects.count() for m in (Department, Staff, ProcedureVersion, Application)] == counts
    assert {v.slug for v in ProcedureVersion.objects.filter(state="published")} >= {
        "juminhyo",
        "jido-teate",
        "road-damage",
    }
    assert not Application.objects.filter(is_demo=False).exists()
    assert Entry.objects.filter(action__startswith="applications.").exists()


@pytest.mark.django_db
def test_samples_count_in_no_measure_outside_the_demo(settings: Any) -> None:
    settings.DEMO = True
    fill()
    plan.forget_fresh()
    inside = {f.indicator.key: f.denominator for f in plan.scoreboard(actor=Actor.system("t"))}
    settings.DEMO = False
    plan.forget_fresh()

    outside = {f.indicator.key: f.denominator for f in plan.scoreboard(actor=Actor.system("t"))}

    assert inside["online-share"]
    assert not outside["online-share"]
