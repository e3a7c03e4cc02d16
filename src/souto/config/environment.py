"""Every setting of Souto: one environment variable each, with its meaning and its default.

`docs/reference/settings.md` is made from this table (``python -m souto.config.environment > docs/reference/settings.md``) and a test keeps the
two equal. Django's settings read their values from here, rooms read Django's settings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from souto.config import storage

T = TypeVar("T")


class SettingError(ValueError):
    """An environment variable holds a value that cannot be used; the message names it."""


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. `shown` is the default in words for the documentation; a `secret` is never printed."""

    name: str
    meaning: str
    default: T
    read: Callable[[str], T]
    kind: str
    shown: str
    group: str
    secret: bool = False

    def get(self, source: Mapping[str, str] | None = None) -> T:
        """Return the value from the environment (an empty variable counts as not set), or the default.

        Raises
        ------
        SettingError
            The variable holds something that cannot be read as this setting.
        """
        given = (os.environ if source is None else source).get(self.name, "")
        if given == "":
            return self.default
        try:
            return self.read(given)
        except ValueError as error:
            shown = "the value given" if self.secret else repr(given)
            raise SettingError(f"{self.name}: {shown} is not {self.kind}. {self.meaning}") from error


TABLE: dict[str, Setting[Any]] = {}
_group = ""


def _start(group: str) -> None:
    global _group  # noqa: PLW0603 - the table is written once, top to bottom
    _group = group


def _add(setting: Setting[T]) -> Setting[T]:
    if setting.name in TABLE:
        raise SettingError(f"{setting.name} is in the table twice")
    TABLE[setting.name] = setting
    return setting


def text(name: str, meaning: str, default: str = "", *, shown: str | None = None, secret: bool = False) -> Setting[str]:
    """Add a setting that is any text."""
    return _add(
        Setting(name, meaning, default, str, "a text", shown if shown is not None else _code(default), _group, secret)
    )


def flag(name: str, meaning: str, *, default: bool = False) -> Setting[bool]:
    """Add a setting that is 1 (yes) or 0 (no)."""
    return _add(Setting(name, meaning, default, _read_flag, "1 or 0", _code("1" if default else "0"), _group))


def number(name: str, meaning: str, default: int, *, least: int = 0) -> Setting[int]:
    """Add a setting that is a whole number not below `least`."""

    def read(value: str) -> int:
        parsed = int(value)
        if parsed < least:
            raise ValueError(value)
        return parsed

    return _add(Setting(name, meaning, default, read, f"a whole number from {least} up", _code(str(default)), _group))


def words(
    name: str, meaning: str, default: tuple[str, ...] = (), *, choices: frozenset[str] | None = None
) -> Setting[tuple[str, ...]]:
    """Add a setting that is a list separated by commas or spaces."""

    def read(value: str) -> tuple[str, ...]:
        parsed = tuple(value.replace(",", " ").split())
        if choices is not None and not choices.issuperset(parsed):
            raise ValueError(value)
        return parsed

    kind = "a list of " + (", ".join(sorted(choices)) if choices else "words")
    return _add(Setting(name, meaning, default, read, kind, _code(",".join(default)), _group))


def folder(name: str, meaning: str, default: Path, *, shown: str) -> Setting[Path]:
    """Add a setting that is a folder."""
    return _add(Setting(name, meaning, default, Path, "a path", shown, _group))


def path(name: str, meaning: str, *, shown: str) -> Setting[Path | None]:
    """Add a setting that is a file or folder whose default depends on other settings."""
    return _add(Setting(name, meaning, None, Path, "a path", shown, _group))


def _read_flag(value: str) -> bool:
    if value not in {"0", "1"}:
        raise ValueError(value)
    return value == "1"


def _code(value: str) -> str:
    return f"`{value}`" if value else "–"


BASE_DIR = Path(__file__).resolve().parents[3]

