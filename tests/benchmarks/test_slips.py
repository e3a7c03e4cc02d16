import importlib.util
import json
from io import BytesIO

import pypdf
import pytest

from benchmarks import slips
from benchmarks.contest import alone
from benchmarks.slips_work import from_file, made_up
from souto.services.payments.slips import render_bulk
from tests import paper


def run(capsys, *arguments):
    code = slips.main(["--fonts", str(paper.fonts().folder), "--json", *arguments])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_run_ends_with_its_figures(capsys):
    code, line = run(capsys, "--pages", "8", "--chunk", "4", "--peers")

    assert code == 0
    assert line["benchmark"] == "slips"
    assert line["aims"] == {"ratio": 20.0}
    assert line["figures"]["souto_pages"] == 8
    assert line["figures"]["souto_pages_per_cpu_second"] > 0
    assert "ratio" not in line["figures"]


@pytest.mark.skipif(
    importlib.util.find_spec("weasyprint") is None, reason="the peer is in the bench group: uv sync --group bench"
)
@pytest.mark.filterwarnings("ignore")
def test_the_peer_prints_the_same_slips_in_the_same_run(capsys):
    _, line = run(capsys, "--pages", "4", "--peer-pages", "2")

    figures = line["figures"]
    assert figures["weasyprint_pages"] == 2
    assert figures["ratio"] == pytest.approx(
        figures["souto_pages_per_cpu_second"] / figures["weasyprint_pages_per_cpu_second"], abs=0.1
    )
    assert line["met"] is (figures["ratio"] >= 20)


def test_slips_of_an_instance_are_printed_as_they_are_given(tmp_path, capsys):
    instance = tmp_path / "slips.json"
    given = [{"payer": "桑都 太郎", "amount": 1234, "due": "2026-10-31"}, {"item": "保育料", "barcode": False}]
    instance.write_text(json.dumps(given))

    code, line = run(capsys, "--instance", str(instance), "--peers", "--save", str(tmp_path))

    assert code == 0
    assert line["figures"]["souto_pages"] == 2
    first, second = (
        page.extract_text() for page in pypdf.PdfReader(BytesIO((tmp_path / "souto.pdf").read_bytes())).pages
    )
    assert "桑都 太郎" in first
    assert "1,234円" in first
    assert "令和8年10月31日" in first
    assert "保育料" in second
    assert "(91)" in first
    assert "(91)" not in second


def test_a_shorter_instance_is_repeated(tmp_path):
    instance = tmp_path / "slips.json"
    instance.write_text(json.dumps([{"payer": "甲"}, {"payer": "乙"}]))

    assert [slip.payer for slip in from_file(instance, 5)] == ["甲", "乙", "甲", "乙", "甲"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "at least one slip"),
        ('{"slips": 3}', "at least one slip"),
        ("[{", "Expecting"),
        ('[{}, {"due": "2026-02-30"}]', "slip 2"),
        ('[{"amount": -5}]', "slip 1"),
        ('[{"qr": "123"}]', "slip 1: eL-QR"),
    ],
)
def test_an_instance_that_holds_no_slips_is_refused_with_its_place(tmp_path, capsys, content, said):
    instance = tmp_path / "slips.json"
    instance.write_text(content)

    assert slips.main(["--fonts", str(paper.fonts().folder), "--instance", str(instance)]) == 2
    assert said in capsys.readouterr().err


def test_without_the_peer_the_run_says_so_and_meets_no_aim(capsys, monkeypatch):
    monkeypatch.setattr(slips.slips_weasyprint, "prepare", failing)

    code, line = run(capsys, "--pages", "2")

    assert code == 2
    assert (line["met"], line["figures"]["ratio"], line["figures"]["souto_pages"]) == (False, None, 2)


def test_pages_that_do_not_say_what_their_slips_say_are_found():
    fonts = paper.fonts()
    listed = made_up(2)
    documents = list(render_bulk(listed, fonts))

    assert slips.faults(documents, listed, fonts) == []
    assert slips.faults(documents, made_up(3), fonts) == ["2 pages for 3 slips"]
    wrong = slips.faults(documents, listed[::-1], fonts)
    assert any("QR" in fault for fault in wrong)
    assert any(listed[1].reference in fault for fault in wrong)


def failing(*_arguments):
    raise ValueError("no fonts")


def test_a_contender_that_fails_says_why():
    with pytest.raises(RuntimeError, match="ValueError: no fonts"):
        alone(failing)


def test_without_fonts_nothing_is_measured(tmp_path, capsys):
    assert slips.main(["--fonts", str(tmp_path)]) == 2
    assert "BIZUDPGothic-Regular.ttf" in capsys.readouterr().err
