"""Filling in: one page after the other, kept as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.identity import actions as identity
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.kernel.language import say
from souto.services.applications import actions, queries
from souto.services.applications.actions import SignInNeededError
from souto.services.applications.filling import Filling
from souto.services.applications.known import facts_for
from souto.services.applications.merging import Tab
from souto.services.applications.models import Draft
from souto.services.applications.views import common, widgets
from souto.services.procedures import queries as procedures
from souto.services.procedures.definition import Page, Problem, UnknownPageError

#: Forms that visitors who have not signed in may begin from one address; a library or a household shares one.
_STARTS_AN_HOUR = 60


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Before the first question: what is needed, and one button. A draft that waits can be gone on with instead."""
    version = procedures.get_published(slug)
    actor = actor_of(request)
    if request.method == "POST":
        if actor.is_anonymous:
            address = request.META.get("REMOTE_ADDR", "")
            identity.allow_attempt(key=f"applications.start {address}", limit=_STARTS_AN_HOUR, window_seconds=3600)
        try:
            started = actions.start_draft(actor=actor, slug=slug, language=common.language_of())
        except SignInNeededError:
            return common.to_sign_in(request)
        # From the first question on, also where the card has answered it: she sees what was filled in, and 1 comes before 2.
        first = _filling(request, started.draft).visible().pages[0]
        response = redirect("applications:page", started.draft.id, first)
        if started.token:
            common.keep_token(response, started.draft.id, started.token)
        return response
    if version.definition.needs_identity and actor.is_anonymous:
        return common.to_sign_in(request)
    mine = [
        row
        for row in queries.list_mine(actor=actor, language=common.language_of())
        if row.slug == slug and row.is_draft
    ]
    return render(request, "applications/start.html", common.context_of(version.definition, waiting=mine, slug=slug))


@require_safe
def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go on where something is missing; to the review where nothing is."""
    draft = _draft(request, draft_id)
    filling = _filling(request, draft)
    problems = draft.version.definition.check_all(filling.settled(), facts=filling.facts, today=clock.today())
    if problems and problems[0].page_key in filling.visible().pages:
        return redirect(common.address(request, "page", draft_id, problems[0].page_key))
    return redirect(common.address(request, "review", draft_id))


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, draft_id: UUID, page: str) -> HttpResponse:
    """One page of the form: shown, or stored and checked."""
    if request.method == "GET":
        return _show(request, _draft(request, draft_id), page)
    draft = _draft(request, draft_id)
    tab, edit = common.tab_of(request), common.edit_of(request)
    try:
        saved = actions.save_page(
            actor=actor_of(request),
            draft_id=draft_id,
            page_key=page,
            raw=common.raw_of(request),
            tab=tab,
            uploads=common.uploads_of(request, draft.version.definition),
            edit=edit,
            token=common.token_of(request),
        )
    except UnknownPageError:
        # Another tab has answered so that this page is not asked any more.
        return redirect(common.address(request, "draft", draft_id))
    if saved.clashed:
        messages.warning(request, _clash(saved.draft, saved.clashed))
    if "pause" in request.POST:
        return redirect(common.address(request, "paused", draft_id))
    if edit is not None or "attach" in request.POST:
        refused = [p for p in saved.problems if f"file:{p.path}" in request.FILES]
        if refused:
            return _show(request, saved.draft, page, refused, tab)
        return redirect(f"{common.address(request, 'page', draft_id, page)}{_back(request)}#{_anchor(edit)}")
    if saved.problems:
        return _show(request, saved.draft, page, saved.problems, tab)
    return _onward(request, saved.draft, page)


@require_POST
def save(request: HttpRequest, draft_id: UUID, page: str) -> HttpResponse:
    """Keep what is typed. Answers with a few words, or, for a part of the page (`?part`), with the fields that the answers show now."""
    tab = common.tab_of(request)
    saved = actions.autosave(
        actor=actor_of(request),
        draft_id=draft_id,
        page_key=page,
        raw=common.raw_of(request),
        tab=tab,
        token=common.token_of(request),
    )
    if "part" not in request.GET:
        words = _("自動保存 %(time)s") % {"time": f"{clock.local(saved.draft.saved_at):%H:%M}"}
        if saved.clashed:
            words = f"{words}　{_clash(saved.draft, saved.clashed)}"
        return HttpResponse(words, content_type="text/plain; charset=utf-8")
    context = _context(request, saved.draft, saved.draft.version.definition.page(page), (), tab)
    if request.POST.get("shown", "") == context["shown"]:
        return HttpResponse(status=204)
    return render(request, "applications/parts/fields.html", context)


@require_POST
def upload(request: HttpRequest, draft_id: UUID, field: str) -> HttpResponse:
    """Take one file, as soon as it was chosen; answers with its row of the list."""
    file = request.FILES.get("file")
    row: dict[str, Any] = {"remove_name": common.REMOVE_FILE}
    if file is None:
        return HttpResponse(status=400)
    try:
        saved = actions.attach_file(
            actor=actor_of(request),
            draft_id=draft_id,
            path=field,
            name=file.name or "",
            content=file,
            token=common.token_of(request),
        )
    except SoutoError as error:
        if error.status in {403, 404}:
            raise
        row |= {"name": file.name, "size": file.size, "error": text_of(error)}
        return render(request, "ui/components/upload_file.html", row, status=422)
    stored = saved.file or {}
    url = common.address(request, "file", draft_id, stored["file_id"])
    row |= {"name": stored["name"], "size": stored["size"], "id": stored["file_id"], "url": url}
    return render(request, "ui/components/upload_file.html", row)


@require_safe
def paused(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Saved: until when, and how to go on."""
    draft = _draft(request, draft_id)
    return render(request, "applications/paused.html", common.draft_context(request, draft))


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    draft = _draft(request, draft_id)
    if request.method == "GET":
        context = common.draft_context(request, draft)
        return render(request, "applications/discard.html", context)
    actions.discard_draft(actor=actor_of(request), draft_id=draft_id, token=common.token_of(request))
    messages.success(request, _("書きかけの内容を消しました"))
    if common.routes_of(request) == common.COUNTER:
        return redirect(common.address(request, "counter"))
    return redirect("applications:list" if actor_of(request).is_resident else "/")


