"""The sections of the city hall that can answer for a service, to choose from."""

from __future__ import annotations

from souto.foundation.identity import queries as identity
from souto.kernel.language import say


def sections(language: str, *, also: str = "") -> list[tuple[str, str]]:
    """Code and name of each section; `also`: a code that stays to be chosen, though no section has it (any more)."""
    found = [
        (one.code, say({"ja": one.name, "ja-easy": one.name_easy, "en": one.name_en}, language))
        for one in identity.list_departments()
    ]
    return found if not also or also in dict(found) else [*found, (also, also)]


def section_name(code: str, language: str) -> str:
    """The name of a section; its code, where there is none of this code."""
    return dict(sections(language)).get(code, code)
