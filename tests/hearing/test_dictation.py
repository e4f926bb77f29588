import numpy as np
import pytest

from tests.conftest import Person, pause, trimmed
from voice_glimmer.conversation.events import Word
from voice_glimmer.hearing.dictation import (
    WORDLESS,
    Ending,
    Limits,
    Standing,
    Utterance,
    beyond,
    ending,
    ending_pause,
    without_closing,
)
from voice_glimmer.hearing.frames import RATE, Frame, from_samples
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.recogniser import Recogniser

LIMITS = Limits(pause=2.5, patience=10.0, longest=180.0, quick_pause=1.0)


@pytest.mark.parametrize(
    ("standing", "longest_pause", "expected"),
    [
        (Standing.POSSIBLE, 0.0, 2.5),
        (Standing.POSSIBLE, 1.6, 2.5),
        (Standing.POSSIBLE, 2.0, 3.0),
        (Standing.POSSIBLE, 4.9, 5.0),
        (Standing.UNFINISHED, 0.0, 5.0),
        (Standing.UNFINISHED, 4.9, 5.0),
        (Standing.COMPLETE, 4.9, 1.0),
    ],
)
def test_how_long_a_silence_ends_what_was_said(standing, longest_pause, expected):
    assert ending_pause(standing, longest_pause, LIMITS) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("elapsed", "last_change", "last_voice", "expected"),
    [
        (9.9, None, 0.0, None),
        (10.0, None, 0.0, Ending.SILENCE),
        (10.0, None, 9.9, None),
        (13.0, None, 12.9, Ending.SILENCE),
        # Silence counts from the voice, not from the word that came of it.
        (11.4, 9.4, 9.0, None),
        (11.6, 9.4, 9.0, Ending.PAUSE),
        # "Hmm" is a voice.
        (11.5, 9.4, 10.0, None),
        (12.6, 9.4, 10.0, Ending.PAUSE),
        # A word that the gate did not hear counts all the same.
        (11.4, 9.4, 3.0, None),
        (11.6, 9.4, 3.0, Ending.PAUSE),
        # A noise that is taken for a voice brings no words.
        (9.0 + WORDLESS + 2.4, 9.0, 9.0 + WORDLESS + 2.4, None),
        (9.0 + WORDLESS + 2.6, 9.0, 9.0 + WORDLESS + 2.6, Ending.PAUSE),
        (180.0, 179.9, 180.0, Ending.LENGTH),
    ],
)
def test_when_an_utterance_is_over(elapsed, last_change, last_voice, expected):
    assert ending(elapsed, last_change, last_voice, LIMITS.pause, LIMITS) is expected


def dictate(utterance: Utterance, samples) -> Ending | None:
    for frame in from_samples(samples):
        over = utterance.feed(frame)
        if over is not None:
            return over
    return None


def test_silence_after_a_sentence_ends_it(model: Model, person: Person):
    said = person("my neighbor waved at me")
    utterance = Utterance(Recogniser(model), LIMITS)
    over = dictate(utterance, np.concatenate([pause(1), said, pause(6)]))
    assert over is Ending.PAUSE
    assert utterance.elapsed - utterance.words[-1].end == pytest.approx(2.5, abs=0.3)


class OneSentence:
    """A recogniser that hears the same words whatever is said."""

    def hear(self, frame: Frame) -> None:
        pass

    def guess(self) -> str:
        return "my neighbor waved at me"

    def finish(self) -> tuple[Word, ...]:
        return ()


