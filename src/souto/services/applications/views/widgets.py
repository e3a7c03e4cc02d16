"""The widgets of a form's fields (`procedures`), with where its files go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.urls import reverse

from souto.services.applications.views.common import language_of
from souto.services.procedures.definition import Definition, Page, Problem
from souto.services.procedures.queries import UploadUrls, Widget, widgets_of


def uploads_for(
    record_id: UUID, name: str = "applications:upload", file: str = "applications:file"
) -> Callable[[str], UploadUrls]:
    """Where files of a field go, and where a stored one is seen."""

    def urls(path: str) -> UploadUrls:
        return UploadUrls(
            upload=reverse(name, args=[record_id, path]),
            open_file=lambda file_id: reverse(file, args=[record_id, file_id]),
        )

    return urls


def of_page(
    definition: Definition,
    page: Page,
    *,
    raw: Mapping[str, Sequence[str]],
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    problems: Sequence[Problem],
    uploads: Callable[[str], UploadUrls],
) -> list[Widget]:
    """The visible fields of a page. One alone carries the page's heading, unless the page says something before it."""
    found = widgets_of(
        definition,
        page,
        raw=raw,
        answers=answers,
        facts=facts,
        problems=problems,
        language=language_of(),
        uploads=uploads,
    )
    return [replace(w, heading=False) for w in found] if page.intro else found


def of_path(
    definition: Definition,
    path: str,
    *,
    raw: Mapping[str, Sequence[str]],
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    problems: Sequence[Problem],
    uploads: Callable[[str], UploadUrls],
) -> Widget | None:
    """One field, or one field in a row of a group."""
    page = definition.page_of(path)
    if page is None:
        return None
    found = widgets_of(
        definition,
        page,
        raw=raw,
        answers=answers,
        facts=facts,
        problems=problems,
        language=language_of(),
        uploads=uploads,
        only=frozenset({path}),
    )
    inner = [i for widget in found for row in widget.rows for i in row.widgets]
    return next((replace(w, heading=False) for w in [*found, *inner] if w.path == path), None)
