import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_glimmer.hearing.phonemes import FEATURES, changes, features, nearest, phonemes, syllables

sounds = st.lists(st.sampled_from(sorted(FEATURES)), max_size=12)


def off(one: list[str], other: list[str]) -> int:
    ((_, difference),) = nearest(features(one), {"other": features(other)}, 1)
    return difference


def test_a_transcription_is_taken_apart():
    assert phonemes("kəmpjˈuːɾɚ") == ("k", "ə", "m", "p", "j", "uː", "ɾ", "ɚ")
    assert phonemes("tʃˈɑːɹ dʒ") == ("tʃ", "ɑː", "ɹ", "dʒ")


@given(st.text())
def test_any_text_is_taken_apart(text: str):
    assert set(phonemes(text)) <= set(FEATURES)


@pytest.mark.parametrize(("ipa", "count"), [("", 0), ("hˈeɪ", 1), ("ɡlˈɪmɚ", 2), ("ˈaɪɚlənd", 3)])
def test_syllables_are_counted_by_their_vowels(ipa: str, count: int):
    assert syllables(phonemes(ipa)) == count


@given(sounds, sounds)
def test_a_difference_is_one_both_ways_and_none_from_itself(one: list[str], other: list[str]):
    assert off(one, other) == off(other, one)
    assert off(one, one) == 0
    assert changes(one, one) == 0
    assert off(one, other) <= len(features(one)) + len(features(other))


def test_a_blurred_place_is_less_than_a_changed_voice_and_that_less_than_a_dropped_vowel():
    assert 0 < off(["m"], ["n"]) < off(["d"], ["t"]) < off(["m", "i"], ["m"])


def test_the_nearest_come_first_and_of_equals_the_first():
    near = {word: features(phonemes(word)) for word in ("bæt", "pæt", "mæt", "sɪŋ", "pæt ")}
    found = nearest(features(phonemes("pæt")), near, None)
    assert [word for word, _ in found][:3] == ["pæt", "pæt ", "bæt"]
    assert [difference for _, difference in found] == sorted(d for _, d in found)
    assert len(nearest(features(phonemes("pæt")), near, 2)) == 2
    assert [word for word, _ in nearest(features(phonemes("pæt")), near, None, 0)] == [
        "pæt",
        "pæt ",
    ]
