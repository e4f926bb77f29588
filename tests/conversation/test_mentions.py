import pytest

from voice_glimmer.conversation.mentions import Mentions, load, mentioned


def of(*texts: str, code: str = "en", most: int = 9) -> Mentions:
    return mentioned(texts, load(code), most)


def test_a_word_returns_in_two_texts_whatever_it_is_twice_in_one_of_them():
    found = of("a robin, a robin", "the robin sang", "tea tea tea")
    assert found.words == (("robin", 2),)


def test_people_and_places_are_found_in_recognised_speech():
    found = of(
        "my grandma\N{RIGHT SINGLE QUOTATION MARK}s kitchen",
        "both grandmas sang",
        "tea with alice in the gardens",
    )
    assert found.people == (("grandma", 2), ("alice", 1))
    assert found.places == (("garden", 1), ("kitchen", 1))


def test_plurals_are_counted_with_the_others():
    found = of("babies and churches", "a baby in church", "two sisters, in jeans, sang carols")
    assert found.people == (("baby", 2), ("sister", 1))
    assert found.places == (("church", 2),)


def test_a_capital_within_a_sentence_tells_a_name_of_any_kind():
    found = of(
        "Tea with Ada Lovelace, on Tuesday in May. Lovely! I am at home",
        "The train to Kyoto; Grandma came",
        "A Robin Sang In The Garden",
    )
    assert found.names == (("Ada Lovelace", 1), ("Kyoto", 1))
    assert ("grandma", 1) in found.people


def test_in_german_a_capital_tells_nothing():
    found = of("Der Vogel sang im Garten", "Oma und der Vogel", code="de")
    assert (found.names, found.people) == ((), (("oma", 1),))
    assert found.words == (("vogel", 2),)


def test_no_more_than_asked_for_the_commonest_first_then_by_the_alphabet():
    found = of("wren owl tea", "wren owl tea", "wren", most=2)
    assert found.words == (("wren", 3), ("owl", 2))


@pytest.mark.parametrize("code", ["en", "de"])
def test_each_word_is_in_one_list_and_in_lower_case(code: str):
    read = load(code)
    lists = [read.stop, read.people, read.places]
    assert sum(map(len, lists)) == len(frozenset.union(*lists))
    assert all(word == word.lower() for each in lists for word in each)
