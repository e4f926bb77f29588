"""Requests worded by someone who has not seen the templates: how many are understood.

The templates are not to be mended by these sentences: new ones have to be written then.

    python -m scripts.bench.unseen
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from voice_glimmer.conversation import language
from voice_glimmer.conversation.requests import understand
from voice_glimmer.conversation.sentences import Kind

SAID = Path(__file__).with_name("unseen_requests.tsv")
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def outcome(kind: str, text: str, english: language.Language) -> str:
    """Return what became of a request of this kind."""
    request = understand(text, NOW, english)
    if request is None:
        return "taken for a glimmer"
    if request.kind is Kind.UNCLEAR:
        return "got a question"
    return "understood" if request.kind.name == kind else "taken for another request"


def main() -> None:
    """Print the table."""
    english = language.load("en")
    lines = [line.split("\t") for line in SAID.read_text("utf-8").splitlines()]
    counts = Counter(outcome(kind, text, english) for kind, text in lines)
    for name, count in counts.most_common():
        print(f"{name:26} {count:4} {100 * count / len(lines):5.1f} %")


if __name__ == "__main__":
    main()
