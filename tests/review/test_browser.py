"""The page in a real browser."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.page.sample import fill, house
from scripts.page.serving import browser, served
from tests.conftest import Person, needs, pause
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.journal import Journal

MANY = 70
PATHS = (
    *("/", "/timeline", "/search?q=the robin", f"/glimmers/{MANY}", "/glimmers/1"),
    *(
        "/day",
        "/year",
        "/one",
        "/add",
        "/add/voice",
        "/prompts",
        "/settings",
        "/devices",
        "/offline",
        "/nowhere",
    ),
)
CHECKED = {
    "light": {"rules": {"target-size": {"enabled": True}}},
    "dark": {"runOnly": ["color-contrast"]},
}
HIGHLIGHT_SECONDS = 0.15
ROBIN = "my neighbor waved at me and smiled"


@pytest.fixture(scope="module")
def chromium(person: Person, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Open a browser whose microphone hears a file, from when it is first listened to."""
    needs("chromium", "chromium")
    said = tmp_path_factory.mktemp("said") / "said.wav"
    soundfile.write(said, np.concatenate([pause(1), person(ROBIN), pause(1)]), RATE)
    microphone = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with browser(*microphone, f"--use-file-for-fake-audio-capture={said}") as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a journal of which some are told, changed and tagged."""
    home = house(tmp_path_factory.mktemp("page") / "journal")
    with closing(Journal(home.place)) as journal:
        fill(journal, MANY)
        journal.tag(MANY, "garden")
        journal.reword(MANY, "The first frost on the window.", home.now())
    with served(home) as where:
        yield where


@pytest.fixture
def context(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    opened = chromium.new_context(base_url=address, viewport={"width": 390, "height": 780})
    opened.set_default_timeout(5_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Open a tab, in which no script fails and nothing is against the page's own policy."""
    faults: list[str] = []
    tab = context.new_page()
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on(
        "console",
        lambda said: (
            faults.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    yield tab
    assert faults == []


@pytest.mark.parametrize("path", PATHS)
def test_everybody_can_use_it_by_day_and_by_night_and_on_a_narrow_screen(page: Page, path: str):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    for scheme, options in CHECKED.items():
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, found.generate_report()
    # 320 px is 1280 px at four times the size (WCAG 1.4.10); and then twice the text (1.4.4).
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= 320
    page.set_viewport_size({"width": 640, "height": 640})
    page.add_init_script("document.documentElement.style.fontSize = '225%'")
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    assert page.evaluate(wide) <= 640


def test_the_door_is_for_everybody(chromium: Browser, address: str):
    # What a proxy passes on comes from elsewhere.
    there = chromium.new_context(base_url=address, extra_http_headers={"via": "1.1 elsewhere"})
    page = there.new_page()
    page.goto("/")
    expect(page.get_by_label("Six words")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    there.close()


def test_all_by_keyboard(page: Page):
    page.goto("/add")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="To the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("the sun on my tea")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("article .said")).to_have_text("the sun on my tea")
    stops = []
    while (stop := focused(page)) not in stops:
        stops.append(stop)
        page.keyboard.press("Tab")
    assert all(outline != "none" for _, outline in stops[1:]), stops
    names = [name for name, _ in stops]
    assert {"Make it a favourite", "Add tag", "Change the words", "Delete it"} <= {
        name.strip(" ☆\n") for name in names
    }
    favour = page.locator("#favour")
    favour.focus()
    page.keyboard.press("Enter")
    expect(favour).to_contain_text("No longer a favourite")
    expect(favour).to_be_focused()
    tag = page.get_by_label("A new tag")
    tag.focus()
    for name in ("tea", "sun"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=f"The tag {name}")).to_be_visible()
        expect(tag).to_be_focused()
        expect(tag).to_have_value("")


def focused(page: Page) -> tuple[str, str]:
    return tuple(
        page.evaluate(
            "(e => [e.innerText || e.name || e.tagName, getComputedStyle(e).outlineStyle])"
            "(document.activeElement)"
        )
    )


WATCH = """() => {
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


def lit(page: Page) -> list[tuple[str, float]]:
    """Return which words were lit until the end, each with how many seconds too late."""
    expect(page.locator("body[data-lit]")).to_have_count(1)
    told = page.evaluate("document.body.dataset.lit")
    page.evaluate("delete document.body.dataset.lit")
    return [tuple(each) for each in json.loads(told)]


def test_words_light_up_as_they_are_heard_and_lead_to_where_they_are(page: Page):
    page.goto(f"/glimmers/{MANY - 1}")
    words = page.locator("#words span")
    said = words.all_inner_texts()
    page.evaluate(WATCH)
    words.nth(len(said) - 3).click()
    found = lit(page)
    assert [word for word, _ in found] == said[-3:]
    assert sorted(abs(seconds) for _, seconds in found)[1] <= HIGHLIGHT_SECONDS
    # And by keyboard: the last word, and the one before.
    page.locator("#words").focus()
    for key in ("End", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    assert [word for word, _ in lit(page)] == said[-2:]


def test_older_ones_come_by_themselves_each_once(page: Page):
    page.goto("/timeline")
    entries = page.locator(".glimmers a")
    while page.locator("a.older").count():
        before = entries.count()
        page.locator("a.older").scroll_into_view_if_needed()
        expect(entries).not_to_have_count(before)
    hrefs = entries.evaluate_all("all => all.map((each) => each.href)")
    assert len(hrefs) == len(set(hrefs)) >= MANY
    headings = page.locator("main h2").all_inner_texts()
    assert len(headings) == len(set(headings))


def test_it_is_found_while_it_is_typed(page: Page):
    page.goto("/search")
    page.get_by_label("What would you like to find?").press_sequentially("robins")
    expect(page.locator("#answer .count")).to_contain_text("about robins")
    expect(page.locator("mark").first).to_have_text("robin")
    assert page.url.endswith("/search?q=robins")
    expect(page.get_by_label("What would you like to find?")).to_be_focused()


def test_without_a_script_all_but_the_lights_works(chromium: Browser, address: str):
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/add")
    page.get_by_label("Any small good thing.").fill("a wren sang")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Make it a favourite").click()
    page.get_by_label("A new tag").fill("birds")
    page.get_by_role("button", name="Add tag").click()
    page.get_by_role("link", name="The tag birds").click()
    page.get_by_role("link", name="a wren sang").click()
    page.get_by_text("Change the words").click()
    page.get_by_label("The words").fill("two wrens sang")
    page.get_by_role("button", name="Change it").click()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator("article .said")).to_have_text("two wrens sang")
    expect(page.get_by_role("button", name="No longer a favourite")).to_be_visible()
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("wrens")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="two wrens sang")).to_be_visible()
    page.get_by_role("link", name="Glimmers").click()
    page.get_by_role("link", name="Older ones").click()
    assert "before=" in page.url
    page.goto("/one")
    assert page.locator("audio").get_attribute("controls") is not None
    context.close()


def test_in_two_tabs(context: BrowserContext, page: Page):
    other = context.new_page()
    page.goto("/")
    expect(page.locator("#jar")).to_be_visible()
    other.goto("/add")
    other.get_by_label("Any small good thing.").fill("a heron by the weir")
    other.get_by_role("button", name="Keep").click()
    # Nobody reloads the first.
    expect(page.get_by_role("link", name="a heron by the weir")).to_be_visible()
    page.get_by_role("link", name="a heron by the weir").click()
    other.get_by_role("button", name="Delete it").click()
    expect(other.get_by_role("status")).to_contain_text("It is deleted.")
    page.get_by_text("Change the words").click()
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("h1")).to_have_text(re.compile("may have been deleted"))


def test_the_jar_stands_still_for_whom_motion_is_too_much(page: Page):
    moves = "getComputedStyle(document.querySelector('.jar .today')).animationName"
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")
    assert page.evaluate(moves) == "none"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moves) == "glow"


def test_out_of_reach_it_says_so_without_a_word_of_the_journal(context: BrowserContext, page: Page):
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # From now on all that is asked for passes there.
    page.goto(f"/glimmers/{MANY}")
    page.goto("/")
    context.set_offline(True)
    page.goto("/timeline")
    expect(page.locator("h1")).to_have_text("I am not within reach")
    kept = page.evaluate(
        "caches.keys()"
        ".then((names) => Promise.all(names.map((name) => caches.open(name))))"
        ".then((all) => Promise.all(all.map((each) => each.keys())))"
        ".then((all) => all.flat().map((each) => new URL(each.url).pathname))"
    )
    assert {Path(path).suffix for path in kept} == {"", ".css", ".js", ".svg"}
    assert [path for path in kept if not Path(path).suffix] == ["/offline"]


def test_a_glimmer_is_told_to_the_browser(page: Page):
    page.goto("/add/voice")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("I am listening.")
    page.wait_for_timeout(6_000)  # the person speaks in real time
    page.get_by_role("button", name="Stop, and keep it").click()
    page.wait_for_url("**/glimmers/*", timeout=60_000)
    expect(page.get_by_role("main")).to_contain_text(ROBIN)
    page.goto("/add/voice")
    page.get_by_label("Or choose a recording").set_input_files(__file__)
    expect(page.get_by_role("status")).to_contain_text("cannot be read", timeout=60_000)
