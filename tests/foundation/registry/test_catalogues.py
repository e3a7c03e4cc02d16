"""The messages of the registry exist in English, those that residents see in やさしい日本語 too."""

from itertools import chain

import pytest
from django.utils import translation

from souto.foundation.registry import actions, api, codes, queries, rows
from souto.foundation.registry.matching import MatchLevel, Note, postal
from souto.foundation.registry.models import RefusedState
from souto.kernel.errors import SoutoError

RESIDENT = [
    postal.PostalCodeFormatError,
    postal.PostalCodeUnknownError,
    codes.CorporateNumberLengthError,
    codes.CorporateNumberPersonalError,
    codes.CorporateNumberCheckDigitError,
    queries.PointOutsideError,
    api.NoTownNearError,
]
ERRORS = [
    found
    for found in chain.from_iterable(vars(module).values() for module in (actions, api, codes, queries, rows, postal))
    if isinstance(found, type)
    and issubclass(found, SoutoError)
    and found.__module__.startswith("souto.foundation.registry")
    if "message" in vars(found)
]


@pytest.mark.parametrize(
    "text",
    sorted(
        {kind.message for kind in ERRORS}
        | {one.value for one in (*rows.RowProblem, *Note, *MatchLevel)}
        | {str(label) for label in RefusedState.labels}
    ),
)
def test_every_text_speaks_english(text):
    with translation.override("en"):
        assert translation.gettext(text) != text


@pytest.mark.parametrize("kind", RESIDENT)
def test_what_residents_see_speaks_plain_japanese(kind):
    with translation.override("ja-easy"):
        said = translation.gettext(kind.message)

    assert said != kind.message
    assert " " in said
