"""Reads of procedures and of the inventory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from souto.foundation.identity import queries as identity
from souto.foundation.retention.queries import period_of
from souto.kernel.actor import Actor
from souto.kernel.calendar import Retention
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.procedures import bodies, search
from souto.services.procedures.definition import Definition, PublishProblem, Severity, check
from souto.services.procedures.models import (
    Answer,
    FactKind,
    InventoryFact,
    InventoryImport,
    InventoryItem,
    Procedure,
    ProcedureVersion,
    RefusedRow,
    State,
    fact_holds,
)
from souto.services.procedures.widgets import UploadUrls, Widget, widgets_of

__all__ = [
    "InventoryLine",
    "ProcedureRow",
    "State",
    "UploadUrls",
    "Widget",
    "access_inventory_item",
    "access_procedure",
    "access_refused_row",
    "access_version",
    "card_usable_share_facts",
    "findings",
    "get_published",
    "get_version",
    "list_imports",
    "list_inventory",
    "list_procedures",
    "list_published",
    "list_refused_rows",
    "related",
    "retention_of",
    "search_published",
    "widgets_of",
]


def get_published(slug: str) -> ProcedureVersion:
    """The published version of a procedure; raises `NotFoundError` where there is none (a draft alone is none)."""
    version = _versions().filter(procedure__slug=slug, state=State.PUBLISHED).first()
    if version is None:
        raise NotFoundError
    return version


def retention_of(definition: Definition) -> Retention | None:
    """How long what is filed under a definition is kept (保存期間): as it says itself, else as the city keeps its kind; None where
    neither says anything, and then it is kept.
    """
    return Retention.read(definition.retention) if definition.retention is not None else period_of(definition.kind)


def get_version(version_id: UUID) -> ProcedureVersion:
    """A version by id, whatever its state: for what is pinned to it. Raises `NotFoundError`."""
    version = _versions().filter(pk=version_id).first()
    if version is None:
        raise NotFoundError
    return version


def access_version(*, actor: Actor, version_id: UUID) -> ProcedureVersion:
    """A version for a person: published ones for everybody, the others for editors; raises `NotFoundError`, `HiddenError`."""
    version = get_version(version_id)
    if version.state != State.PUBLISHED and not _edits(actor):
        raise HiddenError("procedures.version", version_id)
    return version


def list_published() -> list[ProcedureVersion]:
    """Every published version, by slug. Bodies that are parsed already are not read again."""
    found = list(_versions().filter(state=State.PUBLISHED).order_by("procedure__slug").defer("body"))
    unknown = [version.id for version in found if not bodies.is_known(version.body_hash)]
    for version in ProcedureVersion.objects.filter(id__in=unknown) if unknown else ():
        bodies.definition_of(version.body_hash, lambda version=version: version.body)  # type: ignore[misc]
    return found


def search_published(words: str, *, language: str, category: str | None = None) -> list[ProcedureVersion]:
    """Published procedures that match `words`, best first; all of a category (or all) where no words are given."""
    found = [v for v in list_published() if category in (None, "", v.definition.category)]
    return search.rank(found, words, language=language)


def related(version: ProcedureVersion) -> list[ProcedureVersion]:
    """The published procedures that a definition names as related, in its order."""
    slugs = version.definition.related
    found = {v.slug: v for v in _versions().filter(procedure__slug__in=slugs, state=State.PUBLISHED)}
    return [found[slug] for slug in slugs if slug in found]


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure with its versions, newest first: for the editors' list."""

    procedure: Procedure
    versions: tuple[ProcedureVersion, ...]

    @property
    def published(self) -> ProcedureVersion | None:
        """The version that residents see."""
        return next((v for v in self.versions if v.state == State.PUBLISHED), None)

    @property
    def draft(self) -> ProcedureVersion | None:
        """The version in work."""
        return next((v for v in self.versions if v.state == State.DRAFT), None)

    @property
    def newest(self) -> ProcedureVersion:
        """The version that gives the row its title."""
        return self.published or self.versions[0]


def list_procedures(*, actor: Actor) -> list[ProcedureRow]:
    """Every procedure with all its versions; raises `ForbiddenError`."""
    actor.require("procedures.edit")
    newest_first = Prefetch("versions", queryset=_versions().order_by("-number"))
    found = Procedure.objects.prefetch_related(newest_first)
    return [ProcedureRow(procedure, tuple(procedure.versions.all())) for procedure in found if procedure.versions.all()]


