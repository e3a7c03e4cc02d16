"""The editor's desk: procedures and their versions, publication, and the inventory."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError, SoutoError
from souto.kernel.language import LANGUAGES, say
from souto.services.procedures import actions, queries
from souto.services.procedures.definition import Definition, rows, yaml_io
from souto.services.procedures.definition.fields import GroupField
from souto.services.procedures.definition.yaml_io import MAX_SIZE
from souto.services.procedures.inventory_rows import COLUMNS
from souto.services.procedures.models import FactKind, State
from souto.services.procedures.queries import InventoryLine, Widget
from souto.services.procedures.staff_forms import DefinitionForm, FactForm, InventoryForm, RowForm

PAGE_SIZE = 50
_CHIPS = {State.DRAFT: "gray-outline", State.PUBLISHED: "green", State.SUPERSEDED: "gray-fill"}


class FileTooLargeError(SoutoError):
    """More than any definition or list needs."""

    message = "ファイルは%(limit)sMBまでです。"


def _sign_in(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('identity_staff:sign_in')}?{urlencode({'next': request.get_full_path()})}")


def _editor(request: HttpRequest) -> Actor:
    """The caller; to everybody who edits no procedures these pages do not exist."""
    actor = actor_of(request)
    if not (actor.may("procedures.edit") or actor.may("procedures.publish")):
        raise NotFoundError
    return actor


def _upload(form: Any, limit: int) -> bytes:
    upload = form.cleaned_data["file"]
    if upload.size > limit:
        raise FileTooLargeError(limit=limit // 1_000_000)
    content: bytes = upload.read()
    return content


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Every procedure with its versions; importing a definition."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    actor = _editor(request)
    form = DefinitionForm(request.POST, request.FILES) if request.method == "POST" else DefinitionForm()
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.import_yaml(actor=actor, text=_definition_text(form))
        except SoutoError as wrong:
            form.add_error("file" if form.cleaned_data["file"] else "text", text_of(wrong))
        else:
            if version.state == State.DRAFT:
                messages.success(request, _("下書きに取り込みました。点検の結果を見て公開してください。"))
            else:
                messages.info(request, _("公開中の版と同じ内容です。何も変わっていません。"))
            return redirect("procedures_staff:procedure", version.slug)
    context = {"form": form, "procedures": queries.list_procedures(actor=actor), "chips": _CHIPS}
    return render(request, "procedures/staff/list.html", context, status=422 if form.errors else 200)


def _definition_text(form: DefinitionForm) -> str:
    if not form.cleaned_data["file"]:
        return str(form.cleaned_data["text"])
    try:
        return _upload(form, MAX_SIZE).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise yaml_io.DefinitionUnreadableError([_("文字コードはUTF-8にしてください")]) from None


@require_safe
def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    """One procedure: its versions, and what the static checks say of the draft."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    actor = _editor(request)
    row = queries.access_procedure(actor=actor, slug=slug)
    found = queries.findings(row.draft) if row.draft else []
    return render(
        request,
        "procedures/staff/procedure.html",
        {
            "row": row,
            "errors": [problem for problem in found if problem.severity == "error"],
            "warnings": [problem for problem in found if problem.severity == "warning"],
            "may_publish": actor.may("procedures.publish"),
            "may_edit": actor.may("procedures.edit"),
            "versions": [
                (version, _CHIPS[State(version.state)], queries.retention_of(version.definition))
                for version in row.versions
            ],
        },
    )


@require_POST
def publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Publish a draft."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    version = queries.access_version(actor=_editor(request), version_id=version_id)
    try:
        actions.publish(actor=actor_of(request), version_id=version_id)
    except (actions.PublishRefusedError, actions.NotADraftError) as wrong:
        messages.error(request, text_of(wrong))
    else:
        messages.success(request, _("公開しました。住民の画面に、いま切り替わりました。"))
    return redirect("procedures_staff:procedure", version.slug)