_start("The city and this installation")
DEMO = flag(
    "SOUTO_DEMO",
    "Demo mode: sample people, demo providers, one-click sign-in from this machine only. Never in production.",
)
DEMO_SHIFT = text(
    "SOUTO_DEMO_SHIFT",
    "Demo mode only: seconds by which the business clock goes ahead (negative: behind). `souto demo --time` sets it.",
)
STATE = folder(
    "SOUTO_STATE",
    "State folder: keys, files, and the data of Souto's own PostgreSQL. Back it up.",
    BASE_DIR / ".souto" / "state",
    shown="`.souto/state` in the working copy",
)
CITY = folder(
    "SOUTO_CITY",
    "Folder with the city as data.",
    BASE_DIR / "cities" / "hachioji",
    shown="`cities/hachioji` in the working copy",
)
SAMPLES = folder(
    "SOUTO_SAMPLES",
    "Folder with sample data for tests and imports.",
    BASE_DIR.parent / "shared" / "data",
    shown="`../shared/data`",
)

COMPILED = path(
    "NUMBA_CACHE_DIR",
    "Folder with the compiled code of the dispatch engine; `souto warm` fills it. It can be made anew at any time.",
    shown="`compiled` in the state folder",
)

DRAFT_DAYS = number(
    "SOUTO_DRAFT_DAYS", "Days after the last change until an application that was not sent is removed.", 30, least=1
)
DRAFT_WARNING_DAYS = number(
    "SOUTO_DRAFT_WARNING_DAYS", "Days before that on which its owner is told in a message.", 7, least=1
)

_start("Web")
BASE_URL = text(
    "SOUTO_BASE_URL",
    "Address at which people reach Souto; `https://` switches secure cookies and HSTS on.",
    "http://localhost:8000",
)
HOSTS = words(
    "SOUTO_HOSTS",
    "Further host names that the web answers to; that of SOUTO_BASE_URL always counts.",
    ("localhost", "127.0.0.1"),
)
FACES = words(
    "SOUTO_FACES",
    "Faces that this web process serves (三層分離: a host and a network for each).",
    ("resident", "staff", "public"),
    choices=frozenset({"resident", "staff", "public"}),
)
FORM_TARGETS = words(
    "SOUTO_FORM_TARGETS",
    "Origins that a form may lead to (sign-in and payment providers), for the content security policy.",
)
BIND = text("SOUTO_BIND", "Address on which the web listens.", "127.0.0.1")
PORT = number("SOUTO_PORT", "Port on which the web listens.", 8000, least=1)
WEB_PROCESSES = number("SOUTO_WEB_PROCESSES", "Web processes that `souto up` runs side by side.", 2, least=1)
TRUSTED_PROXIES = words(
    "SOUTO_TRUSTED_PROXIES", "Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed."
)
STATIC_ROOT = path("SOUTO_STATIC_ROOT", "Folder for collected static files.", shown="`static` in the state folder")

