"""Pictures of every page, for docs/page.md.

python -m scripts.page.screenshots [--into FOLDER]
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from scripts.page.sample import fill, house
from scripts.page.serving import browser, served
from voice_glimmer.journal import Journal

if TYPE_CHECKING:
    from playwright.sync_api import Page

COLOURS = 96
"""So that a picture is a fifth as large; Pillow comes with Matplotlib."""

PHONE = {"width": 390, "height": 780}
PAGES = {
    "jar": "/",
    "timeline": "/timeline",
    "glimmer": "/glimmers/420",
    "search": "/search?q=last month about the robin",
    "this-day": "/day",
    "year": "/year",
    "hard-day": "/one",
    "add": "/add",
    "add-by-voice": "/add/voice",
    "prompts": "/prompts",
    "settings": "/settings",
    "devices": "/devices",
}
BY_NIGHT = {"jar", "glimmer", "hard-day", "year"}


def shoot(page: Page, address: str, path: Path) -> None:
    """Take a picture of a page on which nothing moves."""
    page.goto(address)
    if words := page.locator("#words span").all():
        words[len(words) // 2].click()
        page.locator("#words .now").wait_for()
    taken = BytesIO(page.screenshot(animations="disabled", full_page="/year" in address))
    Image.open(taken).quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    """Take all pictures."""
    options = argparse.ArgumentParser()
    options.add_argument("--into", type=Path, default=Path("docs/page"))
    into = options.parse_args().into
    into.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser() as opened:
        home = house(Path(folder) / "journal")
        with closing(Journal(home.place)) as journal:
            fill(journal)
        with served(home) as address:
            for scheme, names in (("light", set(PAGES)), ("dark", BY_NIGHT)):
                page = opened.new_page(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")
                for name in sorted(names):
                    ending = "" if scheme == "light" else "-night"
                    shoot(page, address + PAGES[name], into / f"{name}{ending}.png")
                page.close()


if __name__ == "__main__":
    main()
