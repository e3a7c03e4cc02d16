"""Sample applications (見本の申請), filed through the actions that residents' browsers call; enough of them that public figures show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from souto.foundation.identity import actions as identity
from souto.foundation.identity.models import Person
from souto.foundation.identity.oidc.claims import CardItems
from souto.foundation.identity.queries import actor_for_person
from souto.kernel.actor import Actor
from souto.services.applications import actions
from souto.services.applications.models import Application

Pages = Sequence[tuple[str, Mapping[str, Sequence[str]]]]

#: The issuer of sample persons who never sign in: they only file what stands here.
ISSUER = "souto:demo-samples"

REPORTS = (
    ("hole", "kitano", "歩道に直径30センチほどの穴があります。夜は見えません。"),
    ("mirror", "takao", "カーブミラーが割れています。"),
    ("light", "minami-osawa", "街路灯が2本続けて消えています。"),
    ("tree", "takaosanguchi", "枝がのびて、信号が見えにくくなっています。"),
    ("gutter", "nishi-hachioji", "側溝のふたがずれていて、音がします。"),
    ("crack", "yarimizu", "車道に長いひび割れがあります。"),
)

PEOPLE = (
    ("橋本　さゆり", "ハシモト サユリ", "1971-08-30", "license", "1"),
    ("中島　勇気", "ナカジマ ユウキ", "1999-01-19", "work", "2"),
    ("岡田　ふみ", "オカダ フミ", "1952-10-05", "pension", "1"),
)


def file_samples() -> int:
    """File the samples unless they are there already; returns how many were filed."""
    if Application.objects.filter(is_demo=True).exists():
        return 0
    for kind, landmark, words in REPORTS:
        _file(Actor.anonymous(), "road-damage", _report(kind, landmark, words))
    for name, kana, born, purpose, copies in PEOPLE:
        _file(_resident(name, born), "juminhyo", _certificate(kana, purpose, copies))
    return len(REPORTS) + len(PEOPLE)


def _resident(name: str, born: str) -> Actor:
    signed_in = identity.sign_in_with_claims(
        actor=Actor.anonymous(),
        issuer=ISSUER,
        subject=name,
        items=CardItems(name=name, address="東京都八王子市千人町二丁目９９番７号", birth_date=born, sex="3"),
    )
    return actor_for_person(Person.objects.get(pk=signed_in.person_id), assurance=signed_in.assurance)


def _report(kind: str, landmark: str, words: str) -> Pages:
    return (
        ("what", {"kind": [kind]}),
        ("detail", {"detail": [words]}),
        ("where", {"place.landmark": [landmark], "place.note": ["駅の近く"]}),
        ("photo", {}),
        ("contact", {}),
    )


def _certificate(kana: str, purpose: str, copies: str) -> Pages:
    return (
        ("applicant", {"name_kana": [kana]}),
        ("whose", {"scope": ["self"]}),
        ("items", {"honseki": ["no"], "relationship": ["no"]}),
        ("copies", {"copies": [copies]}),
        ("purpose", {"purpose": [purpose]}),
        ("delivery", {"delivery": ["registered"]}),
        ("contact", {"phone": ["042-000-0000"]}),
        ("fee", {}),
    )


class SampleRefusedError(RuntimeError):
    """A sample no longer fits its procedure: the city's YAML and this file have parted."""


def _file(actor: Actor, slug: str, pages: Pages) -> UUID:
    started = actions.start_draft(actor=actor, slug=slug, language="ja")
    for key, raw in pages:
        saved = actions.save_page(actor=actor, draft_id=started.draft.id, page_key=key, raw=raw, token=started.token)
        if saved.problems:
            raise SampleRefusedError(f"{slug}/{key}: {saved.problems}")
    return actions.submit(actor=actor, draft_id=started.draft.id, token=started.token).id
