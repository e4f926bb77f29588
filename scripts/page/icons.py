"""The page's icons as PNGs, of icon.svg; one may be cut to any shape, and so fills its square.

python -m scripts.page.icons
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.page.serving import browser
from voice_glimmer.review.rendering import STATIC

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = (180, 192, 512)
PAGE = "<style>body{{margin:0;background:{}}}svg{{display:block;width:100vw}}</style>{}"


def draw(page: Page, svg: str, size: int, background: str, name: str) -> None:
    """Write an icon of so many pixels."""
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(PAGE.format(background, svg))
    page.screenshot(path=STATIC / name, omit_background=background == "none")


def main() -> None:
    """Write all icons."""
    svg = (STATIC / "icon.svg").read_text("utf-8")
    # Whatever is cut off lies outside a circle of four fifths: https://www.w3.org/TR/appmanifest/
    whole = svg.replace('rx="112"', 'rx="0"').replace("0 0 512 512", "-32 -32 576 576")
    with browser() as opened:
        page = opened.new_page()
        for size in SIZES:
            draw(page, svg, size, "none", f"icon-{size}.png")
        draw(page, whole, 512, "#2b221c", "icon-maskable-512.png")


if __name__ == "__main__":
    main()
