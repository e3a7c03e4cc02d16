"""What the city has agreed for its payments: `payments.toml` in the city folder."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict

from souto.services.payments.notice_files import NoticeMapping, load_mappings


class SlipRules(BaseModel):
    """What stands on every slip besides the charge: codes of eL-QR, days until a slip lapses, the convenience stores' company."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    institution: str
    office: str
    company: str
    department: str
    payable_days: int


def _path() -> Path:
    return Path(settings.CITY_DIR) / "payments.toml"


@lru_cache(maxsize=4)
def _rules(path: Path, _changed: int) -> SlipRules:
    return SlipRules.model_validate(tomllib.loads(path.read_text("utf-8"))["slip"])


@lru_cache(maxsize=4)
def _mappings(path: Path, _changed: int) -> dict[str, NoticeMapping]:
    return load_mappings(path)


def slip_rules() -> SlipRules:
    """The rules for slips."""
    return _rules(_path(), _path().stat().st_mtime_ns)


def notice_mappings() -> dict[str, NoticeMapping]:
    """The layouts of notice files by name; those marked as samples are offered in the demo only."""
    found = _mappings(_path(), _path().stat().st_mtime_ns)
    return {name: m for name, m in found.items() if settings.DEMO or not m.is_demo}
