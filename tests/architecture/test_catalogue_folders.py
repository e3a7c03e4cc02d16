"""A catalogue in a folder that Django does not look into is never read, and nobody notices."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import to_locale

PACKAGE = Path(settings.PACKAGE_DIR)


def test_every_catalogue_stands_where_django_looks_for_its_language():
    read = {to_locale(code) for code, _name in settings.LANGUAGES}  # ja-easy is looked for in ja_Easy

    unread = [
        str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("locale/*") if path.is_dir() and path.name not in read
    ]

    assert unread == []
