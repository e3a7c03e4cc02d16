from __future__ import annotations

from souto.services.applications import paths

ANSWERS = {"name": {"full": "山田"}, "children": [{"id": "aaaaaaaa", "name": "花"}, {"id": "bbbbbbbb", "name": "空"}]}


def test_get_finds_fields_rows_and_fields_of_rows() -> None:
    assert paths.get(ANSWERS, "name") == {"full": "山田"}
    assert paths.get(ANSWERS, "children/bbbbbbbb") == {"id": "bbbbbbbb", "name": "空"}
    assert paths.get(ANSWERS, "children/bbbbbbbb/name") == "空"
    assert paths.get(ANSWERS, "children/cccccccc/name") is None
    assert paths.get({}, "children/cccccccc/name") is None


def test_put_changes_a_copy() -> None:
    after = paths.put(ANSWERS, "children/bbbbbbbb/name", "海")

    assert paths.get(after, "children/bbbbbbbb/name") == "海"
    assert paths.get(ANSWERS, "children/bbbbbbbb/name") == "空"


def test_put_none_removes_a_field_a_row_field_or_a_row() -> None:
    assert "name" not in paths.put(ANSWERS, "name", None)
    assert paths.put(ANSWERS, "children/aaaaaaaa/name", None)["children"][0] == {"id": "aaaaaaaa"}
    assert [row["id"] for row in paths.put(ANSWERS, "children/aaaaaaaa", None)["children"]] == ["bbbbbbbb"]


def test_put_makes_a_row_that_is_not_there() -> None:
    assert paths.put({}, "children/cccccccc/name", "林") == {"children": [{"id": "cccccccc", "name": "林"}]}


def test_a_path_covers_itself_and_what_lies_within() -> None:
    assert paths.covers(["children/aaaaaaaa"], "children/aaaaaaaa/name")
    assert paths.covers(["children"], "children/aaaaaaaa/name")
    assert paths.covers(["name"], "name")
    assert not paths.covers(["name"], "name_kana")
    assert not paths.covers(["children/aaaaaaaa"], "children/bbbbbbbb/name")


def test_changed_names_each_field_of_each_row() -> None:
    after = paths.put(paths.put(ANSWERS, "children/bbbbbbbb/name", "海"), "children/aaaaaaaa", None)

    assert paths.changed(ANSWERS, after) == {"children", "children/aaaaaaaa/name", "children/bbbbbbbb/name"}
    assert paths.changed(ANSWERS, ANSWERS) == frozenset()
