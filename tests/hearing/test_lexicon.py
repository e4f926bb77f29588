from tests.hearing.conftest import UNKNOWN
from voice_glimmer.hearing.confusion import DAILY
from voice_glimmer.hearing.lexicon import INTERJECTIONS, RAREST, Lexicon


def test_it_tells_what_the_model_knows(everyday: Lexicon):
    assert {"hey", "glimmer", "robin"} <= everyday.known
    assert not set(UNKNOWN) & everyday.known


def test_words_that_were_asked_about_are_there_however_rare(everyday: Lexicon):
    assert set(UNKNOWN) <= set(everyday.zipf)
    assert everyday.zipf["zzyzx"] == 0


def test_common_words_come_first(everyday: Lexicon):
    often = list(everyday.zipf.values())
    assert often == sorted(often, reverse=True)
    assert sum(zipf < RAREST for zipf in often) < 20
    assert min(everyday.zipf[word] for word in INTERJECTIONS) >= DAILY
    assert everyday.zipf["the"] > everyday.zipf["coffee"] > everyday.zipf["glimmer"]
    assert list(everyday.features()) == list(everyday.zipf)


def test_words_can_be_narrowed_down(everyday: Lexicon):
    assert "wren" in everyday.features()
    assert "wren" not in everyday.features(known=True)
    assert set(everyday.features(least=5)) == {
        w for w, often in everyday.zipf.items() if often >= 5
    }


def test_unkind_words_and_lone_letters_are_left_out_unless_asked_about(everyday: Lexicon):
    assert not {"shit", "penis", "b", "u"} & set(everyday.zipf)
    assert {"a", "i", "title", "summer", "murder"} <= set(everyday.zipf)


def test_a_phrase_sounds_like_its_words_in_a_row(everyday: Lexicon):
    assert everyday.phonemes("hey glimmer") == (
        *everyday.sounds["hey"],
        *everyday.sounds["glimmer"],
    )