@require_POST
def discard(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    version = queries.access_version(actor=_editor(request), version_id=version_id)
    try:
        actions.discard_draft(actor=actor_of(request), version_id=version_id)
    except actions.NotADraftError as wrong:
        messages.error(request, text_of(wrong))
        return redirect("procedures_staff:procedure", version.slug)
    messages.success(request, _("下書きを捨てました。"))
    return redirect("procedures_staff:list")


@require_safe
def preview(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version as residents will see it, in the language of `?in=`: its page, and every page of its form with all that conditions may open."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    version = queries.access_version(actor=_editor(request), version_id=version_id)
    language = request.GET.get("in", "ja")
    language = language if language in LANGUAGES else "ja"
    with override(language):
        pages = [
            {
                "page": page,
                "title": say(page.title, language),
                "widgets": _widgets(version.definition, page.key, language),
            }
            for page in version.definition.pages
        ]
    return render(
        request,
        "procedures/staff/preview.html",
        {
            "version": version,
            "definition": version.definition,
            "pages": pages,
            "in_language": language,
            "choices": [(code, name) for code, name in settings.LANGUAGES if code != language],
            "chip": _CHIPS[State(version.state)],
        },
    )


def _widgets(definition: Definition, key: str, language: str) -> list[Widget]:
    """Every field of a page, conditions aside, empty."""
    page = definition.page(key)
    raw: dict[str, list[str]] = {}
    for field in page.fields:
        if isinstance(field, GroupField):
            raw = rows.opened(field, raw, path=field.key)
    bare = definition.model_copy(
        update={"pages": (page.model_copy(update={"condition": None, "fields": tuple(_open(f) for f in page.fields)}),)}
    )
    facts = {"today": clock.today().isoformat()}
    return queries.widgets_of(
        bare, bare.pages[0], raw=raw, answers={}, facts=facts, problems=[], language=language, heading=False
    )


def _open(field: Any) -> Any:
    update: dict[str, Any] = {"condition": None}
    if isinstance(field, GroupField):
        update["fields"] = tuple(_open(item) for item in field.fields)
    return field.model_copy(update=update)


@require_safe
def download(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version as YAML."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    version = queries.access_version(actor=_editor(request), version_id=version_id)
    response = HttpResponse(yaml_io.dump(version.definition), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{version.slug}.yaml"'
    return response


@require_http_methods(["GET", "POST"])
def inventory(request: HttpRequest) -> HttpResponse:
    """The inventory as it stands today, the rows that wait, and taking another list."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    actor = _editor(request)
    actor.require("procedures.edit")
    form = InventoryForm(request.POST, request.FILES) if request.method == "POST" else InventoryForm()
    if request.method == "POST" and form.is_valid():
        try:
            content = actions.read_csv(_upload(form, actions.inventory.MAX_SIZE))
            report = actions.import_inventory(actor=actor, rows=content, source=form.cleaned_data["file"].name)
        except SoutoError as wrong:
            form.add_error("file", text_of(wrong))
        else:
            messages.success(request, _said(report))
            return redirect("procedures_staff:inventory")
    words, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    every = queries.list_inventory(on=clock.today(), demo=settings.DEMO)
    found = queries.list_inventory(on=clock.today(), demo=settings.DEMO, words=words) if words else every
    needing = [line for line in every if line.item.identity_required == "yes"]
    context = {
        "form": form,
        "words": words,
        "show": show,
        "page": Paginator([line for line in found if _shown(line, show)], PAGE_SIZE).get_page(request.GET.get("page")),
        "count": len(every),
        "online": sum(bool(line.online) for line in every),
        "needing": len(needing),
        "usable": sum(bool(line.card) for line in needing),
        "refused": queries.list_refused_rows(actor=actor),
        "imports": queries.list_imports(actor=actor),
    }
    return render(request, "procedures/staff/inventory.html", context, status=422 if form.errors else 200)


def _shown(line: InventoryLine, show: str) -> bool:
    return {
        "online": bool(line.online),
        "card": bool(line.card),
        "unknown": line.online is None or line.item.identity_required == "unknown",
    }.get(show, True)


def _said(report: actions.ImportReport) -> str:
    return _("取り込みました。追加%(added)s、変更%(changed)s、同じ%(same)s、取り込めなかった行%(refused)s。") % {
        "added": report.added,
        "changed": report.changed,
        "same": report.unchanged,
        "refused": len(report.refused),
    }


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One entry with its dated facts, and recording another."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    actor = actor_of(request)
    line = queries.access_inventory_item(actor=actor, item_id=item_id, on=clock.today())
    form = FactForm(request.POST) if request.method == "POST" else FactForm()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        news = actions.record_fact(
            actor=actor,
            item_id=item_id,
            kind=FactKind(said["kind"]),
            holds=said["holds"] == "yes",
            since=said["since"],
            source=said["source"],
        )
        if news:
            messages.success(request, _("記録しました。"))
        else:
            messages.info(request, _("その日には、もうそうなっています。何も変わっていません。"))
        return redirect("procedures_staff:item", item_id)
    return render(
        request, "procedures/staff/item.html", {"line": line, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def refused_row(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """One row that could not be taken: mend it, or set it aside."""
    if actor_of(request).is_anonymous:
        return _sign_in(request)
    actor = actor_of(request)
    row = queries.access_refused_row(actor=actor, row_id=row_id)
    form = RowForm(request.POST) if request.method == "POST" else RowForm(initial=row.row)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("decision") == "aside":
                actions.set_aside_row(actor=actor, row_id=row_id)
                messages.success(request, _("この行は取り込まないことにしました。"))
            else:
                item = actions.mend_row(actor=actor, row_id=row_id, row=form.cleaned_data)
                messages.success(request, _("「%(name)s」を取り込みました。") % {"name": item.name})
        except SoutoError as wrong:
            form.add_error(None, text_of(wrong))
        else:
            return redirect("procedures_staff:inventory")
    came = [(COLUMNS.get(name, name), value) for name, value in row.row.items() if value]
    context = {"row": row, "form": form, "came": [{"key": key, "value": value} for key, value in came]}
    return render(request, "procedures/staff/refused_row.html", context, status=422 if form.errors else 200)
