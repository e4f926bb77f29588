"""Long work, as a bar on the terminal; piped, nothing is shown."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def bar(
    what: str, total: float | None, *, of_bytes: bool = False
) -> Iterator[Callable[[float], None]]:
    """Show a bar while this lasts; yield what is told how much is done.

    Args:
        what: What is being done.
        total: How much there is to do; None where that is not known.
        of_bytes: Whether it is counted in bytes, which are shown then.
    """
    console = Console(stderr=True)
    counted = [DownloadColumn()] if of_bytes else []
    columns = [TextColumn("{task.description}"), BarColumn(), *counted, TimeRemainingColumn()]
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.update(task, completed=done)
