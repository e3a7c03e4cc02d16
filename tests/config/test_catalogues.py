from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from souto.config.catalogues import CatalogueError, compile_all


def catalogue(root: Path, text: str) -> Path:
    folder = root / "room/locale/ja_EASY/LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n' + text)
    return source


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path: Path) -> None:
    source = catalogue(tmp_path, 'msgid "添付書類"\nmsgstr "いっしょに だす もの"\n')

    assert compile_all(tmp_path) == [source]
    assert compile_all(tmp_path) == []
    with source.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("添付書類") == "いっしょに だす もの"


def test_unfinished_translations_are_left_out(tmp_path: Path) -> None:
    source = catalogue(tmp_path, '#, fuzzy\nmsgid "添付書類"\nmsgstr "?"\n')
    compile_all(tmp_path)

    with source.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("添付書類") == "添付書類"


def test_a_broken_catalogue_is_named(tmp_path: Path) -> None:
    source = catalogue(tmp_path, "these are no messages\n")

    with pytest.raises(CatalogueError, match=str(source)):
        compile_all(tmp_path)
