"""The provider's pages, in Japanese: choose a test resident, agree, sign. Plain forms; no script."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from souto.foundation.identity.demo_provider.residents import Resident
from souto.foundation.identity.demo_provider.store import AuthorizationRequest

_ITEMS = {"name": "氏名", "address": "住所", "birthdate": "生年月日", "gender": "性別"}


def page(title: str, body: str) -> str:
    """A whole page under the mark that says 見本."""
    return f"""<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)} | 見本の本人確認サービス</title>
<link rel="stylesheet" href="/static/style.css">
</head>
<body>
<header class="top">
<p class="mark"><strong>見本</strong> 実在の人やマイナンバーカードは使いません</p>
<p class="service">見本の本人確認サービス</p>
</header>
<main>
<h1>{escape(title)}</h1>
{body}
</main>
<footer class="bottom"><p>デジタル認証アプリと同じ手順で動く、デモ用のサービスです。デジタル庁のサービスではありません。</p></footer>
</body>
</html>
"""


def choose(request: AuthorizationRequest, name: str, people: Iterable[Resident], *, last: str, problem: str) -> str:
    """The page on which a test resident is chosen, and agrees or signs."""
    signing = bool(request.sign_transaction_id)
    title = "電子署名をします" if signing else "マイナンバーカードで本人確認をします"
    asked = [label for scope, label in _ITEMS.items() if scope in request.scopes]
    if signing:
        lead = f"<p><strong>{escape(request.client_name)}</strong>に送る書類に、署名用電子証明書で署名します。</p>"
    else:
        items = "".join(f"<li>{escape(label)}</li>" for label in asked)
        lead = (
            f"<p><strong>{escape(request.client_name)}</strong>に、カードの次の情報をわたします。</p><ul>{items}</ul>"
        )
    rows = "".join(_card(resident, checked=resident.id == last, signing=signing) for resident in people)
    problem_html = f'<div class="problem" role="alert" id="problem"><p>{escape(problem)}</p></div>' if problem else ""
    return page(
        title,
        f"""{problem_html}{lead}
<form method="post" action="/card" autocomplete="off">
<input type="hidden" name="request" value="{escape(name)}">
<fieldset><legend>使うカードを選んでください</legend>
{rows}
</fieldset>
{_password(problem) if signing else ""}
<div class="buttons">
<button type="submit" name="answer" value="yes" class="primary">{"署名する" if signing else "同意してつぎへ"}</button>
<button type="submit" name="answer" value="no">やめて戻る</button>
</div>
</form>""",
    )


def _card(resident: Resident, *, checked: bool, signing: bool) -> str:
    identifier = f"card-{escape(resident.id)}"
    note = escape(resident.note.get("ja", ""))
    password = f"。見本のパスワード <code>{escape(resident.password)}</code>" if signing else ""
    return f"""<div class="card">
<input type="radio" name="resident" id="{identifier}" value="{escape(resident.id)}" required{" checked" if checked else ""}
 aria-describedby="{identifier}-note">
<label for="{identifier}">{escape(resident.name)}</label>
<p class="note" id="{identifier}-note">{note}{password}</p>
</div>"""


def _password(problem: str) -> str:
    described = ' aria-describedby="password-help problem" aria-invalid="true"' if problem else ""
    described = described or ' aria-describedby="password-help"'
    return f"""<div class="field">
<label for="password">署名用パスワード</label>
<p class="help" id="password-help">英数字6文字から16文字。選んだカードの下に書いてあります。</p>
<input type="text" id="password" name="password" autocomplete="off" autocapitalize="characters" spellcheck="false"{described}>
</div>"""


def stopped(message: str) -> str:
    """The page for a request that cannot be answered with a redirect."""
    return page(
        "この手続きは続けられません",
        f"<p>{escape(message)}</p><p>元のページに戻って、はじめからやり直してください。</p>",
    )
