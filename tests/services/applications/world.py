"""Persons, staff and procedures for the tests of this room, made through the same actions that people use."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from PIL import Image

from souto.foundation.identity.matching import name_hash
from souto.foundation.identity.middleware import ASSURANCE_KEY
from souto.foundation.identity.models import Account, Department, Membership, Person, Staff
from souto.foundation.identity.queries import actor_for_person, actor_for_staff
from souto.foundation.identity.roles import Role
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.ids import new_id
from souto.services.applications import actions
from souto.services.applications.attendance import Attendance, IdentityCheck
from souto.services.applications.models import Application, Correction, Draft
from souto.services.procedures import actions as procedures
from souto.services.procedures.definition import Definition, yaml_io
from souto.services.procedures.models import ProcedureVersion

SYSTEM = Actor.system("test")
ANYBODY = Actor.anonymous()
SECTION = "citizens"
#: She came to the counter herself and showed her card.
CAME = Attendance(IdentityCheck.PHOTO)


def section(code: str = SECTION) -> Department:
    names = {"citizens": "市民課", "childcare": "子育て支援課"}
    return Department.objects.get_or_create(code=code, defaults={"name": names.get(code, code)})[0]


def staff(*roles: Role, department: str = SECTION) -> Actor:
    member = Staff.objects.create(number=f"S{new_id().hex[-12:]}", name="佐藤 一郎")
    for role in roles or (Role.OFFICER,):
        Membership.objects.create(staff=member, department=section(department), role=role)
    return actor_for_staff(member)


def chief(department: str = SECTION) -> Actor:
    return staff(Role.CHIEF, department=department)


def person(*, name: str = "山田　花子", email: str = "hanako@example.jp", **profile: Any) -> Person:
    who = Person(profile_verified_at=clock.now())
    who.profile = {
        "name": name,
        "name_kana": "ヤマダ　ハナコ",
        "address": "東京都八王子市元本郷町三丁目24番1号",
        "birth_date": "1990-04-27",
        "sex": "2",
        **profile,
    }
    who.contact = {"email": email}
    who.name_hash = name_hash(name)
    who.save()
    return who


def resident(who: Person | None = None, *, assurance: int = 2) -> Actor:
    return actor_for_person(who or person(), assurance=assurance)


def _field(type_: str, key: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": type_, "key": key, "label": {"ja": label}, **more}


def _options(**labels: str) -> list[dict[str, str]]:
    return [{"code": code, "label": label} for code, label in labels.items()]


def body(**more: Any) -> dict[str, Any]:
    """A procedure with a verified name, a page that a choice opens, a group with files, an e-mail address."""
    return {
        "schema_version": 1,
        "slug": "allowance",
        "title": {"ja": "手当の請求", "en": "Allowance"},
        "summary": "手当を請求します",
        "kind": "application",
        "department": SECTION,
        "category": "childcare",
        "needs_identity": True,
        "assurance": 2,
        "processing_days": 5,
        "minutes": 10,
        "outcomes": [
            {"code": "granted", "label": {"ja": "認定", "en": "Granted"}, "granted": True},
            {"code": "refused", "label": {"ja": "却下", "en": "Refused"}, "granted": False},
        ],
        "pages": [
            {
                "key": "you",
                "title": "あなたについて",
                "fields": [
                    _field("name", "name", "氏名", prefill="card.name", verified=True),
                    _field("email", "email", "メールアドレス", required=False, prefill="contact.email"),
                ],
            },
            {
                "key": "way",
                "title": "受け取り方",
                "fields": [_field("choice", "way", "受け取り方", options=_options(bank="口座振込", cash="窓口"))],
            },
            {
                "key": "bank",
                "title": "振込先",
                "condition": {"equals": {"field": "way", "value": "bank"}},
                "fields": [_field("text", "account", "口座番号", max_length=20)],
            },
            {
                "key": "family",
                "title": "お子さん",
                "fields": [
                    _field(
                        "group",
                        "children",
                        "お子さん",
                        row_label="お子さん",
                        max_rows=3,
                        fields=[
                            _field("text", "child", "お名前", max_length=40),
                            _field("yes_no", "apart", "別居していますか"),
                            _field(
                                "file",
                                "proof",
                                "別居の書類",
                                accept=["image/jpeg", "image/png"],
                                condition={"equals": {"field": "apart", "value": True}},
                            ),
                        ],
                    )
                ],
            },
            {
                "key": "last",
                "title": "最後に",
                "fields": [_field("text", "memo", "伝えたいこと", required=False, multiline=True, max_length=500)],
            },
        ],
        **more,
    }


def report_body(**more: Any) -> dict[str, Any]:
    """A report (通報) that anybody makes, signed in or not, with a photo."""
    return body(
        slug="road",
        title={"ja": "道路の通報"},
        kind="report",
        needs_identity=False,
        assurance=0,
        outcomes=[{"code": "repaired", "label": "対応しました", "granted": True}],
        pages=[
            {
                "key": "what",
                "title": "どうなっていますか",
                "fields": [
                    _field("text", "what", "ようす", max_length=200),
                    _field("file", "photo", "写真", required=False, max_files=2, accept=["image/jpeg", "image/png"]),
                    _field("email", "email", "メールアドレス", required=False),
                ],
            }
        ],
        **more,
    )


def publish(content: dict[str, Any] | None = None) -> ProcedureVersion:
    """Publish a definition; its section comes into being."""
    definition = Definition.from_body(content or body())
    section(definition.department)
    draft = procedures.import_yaml(actor=SYSTEM, text=yaml_io.dump(definition), is_demo=False)
    return procedures.publish(actor=SYSTEM, version_id=draft.id)


ROW = "a1b2c3d4"
FORM: dict[str, dict[str, list[str]]] = {
    "you": {"email": ["hanako@example.jp"]},
    "way": {"way": ["bank"]},
    "bank": {"account": ["1234567"]},
    "family": {"children": [ROW], f"children/{ROW}/child": ["山田空"], f"children/{ROW}/apart": ["no"]},
    "last": {"memo": ["よろしくお願いします"]},
}


def fill(actor: Actor, draft_id: UUID, form: dict[str, dict[str, list[str]]] | None = None, token: str = "") -> None:
    """Post every page."""
    for page_key, raw in (form or FORM).items():
        saved = actions.save_page(actor=actor, draft_id=draft_id, page_key=page_key, raw=raw, token=token)
        assert saved.problems == [], saved.problems


def started(actor: Actor, slug: str = "allowance") -> Draft:
    return actions.start_draft(actor=actor, slug=slug, language="ja").draft


def filled(actor: Actor, slug: str = "allowance") -> Draft:
    draft = started(actor, slug)
    fill(actor, draft.id)
    return Draft.objects.get(id=draft.id)


def submitted(actor: Actor) -> Application:
    return actions.submit(actor=actor, draft_id=filled(actor).id)


def in_review(actor: Actor, officer: Actor) -> Application:
    application = submitted(actor)
    return actions.start_review(actor=officer, application_id=application.id)


def asked(officer: Actor, application: Application, *paths: str, days: int = 7) -> Correction:
    return actions.request_correction(
        actor=officer,
        application_id=application.id,
        items=[{"path": path, "reason": "桁が足りません"} for path in paths or ("account",)],
        note="通帳を見て確認してください",
        due_on=clock.today() + timedelta(days=days),
    )


def photo(kind: str = "JPEG", size: int = 40) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (size, size), "navy").save(out, kind)
    out.seek(0)
    out.name = f"photo.{kind.lower()}"
    return out


def browser(actor: Actor | None = None, *, language: str = "ja") -> Client:
    """A browser in which `actor` has signed in (nobody where left out)."""
    client = Client(headers={"accept-language": language})
    if actor is not None and not actor.is_anonymous:
        owner = {"staff_id": actor.id} if actor.is_staff else {"person_id": actor.id}
        account, _ = Account.objects.get_or_create(**owner)
        client.force_login(account)
        session = client.session
        session[ASSURANCE_KEY] = actor.assurance
        session.save()
    return client
