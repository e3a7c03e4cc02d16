"""YAML in and out, the narrow grammar, upgraders, the canonical hash."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from souto.services.procedures.definition import SCHEMA_VERSION, Definition, yaml_io
from souto.services.procedures.definition.canonical import body_hash, definition_hash
from souto.services.procedures.definition.upgrades import SchemaVersionError, upgrade
from souto.services.procedures.definition.yaml_io import DefinitionUnreadableError
from tests.services.procedures.definition.samples import body, certificate, definition, field, page

WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"]), min_size=1, max_size=20
).filter(str.strip)
CODES = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True) | st.sampled_from(
    ["yes", "no", "on", "null", "true", "y", "n"]
)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Definitions of a few pages with texts and codes that YAML might take for something else."""
    keys = draw(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), min_size=2, max_size=4, unique=True))
    codes = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    options = [{"code": code, "label": draw(WORDS)} for code in codes]
    first = field("choice", keys[0], options=options, label=draw(WORDS))
    others = [
        field(
            "text",
            key,
            label=draw(WORDS),
            help={"ja": draw(WORDS), "en": draw(WORDS)},
            condition={"equals": {"field": keys[0], "value": draw(st.sampled_from(codes))}},
        )
        for key in keys[1:]
    ]
    return definition(page("p1", first), page("p2", *others), synonyms=draw(st.lists(WORDS, max_size=3)))


@given(found=definitions())
def test_what_is_written_reads_back_equal_with_the_same_hash(found: Definition) -> None:
    again = yaml_io.load(yaml_io.dump(found))

    assert again == found
    assert definition_hash(again) == definition_hash(found)
    assert Definition.from_body(found.body()) == found


def test_the_hash_sees_content_not_layout() -> None:
    found = certificate()
    shuffled = yaml.safe_dump(found.body(), allow_unicode=True, sort_keys=True, default_flow_style=True)

    assert definition_hash(yaml_io.load(shuffled)) == definition_hash(found)
    assert definition_hash(definition(page("p", field("text", label="別")))) != definition_hash(
        definition(page("p", field("text")))
    )


def test_defaults_are_left_out_so_that_a_new_option_changes_no_old_hash() -> None:
    explicit = definition(page("p", field("text", required=True, multiline=False)), minutes=None)

    assert body_hash(explicit.body()) == body_hash(definition(page("p", field("text"))).body())


def test_words_stay_words() -> None:
    text = yaml_io.dump(certificate()).replace("slug: sample", "slug: sample\nsynonyms: [no, yes, on, 2026-04-01, ~x]")

    assert yaml_io.load(text).synonyms == ("no", "yes", "on", "2026-04-01", "~x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "手続の定義ではありません"),
        ("- a", "手続の定義ではありません"),
        ("a: [", "行目"),
        ("a: &x [1]\nb: *x", "別名（*）は使えません"),
        ("a: !!python/object:os.system {}", "行目"),
        ("a: 1\na: 2", "「a」が2回あります"),
        ("? [1]\n: 2", "キーは文字に"),
        ("[" * 100, "入れ子が深すぎます"),
        ("a: " + "x" * 1_000_001, "字までです"),
        ("\x00", "YAMLとして読めません"),
    ],
)
def test_what_is_no_narrow_yaml_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(DefinitionUnreadableError) as refused:
        yaml_io.load(text)

    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "colour: この名前の項目はありません"),
        ({"pages": []}, "pages: 数が足りません"),
        ({"pages": [page("p", {"type": "text", "key": "x"})]}, "この項目が必要です"),
        ({"pages": [page("p", field("nothing"))]}, "この種類はありません"),
        ({"pages": [page("p", field("text", condition={"equals": {}, "in": {}}))]}, "pages › 1 › fields › 1"),
        ({"title": {"en": "only English"}}, "日本語（ja）の文が必要です"),
        ({"title": {"ja": "題", "fr": "titre"}}, "言語「fr」は使えません"),
        ({"title": "題\x07"}, "使えない文字"),
        ({"slug": "Not A Slug"}, "slug:"),
    ],
)
def test_what_is_no_definition_is_refused_with_its_place(change: dict[str, Any], words: str) -> None:
    text = yaml.safe_dump({**body(page("p", field("text"))), **change}, allow_unicode=True)

    with pytest.raises(DefinitionUnreadableError) as refused:
        yaml_io.load(text)

    assert words in str(refused.value)


OLD = """
slug: old
title: 古い手続
summary: 版0の書き方です
kind: application
department: citizens
category: certificate
fee: 300
fee_due: approval
fee_account: certificates
outcomes:
  - {code: given, label: 交付, granted: true}
  - {code: refused, label: 不交付, granted: false}
questions:
  - key: how
    title: 受け取り方
    fields:
      - {type: choice, key: delivery, label: 受け取り方, options: [{code: mail, label: 郵送}, {code: counter, label: 窓口}]}
      - {type: number, key: copies, label: 通数}
  - key: where
    title: 送り先
    show_if: {delivery: mail}
    fields:
      - {type: address, key: address, label: 送り先}
      - {type: text, key: note, label: 備考, show_if: {delivery: [mail, counter], copies: 3}}
"""


def test_a_definition_of_version_0_is_lifted() -> None:
    found = yaml_io.load(OLD)

    assert found.schema_version == SCHEMA_VERSION
    assert found.fee is not None
    assert (found.fee.amount, found.fee.due, found.fee.account) == (300, "approval", "certificates")
    assert found.visible({"delivery": "counter"}, {}).pages == ("how",)
    assert "note" in found.visible({"delivery": "mail", "copies": 3}, {})
    assert "note" not in found.visible({"delivery": "mail", "copies": 4}, {})


def test_upgraders_are_pure_and_leave_the_newest_alone() -> None:
    old = yaml.safe_load(OLD)
    before = yaml.safe_dump(old)
    newest = body(page("p", field("text")))

    lifted = upgrade(old)

    assert yaml.safe_dump(old) == before
    assert upgrade(lifted) == lifted
    assert upgrade(newest) == newest
    assert "fee" not in upgrade({"fee": 0, "pages": []})


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, -1, "1", None, True])
def test_an_unknown_version_is_refused(version: Any) -> None:
    with pytest.raises(SchemaVersionError):
        upgrade({"schema_version": version})
