import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.requests import INTERRUPTIONS
from voice_glimmer.faults import Fault
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, Kind, Prompt, When, load, pieces, plain

CODES = ["en", "de"]
SOFTENED = {"en": "if you like|if it is out", "de": "wenn du magst|wenn sie scheint"}
BIDDING = {
    "en": "breathe|feel|lean|let|listen|look|notice|rest|soften|stretch|take|think|you could",
    "de": "achte|atme|denk|lass (?!dir Zeit)|lausch|lehn|nimm|ruh|schau|spür|streck|du könntest",
}
"""What a breath that asks for something begins with; what asks for nothing needs no softening."""
CLINICAL = {
    "en": r"anxi\w*|calm\w*|mindful\w*|nerv\w*|regulat\w*|stress\w*|therap\w*|trauma\w*|vag\w+",
    "de": r"achtsam\w*|angst|beruhig\w*|nerv\w*|regul\w*|stress\w*|therap\w*|trauma\w*|vag\w+",
}
REPROACH = {
    "en": r"absen\w*|ago|at last|away|days?|finally|long|weeks?|where were",
    "de": r"abwesen\w*|endlich|lange|tage?n?|wo warst|wochen?|zuletzt",
}


def prompts(code: str, *whens: When) -> list[Prompt]:
    return [p for p in load(AUDIO_PROMPTS / f"{code}.toml") if not whens or p.when in whens]


def found(words: str, text: str) -> bool:
    return re.search(rf"\b({words})\b", text, re.IGNORECASE) is not None


@pytest.mark.parametrize("code", CODES)
def test_there_are_enough_for_every_hour_and_season(code: str):
    whens = Counter(prompt.when for prompt in prompts(code))
    assert sum(whens.values()) >= 66
    assert whens.keys() == set(get_args(When))
    assert min(whens.values()) >= 5
    assert {prompt.kind for prompt in prompts(code)} == set(get_args(Kind))


def test_a_language_has_as_many_of_each_as_english():
    def shape(code: str) -> Counter[tuple[str, str]]:
        return Counter((prompt.kind, prompt.when) for prompt in prompts(code))

    assert shape("de") == shape("en")


@pytest.mark.parametrize("code", CODES)
def test_each_has_its_own_breath_and_its_own_question(code: str):
    halves = [plain(prompt.words).rpartition(". ") for prompt in prompts(code)]
    for part in ([breath for breath, _, _ in halves], [question for _, _, question in halves]):
        assert [words for words, times in Counter(part).items() if times > 1] == []


@pytest.mark.parametrize("prompt", [*prompts("en"), *prompts("de")], ids=lambda each: each.id)
def test_the_pause_before_the_question_is_a_breath_and_does_not_sound_like_the_end(prompt: Prompt):
    *_, pause, question = pieces(prompt.words)
    assert isinstance(pause, float)
    assert 1 <= pause < 1.9
    assert isinstance(question, str)
    assert question[0].isupper()


@pytest.mark.parametrize("code", CODES)
def test_what_asks_for_something_leaves_it_to_the_person(code: str):
    words = [prompt.words for prompt in prompts(code)]
    bidding = [each for each in words if re.match(rf"({BIDDING[code]})\b", each, re.IGNORECASE)]
    assert len(bidding) > 15
    assert [each for each in bidding if not found(SOFTENED[code], each)] == []


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_clinical(code: str):
    assert [p.id for p in prompts(code) if found(CLINICAL[code], p.words)] == []


@pytest.mark.parametrize("code", CODES)
def test_none_says_a_word_that_silences_it(code: str):
    sentences = languages.load(code).sentences
    silencing = {sample.text for sample in sentences.samples(INTERRUPTIONS)}
    assert {"en": "stop", "de": "stopp"}[code] in silencing
    said = [p.id for p in prompts(code) if found("|".join(map(re.escape, silencing)), p.words)]
    assert said == []


@pytest.mark.parametrize("code", CODES)
def test_no_welcome_is_a_reproach(code: str):
    assert [p.id for p in prompts(code, "back") if found(REPROACH[code], p.words)] == []


@pytest.mark.parametrize("code", CODES)
def test_the_first_time_one_sentence_explains(code: str):
    for prompt in prompts(code, "first"):
        breath, _, _ = pieces(prompt.words)
        assert isinstance(breath, str)
        assert breath.count(".") == 1
        assert found("glimmer|i keep it for you|ich bewahre ihn auf", breath)


@pytest.mark.parametrize("code", CODES)
def test_the_time_of_day_is_named_only_in_its_hours(code: str):
    named = {"en": "morning|evening|tonight|supper|breakfast", "de": "abend|morgen|vormittag"}[code]
    assert [p.id for p in prompts(code, "any", "first", "back") if found(named, p.words)] == []


def file(folder: Path, *entries: str) -> Path:
    path = folder / "prompts.toml"
    path.write_text("\n".join(f"[[prompt]]\n{entry}" for entry in entries), "utf-8")
    return path


def entry(**other: str) -> str:
    fields = {"id": '"sun"', "kind": '"warmth"', "words": '"Sun.[1.5s] Where was it?"'} | other
    return "\n".join(f"{key} = {value}" for key, value in fields.items() if value)


def test_a_prompt_has_an_hour_and_a_weight_only_where_that_matters(tmp_path: Path):
    (prompt,) = load(file(tmp_path, entry()))
    assert (prompt.when, prompt.weight) == ("any", 1)
    (prompt,) = load(file(tmp_path, entry(when='"evening"', weight="0.5")))
    assert (prompt.when, prompt.weight) == ("evening", 0.5)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"when": '"noon"'}, "when is not .* any, morning, evening"),
        ({"kind": '"cold"'}, "kind is not"),
        ({"kind": ""}, "kind is not"),
        ({"weight": "0"}, "weight is not .* a number above 0"),
        ({"id": '"Sun 2"'}, r"\(Sun 2\), id is not .* small letters"),
        ({"id": ""}, "it has no id"),
        ({"mood": '"calm"'}, "mood is not .* leave it out"),
        ({"words": '"Where was the sun?"'}, "words is not .* one question"),
        ({"words": '"Sun?[1s] Where?"'}, "words is not"),
        ({"words": '"Where was it?[1s] Sun."'}, "words is not"),
        ({"words": '"Where was it?[1s]"'}, "words is not"),
        ({"words": '"[1s] Where was it?"'}, "words is not"),
        ({"words": '""'}, "words is not"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, wrong: dict[str, str], said: str):
    path = file(tmp_path, entry(id='"light"'), entry(**wrong))
    with pytest.raises(Fault, match=rf"prompts.toml, in prompt 2 .*{said}"):
        load(path)


def test_two_of_one_name_are_told(tmp_path: Path):
    with pytest.raises(Fault, match='two prompts have the id "sun"'):
        load(file(tmp_path, entry(), entry()))


@pytest.mark.parametrize(
    "content",
    [b"", b"prompt = 1", b"[[prompt]", b"\xff", b"prompt = ['a']", b"[prompt]\nid = 'a'"],
)
def test_a_file_without_prompts_is_a_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "prompts.toml"
    path.write_bytes(content)
    with pytest.raises(Fault, match=r"prompts\.toml"):
        load(path)


def test_a_missing_file_is_a_sentence(tmp_path: Path):
    with pytest.raises(Fault, match="cannot be read"):
        load(tmp_path / "fr.toml")
