"""`stats` as a picture, with Matplotlib, which is an extra."""

from __future__ import annotations

import logging
from calendar import day_abbr, month_abbr
from datetime import timedelta
from typing import TYPE_CHECKING

from voice_glimmer.cli.figures import WEEKS, mondays
from voice_glimmer.faults import Fault
from voice_glimmer.journal.formats import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from voice_glimmer.patterns import Patterns

DARKEST = 5
"""A day with as many, or more."""

log = logging.getLogger(__name__)


def draw(found: Patterns, path: Path) -> None:
    """Draw the last year as a calendar, the hours of the day and the months, as a PNG.

    Raises:
        Fault: Matplotlib is not installed, there is something at that path, or it cannot be
            written.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Fault(
            "What draws pictures is not installed. In the folder of Voice Glimmer, "
            "please run: .venv/bin/pip install -e '.[charts]'"
        ) from error
    figure = Figure(figsize=(11, 6), layout="constrained")
    axes = figure.subplot_mosaic([["days", "days"], ["hours", "months"]])
    _calendar(axes["days"], found)
    _bars(axes["hours"], found.by_hour, [f"{hour}" for hour in range(24)], "By the hour")
    _bars(axes["months"], found.by_month, list(month_abbr)[1:], "By the month")
    try:
        with new_file(path) as file:
            figure.savefig(file, format="png", dpi=120)
    except OSError as error:
        log.info("the picture was not written to %s: %s", path, error)
        raise Fault(
            f"I could not write {path}. Please check that there is room, and the folder."
        ) from error


def _calendar(axes: Axes, found: Patterns) -> None:
    axes.set_title("Glimmers by the day", loc="left")
    axes.set_yticks(range(7), list(day_abbr))
    axes.set_xticks([])
    if not found.by_day:
        return
    begins = mondays(max(found.by_day), WEEKS)
    counts = [
        [found.by_day.get(begin + timedelta(days=weekday), 0) for begin in begins]
        for weekday in range(7)
    ]
    axes.pcolormesh(counts, cmap="Greens", vmin=0, vmax=DARKEST, edgecolors="white", linewidth=1)
    axes.invert_yaxis()
    axes.set_aspect("equal")
    axes.set_yticks([weekday + 0.5 for weekday in range(7)], list(day_abbr))
    months = [week for week, begin in enumerate(begins) if begin.day <= 7]
    axes.set_xticks([week + 0.5 for week in months], [month_abbr[begins[w].month] for w in months])
    axes.tick_params(length=0)


def _bars(axes: Axes, counts: tuple[int, ...], labels: list[str], title: str) -> None:
    axes.bar(range(len(counts)), counts, color="seagreen")
    axes.set_title(title, loc="left")
    axes.set_xticks(range(len(counts)), labels, fontsize=8)
    axes.locator_params(axis="y", integer=True)
    axes.spines[["top", "right"]].set_visible(False)
