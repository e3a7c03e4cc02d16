"""The wording of a message: a text template per language, its first line the title.

`templates/messages/<room>/<name>.<language>.txt`, beginning `件名: …`; where a language has no file, Japanese stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template import Context, Template, TemplateDoesNotExist
from django.template.engine import Engine
from django.template.loader import get_template
from django.utils import translation

_TITLE = "件名:"


class NoTitleError(ValueError):
    """The template's first line is not its title."""


def write(template: str, context: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Title and body of message `template` in `language`; text is never escaped, for it is never HTML."""
    for code in dict.fromkeys((language, "ja")):
        try:
            source = _source(f"messages/{template}.{code}.txt")
        except TemplateDoesNotExist:
            continue
        with translation.override(code):
            text = source.render(Context(dict(context), autoescape=False))
        first, _, rest = text.partition("\n")
        if not first.startswith(_TITLE):
            raise NoTitleError(template)
        return first.removeprefix(_TITLE).strip(), rest.strip() + "\n"
    raise TemplateDoesNotExist(f"messages/{template}.ja.txt")


def _source(name: str) -> Template:
    found: Any = get_template(name)
    template = found.template
    assert isinstance(template.engine, Engine)
    return template  # type: ignore[no-any-return]
