"""The page over a large journal: how soon it is answered, sent and painted, and words are lit.

python -m scripts.bench.page [--glimmers 100000] [--rounds 200]
"""

from __future__ import annotations

import argparse
import http.client
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from scripts.bench.journal import NOW, made
from scripts.bench.report import asked, write
from scripts.page.lighting import lit, watch
from scripts.page.sample import fill, house
from scripts.page.serving import browser, served
from voice_glimmer.journal import Journal
from voice_glimmer.journal.voices import compress

PATHS = {
    "the first page": "/",
    "the timeline": "/timeline",
    "one glimmer": "/glimmers/50000",
    "search, a word of one in 500": "/search?q=word500",
    "search, a word of one in 7": "/search?q=word1",
    "this day": "/day",
    "the year": "/year",
    "a hard day": "/one",
}
SERVER_BAR, BYTES_BAR, PAINT_BAR, LATE_BAR = 30.0, 100 * 1024, 1.0, 150
SPOKEN = 25
SLOWER = 4
LOADS = 7
PAINTED = """() => new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries().at(-1).startTime / 1000)
).observe({ type: "largest-contentful-paint", buffered: true }))"""


def answered(address: str, path: str, rounds: int) -> np.ndarray:
    """Return the milliseconds until an answer was there, and of the processor, shaped (rounds, 2).

    Those of the processor are this client's, too. The first round is not counted.
    """
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    took = []
    for _ in range(rounds + 1):
        begun, worked = time.perf_counter(), time.process_time()
        connection.request("GET", path.replace(" ", "%20"))
        answer = connection.getresponse()
        answer.read()
        took.append((time.perf_counter() - begun, time.process_time() - worked))
        if answer.status != 200:
            raise SystemExit(f"{path} was answered with {answer.status}")
    connection.close()
    return 1000 * np.array(took[1:])


def loaded(address: str) -> tuple[int, float]:
    """Return the bytes of the first page with all that it needs, and the seconds until painted.

    Both of a browser that was never here; the seconds are the median of some loads.
    """
    paints, sizes = [], []
    with browser() as opened:
        for _ in range(LOADS):
            context = opened.new_context(viewport={"width": 390, "height": 780})
            page = context.new_page()
            devtools = context.new_cdp_session(page)
            sent: list[int] = []
            devtools.on(
                "Network.loadingFinished",
                lambda done, to=sent: to.append(done["encodedDataLength"]),
            )
            devtools.send("Network.enable")
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(address, wait_until="load")
            paints.append(page.evaluate(PAINTED))
            sizes.append(int(sum(sent)))
            context.close()
    return max(sizes), float(np.median(paints))


def lateness(folder: Path) -> np.ndarray:
    """Return by how many milliseconds words light up too late, FLAC and Opus, shaped (words,)."""
    late: list[float] = []
    home = house(folder)
    with closing(Journal(home.place)) as journal:
        fill(journal, SPOKEN)
    with browser() as opened:
        page = opened.new_page()
        for _ in range(2):
            with served(home) as address:
                for number in range(SPOKEN - 2, SPOKEN + 1):
                    page.goto(f"{address}/glimmers/{number}")
                    watch(page)
                    page.locator("#words span").first.click()
                    late += [seconds for _, seconds in lit(page)]
            compress(home.place)
    return 1000 * np.array(late)


def main() -> None:
    """Print the figures, each with its bar in brackets."""
    options = argparse.ArgumentParser()
    options.add_argument("--glimmers", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=200)
    chosen = asked(options)
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        home = house(Path(folder) / "journal", now=NOW + timedelta(hours=1))
        made(home.place, chosen.glimmers)
        with served(home) as address:
            for name, path in PATHS.items():
                took = answered(address, path, chosen.rounds)
                most, busy = np.percentile(took, 95, axis=0)
                figures[name] = round(float(most), 1)
                bar = f" ({SERVER_BAR:g})" if path == "/" else ""
                print(f"{name}, 95 %: {most:.1f} ms{bar}; of the processor {busy:.1f} ms")
            size, paint = loaded(address)
        late = np.percentile(lateness(Path(folder) / "spoken"), [50, 95, 100])
    figures |= {"bytes": size, "paint": round(paint, 2), "late": round(float(late[-1]))}
    print(f"first page, all that is sent: {size / 1024:.1f} KiB ({BYTES_BAR // 1024})")
    print(f"largest paint, {SLOWER} times slower: {paint:.2f} s ({PAINT_BAR})")
    told = ", ".join(f"{each:.0f}" for each in late)
    print(f"a word lights up too late, median, 95 % and most: {told} ms ({LATE_BAR})")
    write(chosen, figures)


if __name__ == "__main__":
    main()