def access_procedure(*, actor: Actor, slug: str) -> ProcedureRow:
    """A procedure with all its versions, for editors; raises `NotFoundError`, `HiddenError`."""
    procedure = Procedure.objects.filter(slug=slug).first()
    if procedure is None:
        raise NotFoundError
    if not _edits(actor):
        raise HiddenError("procedures.procedure", procedure.id)
    return ProcedureRow(procedure, tuple(_versions().filter(procedure=procedure).order_by("-number")))


def _versions() -> QuerySet[ProcedureVersion]:
    return ProcedureVersion.objects.select_related("procedure", "published_by")


def _edits(actor: Actor) -> bool:
    return actor.may("procedures.edit") or actor.may("procedures.publish")


@dataclass(frozen=True, slots=True)
class InventoryLine:
    """An entry of the inventory as it stands on a day; None where nobody has found it out."""

    item: InventoryItem
    online: bool | None
    card: bool | None
    facts: tuple[InventoryFact, ...]


def list_inventory(*, on: date, demo: bool, words: str = "") -> list[InventoryLine]:
    """The inventory on a business date; facts that only samples made are left out unless `demo`."""
    facts = InventoryFact.objects.select_related("version")
    items = InventoryItem.objects.order_by("kana", "key").prefetch_related(Prefetch("facts", queryset=facts))
    lines = []
    for item in items:
        if words and not search.matches(f"{item.name} {item.kana} {item.legal_basis} {item.department}", words):
            continue
        known = [fact for fact in item.facts.all() if demo or fact.version is None or not fact.version.is_demo]
        lines.append(
            InventoryLine(
                item, fact_holds(known, FactKind.ONLINE, on), fact_holds(known, FactKind.CARD, on), tuple(known)
            )
        )
    return lines


def access_inventory_item(*, actor: Actor, item_id: UUID, on: date) -> InventoryLine:
    """An entry with all its dated facts, for editors; raises `NotFoundError`, `HiddenError`."""
    item = InventoryItem.objects.filter(pk=item_id).first()
    if item is None:
        raise NotFoundError
    if not actor.may("procedures.edit"):
        raise HiddenError("procedures.inventory_item", item_id)
    facts = list(InventoryFact.objects.select_related("version__procedure").filter(item=item))
    return InventoryLine(
        item, fact_holds(facts, FactKind.ONLINE, on), fact_holds(facts, FactKind.CARD, on), tuple(facts)
    )


def card_usable_share_facts(*, on: date, demo: bool) -> tuple[list[InventoryLine], list[InventoryLine]]:
    """The entries where identity must be proved, and those of them where 公的個人認証 is usable on that day."""
    needing = [line for line in list_inventory(on=on, demo=demo) if line.item.identity_required == Answer.YES]
    return needing, [line for line in needing if line.card]


def findings(version: ProcedureVersion) -> list[PublishProblem]:
    """The static checks of a draft, and whether the section that will work on it is known here."""
    found = check.problems(version.definition)
    code = version.definition.department
    if all(section.code != code for section in identity.list_departments()):
        found.append(PublishProblem("", "", f"課「{code}」が、組織の一覧にありません（department）", Severity.WARNING))
    return found


def list_refused_rows(*, actor: Actor) -> list[RefusedRow]:
    """The rows that wait for a person; raises `ForbiddenError`."""
    actor.require("procedures.edit")
    return list(RefusedRow.objects.select_related("of_import").filter(settled_at__isnull=True))


def access_refused_row(*, actor: Actor, row_id: UUID) -> RefusedRow:
    """A refused row; raises `NotFoundError`, `HiddenError`."""
    row = RefusedRow.objects.select_related("of_import").filter(pk=row_id).first()
    if row is None:
        raise NotFoundError
    if not actor.may("procedures.edit"):
        raise HiddenError("procedures.refused_row", row_id)
    return row


def list_imports(*, actor: Actor, limit: int = 20) -> list[InventoryImport]:
    """The newest readings of lists; raises `ForbiddenError`."""
    actor.require("procedures.edit")
    return list(InventoryImport.objects.select_related("by_staff")[:limit])
