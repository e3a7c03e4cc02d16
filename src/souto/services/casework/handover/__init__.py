"""Handing applications over to core systems (基幹システムへの申請データ連携) as files.

Problem: the standard says that applications reach the core systems as files, and publishes neither layout nor names. So the layout here is
Souto's own, small and strict: a package is a ZIP (or folder) with `manifest.json`, which names every file with its size and SHA-256; beside
it lies `NAME.sha256`, written last, so that whoever sees it sees a whole package. Results come back in the same manner.

Everything is written to a temporary name, flushed to disk and renamed; the same package always gives the same bytes, so sending it again
after a crash changes nothing. Sizes are bytes, hashes SHA-256 in lower-case hexadecimal, dates ISO 8601. No Django here.
"""

from souto.services.casework.handover.columns import Column, Columns, UnwritableCharacterError
from souto.services.casework.handover.drop import DirectoryDrop
from souto.services.casework.handover.package import Package, Part, digest
from souto.services.casework.handover.reading import PackageBrokenError, Received, read_package
from souto.services.casework.handover.result import Incoming, Reason, Result, ResultBrokenError, ResultState

__all__ = [
    "Column",
    "Columns",
    "DirectoryDrop",
    "Incoming",
    "Package",
    "PackageBrokenError",
    "Part",
    "Reason",
    "Received",
    "Result",
    "ResultBrokenError",
    "ResultState",
    "UnwritableCharacterError",
    "digest",
    "read_package",
]
