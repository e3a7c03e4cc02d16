import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from souto.foundation.documents.typesetting import DoesNotFitError, fit, lines_needed, measure
from tests import paper


@pytest.fixture
def fonts():
    return paper.fonts()


def test_kanji_are_one_em_wide_and_latin_letters_are_not(fonts):
    assert measure("八王子", fonts) == pytest.approx(3.0)
    assert 0.1 < measure("i", fonts) < measure("W", fonts) <= 1.0
    assert measure("八\u200b王", fonts) == pytest.approx(2.0)


def test_lines_grow_with_the_text_and_keep_an_em_for_line_breaking_rules(fonts):
    assert lines_needed("山" * 10, 10.0, fonts) == 1
    assert lines_needed("山" * 11, 10.0, fonts) == 2
    assert lines_needed("山" * 18, 10.0, fonts) == 2
    assert lines_needed("山" * 19, 10.0, fonts) == 3


def test_a_word_is_not_broken(fonts):
    assert lines_needed("Bartholomew Bartholomew", 8.0, fonts) == 2
    assert lines_needed("Bartholomew", 4.0, fonts) > 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="山田ABCぁ ", max_size=60), st.floats(5, 40), st.floats(1, 10))
def test_a_wider_box_never_needs_more_lines(fonts, text, width, more):
    assert lines_needed(text, width + more, fonts) <= lines_needed(text, width, fonts)


def test_the_largest_size_that_fits_is_taken(fonts):
    options = ((12.0, 1), (9.0, 2))

    assert fit("山田", 20.0, options, fonts) == 12.0
    assert fit("山田太郎左衛門", 20.0, options, fonts) == 9.0
    with pytest.raises(DoesNotFitError):
        fit("山田太郎左衛門" * 3, 20.0, options, fonts)
