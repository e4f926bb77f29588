import pytest

from voice_glimmer.conversation.language import Language
from voice_glimmer.hearing.rehearing import MOST_CHANGED, Rehearing, changed


@pytest.fixture(scope="module")
def rehearing(language: Language) -> Rehearing:
    return Rehearing(language.sentences)


@pytest.mark.parametrize(
    ("heard", "again"),
    [
        ("a race my last glimmer", "erase my last glimmer"),
        ("how many of them are their about bread", "how many of them are there about bread"),
        ("read us my last glimmer about the see", "read us my last glimmer about the see"),
        ("good i listen to the latest glimmer", "could i listen to the latest glimmer"),
    ],
)
def test_a_request_with_a_misheard_word_is_preferred(rehearing: Rehearing, heard: str, again: str):
    assert rehearing.prefers(heard.split(), again.split())


@pytest.mark.parametrize(
    ("heard", "again"),
    [
        ("a race my last summer", "a race my last summer"),  # no request
        ("i need to just leave", "i need to just breathe"),  # too many letters are others
        ("read my glimmers about bread", "read my glimmers about read"),  # the topic was not heard
        ("read my glimmers or", "read my glimmers our"),  # unclear
        ("", "help"),
    ],
)
def test_anything_else_is_left_as_it_was_heard(rehearing: Rehearing, heard: str, again: str):
    assert not rehearing.prefers(heard.split(), again.split())


@pytest.mark.parametrize(
    ("heard", "worthwhile"),
    [
        ("a race my last glimmer", True),
        ("read my glimmers or something", True),
        ("erase my last glimmer", False),
        ("robins sang outside my window", False),
        ("", False),
    ],
)
def test_time_is_spent_only_on_what_may_be_misheard(
    rehearing: Rehearing, heard: str, worthwhile: bool
):
    assert rehearing.worthwhile(heard.split()) is worthwhile


def test_what_was_heard_can_be_heard_again(rehearing: Rehearing):
    grammar = rehearing.grammar(["reed", "the", "one", "about", "the", "ancient", "robin", "today"])
    assert {"reed", "ancient", "robin", "about the", "about the ancient"} <= {*grammar}
    assert "about the ancient robin" not in grammar
    assert "erase my last glimmer" in grammar
    assert not any(letter.isdigit() for phrase in grammar for letter in phrase)


def test_how_much_is_changed():
    assert changed("arace", "erase") == pytest.approx(2 / 5)
    assert changed("arace", "arace") == 0
    assert changed("", "help") > MOST_CHANGED
