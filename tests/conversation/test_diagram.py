from pathlib import Path

from voice_glimmer.conversation.diagram import mermaid
from voice_glimmer.conversation.machine import TRANSITIONS
from voice_glimmer.conversation.state import State

DOCS = Path(__file__).parents[2] / "docs" / "conversation.md"


def test_the_documented_diagram_is_the_table():
    page = DOCS.read_text("utf-8")
    _, _, rest = page.partition("```mermaid\n")
    shown, _, _ = rest.partition("```")
    assert shown == mermaid(), "bring it in with: voice-glimmer conversation --diagram"


def test_every_state_is_shown_and_left():
    edges = [line.strip() for line in mermaid().splitlines() if "-->" in line]
    for state in State:
        assert [edge for edge in edges if f"--> {state.value}" in edge], state
        assert [edge for edge in edges if edge.startswith(f"{state.value} -->")], state


def test_every_line_of_the_table_counts_somewhere():
    shadowed = [
        line
        for index, line in enumerate(TRANSITIONS)
        if not any(
            not any(
                state in former.states and line.event is former.event and kind in former.kinds
                for former in TRANSITIONS[:index]
            )
            for state in line.states
            for kind in line.kinds
        )
    ]
    assert shadowed == []
