from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from souto.foundation.documents.typesetting import MissingGlyphsError, Standard, TypesettingError, compile_pdf, forget
from tests import paper

LETTER = """\
#let data = json(bytes(sys.inputs.data))
= #data.heading
#data.body
"""
HOSTILE = [
    '#eval("1 + 1")',
    "*b* _i_ `c` $x^2$ <label> @ref",
    "\\ \\u{41} \\#",
    "// comment /* more */",
    "= heading",
    "- list + list / term: x",
    "\"quotes\" 'single' -- --- ... ~",
    '#import "/etc/passwd": *',
    "#{ }[ ]( )",
    "</data>&amp;<script>",
    "%PDF-1.7 %%EOF",
    "{{ field }} {% tag %}",
]


@pytest.fixture
def fonts():
    return paper.fonts()


@pytest.fixture
def letter(tmp_path):
    template = tmp_path / "letter.typ"
    template.write_text(LETTER)
    return template


@pytest.mark.parametrize("text", HOSTILE)
def test_data_is_printed_as_it_is_written(letter, fonts, text):
    pdf = compile_pdf(letter, {"heading": "通知", "body": text}, fonts, title=text)

    assert "".join(paper.pages(pdf)[0].split()) == "".join(("通知" + text).split())
    assert pypdf.PdfReader(BytesIO(pdf)).metadata.title == text


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from('#*_`$\\<>@"/=[](){};:,.-~&% あ漢1a'), min_size=1, max_size=40))
def test_no_text_is_ever_source(letter, fonts, text):
    pdf = compile_pdf(letter, {"heading": "x", "body": text}, fonts, title="x", standard=Standard.PRINT)

    assert "".join(paper.pages(pdf)[0].split()) == "x" + "".join(text.split())


def test_an_accessible_document_has_tags_title_and_language(letter, fonts):
    pdf = compile_pdf(letter, {"heading": "通知", "body": "本文"}, fonts, title="結果の通知")

    reader = pypdf.PdfReader(BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "ja-JP"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "結果の通知"
    assert b"pdfuaid" in root["/Metadata"].get_data()


@pytest.mark.parametrize(
    ("standard", "mark", "tagged"),
    [(Standard.ARCHIVE, b"<pdfaid:part>2</pdfaid:part>", True), (Standard.PRINT, b"", False)],
)
def test_other_standards_promise_what_they_say(letter, fonts, standard, mark, tagged):
    pdf = compile_pdf(letter, {"heading": "通知", "body": "本文"}, fonts, title="控え", standard=standard)

    root = pypdf.PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert mark in root["/Metadata"].get_data()
    assert ("/StructTreeRoot" in root) is tagged


def test_the_language_is_the_document_s(letter, fonts):
    pdf = compile_pdf(letter, {"heading": "Notice", "body": "text"}, fonts, title="Notice", language="en")

    assert pypdf.PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"].startswith("en")


def test_only_the_given_fonts_are_in_the_file(letter, fonts):
    pdf = compile_pdf(letter, {"heading": "𠮷野家", "body": "吉野家 abc"}, fonts, title="x")

    used = pypdf.PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    names = {font.get_object()["/BaseFont"].partition("+")[2] for font in used}
    assert {name.partition("-")[0] for name in names} == {"BIZUDPGothic", "NotoSansJP"}
    assert "𠮷野家" in paper.pages(pdf)[0]


def test_a_character_that_no_font_has_stops_the_document(letter, fonts):
    with pytest.raises(MissingGlyphsError) as caught:
        compile_pdf(letter, {"heading": "通知", "body": ["安全", {"name": "山田🙂"}]}, fonts, title="x")

    assert caught.value.characters == {"🙂"}
    assert "U+1F642" in str(caught.value)


def test_lines_break_where_a_browser_broke_them(letter, fonts):
    pdf = compile_pdf(letter, {"heading": "通知", "body": "一行目\r\n二行目\n三行目"}, fonts, title="x")

    assert paper.pages(pdf)[0].split() == ["通知", "一行目", "二行目", "三行目"]


def test_the_same_input_at_the_same_time_makes_the_same_bytes(letter, fonts):
    made = [
        compile_pdf(
            letter, {"heading": "通知", "body": "本文"}, fonts, title="x", created=datetime(2026, 11, 22, tzinfo=UTC)
        )
        for _ in range(2)
    ]

    assert made[0] == made[1]


@pytest.mark.parametrize(
    "source", ["#let x = ", "#(1 + [a])", '#read("/../secret.txt")', '#set text(font: "No Such Font")\nx', "#data.none"]
)
def test_a_faulty_template_is_an_error_with_its_detail(tmp_path, fonts, source):
    (tmp_path / "secret.txt").write_text("secret")
    inner = tmp_path / "inner"
    inner.mkdir()
    template = inner / "faulty.typ"
    template.write_text(source)

    with pytest.raises(TypesettingError) as caught:
        compile_pdf(template, {}, fonts, title="x")

    assert caught.value.detail
    assert "secret" not in str(caught.value)


def test_threads_make_their_documents_side_by_side(letter, fonts):
    def make(number):
        pdf = compile_pdf(letter, {"heading": "番号", "body": f"第{number}号"}, fonts, title="x")
        return "".join(paper.pages(pdf)[0].split()) == f"番号第{number}号"

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(make, range(24)))


def test_forgetting_changes_nothing_but_memory(letter, fonts):
    at = datetime(2026, 11, 22, tzinfo=UTC)
    before = compile_pdf(letter, {"heading": "通知", "body": "本文"}, fonts, title="x", created=at)

    forget(fonts)

    assert compile_pdf(letter, {"heading": "通知", "body": "本文"}, fonts, title="x", created=at) == before
