import pytest

from voice_glimmer.hearing.confusion import NEAR, SIMILAR, readings
from voice_glimmer.hearing.lexicon import Lexicon


def test_words_that_were_heard_to_wake_the_phrase_come_first(everyday: Lexicon):
    found = [reading.text for reading in readings("hey glimmer", everyday)]
    assert {"hey glamour", "hey clamor", "hey dimmer"} <= set(found[:5])
    assert "hey drummer" in found
    assert not {"hey summer", "hey river", "hey jimmy"} & set(found)


def test_the_nearest_come_first_and_none_is_far(everyday: Lexicon):
    differences = [reading.off for reading in readings("hey robin", everyday)]
    assert differences == sorted(differences)
    assert 0 < differences[0] <= NEAR
    assert differences[-1] <= SIMILAR


def test_other_forms_of_the_word_itself_are_not_listed(everyday: Lexicon):
    found = {reading.text for reading in readings("hey glimmer", everyday)}
    assert not {"hey glimmer", "hey glimmers"} & found


def test_words_that_sound_the_same_are_no_step_away(everyday: Lexicon):
    found = {reading.text: reading for reading in readings("hey mary", everyday)}
    assert found["hey merry"].off == 0
    assert found["hey merry"].everyday


def test_two_words_can_sound_like_others_that_are_cut_elsewhere(everyday: Lexicon):
    found = {reading.text: reading for reading in readings("grey day", everyday)}
    assert found["great a"].everyday


@pytest.mark.parametrize(("text", "known"), [("hey dimmer", False), ("hey glamour", True)])
def test_it_tells_what_the_model_can_hear(everyday: Lexicon, text: str, known: bool):
    found = {reading.text: reading.known for reading in readings("hey glimmer", everyday)}
    assert found[text] is known


def test_a_common_word_in_the_place_of_the_rarest_is_everyday(everyday: Lexicon):
    found = {reading.text: reading.everyday for reading in readings("hey jimmy", everyday)}
    assert found["hey gimme"]
    assert not found["hey genie"]


def test_a_phrase_of_no_sound_is_like_little_else():
    silent = Lexicon({"hm": 3.0, "hey": 4.5}, {"hm": (), "hey": ("h", "eɪ")}, frozenset({"hm"}))
    assert readings("hm", silent) == []
