"""A cashless provider for demo and tests.

It keeps its payments in a SQLite file of its own, requires the API key, answers an idempotency key with the same payment, shows the payer
a page with the amount, sends signed notifications, and sends the browser back only to the address that was registered with the payment.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import os
import secrets
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    id TEXT PRIMARY KEY, key TEXT UNIQUE NOT NULL, amount INTEGER NOT NULL, description TEXT NOT NULL,
    return_url TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'pending', fingerprint TEXT NOT NULL
)
"""


class Book:
    """The provider's own records."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute(_SCHEMA)

    def begin(self, key: str, body: dict[str, Any]) -> sqlite3.Row | None:
        """The payment of this key, made if it is new; None where the key was used for something else."""
        fingerprint = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        with self._lock:
            self._db.execute(
                "INSERT OR IGNORE INTO payment (id, key, amount, description, return_url, fingerprint)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (secrets.token_hex(12), key, body["amount"], body["description"], body["return_url"], fingerprint),
            )
            row: sqlite3.Row = self._db.execute("SELECT * FROM payment WHERE key = ?", (key,)).fetchone()
        return row if row["fingerprint"] == fingerprint else None

    def find(self, payment: str) -> sqlite3.Row | None:
        """The payment, if there is one."""
        with self._lock:
            found: sqlite3.Row | None = self._db.execute("SELECT * FROM payment WHERE id = ?", (payment,)).fetchone()
        return found

    def end(self, payment: str, state: str) -> bool:
        """End a pending payment; False where it has ended already."""
        with self._lock:
            cursor = self._db.execute(
                "UPDATE payment SET state = ? WHERE id = ? AND state = 'pending'", (state, payment)
            )
        return cursor.rowcount == 1


def _payment(request: Request, row: sqlite3.Row, status: int = 200) -> JSONResponse:
    url = f"{request.url.scheme}://{request.url.netloc}/pay/{row['id']}"
    body = {"id": row["id"], "state": row["state"], "amount": row["amount"], "currency": "JPY", "redirect_url": url}
    return JSONResponse(body, status_code=status)


def _error(status: int, code: str) -> JSONResponse:
    return JSONResponse({"error": code}, status_code=status)


def _allowed(request: Request) -> bool:
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {request.app.state.key}".encode())


async def create(request: Request) -> Response:
    """POST /v1/payments."""
    if not _allowed(request):
        return _error(401, "unauthorised")
    key = request.headers.get("Idempotency-Key", "")
    if not 8 <= len(key) <= 128:
        return _error(400, "idempotency_key_required")
    try:
        body = json.loads(await request.body())
        amount, description, target = body["amount"], str(body["description"]), str(body["return_url"])
    except (ValueError, KeyError, TypeError):
        return _error(400, "bad_request")
    if type(amount) is not int or not 1 <= amount <= 10_000_000 or body.get("currency") != "JPY":
        return _error(422, "bad_amount")
    if not target.startswith(request.app.state.returns_to):
        return _error(422, "return_url_not_registered")
    row = request.app.state.book.begin(key, {"amount": amount, "description": description, "return_url": target})
    return _payment(request, row, 201) if row is not None else _error(409, "idempotency_key_reused")


async def show(request: Request) -> Response:
    """GET /v1/payments/{id}."""
    if not _allowed(request):
        return _error(401, "unauthorised")
    row = request.app.state.book.find(request.path_params["payment"])
    return _payment(request, row) if row is not None else _error(404, "not_found")


_STYLE = (
    "body{font-family:'Noto Sans JP',sans-serif;background:#f2f2f2;color:#1a1a1a;margin:0;line-height:1.7}"
    "main{box-sizing:border-box;width:calc(100% - 2rem);max-width:28rem;margin:2rem auto;background:#fff;padding:1.5rem;border-radius:12px;border:1px solid #949494}"
    ".mark{background:#ffd43d;margin:0;padding:.5rem 1rem;font-weight:700;text-align:center}"
    "h1{font-size:1.5rem;margin:0 0 1rem}.amount{font-size:2.25rem;font-weight:700;margin:.5rem 0}"
    "button{font:inherit;font-weight:700;min-height:56px;width:100%;border-radius:8px;border:1px solid #0017c1;"
    "margin-top:1rem;background:#0017c1;color:#fff}button.plain{background:#fff;color:#0017c1}"
    "button:focus-visible{outline:4px solid #000;outline-offset:2px;box-shadow:0 0 0 2px #ffd43d}"
)
_STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    page = (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><title>{title}</title><style>{_STYLE}</style></head>'
        f'<body><header class="mark">見本の支払い（お金は動きません）</header><main>{body}</main></body></html>'
    )
    policy = f"default-src 'none'; style-src '{_STYLE_HASH}'; form-action *; frame-ancestors 'none'"
    return HTMLResponse(
        page, status_code=status, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    )


async def ask(request: Request) -> Response:
    """GET /pay/{id}: the payer's page."""
    row = request.app.state.book.find(request.path_params["payment"])
    if row is None:
        return _page(
            "見つかりません", "<h1>この支払いは見つかりません</h1><p>市のページに戻って、やり直してください。</p>", 404
        )
    if row["state"] != "pending":
        return _page(
            "終わっています", "<h1>この支払いの手続きは終わっています</h1><p>市のページに戻って確認してください。</p>"
        )
    return _page(
        "支払いの確認",
        f'<h1>支払いの確認</h1><p>{html.escape(row["description"])}</p><p class="amount">{row["amount"]:,}円</p>'
        '<form method="post"><button name="answer" value="pay">支払う（見本）</button>'
        '<button class="plain" name="answer" value="decline">支払わずに戻る</button></form>',
    )


