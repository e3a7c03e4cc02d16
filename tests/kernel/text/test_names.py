import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.text import AgreementLevel, EvidenceKind, VariantSource, names_agree

kanji = st.sampled_from(list("髙高﨑崎𠮷吉邊邉辺齋斎齊斉澤沢國国山田太郎神\ufa19"))
names = st.lists(kanji, min_size=1, max_size=12).map("".join)


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("高崎", "高崎", AgreementLevel.EXACT),
        ("山田　太郎", "山田 太郎", AgreementLevel.SAME_BY_WIDTH),
        ("山田　太郎", "山田太郎", AgreementLevel.SAME_BY_WIDTH),
        (" 山田太郎", "山田太郎", AgreementLevel.SAME_BY_WIDTH),
        ("山田\u200b太郎", "山田太郎", AgreementLevel.SAME_BY_WIDTH),
        ("ﾀｶｻｷ ﾊﾅ", "タカサキ　ハナ", AgreementLevel.SAME_BY_WIDTH),
        ("ｶﾞﾘﾚｵ", "ガリレオ", AgreementLevel.SAME_BY_WIDTH),
        ("ＡＮＮＡ　ＬＥＥ", "Anna Lee", AgreementLevel.SAME_BY_WIDTH),
        ("e\u0301mile", "Émile", AgreementLevel.SAME_BY_WIDTH),
        ("髙﨑", "高崎", AgreementLevel.SAME_BY_VARIANT),
        ("𠮷野", "吉野", AgreementLevel.SAME_BY_VARIANT),
        ("渡邊", "渡辺", AgreementLevel.SAME_BY_VARIANT),
        ("渡邉", "渡邊", AgreementLevel.SAME_BY_VARIANT),
        ("齋藤", "斎藤", AgreementLevel.SAME_BY_VARIANT),
        ("小澤", "小沢", AgreementLevel.SAME_BY_VARIANT),
        ("\ufa19田", "神田", AgreementLevel.SAME_BY_VARIANT),
        ("辻\U000e0100", "辻", AgreementLevel.SAME_BY_VARIANT),
        ("辻\U000e0100", "辻\U000e0101", AgreementLevel.SAME_BY_VARIANT),
        ("斉藤", "斎藤", AgreementLevel.DIFFERENT),
        ("太郎", "太朗", AgreementLevel.DIFFERENT),
        ("さくら", "サクラ", AgreementLevel.DIFFERENT),
        ("山田太郎", "山田太", AgreementLevel.DIFFERENT),
        ("Annalee", "Anna Lee", AgreementLevel.DIFFERENT),
        ("オノ", "オーノ", AgreementLevel.DIFFERENT),
        ("", "山田", AgreementLevel.DIFFERENT),
    ],
)
def test_levels(a, b, level):
    assert names_agree(a, b).level is level
    assert names_agree(b, a).level is level


def test_the_evidence_names_the_rule_for_each_character():
    agreement = names_agree("髙﨑太郎", "高崎太郎")

    assert agreement.agrees
    assert [(one.first, one.second, one.kind) for one in agreement.evidence] == [
        ("髙", "高", EvidenceKind.VARIANT),
        ("﨑", "崎", EvidenceKind.VARIANT),
        ("太", "太", EvidenceKind.IDENTICAL),
        ("郎", "郎", EvidenceKind.IDENTICAL),
    ]
    assert agreement.differences[0].sources == (VariantSource.UNIFICATION, VariantSource.FAMILY_REGISTER)


def test_of_unequal_names_the_evidence_shows_the_place():
    (missing,) = names_agree("山田太一郎", "山田太郎").differences

    assert (missing.first, missing.second, missing.kind) == ("一", "", EvidenceKind.MISSING)


def test_a_substitute_character_of_the_card_needs_a_look():
    agreement = names_agree("山=太郎", "山𣘺太郎", substituted="0100")

    assert agreement.level is AgreementLevel.NEEDS_A_LOOK
    assert not agreement.agrees
    assert agreement.differences[0].kind is EvidenceKind.SUBSTITUTE


def test_a_substitute_character_excuses_no_other_place():
    assert names_agree("山=太郎", "山𣘺太朗", substituted="0100").level is AgreementLevel.DIFFERENT


def test_a_substitute_needs_a_look_even_when_the_form_repeats_it():
    assert names_agree("山=太郎", "山=太郎", substituted="0100").level is AgreementLevel.NEEDS_A_LOOK


@given(names, names)
def test_agreement_does_not_depend_on_the_order(a, b):
    assert names_agree(a, b).level is names_agree(b, a).level


@given(st.text(max_size=30))
def test_a_name_agrees_with_itself_exactly(name):
    agreement = names_agree(name, name)

    assert agreement.level is AgreementLevel.EXACT
    assert "".join(one.first for one in agreement.evidence) == name


@given(st.text(max_size=20), st.text(max_size=20))
def test_only_the_same_code_points_are_exact(a, b):
    assert (names_agree(a, b).level is AgreementLevel.EXACT) == (a == b)


def test_a_text_of_ten_megabytes_is_answered_at_once():
    agreement = names_agree("山" * 10_000_000, "山田")

    assert agreement.level is AgreementLevel.DIFFERENT
