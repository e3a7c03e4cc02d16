"""What people really type and what others send, through the pages: odd characters, days that never were, answers nobody asked for."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from souto.foundation.documents.models import StoredFile
from souto.services.applications import queries
from souto.services.applications.models import Application, Draft
from tests.foundation.documents.test_files import PDF, zip_bomb
from tests.services.applications import world

pytestmark = pytest.mark.django_db

PAGES = [
    {
        "key": "who",
        "title": "お名前",
        "fields": [
            {"type": "name", "key": "name", "label": {"ja": "氏名"}},
            {"type": "kana", "key": "reading", "label": {"ja": "ふりがな"}},
            {"type": "date", "key": "born", "label": {"ja": "生年月日"}},
        ],
    },
    {
        "key": "proof",
        "title": "書類",
        "fields": [
            {"type": "file", "key": "photo", "label": {"ja": "写真"}, "required": False, "accept": ["image/jpeg"]},
            {"type": "text", "key": "memo", "label": {"ja": "メモ"}, "required": False, "max_length": 500},
        ],
    },
]


@pytest.fixture
def phone() -> Client:
    world.publish(world.body(slug="odd", pages=PAGES))
    return world.browser(world.resident())


@pytest.fixture
def draft(phone: Client) -> UUID:
    begun = phone.post(reverse("applications:start", args=["odd"]))
    return UUID(begun.headers["Location"].split("/")[2])


def _page(draft: UUID, key: str = "who") -> str:
    return reverse("applications:page", args=[draft, key])


def _post(client: Client, draft: UUID, data: dict[str, Any], key: str = "who") -> Any:
    shown = client.get(_page(draft, key)).content.decode()
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown)
    return client.post(_page(draft, key), {**{name: unescape(value) for name, value in hidden}, **data})


def _born(era: str, year: str, month: str, day: str) -> dict[str, str]:
    return {"born.era": era, "born.year": year, "born.month": month, "born.day": day}


WHO = {"name.family": "山田", "name.given": "花子", "reading": "やまだ はなこ", **_born("", "1990", "4", "27")}


def test_a_rare_kanji_is_a_name_and_an_emoji_is_none_but_stays_to_be_mended(phone: Client, draft: UUID) -> None:
    rare = _post(phone, draft, {**WHO, "name.family": "𠮷田"})
    kept = Draft.objects.get().answers["name"]
    emoji = _post(phone, draft, {**WHO, "name.family": "山田😀"})
    memo = _post(phone, draft, {"memo": "ありがとう😀"}, "proof")

    assert rare.status_code == 302
    assert "𠮷田" in str(kept)
    assert emoji.status_code == 422
    assert "絵文字" in emoji.content.decode()
    assert 'value="山田😀"' in emoji.content.decode()
    assert "name" not in Draft.objects.get().answers
    assert memo.status_code == 302
    assert Draft.objects.get().answers["memo"] == "ありがとう😀"


def test_half_width_kana_are_taken_as_the_kana_they_are(phone: Client, draft: UUID) -> None:
    answer = _post(phone, draft, {**WHO, "reading": "ﾔﾏﾀﾞ ﾊﾅｺ"})

    assert answer.status_code == 302
    assert "ヤマダ" in str(Draft.objects.get().answers["reading"])


@pytest.mark.parametrize(
    "born",
    [
        ("showa", "64", "1", "8"),
        ("heisei", "31", "5", "1"),
        ("reiwa", "0", "5", "1"),
        ("heisei", "1", "1", "7"),
        ("", "2023", "2", "29"),
    ],
)
def test_days_that_never_were_are_refused_and_what_was_typed_stays(
    phone: Client, draft: UUID, born: tuple[str, str, str, str]
) -> None:
    answer = _post(phone, draft, {**WHO, **_born(*born)})

    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'aria-invalid="true"' in html
    assert f'name="born.year" value="{born[1]}"' in html
    assert f'<option value="{born[0]}" selected>' in html or not born[0]
    assert f'name="born.day" value="{born[3]}"' in html
    assert "born" not in Draft.objects.get().answers
    assert "花子" in str(Draft.objects.get().answers["name"])


def test_the_last_day_of_an_era_is_a_day(phone: Client, draft: UUID) -> None:
    answer = _post(phone, draft, {**WHO, **_born("showa", "64", "1", "7")})

    assert answer.status_code == 302
    assert "1989-01-07" in str(Draft.objects.get().answers["born"])


def test_ten_megabytes_of_text_are_refused_and_the_draft_stays_as_it_was(phone: Client, draft: UUID) -> None:
    _post(phone, draft, WHO)
    before = Draft.objects.get()

    answer = phone.post(_page(draft, "proof"), {"memo": "a" * 10_000_000})

    after = Draft.objects.get()
    assert answer.status_code == 413
    assert "短くして" in answer.content.decode()
    assert (after.answers, after.raw, after.revision) == (before.answers, before.raw, before.revision)
    assert "花子" in phone.get(_page(draft)).content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [("旅券.jpg", PDF), ("空.jpg", b""), ("写真.jpg", zip_bomb()), ("写真.jpg", b"\xff\xd8\xff\xe0" + b"x" * 300)],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_on_the_page_and_the_form_stays(
    phone: Client, draft: UUID, name: str, content: bytes
) -> None:
    refused = _post(
        phone, draft, {"memo": "残る", "file:photo": SimpleUploadedFile(name, content), "attach": "1"}, "proof"
    )

    assert refused.status_code == 422
    assert "残る" in refused.content.decode()
    assert StoredFile.objects.count() == 0


def test_answers_to_pages_that_were_hidden_are_not_in_what_is_sent() -> None:
    world.publish()
    her = world.resident()
    phone = world.browser(her)
    draft = world.filled(her)

    closed = _post(phone, draft.id, {"way": "cash"}, "way")
    pushed = phone.post(_page(draft.id, "bank"), {"account": "9999999"})
    revision = Draft.objects.get().revision
    sent = phone.post(
        reverse("applications:submit", args=[draft.id]), {"revision": revision, "account": "9999999"}, follow=True
    )

    assert closed.status_code == pushed.status_code == 302
    assert sent.status_code == 200
    answers = queries.current_submission(Application.objects.get()).payload["answers"]
    assert answers["way"] == "cash"
    assert "account" not in answers
