"""The messages of the kernel's errors exist in every language."""

import importlib
import pkgutil

import pytest
from django.utils import translation

import souto.kernel
from souto.kernel.errors import SoutoError

STAFF_ONLY = {"ForbiddenError", "TravelRefusedError"}


def kinds():
    for module in pkgutil.walk_packages(souto.kernel.__path__, "souto.kernel."):
        importlib.import_module(module.name)
    found, waiting = {}, [SoutoError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("souto.kernel."):
            found[kind.__name__] = kind
    return found


@pytest.mark.parametrize("language", ["en", "ja-easy"])
def test_every_message_is_translated_with_the_same_places(language):
    missing = []
    with translation.override(language):
        for name, kind in kinds().items():
            said = translation.gettext(kind.message)
            if said == kind.message and not (language == "ja-easy" and name in STAFF_ONLY):
                missing.append(name)
            for part in ("minutes", "month", "last", "era", "first", "right"):
                assert (f"%({part})s" in said) == (f"%({part})s" in kind.message), name

    assert missing == []


def test_messages_avoid_the_words_that_the_guide_bans():
    for kind in kinds().values():
        for word in ("正しく", "不正", "無効", "申し訳"):
            assert word not in kind.message
