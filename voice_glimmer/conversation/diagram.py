"""The table of transitions as a picture: Mermaid source, as docs/conversation.md shows it."""

from __future__ import annotations

import re

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.machine import ANY, TRANSITIONS, Transition
from voice_glimmer.conversation.state import State

EVERYWHERE = frozenset(State)


def mermaid() -> str:
    """Return the states and what leads from one to another, as Mermaid's `stateDiagram-v2`.

    What leaves the state as it is, and what can happen anywhere, is left out: it would hide the
    rest.
    """
    labels = dict[tuple[str, str], list[str]]()
    for line in TRANSITIONS:
        if frozenset(line.states) == EVERYWHERE:
            continue
        for state in State:
            for to in State:
                if state in line.states and to in line.to and state is not to:
                    labels.setdefault((state.value, to.value), []).append(_label(line))
    edges = [
        f"    {state} --> {to}: {', '.join(dict.fromkeys(said))}"
        for (state, to), said in labels.items()
    ]
    return "\n".join(["stateDiagram-v2", "    direction LR", "    [*] --> resting", *edges, ""])


def _label(line: Transition) -> str:
    kinds = [kind.value.replace("_", " ") for kind in ANY if kind and kind in line.kinds]
    if len(kinds) + 1 == len(ANY):
        return "anything else"
    if kinds:
        return ", ".join(sorted(kinds))
    if line.event is ev.Spoke:
        return "a glimmer"
    if line.event is ev.Answered:
        return "not understood"
    return re.sub(r"(?<!^)(?=[A-Z])", " ", line.event.__name__).lower()
