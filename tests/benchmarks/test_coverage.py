from benchmarks import coverage
from souto.services.transit.coverage import Standard
from tests.samples import samples


def test_a_folder_without_a_city_is_said(capsys, tmp_path):
    assert coverage.main(["--data", str(tmp_path)]) == 2
    assert "population_choume.csv" in capsys.readouterr().err


def test_the_shares_of_area_are_those_of_the_reference(capsys):
    figures = coverage._areas(samples("geo"))

    assert {name: round(figures[f"area_percent_{name}"], 1) for name in coverage.AREA_SHARES} == coverage.AREA_SHARES
    assert "reference" in capsys.readouterr().out


def test_the_whole_city_is_laid_out_and_assessed():
    made = coverage.whole_city(str(samples("geo")), "straight", Standard())()

    assert made["total"] == 559_083
    assert 0.8 < made["people"] / made["total"] < 0.9
    assert made["squares"] > 2_900
