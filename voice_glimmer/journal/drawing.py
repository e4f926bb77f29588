"""Which glimmers come up when any will do (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random


def draw(turns: Mapping[int, int], random: Random, *, limit: int) -> dict[int, int]:
    """Draw some of these; all come up before one comes again.

    Whoever is behind joins the turn that the others are in: what is new comes up once with them,
    and not as often as they have.

    Args:
        turns: In which turn each was drawn last; 0 for never.
        random: What draws.
        limit: How many at most; each is drawn once.

    Returns:
        Which were drawn, in that order, and in which turn.
    """
    latest = max(turns.values(), default=0)
    behind = [number for number, turn in turns.items() if turn < latest]
    first = random.sample(behind, min(limit, len(behind)))
    others = [number for number, turn in turns.items() if turn == latest]
    more = random.sample(others, min(limit - len(first), len(others)))
    return dict.fromkeys(first, latest) | dict.fromkeys(more, latest + 1)
