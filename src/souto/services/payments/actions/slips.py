"""Issuing payment slips (納付書)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from souto.foundation.audit.actions import record
from souto.foundation.documents import actions as documents
from souto.foundation.documents.typesetting import FontSet
from souto.foundation.ui.city import city
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.calendar import fiscal_year
from souto.kernel.language import say
from souto.services.payments import queries, seams
from souto.services.payments import slips as paper
from souto.services.payments.actions.charges import AlreadySettledError
from souto.services.payments.city import SlipRules, slip_rules
from souto.services.payments.elqr import SPECIMEN_COMPANY, Demand, IssuedCode, StoreBarcode, issue
from souto.services.payments.events import SlipIssued
from souto.services.payments.models import Charge, Slip


@transaction.atomic
def issue_slip(*, actor: Actor, charge_id: UUID) -> Slip:
    """Issue the slip of a charge with eL-QR and barcode, as a PDF; a slip that still holds is given again, not issued twice.

    Without a real numbering authority it is a specimen (見本) and says so on every part.
    """
    charge = queries.access_charge(actor=actor, charge_id=charge_id)
    charge = Charge.objects.select_for_update().get(pk=charge.pk)
    if not charge.is_open:
        raise AlreadySettledError
    today = clock.today()
    known = Slip.objects.filter(charge=charge, due_on__gte=today).order_by("-issued_at").first()
    if known is not None:
        return known
    rules = slip_rules()
    issued = issue(seams.authority(), _demand(charge, rules), reference=f"{charge.id}/{_count(charge)}")
    numbers = issued.code.numbers
    slip = Slip.objects.create(
        charge=charge,
        case_key=numbers.case_key,
        confirmation=numbers.confirmation,
        specimen=issued.specimen,
        due_on=issued.code.demand.payable_until,
    )
    pdf = paper.render_slip(_paper(charge, slip, issued, rules), FontSet.at(settings.FONTS_DIR), created=slip.issued_at)
    document = documents.keep_document(
        actor=actor,
        purpose="payments.charge",
        subject_id=charge.id,
        kind="payments.slip",
        pdf=pdf,
        language="ja",
        title={"ja": "納付書", "ja-easy": "お金を はらう 紙", "en": "Payment slip"},
    )
    slip.document_id = document.id
    slip.save(update_fields=["document_id"])
    record(
        actor=actor,
        action="payments.issue_slip",
        subject=("payments.charge", charge.id),
        facts={"slip": str(slip.id), "specimen": slip.specimen},
    )
    events.publish(SlipIssued(slip_id=slip.id, charge_id=charge.id), actor=actor)
    return slip


def _count(charge: Charge) -> int:
    return Slip.objects.filter(charge=charge).count()


def _demand(charge: Charge, rules: SlipRules) -> Demand:
    today = clock.today()
    year = fiscal_year(today).year
    return Demand(
        amount=charge.amount,
        item=rules.item,
        institution=rules.institution,
        office=rules.office,
        levy_year=year,
        tax_year=year,
        instalment=0,
        due=charge.due_on,
        payable_until=max(charge.due_on, today + timedelta(days=rules.payable_days)),
    )


def _paper(charge: Charge, slip: Slip, issued: IssuedCode, rules: SlipRules) -> paper.Slip:
    here = city()
    section = here.section(rules.department)
    return paper.Slip(
        issuer=paper.Issuer(
            city=here.name,
            code=here.lg_code,
            department=say(section.name, "ja") if section else here.name,
            contact=(here.address, f"電話 {section.phone if section else here.phone}"),
        ),
        issued=issued,
        reference=slip.case_key,
        item=say(charge.description, "ja")[:30],
        payer=charge.payer_name,
        issued_on=clock.local_date(slip.issued_at),
        barcode=_barcode(charge, slip, issued, rules),
    )


def _barcode(charge: Charge, slip: Slip, issued: IssuedCode, rules: SlipRules) -> StoreBarcode | None:
    if charge.amount > paper.STORE_LIMIT_YEN:
        return None
    return StoreBarcode(
        company=SPECIMEN_COMPANY if issued.specimen else rules.company,
        free=slip.case_key.rjust(21, "0"),
        reissue=min(_count(charge) - 1, 9),
        payable_until=slip.due_on,
        stamp=False,
        amount=charge.amount,
    )
