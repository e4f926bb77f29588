"""The page on a port of this machine, and a browser to look at it."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from playwright.sync_api import sync_playwright

from voice_glimmer.review.app import build
from voice_glimmer.review.guard import Guard
from voice_glimmer.review.policy import Bound
from voice_glimmer.review.serving import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from voice_glimmer.review.house import House

FLAGS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
"""Chromium has no sandbox for root, as in containers."""


@contextmanager
def served(house: House) -> Iterator[str]:
    """Serve the page of a house, and yield its address."""
    with opened(Bound("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        guard = Guard(build(house), Bound("127.0.0.1", port))
        server = uvicorn.Server(uvicorn.Config(guard, log_level="critical", lifespan="on"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            # What is asked before it is ready waits in the socket.
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def browser(*flags: str) -> Iterator[Browser]:
    """Open Debian's Chromium, with these flags.

    Raises:
        FileNotFoundError: It is not installed.
    """
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError("This needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        try:
            yield chromium
        finally:
            chromium.close()
