import io

from rich.console import Console

from voice_glimmer.cli.display import Display
from voice_glimmer.conversation import actions as do


def shown(*, terminal: bool) -> tuple[Display, io.StringIO]:
    written = io.StringIO()
    console = Console(file=written, width=200, force_terminal=terminal)
    display = Display(console, "hey glimmer")
    display.start(asleep=False)
    return display, written


def test_while_the_voice_is_prepared_a_bar_grows_on_the_last_line():
    display, _ = shown(terminal=True)
    display.preparing(50, 100)
    assert str(display._status.status).endswith(" Preparing my voice: ━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄")
    display.preparing(100, 100)
    assert str(display._status.status) == 'Resting. Say "hey glimmer" when you like.'
    display.close()


def test_asleep_it_stays_after_a_reply():
    display, written = shown(terminal=True)
    display.did(do.Listen(do.Ear.WAKE_UP), "", spoken=True)
    display.did(do.Listen(do.Ear.WAKE, asleep=True), "", spoken=True)
    assert written.getvalue().count("Resting") == 1
    assert str(display._status.status) == 'Asleep. Say "hey glimmer", then "wake up".'
    display.preparing(100, 100)
    assert str(display._status.status).startswith("Asleep.")
    display.close()


def test_where_there_is_no_terminal_nothing_is_shown_of_it():
    display, written = shown(terminal=False)
    before = written.getvalue()
    display.preparing(50, 100)
    assert written.getvalue() == before
