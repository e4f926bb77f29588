"""Where `voice-glimmer` and `python -m voice_glimmer` begin."""

import gc
import os
import signal


def main() -> None:
    """Load the program and run it; until a command begins, Ctrl-C just ends it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Nothing here multiplies matrices, for which NumPy would start a thread on each core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # It looks through all that is installed for what would extend it.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Nothing that is loaded is garbage; looking for some is a sixth of a short command's time.
    gc.disable()
    from voice_glimmer.cli.app import main as run  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
