"""Where `voice-glimmer` and `python -m voice_glimmer` begin."""

import signal


def main() -> None:
    """Load the program and run it; until a command begins, Ctrl-C just ends it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from voice_glimmer.cli.app import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