async def answer(request: Request) -> Response:
    """POST /pay/{id}: pay or decline; then back to the city, with a notification on the way."""
    row = request.app.state.book.find(request.path_params["payment"])
    if row is None:
        return await ask(request)
    choice = (await request.form()).get("answer")
    if choice in {"pay", "decline"}:
        request.app.state.book.end(row["id"], "paid" if choice == "pay" else "failed")
    task = BackgroundTask(_notify, request.app.state.notify, request.app.state.secret, row["id"])
    return RedirectResponse(row["return_url"], status_code=303, background=task)


def _notify(url: str, secret: str, payment: str) -> None:
    if not url:
        return
    body = json.dumps({"payment": payment}).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"X-Cashless-Time": stamp, "X-Cashless-Signature": signature, "Content-Type": "application/json"}
    try:
        httpx.post(url, content=body, headers=headers, timeout=5)
    except httpx.HTTPError:
        return  # the city asks by itself a little later (payments.reconcile)


async def alive(_request: Request) -> Response:
    """GET /healthz."""
    return JSONResponse({"ok": True})


def build(*, path: Path | str, key: str, secret: str, returns_to: str, notify: str) -> Starlette:
    """The provider with records at `path`; it sends payers back to addresses below `returns_to` only."""
    app = Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/v1/payments", create, methods=["POST"]),
            Route("/v1/payments/{payment}", show),
            Route("/pay/{payment}", ask, methods=["GET"]),
            Route("/pay/{payment}", answer, methods=["POST"]),
        ]
    )
    app.state.book, app.state.key, app.state.secret = Book(path), key, secret
    app.state.returns_to, app.state.notify = returns_to.rstrip("/") + "/", notify
    return app


def _from_environment() -> Starlette:
    state = Path(os.environ.get("SOUTO_STATE", ".souto/state"))
    state.mkdir(parents=True, exist_ok=True)
    base = os.environ.get("SOUTO_BASE_URL", "http://localhost:8000").rstrip("/")
    return build(
        path=state / "demo-cashless.sqlite3",
        key=os.environ.get("SOUTO_CASHLESS_KEY", "demo-key"),
        secret=os.environ.get("SOUTO_CASHLESS_SECRET", "demo-secret"),
        returns_to=base,
        notify=f"{base}/payments/notifications/cashless/",
    )


def __getattr__(name: str) -> Any:
    """`app` is made when a server asks for it, so that importing this module writes no file."""
    if name == "app":
        return globals().setdefault("app", _from_environment())
    raise AttributeError(name)
