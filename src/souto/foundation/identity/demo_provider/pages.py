"""What the browser meets: the authorization endpoint, the choice of a card, the way back."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from souto.foundation.identity.demo_provider import html, protocol
from souto.foundation.identity.demo_provider.answers import provider_of
from souto.foundation.identity.demo_provider.protocol import RefusedError, UnknownClientError
from souto.foundation.identity.demo_provider.provider import DemoProvider
from souto.foundation.identity.demo_provider.residents import Resident
from souto.foundation.identity.demo_provider.store import AuthorizationRequest, Code

_STYLE: Final = Path(__file__).parent / "style.css"
_LAST_CARD: Final = "demo_card"


async def authorize(request: Request) -> Response:
    """The authorization endpoint: judges the request, then shows the cards."""
    provider = provider_of(request)
    parameters = request.query_params.multi_items()
    try:
        client, redirect_uri = await run_in_threadpool(protocol.client_of, parameters, provider.client)
    except UnknownClientError:
        return _html(html.stopped("登録されていない利用先からの依頼です。"), status=400)
    try:
        asked = protocol.authorization_request(parameters, client, redirect_uri)
        _require_open_transaction(provider, asked)
    except RefusedError as error:
        state = request.query_params.get("state", "")
        answer = {"error": error.error, "error_description": error.description, "state": state}
        return RedirectResponse(_with(redirect_uri, answer), status_code=303)
    return _choose(request, provider, asked, provider.store.pending.put(asked))


async def card(request: Request) -> Response:
    """The answer of the person in front of the browser."""
    provider = provider_of(request)
    form = await request.form()
    name = str(form.get("request", ""))
    asked = provider.store.pending.get(name)
    if asked is None:
        return _html(html.stopped("時間がたったため、この画面は使えません。"), status=400)
    if form.get("answer") != "yes":
        provider.store.pending.take(name)
        answer = {"error": "access_denied", "error_description": "the resident declined", "state": asked.state}
        return RedirectResponse(_with(asked.redirect_uri, answer), status_code=303)
    resident = provider.people.get(str(form.get("resident", "")))
    if resident is None:
        return _choose(request, provider, asked, name, problem="使うカードを選んでください。")
    if asked.sign_transaction_id:
        typed = str(form.get("password", "")).strip().upper()
        if not secrets.compare_digest(typed.encode(), resident.password.encode()):
            problem = "パスワードがちがいます。選んだカードのパスワードを入力してください。"
            return _choose(request, provider, asked, name, problem=problem, chosen=resident.id)
    if provider.store.pending.take(name) is None:
        return _html(html.stopped("この画面の回答は、すでに受け付けました。"), status=400)
    if asked.sign_transaction_id:
        await run_in_threadpool(_sign, provider, asked, resident)
    return _return(provider, asked, resident)


async def style(_request: Request) -> Response:
    """The style sheet."""
    return FileResponse(_STYLE, media_type="text/css")


async def home(_request: Request) -> Response:
    """What stands here, for somebody who opens the origin."""
    body = "<p>桑都のデモが使う、見本の本人確認サービスです。市のページの「サインイン」から使います。</p>"
    return _html(html.page("見本の本人確認サービス", body))


def _choose(
    request: Request,
    provider: DemoProvider,
    asked: AuthorizationRequest,
    name: str,
    *,
    problem: str = "",
    chosen: str = "",
) -> Response:
    last = chosen or request.cookies.get(_LAST_CARD, "")
    text = html.choose(asked, name, provider.people.values(), last=last, problem=problem)
    return _html(text, status=422 if problem else 200, form_target=asked.redirect_uri)


def _require_open_transaction(provider: DemoProvider, asked: AuthorizationRequest) -> None:
    """A request to sign names a transaction of the same client that nobody has signed yet."""
    if not asked.sign_transaction_id:
        return
    transaction = provider.store.transactions.get(asked.sign_transaction_id)
    if transaction is None or transaction.client_id != asked.client_id or transaction.signature:
        raise RefusedError("invalid_request", "sign_transaction_id")


def _sign(provider: DemoProvider, asked: AuthorizationRequest, resident: Resident) -> None:
    """Sign the transaction's digest with the resident's card, and publish the lists by which her certificate is judged."""
    transaction = provider.store.transactions.get(asked.sign_transaction_id)
    if transaction is None:
        return
    used = resident.card(provider.hierarchy)
    transaction.resident_id = resident.id
    transaction.signature = used.sign(transaction.digest)
    transaction.certificate = used.sign_certificate
    provider.publish_revocations()


def _return(provider: DemoProvider, asked: AuthorizationRequest, resident: Resident) -> Response:
    session_state = secrets.token_urlsafe(16)
    code = provider.store.codes.put(Code(asked, resident.id, session_state))
    provider.store.code_times.put(value=True, name=code)
    answer = {"code": code, "state": asked.state, "session_state": session_state}
    response = RedirectResponse(_with(asked.redirect_uri, answer), status_code=303)
    response.set_cookie(_LAST_CARD, resident.id, max_age=86_400, httponly=True, samesite="lax")
    return response


def _with(redirect_uri: str, parameters: dict[str, str]) -> str:
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(parameters)}"


def _html(text: str, *, status: int = 200, form_target: str = "") -> Response:
    target = urlsplit(form_target)
    # Browsers count the redirect back as a target of the form.
    targets = f"'self' {target.scheme}://{target.netloc}" if form_target else "'self'"
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action {targets}",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(text, status_code=status, headers=headers)
