from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from voice_glimmer.speaking.phrasing import AT_ONCE, SENTENCE_PAUSE, phrases


def test_a_short_text_stays_whole():
    assert phrases("I heard you. Shall I keep it?") == ["I heard you. Shall I keep it?"]


def test_a_long_text_is_made_by_its_sentences_with_a_pause_between():
    first = "The robin sang outside my window while I was making the tea and the toast. " * 2
    made = phrases(first + "Then it flew away, and I stood there for a long while. I was glad.")
    assert made == [
        first.strip(),
        SENTENCE_PAUSE,
        "Then it flew away, and I stood there for a long while. I was glad.",
    ]


def test_dictated_words_without_a_mark_are_shared_out_evenly_and_without_a_pause():
    words = "and then the robin came back to the window " * 12
    made = phrases(words)
    assert " ".join(made) == words.strip()
    assert max(map(len, made)) - min(map(len, made)) < AT_ONCE / 2


def test_control_characters_are_not_spoken():
    assert phrases("\x1b[31mred\x00 and\r\n\udcffblue") == ["[31mred and blue"]
    assert phrases("\x00 \n") == phrases("") == []


def test_right_to_left_scripts_and_emoji_come_as_they_are():
    assert phrases("שלום 🙂") == ["שלום 🙂"]


@given(st.text(max_size=2_000))
def test_nothing_is_lost_and_no_piece_is_long(text: str):
    made = phrases(text)
    said = [part for part in made if isinstance(part, str)]
    assert all(0 < len(part) <= AT_ONCE for part in said)
    letters = "".join(said).replace(" ", "")
    assert letters == "".join(phrases_of_any_length(text).split())
    assert not any(isinstance(one, float) and isinstance(two, float) for one, two in pairwise(made))


def phrases_of_any_length(text: str) -> str:
    import unicodedata

    return "".join(" " if unicodedata.category(m) in {"Cc", "Cs"} else m for m in text)
