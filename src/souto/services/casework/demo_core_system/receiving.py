"""What the demo core system does with a package: check it as strictly as a real one should, enter it, answer."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from souto.kernel import clock
from souto.services.casework.handover import (
    DirectoryDrop,
    PackageBrokenError,
    Reason,
    Received,
    Result,
    ResultState,
    digest,
    read_package,
)
from souto.services.casework.handover.reading import read_sidecar

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    system TEXT NOT NULL, package TEXT NOT NULL, sha256 TEXT NOT NULL, application TEXT NOT NULL, procedure TEXT NOT NULL,
    applicant TEXT NOT NULL, state TEXT NOT NULL, number TEXT NOT NULL, reasons TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (system, package)
);
CREATE TABLE IF NOT EXISTS number (system TEXT NOT NULL, application TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY (system, application));
CREATE TABLE IF NOT EXISTS refusal (application TEXT PRIMARY KEY);
"""
#: Stands for "whichever comes next".
NEXT = "*"


@dataclass(frozen=True, slots=True)
class Entry:
    """A package as the core system keeps it."""

    system: str
    package: str
    application: str
    procedure: str
    applicant: str
    state: str
    number: str
    reasons: str
    at: str


class CoreSystem:
    """Watches `folder` (one sub-folder for each core system) and keeps its own books at `book`."""

    def __init__(self, *, folder: Path, book: Path | str) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._db = sqlite3.connect(book, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(_SCHEMA)

    def scan(self) -> int:
        """Answer every package that has none yet; returns how many. What has no sidecar is still being written."""
        answered = 0
        with self._lock:
            for sidecar in sorted(self.folder.glob("*/outbox/*.sha256")):
                path = sidecar.with_name(sidecar.name.removesuffix(".sha256"))
                if path.exists() and self._take(sidecar.parents[1], path, sidecar.read_text("utf-8", "replace")):
                    answered += 1
        return answered

    def refuse_next(self, application: str = NEXT) -> None:
        """Refuse the next package (of this application), for demonstration; once."""
        with self._lock:
            self._db.execute("INSERT OR IGNORE INTO refusal VALUES (?)", (application,))

    def waiting_refusals(self) -> list[str]:
        """The applications whose next package is refused."""
        with self._lock:
            return [row["application"] for row in self._db.execute("SELECT application FROM refusal ORDER BY 1")]

    def entries(self) -> list[Entry]:
        """Everything received, newest first."""
        with self._lock:
            rows = self._db.execute("SELECT * FROM entry ORDER BY at DESC, package DESC").fetchall()
        return [
            Entry(
                **{
                    name: row[name]
                    for name in (
                        "system",
                        "package",
                        "application",
                        "procedure",
                        "applicant",
                        "state",
                        "number",
                        "reasons",
                        "at",
                    )
                }
            )
            for row in rows
        ]

    def _take(self, shared: Path, path: Path, sidecar: str) -> bool:
        system, package = shared.name, path.name.removesuffix(".zip")
        claimed = _claimed_hash(sidecar)
        known = self._db.execute(
            "SELECT sha256 FROM entry WHERE system = ? AND package = ?", (system, package)
        ).fetchone()
        if known is not None and known["sha256"] == claimed:
            return False
        try:
            received = read_package(path, sidecar)
        except PackageBrokenError as error:
            self._answer(shared, package, claimed, None, [Reason(error.code, str(error))])
            return True
        reasons = _missing(received, system) or self._refusal(received.manifest["application"].get("number", ""))
        self._answer(shared, package, received.sha256, received, reasons)
        return True

    def _answer(
        self, shared: Path, package: str, sha256: str, received: Received | None, reasons: list[Reason]
    ) -> None:
        about: Mapping[str, Any] = received.manifest["application"] if received else {}
        application = str(about.get("number", ""))
        number = "" if reasons else self._number(shared.name, application)
        now = clock.real_now()
        result = Result(
            package=package,
            package_sha256=sha256,
            state=ResultState.REFUSED if reasons else ResultState.ACCEPTED,
            answered_at=now,
            number=number,
            reasons=tuple(reasons),
        )
        content = result.as_bytes()
        drop, name = DirectoryDrop(shared), f"{package}.json"
        drop.put("inbox", name, content)
        drop.put("inbox", f"{name}.sha256", f"{digest(content)}  {name}\n".encode())
        # The books last: a crash before this answers the same package again, with the same number.
        self._db.execute(
            "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                shared.name,
                package,
                sha256,
                application,
                str(about.get("procedure", "")),
                _applicant(received),
                result.state.value,
                number,
                "\n".join(f"{r.message}（{r.code}）" for r in reasons),
                now.isoformat(),
            ),
        )

    def _number(self, system: str, application: str) -> str:
        """The core system's own number: the same for the same application, however often it comes."""
        found = self._db.execute(
            "SELECT number FROM number WHERE system = ? AND application = ?", (system, application)
        ).fetchone()
        if found is None:
            count = self._db.execute("SELECT count(*) AS n FROM number WHERE system = ?", (system,)).fetchone()["n"]
            number = f"MIHON-{count + 1:06d}"
            self._db.execute("INSERT INTO number VALUES (?, ?, ?)", (system, application, number))
            return number
        return str(found["number"])

    def _refusal(self, application: str) -> list[Reason]:
        for wanted in (application, NEXT):
            if self._db.execute("DELETE FROM refusal WHERE application = ?", (wanted,)).rowcount:
                return [Reason("demo", "見本の操作で差し戻しました。")]
        return []


def _claimed_hash(sidecar: str) -> str:
    try:
        return read_sidecar(sidecar)[0]
    except PackageBrokenError:
        return "0" * 64


def _missing(received: Received, system: str) -> list[Reason]:
    """What a core system cannot do without."""
    manifest, found = received.manifest, []
    if manifest.get("system") != system:
        found.append(Reason("system", "ほかのシステムあてのデータです。"))
    about = manifest["application"]
    for key, label in (("number", "受付番号"), ("procedure", "手続"), ("submitted_on", "申請日")):
        if not about.get(key):
            found.append(Reason("missing", f"「{label}」がありません。"))
    if not _applicant(received):
        found.append(Reason("missing", "「申請者の氏名」がありません。"))
    if "answers.json" not in received.files:
        found.append(Reason("missing", "回答（answers.json）がありません。"))
    return found


def _applicant(received: Received | None) -> str:
    if received is None or "envelope.json" not in received.files:
        return ""
    try:
        envelope = json.loads(received.files["envelope.json"])
        return str(envelope["A票"]["申請者"].get("氏名", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
