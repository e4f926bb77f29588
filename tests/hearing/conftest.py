import pytest

from voice_glimmer.hearing import lexicon
from voice_glimmer.hearing.lexicon import Lexicon
from voice_glimmer.hearing.models import Model

UNKNOWN = ("wren", "peonies", "siri", "zzyzx", "qqq")
"""Words that the bundled model lacks."""


@pytest.fixture(scope="session")
def everyday(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    """Return everyday speech and some odd words, as the real espeak-ng pronounces them."""
    asked = (*UNKNOWN, "murder", "glimmers", "hm", "sh", "x'x")
    return lexicon.load(model, asked, tmp_path_factory.mktemp("pronunciations"))
