"""Make the weights by which a request that no template knows is told from a glimmer.

    pip install scikit-learn
    python scripts/train_likely.py

It learns from scripts/training/ and from the lists in tests/conversation/said/, but not from
those that the tests and `scripts.bench.unseen` measure with.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from pathlib import Path

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from voice_glimmer.conversation import language
from voice_glimmer.conversation.likely import features
from voice_glimmer.conversation.requests import REQUESTS

HERE = Path(__file__).parent
SAID = HERE.parent / "tests" / "conversation" / "said"
MADE = Path(language.__file__).parent / "en" / "likely.toml"
SEVERAL = 2
SAMPLES = 1500
SAMPLE_WEIGHT = 0.1
STRENGTH = 3.0
THRESHOLD = 0.4
LEAST = 0.03
"""Log-odds: a feature that weighs less is left out."""


def lines(path: Path, column: int = 0) -> list[str]:
    """Return a column of a list."""
    return [line.split("\t")[column] for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    """Write the file."""
    requests = [
        *lines(SAID / "requests.tsv"),
        *lines(SAID / "more_requests.tsv"),
        *lines(HERE / "training" / "requests.tsv", 1),
    ]
    glimmers = [
        *lines(SAID / "glimmers.txt"),
        *lines(SAID / "more_glimmers.txt"),
        *lines(HERE / "training" / "glimmers.txt"),
    ]
    made = sorted({each.text for each in language.load("en").sentences.samples(REQUESTS)})
    made = random.Random(1).sample(made, SAMPLES)  # noqa: S311
    # "#" counts the words that no other request has, so a word of one request alone is none.
    counts = Counter(word for text in requests for word in features(text, ()) if " " not in word)
    known = {word for word, count in counts.items() if count >= SEVERAL and word[0] != "#"}
    texts = [*requests, *glimmers, *made]
    vectors = CountVectorizer(analyzer=lambda text: features(text, known), binary=True, min_df=2)
    model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=2000, random_state=1)
    model.fit(
        vectors.fit_transform(texts),
        [1] * len(requests) + [0] * len(glimmers) + [1] * len(made),
        [1.0] * (len(requests) + len(glimmers)) + [SAMPLE_WEIGHT] * len(made),
    )
    weights = {
        name: weight
        for name, weight in zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
        if math.fabs(weight) >= LEAST
    }
    with MADE.open("w", encoding="utf-8") as file:
        file.write("# Made by scripts/train_likely.py; what it means, likely.py says.\n")
        file.write(f"bias = {model.intercept_[0]:.2f}\nthreshold = {THRESHOLD}\n")
        listed = ", ".join(f'"{word}"' for word in sorted(known))
        file.write(f"known = [{listed}]\n\n[weights]\n")
        file.writelines(f'"{name}" = {weight:.2f}\n' for name, weight in weights.items())


if __name__ == "__main__":
    main()