_start("Sign-in and signing with a card")
IDENTITY_ISSUER = text(
    "SOUTO_IDENTITY_ISSUER",
    "Issuer of デジタル認証アプリ, compared character by character.",
    shown="`https://auth-and-sign.go.jp/api/realms/main`; the demo provider in demo mode",
)
IDENTITY_NAME = text("SOUTO_IDENTITY_NAME", "What residents call the provider.", "マイナアプリ（デジタル認証アプリ）")
IDENTITY_CLIENT_ID = text("SOUTO_IDENTITY_CLIENT_ID", "The client id that the provider gave this city.", "souto")
IDENTITY_CLIENT_KEY = path(
    "SOUTO_IDENTITY_CLIENT_KEY",
    "PEM file with the private key of private_key_jwt; its public half is registered with the provider.",
    shown="`identity-client.pem` in the state folder, made once in demo mode only",
)
IDENTITY_CLIENT_ALGORITHM = text("SOUTO_IDENTITY_CLIENT_ALGORITHM", "`RS256` or `ES256`.", "RS256")
IDENTITY_AUTHORIZATION_URL = text(
    "SOUTO_IDENTITY_AUTHORIZATION_URL", "Authorization endpoint.", shown="`auth` below the provider's known path"
)
IDENTITY_TOKEN_URL = text("SOUTO_IDENTITY_TOKEN_URL", "Token endpoint.", shown="`token`, likewise")
IDENTITY_USERINFO_URL = text("SOUTO_IDENTITY_USERINFO_URL", "Userinfo endpoint.", shown="`userinfo`, likewise")
IDENTITY_JWKS_URL = text("SOUTO_IDENTITY_JWKS_URL", "The provider's public keys.", shown="`certs`, likewise")
IDENTITY_END_SESSION_URL = text(
    "SOUTO_IDENTITY_END_SESSION_URL",
    "Sign-out page of the provider, if it publishes one; signing out is local otherwise.",
)
IDENTITY_SIGNING_URL = text(
    "SOUTO_IDENTITY_SIGNING_URL", "The signing API (署名API).", shown="`/api/sign-transactions` of the issuer's origin"
)
IDENTITY_SIGNING_FIELDS = text(
    "SOUTO_IDENTITY_SIGNING_FIELDS",
    "JSON object that renames fields of the signing API, whose names are not published: "
    "`digest`, `algorithm`, `algorithm_value`, `transaction_id`, `signature`, `certificate`, `certificate_jwe`.",
)
IDENTITY_ACR = text("SOUTO_IDENTITY_ACR", "`acr_values` of the request, such as `aal3 crl`.")
IDENTITY_ACR_ACCEPTED = words("SOUTO_IDENTITY_ACR_ACCEPTED", "Values of `acr` that are good enough; none: any.")
RESIDENT_REGISTER = text(
    "SOUTO_RESIDENT_REGISTER",
    "Python path of the class that asks the resident register (住民記録).",
    shown="none; the demo register in demo mode",
)
JPKI_ROOTS = words(
    "SOUTO_JPKI_ROOTS",
    "Files with further root certificates of JPKI (the generation of 2019); two of 2023 are built in.",
)
JPKI_PINS = words(
    "SOUTO_JPKI_PINS",
    "SHA-256 fingerprints of roots that were published later: `sign:…` or `auth:…`.",
)
JPKI_CRLS = words("SOUTO_JPKI_CRLS", "Files with revocation lists; none: no signature counts as fully confirmed.")
JPKI_PLATFORM = path(
    "SOUTO_JPKI_PLATFORM",
    "JSON file that says how a verification platform is asked about revocation: `url`, `token`, `certificate_field`, "
    "`constants`, `answer_path`, `words` (its words to good, revoked, expired, unknown).",
    shown="none",
)
JPKI_POLICIES = words("SOUTO_JPKI_POLICIES", "Further certificate policies that signatures may carry (OIDs).")

_start("Connections to other systems")
CASHLESS_URL = text("SOUTO_CASHLESS_URL", "Address of the cashless payment provider.", "http://localhost:8002")
CASHLESS_KEY = text(
    "SOUTO_CASHLESS_KEY",
    "The key that the cashless provider gave this city.",
    "demo-key",
    shown="the demo's",
    secret=True,
)
CASHLESS_SECRET = text(
    "SOUTO_CASHLESS_SECRET",
    "The secret with which the cashless provider signs its notifications.",
    "demo-secret",
    shown="the demo's",
    secret=True,
)
CORE_SYSTEM_URL = text(
    "SOUTO_CORE_SYSTEM_URL",
    "Address of the demo core system (a real one reads the hand-over folder only).",
    "http://localhost:8003",
)
HANDOVER_DIR = path(
    "SOUTO_HANDOVER_DIR",
    "Folder through which decided applications go to the core systems (標準準拠システム) and their results come back.",
    shown="`handover` in the state folder",
)
CLAMD = text(
    "SOUTO_CLAMD",
    "Address of the virus scanner clamd, `host:port` or the path of its socket; without it files are recorded as not scanned.",
)

_start("Database")
DATABASE_URL = text(
    "DATABASE_URL",
    "PostgreSQL 17 or 18, `postgresql://user:password@host:port/name`. Without it `souto up` and `souto demo` run a PostgreSQL of their own.",
    shown="Souto's own",
    secret=True,
)
DATABASE_DIRECT_URL = text(
    "DATABASE_DIRECT_URL",
    "The same database past PgBouncer, for the worker and for LISTEN.",
    shown="as `DATABASE_URL`",
    secret=True,
)
POOL = flag(
    "SOUTO_POOL", "Keep a pool of database connections per process (0 where PgBouncer does that).", default=True
)
POOL_SIZE = number("SOUTO_POOL_SIZE", "Connections in the pool of one web process.", 20, least=1)

_start("Keys")
SECRET_KEY = text(
    "SOUTO_SECRET_KEY",
    "Signs sessions and forms; at least 50 random characters, the same for every web process.",
    shown="made once in the state folder",
    secret=True,
)
MASTER_KEY_FILE = path(
    "SOUTO_MASTER_KEY_FILE",
    "File with the master key that wraps the key of each record. Lost key, lost files.",
    shown="`master-key` in the state folder",
)
KEYS = path("SOUTO_KEYS", "Folder with the signing keys of this installation.", shown="`keys` in the state folder")