@pytest.mark.parametrize(("hmm", "ends"), [(0.0, 2.6), (2.0, 4.5), (60.0, WORDLESS + 2.5)])
def test_a_voice_without_words_holds_the_end_off_for_a_while(person: Person, hmm, ends):
    talk = trimmed(person("my neighbor waved at me and smiled and i felt at home"))
    hum = np.resize(talk[: len(talk) // 2], round(hmm * RATE))
    utterance = Utterance(OneSentence(), LIMITS)
    assert dictate(utterance, np.concatenate([hum, pause(6)])) is Ending.PAUSE
    assert utterance.elapsed == pytest.approx(ends, abs=0.5)


def test_someone_who_paused_for_long_may_do_so_again(model: Model, person: Person):
    parts = [
        trimmed(person(text))
        for text in ("my neighbor waved at me", "my daughter smiled", "and i felt happy")
    ]
    first, second, third = parts
    utterance = Utterance(Recogniser(model), LIMITS)
    dictate(
        utterance,
        np.concatenate([pause(1), first, pause(2), second, pause(2.8), third, pause(6)]),
    )
    assert utterance.text == "my neighbor waved at me my daughter smiled and i felt happy"


def words(*said: tuple[str, float, float]) -> list[Word]:
    return [Word(text, start, end, 1.0) for text, start, end in said]


HEY = (("hey", 0.3, 0.5), ("glimmer", 0.5, 1.0))


@pytest.mark.parametrize(
    ("heard", "ends", "expected"),
    [
        ([*HEY, ("i", 1.0, 1.1), ("felt", 1.1, 1.4)], 1.0, ["i", "felt"]),
        # The two recognisers do not agree on where the phrase ends.
        ([*HEY, ("i", 1.0, 1.1), ("felt", 1.1, 1.4)], 1.1, ["i", "felt"]),
        ([*HEY, ("i", 1.0, 1.1), ("felt", 1.1, 1.4)], 0.9, ["i", "felt"]),
        # The phrase was heard as something else.
        ([("a", 0.3, 0.5), ("glimpse", 0.5, 1.0), ("i", 1.0, 1.2)], 1.0, ["i"]),
        # Its last sound was heard twice.
        ([*HEY, ("or", 1.0, 1.1)], 0.9, []),
        ([*HEY, ("or", 1.0, 1.1), ("read", 1.6, 1.9)], 0.9, ["read"]),
        ([*HEY, ("help", 1.0, 1.3)], 1.0, ["help"]),
        ([*HEY, ("rain", 1.0, 1.3), ("fell", 1.3, 1.6)], 1.0, ["rain", "fell"]),
        # Its fading was taken for words: they are where hardly anything is heard.
        ([*HEY, ("week", 2.0, 2.3)], 1.0, []),
        ([*HEY, ("and", 2.0, 2.1), ("week", 2.1, 2.35), ("read", 1.5, 1.8)], 1.0, ["read"]),
        # The same words again belong to the glimmer.
        ([*HEY, ("hey", 1.1, 1.3), ("glimmer", 1.3, 1.8)], 1.0, ["hey", "glimmer"]),
        ([("read", 0.2, 0.5)], 0.0, ["read"]),
    ],
)
def test_what_follows_a_wake_phrase(heard, ends, expected):
    def level(start: float, _end: float) -> float:
        return 8_000.0 if start < 2 else 900.0

    left = beyond(words(*heard), "hey glimmer", ends, level)
    assert [word.text for word in left] == expected


def test_word_times_are_those_of_the_recording(model: Model, person: Person):
    first, second = person("my neighbor waved at me"), person("and i felt at home")
    utterance = Utterance(Recogniser(model), LIMITS)
    dictate(utterance, np.concatenate([pause(1), first, pause(2), second, pause(6)]))
    words = {word.text: word for word in utterance.words}
    assert words["my"].start == pytest.approx(1.0, abs=0.4)
    second_at = 1 + len(first) / 16_000 + 2
    assert words["and"].start == pytest.approx(second_at, abs=0.4)
    assert words["home"].end <= second_at + len(second) / 16_000 + 0.2


def test_ten_seconds_of_silence_end_the_waiting(model: Model):
    utterance = Utterance(Recogniser(model), LIMITS)
    assert dictate(utterance, pause(12)) is Ending.SILENCE
    assert utterance.words == ()
    assert utterance.elapsed == pytest.approx(10.0, abs=0.1)


def test_a_whole_request_ends_sooner(model: Model, person: Person):
    said = person("read my last glimmer")
    utterance = Utterance(Recogniser(model), LIMITS, lambda _text: Standing.COMPLETE)
    assert dictate(utterance, np.concatenate([pause(1), said, pause(6)])) is Ending.PAUSE
    assert utterance.elapsed < 1 + len(said) / 16_000 + 2


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the sun was warm that's all", "the sun was warm"),
        ("that's all", ""),
        ("save it", ""),
        ("i could not save it all", "i could not save it all"),
        ("that's all folks", "that's all folks"),
    ],
)
def test_a_closing_is_not_kept(text: str, kept: str):
    assert without_closing(text, ["that's all", "save it"]) == kept