def _draft(request: HttpRequest, draft_id: UUID) -> Draft:
    return queries.access_draft(actor=actor_of(request), draft_id=draft_id, token=common.token_of(request))


def _filling(request: HttpRequest, draft: Draft) -> Filling:
    facts = facts_for(actor_of(request), draft.person_id)
    return Filling(draft.version.definition, draft.answers, draft.raw, facts, seed=str(draft.id))


def _show(
    request: HttpRequest, draft: Draft, page_key: str, problems: Sequence[Problem] = (), tab: Tab | None = None
) -> HttpResponse:
    shown = draft.version.definition.page(page_key)
    if page_key not in _filling(request, draft).visible().pages:
        return redirect(common.address(request, "draft", draft.id))
    context = _context(request, draft, shown, problems, tab)
    return render(request, "applications/page.html", context, status=422 if problems else 200)


def _context(
    request: HttpRequest, draft: Draft, page_: Page, problems: Sequence[Problem], tab: Tab | None
) -> dict[str, Any]:
    definition = draft.version.definition
    filling = _filling(request, draft)
    visible = filling.visible()
    pages = [p for p in definition.pages if p.key in visible.pages]
    step = pages.index(page_)
    routes = common.routes_of(request)
    drawn = widgets.of_page(
        definition,
        page_,
        raw=filling.page_raw(page_),
        answers=draft.answers,
        facts=filling.facts,
        problems=problems,
        uploads=widgets.uploads_for(draft.id, f"{routes}:upload", f"{routes}:file"),
    )
    before = common.address(request, "page", draft.id, pages[step - 1].key) if step else ""
    return common.draft_context(
        request,
        draft,
        page=page_,
        widgets=drawn,
        problems=common.for_summary(problems),
        step=step + 1,
        total=len(pages),
        back_url=common.address(request, "review", draft.id) if _back(request) else before,
        steps_list=[(p, say(p.title, common.language_of()), i) for i, p in enumerate(pages)],
        hidden=common.tab_fields(draft.revision, filling.base(page_), tab),
        shown=",".join(sorted(p for p in visible.paths if p.split("/")[0] in {f.key for f in page_.fields})),
        decides=filling.decides(page_),
        superseded=draft.version.state == "superseded",
        returns=bool(_back(request)),
        single=len(drawn) == 1 and drawn[0].heading,
        # What a page says of the card's answers is not so where nobody's card was read.
        intro=None if draft.person_id is None and any(f.verified for f in page_.fields) else page_.intro,
    )


def _onward(request: HttpRequest, draft: Draft, page_key: str) -> HttpResponse:
    """The next page; back to the review where the person came from there and nothing new is asked."""
    pages = _filling(request, draft).visible().pages
    if _back(request):
        return redirect(common.address(request, "draft", draft.id))
    after = pages.index(page_key) + 1 if page_key in pages else len(pages)
    if after < len(pages):
        return redirect(common.address(request, "page", draft.id, pages[after]))
    return redirect(common.address(request, "draft", draft.id))


def _back(request: HttpRequest) -> str:
    return "?return=review" if request.GET.get("return") == "review" else ""


def _anchor(edit: actions.Edit | None) -> str:
    return "" if edit is None else f"f-{edit.path.replace('/', '-')}-field"


def _clash(draft: Draft, clashed: Sequence[str]) -> str:
    definition = draft.version.definition
    labels = dict.fromkeys(
        say(field.label, common.language_of()) for p in clashed if (field := definition.field_at(p)) is not None
    )
    return _("別の画面で先に変わっていた項目を、この画面の内容で置きかえました：%(items)s") % {
        "items": "、".join(labels)
    }
