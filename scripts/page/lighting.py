"""When words light up while a recording plays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_WATCH = """() => {
  const voice = document.getElementById("voice"), found = [];
  new MutationObserver((changes) => {
    for (const { target } of changes)
      if (target.classList.contains("now"))
        found.push([target.textContent, voice.currentTime - Number(target.dataset.start)]);
  }).observe(document.getElementById("words"), { subtree: true, attributeFilter: ["class"] });
  voice.addEventListener("ended", () => {
    document.body.dataset.lit = JSON.stringify(found.splice(0));
  });
}"""

LONGEST_MILLISECONDS = 20_000


def watch(page: Page) -> None:
    """Watch from now on which words of a glimmer's page are lit."""
    page.evaluate(_WATCH)


def lit(page: Page) -> list[tuple[str, float]]:
    """Return which words were lit until the recording ended, each with how many seconds too late.

    By the recording's own time, so that a busy machine is no excuse for anything but late frames.
    """
    page.locator("body[data-lit]").wait_for(timeout=LONGEST_MILLISECONDS)
    told = page.evaluate("document.body.dataset.lit")
    page.evaluate("delete document.body.dataset.lit")
    return [(word, late) for word, late in json.loads(told)]
