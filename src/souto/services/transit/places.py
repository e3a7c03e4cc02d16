"""Places that people type: one in each line, as latitude and longitude."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from souto.kernel.errors import SoutoError

_PLACE = re.compile(r"\s*([0-9.]+)\s*[,\s、]\s*([0-9.]+)\s*(?:[,\s、]\s*(.*\S))?\s*")


class PlaceUnreadableError(SoutoError):
    """A line is no place."""

    message = "%(line)s行目は「35.655, 139.339」のように、緯度と経度を書いてください。"


def read(text: str) -> list[tuple[float, float, str]]:
    """Latitude, longitude and whatever is written behind them (a name), of each line that is not blank. Full-width digits and commas will do.

    Raises:
        PlaceUnreadableError: with the number of the line.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        folded = unicodedata.normalize("NFKC", line)
        if not folded.strip():
            continue
        match = _PLACE.fullmatch(folded)
        try:
            lat, lon = (float(match[1]), float(match[2])) if match else (99.0, 0.0)
        except ValueError:
            lat, lon = 99.0, 0.0
        if not (match and 20 <= lat <= 46 and 122 <= lon <= 154):  # Japan
            raise PlaceUnreadableError(line=number)
        found.append((lat, lon, match[3] or ""))
    return found


def write(places: Sequence[tuple[float, float]]) -> str:
    """Places as `read` takes them."""
    return "\n".join(f"{lat}, {lon}" for lat, lon in places)
