"""Requests and glimmers worded by four writers who had not seen the templates.

Neither the templates nor the weights of likely.toml are to be mended by these sentences: new ones
have to be written then. `without` is the same without the guess, by the templates alone.

    python -m scripts.bench.unseen
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation import language
from voice_glimmer.conversation.machine import request_in
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import Conversation, State

HERE = Path(__file__).with_name("unseen")
GLIMMERS = Path("tests/conversation/said/fresh_glimmers.txt")
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
LISTENING = Conversation(state=State.LISTENING)


def outcome(kind: str, text: str, english: language.Language) -> str:
    """Return what became of what was said; `kind` is empty for a glimmer."""
    draft = ev.Draft(text, (), NOW, "", 0.0)
    request = request_in(LISTENING, ev.Spoke(draft), english)
    if request is None:
        return "kept as a glimmer"
    if request.guess and request.guess.request.kind.name == kind:
        return "was guessed right, and asked"
    if request.guess:
        return "was guessed wrong, and asked"
    if request.kind in {Kind.UNCLEAR, Kind.DOUBTFUL}:
        return "got an open question"
    return "understood" if request.kind.name == kind else "taken for another request"


def main() -> None:
    """Print the table."""
    english = language.load("en")
    without = replace(english, likely=None)
    lists = {
        "requests, first writer": _requests("first"),
        "glimmers, first writer": _glimmers(GLIMMERS),
        "requests, second writer": _requests("second"),
        "glimmers, second writer": _glimmers(HERE / "second_glimmers.txt"),
        "requests, third writer": _requests("third"),
        "glimmers, third writer": _glimmers(HERE / "third_glimmers.txt"),
        "requests, fourth writer": _requests("fourth"),
        "glimmers, fourth writer": _glimmers(HERE / "fourth_glimmers.txt"),
    }
    for name, said in lists.items():
        print(f"{name} ({len(said)})")
        found = Counter(outcome(kind, text, english) for kind, text in said)
        alone = Counter(outcome(kind, text, without) for kind, text in said)
        for what in dict.fromkeys([*found, *alone]):
            with_guess, by_templates = found[what] / len(said), alone[what] / len(said)
            print(f"  {what:30} {with_guess:7.1%}   without {by_templates:7.1%}")


def _requests(writer: str) -> list[list[str]]:
    text = (HERE / f"{writer}_requests.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()]


def _glimmers(path: Path) -> list[list[str]]:
    return [["", line] for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
