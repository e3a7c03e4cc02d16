from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from souto.foundation.identity import actions
from souto.foundation.identity.models import Account, Credential, Person
from souto.foundation.identity.oidc import CardItems
from souto.kernel.actor import Actor

ITEMS = CardItems("山田　花子", "東京都八王子市", "1990-04-12", "2")


@pytest.mark.django_db(transaction=True)
def test_one_card_in_two_browsers_at_the_same_moment_makes_one_person():
    def arrive(_):
        try:
            return actions.sign_in_with_claims(actor=Actor.anonymous(), issuer="i", subject="s", items=ITEMS).person_id
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(arrive, range(8)))

    assert len(found) == 1
    assert Person.objects.count() == Account.objects.count() == Credential.objects.count() == 1
