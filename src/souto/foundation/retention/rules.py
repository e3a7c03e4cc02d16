"""How long the city keeps each kind of record: the table `[retention]` of `city.toml`, in years or `"permanent"`.

A kind that the table does not name is kept until somebody says how long: it never stands on a list.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from souto.foundation.ui.city import CityFileError
from souto.kernel.calendar import Retention, UnknownRetentionError


@lru_cache(maxsize=4)
def _table(path: Path, _changed: int) -> Mapping[str, Retention]:
    found = tomllib.loads(path.read_text(encoding="utf-8")).get("retention", {})
    try:
        return {str(kind): Retention.read(value) for kind, value in found.items()}
    except UnknownRetentionError as error:
        raise CityFileError(path=path, reason=error) from error


def period_of(kind: str) -> Retention | None:
    """How long the city keeps records of `kind` (`application`, `notification`, `report` …); None where it has not said.

    Read again when the file changes. Raises `CityFileError`.
    """
    path = Path(settings.CITY_DIR) / "city.toml"
    return _table(path, path.stat().st_mtime_ns).get(kind)
