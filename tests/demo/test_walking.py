"""The reader of pages reads forms as a browser sends them."""

from __future__ import annotations

import httpx
import pytest

from souto.demo.walking import Page, WalkError

HTML = """
<html><head><title>x</title></head><body><a href="/next">つ<wbr>ぎ</a>
<form method="post" action="/send"><input type="hidden" name="t" value="1"><input name="a" value="2">
<input type="radio" name="r" value="x"><input type="radio" name="r" value="y" checked><input type="checkbox" name="c" value="k">
<select name="s"><option value=""></option><option value="p" selected>P</option></select><select name="d"><option value="e"></select>
<textarea name="w">行1
行2</textarea><input type="file" name="f"><button name="go" value="1">送<wbr>信する</button></form><script>no()</script></body></html>
"""


def page() -> Page:
    answer = httpx.Response(200, html=HTML, request=httpx.Request("GET", "http://localhost/here"))
    return Page(answer)


def test_values_are_those_that_a_browser_would_send() -> None:
    form = page().form("送信する")

    assert form.values == [("t", "1"), ("a", "2"), ("r", "y"), ("s", "p"), ("d", "e"), ("w", "行1\n行2")]
    assert form.names == {"t", "a", "r", "c", "s", "d", "w", "f"}
    assert form.buttons == [("go", "1", "送信する")]


def test_links_and_words_are_found_across_break_hints() -> None:
    assert page().link("つぎ") == "http://localhost/next"
    page().expect("つぎ")
    assert not page().says("no()")


def test_what_is_missing_is_said() -> None:
    with pytest.raises(WalkError, match="does not say"):
        page().expect("ない")
    with pytest.raises(WalkError, match="no link"):
        page().link("ない")
    with pytest.raises(WalkError, match="no form"):
        page().form("ない")
