"""Make the weights by which a request that no template knows is told from a glimmer.

    pip install scikit-learn
    python scripts/train_likely.py

It learns from scripts/training/ and from the lists in tests/conversation/said/, but not from
those that the tests and `scripts.bench.unseen` measure with.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from voice_glimmer.conversation import language
from voice_glimmer.conversation.likely import features
from voice_glimmer.conversation.requests import REQUESTS

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
SAID = HERE.parent / "tests" / "conversation" / "said"
MADE = Path(language.__file__).parent / "en" / "likely.json"
SEVERAL = 2
SAMPLES = 1500
SAMPLE_WEIGHT = 0.1
STRENGTH = 3.0
THRESHOLD = 0.4
KIND_SAMPLES = 2500
KIND_SAMPLE_WEIGHT = 0.2
LEAST = 0.03
LEAST_OF_KIND = 0.15
"""Log-odds: a feature that weighs less is left out."""


def columns(path: Path, *wanted: int) -> list[tuple[str, ...]]:
    """Return these columns of a list."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [tuple(row[column] for column in wanted) for row in rows]


def main() -> None:
    """Write the file."""
    requests = [
        *columns(SAID / "requests.tsv", 1, 0),
        *columns(SAID / "more_requests.tsv", 1, 0),
        *((kind.lower(), text) for kind, text in columns(HERE / "training" / "requests.tsv", 0, 1)),
    ]
    glimmers = [
        text
        for path in (
            SAID / "glimmers.txt",
            SAID / "more_glimmers.txt",
            HERE / "training" / "glimmers.txt",
        )
        for (text,) in columns(path, 0)
    ]
    samples = language.load("en").sentences.samples(REQUESTS)
    made = sorted({(each.match.kind.value, each.text) for each in samples})
    # "#" counts the words that no other request has, so a word of one request alone is none.
    texts = [text for _, text in requests]
    counts = Counter(word for text in texts for word in features(text, ()) if " " not in word)
    known = {word for word, count in counts.items() if count >= SEVERAL and word[0] != "#"}
    bias, weights = told_apart(texts, glimmers, [text for _, text in made], known)
    held = {
        "bias": bias,
        "threshold": THRESHOLD,
        "known": sorted(known),
        "weights": weights,
        "kinds": kinds(requests, made, known),
    }
    MADE.write_text(json.dumps(held, indent=0) + "\n", encoding="utf-8")


def told_apart(
    requests: list[str], glimmers: list[str], made: list[str], known: set[str]
) -> tuple[float, dict[str, float]]:
    """Return the bias and the weights that tell requests from glimmers."""
    some = random.Random(1).sample(made, SAMPLES)  # noqa: S311
    vectors = CountVectorizer(analyzer=lambda text: features(text, known), binary=True, min_df=2)
    model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=2000, random_state=1)
    model.fit(
        vectors.fit_transform([*requests, *glimmers, *some]),
        [1] * len(requests) + [0] * len(glimmers) + [1] * len(some),
        [1.0] * (len(requests) + len(glimmers)) + [SAMPLE_WEIGHT] * len(some),
    )
    names = vectors.get_feature_names_out()
    return round(float(model.intercept_[0]), 2), _heavy(names, model.coef_[0], LEAST)


def kinds(
    requests: list[tuple[str, ...]], made: list[tuple[str, ...]], known: set[str]
) -> dict[str, dict[str, float]]:
    """Return what each feature weighs for each kind of request; "" is the kinds' bias."""
    some = random.Random(1).sample(made, KIND_SAMPLES)  # noqa: S311
    both = [*requests, *some]
    vectors = CountVectorizer(analyzer=lambda text: features(text, known), binary=True, min_df=2)
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(
        vectors.fit_transform([text for _, text in both]),
        [kind for kind, _ in both],
        [1.0] * len(requests) + [KIND_SAMPLE_WEIGHT] * len(some),
    )
    found = {"": _heavy(model.classes_, model.intercept_, 0)}
    for name, column in zip(vectors.get_feature_names_out(), model.coef_.T, strict=True):
        if heavy := _heavy(model.classes_, column, LEAST_OF_KIND):
            found[name] = heavy
    return found


def _heavy(names: Iterable[str], weights: Iterable[float], least: float) -> dict[str, float]:
    return {
        name: round(float(weight), 2)
        for name, weight in zip(names, weights, strict=True)
        if math.fabs(weight) >= least
    }


if __name__ == "__main__":
    main()
