from __future__ import annotations

from souto.services.applications.merging import Tab, base_of, by_path, merge

PATHS = ("name", "birth_date", "ways")


def test_parts_of_one_field_belong_together() -> None:
    grouped = by_path({"birth_date.year": ["2015"], "birth_date.month": ["4"], "children/a1b2c3d4/name": ["花"]})

    assert set(grouped) == {"birth_date", "children/a1b2c3d4/name"}
    assert grouped["birth_date"] == {"birth_date.year": ["2015"], "birth_date.month": ["4"]}


def test_what_the_tab_typed_is_stored() -> None:
    stored = {"name": ["山田"]}

    merged = merge(stored, {"name": ["山田花子"]}, tab=Tab(1, base_of(stored, PATHS)), touched={})

    assert merged.raw == {"name": ["山田花子"]}
    assert merged.changed == {"name"}
    assert merged.clashed == ()


def test_a_field_that_the_stale_tab_did_not_change_keeps_what_the_other_tab_stored() -> None:
    shown = {"name": ["山田"], "birth_date.year": ["2015"]}
    stored = {"name": ["山田花子"], "birth_date.year": ["2015"]}

    merged = merge(
        stored,
        {"name": ["山田"], "birth_date.year": ["2016"]},
        tab=Tab(1, base_of(shown, PATHS)),
        touched={"name": [2, "other"]},
    )

    assert merged.raw == {"name": ["山田花子"], "birth_date.year": ["2016"]}
    assert merged.changed == {"birth_date"}
    assert merged.clashed == ()


def test_the_last_writing_counts_and_is_told() -> None:
    shown, stored = {"name": ["山田"]}, {"name": ["山田花子"]}

    merged = merge(stored, {"name": ["山田華子"]}, tab=Tab(1, base_of(shown, PATHS)), touched={"name": [2, "other"]})

    assert merged.raw == {"name": ["山田華子"]}
    assert merged.clashed == ("name",)


def test_two_tabs_that_typed_the_same_do_not_clash() -> None:
    shown, stored = {"name": ["山田"]}, {"name": ["山田花子"]}

    merged = merge(stored, {"name": ["山田花子"]}, tab=Tab(1, base_of(shown, PATHS)), touched={"name": [2, "other"]})

    assert merged.changed == frozenset()
    assert merged.clashed == ()


def test_an_unticked_box_is_gone_and_a_field_that_was_not_shown_stays() -> None:
    stored = {"ways": ["mail", "phone"], "hidden": ["kept"]}

    merged = merge(stored, {}, tab=Tab(0, base_of(stored, ("ways",))), touched={})

    assert merged.raw == {"hidden": ["kept"]}


def test_a_row_that_another_tab_removed_does_not_come_back() -> None:
    shown = {"children/a1b2c3d4/name": ["花"]}

    merged = merge(
        {},
        shown,
        tab=Tab(1, base_of(shown, ["children/a1b2c3d4/name"])),
        touched={"children/a1b2c3d4/name": [2, "other"]},
    )

    assert merged.raw == {}


def test_a_form_without_a_base_is_stored_as_it_is_sent() -> None:
    merged = merge({"name": ["a"], "other": ["b"]}, {"name": ["c"]}, tab=Tab(0, {}), touched={})

    assert merged.raw == {"name": ["c"], "other": ["b"]}


def test_a_tab_does_not_clash_with_what_it_saved_itself_and_may_take_it_back() -> None:
    base = base_of({"name": ["山田"]}, PATHS)
    stored, touched = {"name": ["山田花"]}, {"name": [2, "this"]}

    further = merge(stored, {"name": ["山田花子"]}, tab=Tab(1, base, "this"), touched=touched)
    back = merge(stored, {"name": ["山田"]}, tab=Tab(1, base, "this"), touched=touched)

    assert (further.raw, further.clashed) == ({"name": ["山田花子"]}, ())
    assert (back.raw, back.clashed) == ({"name": ["山田"]}, ())
