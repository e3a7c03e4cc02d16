"""The demo core system's page and its watch: `souto serve --app souto.services.casework.demo_core_system.asgi:app` (port 8003).

It reads the folder that both systems share (`SOUTO_HANDOVER_DIR`), shows what it received, and refuses a case when asked to.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import html
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from souto.services.casework.demo_core_system.receiving import NEXT, CoreSystem, Entry

logger = logging.getLogger(__name__)

#: Seconds between two looks into the folder.
_EVERY = 1.0
_STYLE = (
    "body{font-family:'Noto Sans JP',sans-serif;background:#f2f2f2;color:#1a1a1a;margin:0;line-height:1.7}"
    "main{max-width:72rem;margin:0 auto;padding:1.5rem}.mark{background:#ffd43d;margin:0;padding:.5rem 1rem;font-weight:700;"
    "text-align:center}h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1.25rem}.box{background:#fff;padding:1rem 1.5rem;"
    "border:1px solid #949494;border-radius:12px;margin-block:1rem}.scroll{overflow-x:auto}table{border-collapse:collapse;"
    "width:100%;background:#fff}th,td{text-align:start;padding:.75rem;border-bottom:1px solid #949494;vertical-align:top}"
    "thead th{background:#e6e6e6;word-break:keep-all}.number{font-variant-numeric:tabular-nums;white-space:nowrap}.refused"
    "{color:#ce0000;font-weight:700}.accepted{color:#197a4b;font-weight:700}.refused,.accepted{white-space:nowrap}form{display:flex;flex-wrap:wrap;gap:.75rem;"
    "align-items:end}label{font-weight:700}input{font:inherit;min-height:48px;padding:0 1rem;border:1px solid #626264;"
    "border-radius:8px}button{font:inherit;font-weight:700;min-height:48px;padding:0 1rem;border-radius:8px;border:1px solid "
    "#0017c1;background:#fff;color:#0017c1}:focus-visible{outline:4px solid #000;outline-offset:2px;box-shadow:0 0 0 2px #ffd43d}"
)
_POLICY = "sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_WORDS = {"accepted": "受け入れ", "refused": "差し戻し"}


async def index(request: Request) -> Response:
    """GET /: what was received."""
    core: CoreSystem = request.app.state.core
    await asyncio.to_thread(core.scan)
    entries, refusals = core.entries(), core.waiting_refusals()
    rows = "".join(_row(entry) for entry in entries)
    table = (
        '<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">システム</th><th scope="col">データ</th>'
        '<th scope="col">手続</th><th scope="col">申請者</th><th scope="col">結果</th><th scope="col">番号・理由</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
        if rows
        else "<p>まだ何も届いていません。</p>"
    )
    waiting = "、".join("次に届くもの" if one == NEXT else html.escape(one) for one in refusals)
    body = (
        f"<h1>基幹システム（見本）</h1>{table}"
        '<div class="box"><h2>差し戻しを試す</h2><p>次に届くデータを1回だけ差し戻します。受付番号を入れると、その申請だけを差し戻します。</p>'
        '<form method="post" action="/refuse"><div><label for="n">受付番号（任意）</label><br>'
        '<input id="n" name="application" autocomplete="off"></div><button>次を差し戻す</button></form>'
        f"{f'<p>差し戻す予定：{waiting}</p>' if waiting else ''}</div>"
    )
    return _page("基幹システム（見本）", body)


async def refuse(request: Request) -> Response:
    """POST /refuse: refuse the next package, or the next one of an application."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return JSONResponse({"error": "cross_site"}, status_code=403)
    wanted = str((await request.form()).get("application", "")).strip()[:64] or NEXT
    await asyncio.to_thread(request.app.state.core.refuse_next, wanted)
    return RedirectResponse("/", status_code=303)


async def entries(request: Request) -> Response:
    """GET /entries: the same as JSON."""
    core: CoreSystem = request.app.state.core
    await asyncio.to_thread(core.scan)
    found = [
        {"system": e.system, "package": e.package, "application": e.application, "state": e.state, "number": e.number}
        for e in core.entries()
    ]
    return JSONResponse({"entries": found})


async def alive(_request: Request) -> Response:
    """GET /healthz."""
    return JSONResponse({"ok": True})


def build(*, folder: Path, book: Path | str) -> Starlette:
    """The core system that watches `folder` and keeps its books at `book`."""
    core = CoreSystem(folder=folder, book=book)

    @contextlib.asynccontextmanager
    async def watching(_app: Starlette) -> AsyncIterator[None]:
        watch = asyncio.create_task(_watch(core))
        yield
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch

    app = Starlette(
        routes=[
            Route("/", index),
            Route("/entries", entries),
            Route("/refuse", refuse, methods=["POST"]),
            Route("/healthz", alive),
        ],
        lifespan=watching,
    )
    app.state.core = core
    return app


async def _watch(core: CoreSystem) -> None:
    while True:
        try:
            await asyncio.to_thread(core.scan)
        except Exception:
            # A folder that is away for a moment must not end the watch.
            logger.exception("demo core system: the folder could not be read")
        await asyncio.sleep(_EVERY)


def _row(entry: Entry) -> str:
    word = _WORDS.get(entry.state, entry.state)
    what = html.escape(entry.number or entry.reasons).replace("\n", "<br>")
    return (
        f'<tr><td>{html.escape(entry.system)}</td><th scope="row" class="number">{html.escape(entry.package)}</th>'
        f"<td>{html.escape(entry.procedure)}</td><td>{html.escape(entry.applicant)}</td>"
        f'<td class="{html.escape(entry.state)}">{word}</td><td>{what}</td></tr>'
    )


def _page(title: str, body: str) -> HTMLResponse:
    page = (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><title>{title}</title><style>{_STYLE}</style></head>'
        f'<body><p class="mark">見本の基幹システムです。本物の台帳ではありません。</p><main>{body}</main></body></html>'
    )
    policy = f"default-src 'none'; style-src '{_POLICY}'; form-action 'self'; frame-ancestors 'none'"
    return HTMLResponse(page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


def _from_environment() -> Starlette:
    state = Path(os.environ.get("SOUTO_STATE", ".souto/state"))
    state.mkdir(parents=True, exist_ok=True)
    folder = Path(os.environ.get("SOUTO_HANDOVER_DIR") or state / "handover")
    folder.mkdir(parents=True, exist_ok=True)
    return build(folder=folder, book=state / "demo-core-system.sqlite3")


def __getattr__(name: str) -> Any:
    """`app` is made when a server asks for it, so that importing this module writes no file."""
    if name == "app":
        return globals().setdefault("app", _from_environment())
    raise AttributeError(name)
