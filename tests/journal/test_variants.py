import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.kept import keep
from voice_glimmer.journal.glimmers import Which
from voice_glimmer.journal.variants import variants


@pytest.mark.parametrize(
    ("kept_as", "sought"),
    [
        ("the color of the sky", "colour"),
        ("the colours of autumn", "color"),
        ("my neighbour's favourite", "neighbor favorite"),
        ("gray clouds over the theater", "grey theatre"),
        ("we met at the city centre", "center"),
        ("i realised it was spring", "realize"),
        ("mom in her pajamas", "mum pyjamas"),
        ("three robins", "3 robins"),
        ("3 robins", "three"),
        ("she turned twenty five", "25"),
        ("she turned 25 today", "twenty five"),
        ("forty years", "40"),
        ("a café by the sea", "cafe"),
        ("a cafe by the sea", "Café"),
        ("the naïve painter", "naive"),
    ],
)
def test_spellings_of_one_word_find_each_other(journal, kept_as: str, sought: str):
    keep(journal, kept_as, name="")
    keep(journal, "something else", name="")
    assert [each.text for each in journal.find(Which(topic=sought), limit=5)] == [kept_as]


@pytest.mark.parametrize(
    ("kept_as", "sought"),
    [("for her", "four"), ("four of us", "for"), ("25 robins", "five"), ("twenty boats", "25")],
)
def test_other_words_do_not(journal, kept_as: str, sought: str):
    keep(journal, kept_as, name="")
    assert journal.count(Which(topic=sought)) == 0


def test_a_number_of_two_words_is_one_word_with_two_ways():
    assert variants(["twenty", "five", "robins"]) == [["twenty five", "25"], ["robins"]]
    assert variants(["twenty"]) == [["twenty", "20"]]


@given(st.lists(st.from_regex(r"\w{1,9}", fullmatch=True), max_size=6))
def test_no_word_is_lost_and_each_stands_first(words: list[str]):
    ways = variants(words)
    assert " ".join(each[0] for each in ways).split() == " ".join(words).split()


@given(st.text(max_size=40))
def test_whatever_is_sought_is_no_error(text: str):
    condition, values = Which(topic=text).where()
    assert condition.count("?") == len(values)