_start("Files")
STORAGE: Setting[storage.Bucket | None] = _add(
    Setting(
        "SOUTO_STORAGE",
        "Bucket for sealed files, on AWS or any server that speaks S3: `s3://bucket/prefix?endpoint=https://…&region=…&addressing=path`.",
        None,
        storage.read,
        "an address `s3://…`",
        "`files` in the state folder",
        _group,
    )
)
STORAGE_KEY = text("SOUTO_STORAGE_KEY", "Its access key.", shown="asked of the surroundings (`AWS_…`, a role)")
STORAGE_SECRET = text("SOUTO_STORAGE_SECRET", "Secret that belongs to it.", shown="likewise", secret=True)

_start("E-mail")
SMTP_HOST = text("SOUTO_SMTP_HOST", "Mail server.", "localhost")
SMTP_PORT = number("SOUTO_SMTP_PORT", "Its port.", 25, least=1)
SMTP_USER = text("SOUTO_SMTP_USER", "Account on the mail server, if it asks for one.")
SMTP_PASSWORD = text("SOUTO_SMTP_PASSWORD", "Password of that account.", secret=True)
SMTP_TLS = flag("SOUTO_SMTP_TLS", "Use STARTTLS.")
MAIL_FROM = text("SOUTO_MAIL_FROM", "Sender of every message.", "no-reply@localhost")

_start("Logs and the worker")
LOG_FORMAT = text(
    "SOUTO_LOG_FORMAT", "`json` (one object a line) or `console`.", "json", shown="`json`; `console` in demo mode"
)
LOG_LEVEL = text("SOUTO_LOG_LEVEL", "`DEBUG`, `INFO`, `WARNING` or `ERROR`.", "INFO")
WORKER_CONCURRENCY = number("SOUTO_WORKER_CONCURRENCY", "Jobs that one worker runs at a time.", 2, least=1)
SIMULATION_EXECUTOR = text(
    "SOUTO_SIMULATION_EXECUTOR", "Simulated weeks: `local` (processes of the worker) or `ray`.", "local"
)
SIMULATION_PROCESSES = number("SOUTO_SIMULATION_PROCESSES", "Processes for them; 1: the worker itself.", 2, least=1)
RAY_ADDRESS = text("SOUTO_RAY_ADDRESS", "Address of the Ray cluster; empty: one on this machine.")


def compiled_code(state: Path) -> Path:
    """Return the folder of compiled code, and tell numba, which reads its variable when it is imported."""
    chosen = COMPILED.get() or state / "compiled"
    os.environ[COMPILED.name] = str(chosen)
    return chosen


def log_style() -> str:
    """Return how log lines look: as configured, else for people in demo mode and for machines otherwise."""
    return os.environ.get(LOG_FORMAT.name) or ("console" if DEMO.get() else LOG_FORMAT.default)


def unknown(source: Mapping[str, str] | None = None) -> list[str]:
    """Return the SOUTO_* variables that are set and mean nothing: mostly a slip of the pen in a configuration."""
    given = os.environ if source is None else source
    return sorted(name for name in given if name.startswith("SOUTO_") and name not in TABLE)


def as_markdown() -> str:
    """Return the page docs/reference/settings.md."""
    lines = [
        "# Settings",
        "",
        "Souto is configured by environment variables and by nothing else. Each has a default that suits one machine; a city sets at least",
        "`DATABASE_URL`, `SOUTO_BASE_URL`, `SOUTO_HOSTS`, `SOUTO_SECRET_KEY` and `SOUTO_MASTER_KEY_FILE`. `souto check` names every value that cannot be used and",
        "every `SOUTO_*` variable that means nothing. Secrets are never printed or logged.",
        "",
        "This page is made from `souto.config.environment`: change it there, then",
        "`python -m souto.config.environment > docs/reference/settings.md`.",
    ]
    group = ""
    for setting in TABLE.values():
        if setting.group != group:
            group = setting.group
            lines += ["", f"## {group}", "", "| Variable | Value | Default | Meaning |", "|---|---|---|---|"]
        secret = " (secret)" if setting.secret else ""
        lines.append(f"| `{setting.name}` | {setting.kind}{secret} | {setting.shown} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(as_markdown())
