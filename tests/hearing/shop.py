"""A place on loopback that models are fetched from, and that fails in the ways of real ones."""

from __future__ import annotations

import hashlib
import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FILES = {
    "am/final.mdl": bytes(range(256)) * 2_000,
    "graph/HCLr.fst": b"h" * 9,
    "graph/Gr.fst": b"g" * 9,
}
NAME = "vosk-model-small-en-us-0.15"


def packed(files: dict[str, bytes], name: str = NAME) -> bytes:
    """Return an archive with these files in a folder of this name, not compressed."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for path, content in files.items():
            zipped.writestr(f"{name}/{path}", content)
    return archive.getvalue()


@dataclass
class Shop:
    """What it sells, and how it behaves.

    Attributes:
        archive: What is sent.
        listed: What the list says of it; None for what is so.
        cuts: Bytes after which the first answers break off.
        ranges: Whether it knows ranges.
        asked: The ranges that were asked for, None for the whole.
        before: Called before each answer of the archive.
    """

    archive: bytes = field(default_factory=lambda: packed(FILES))
    listed: list[dict] | bytes | None = None
    cuts: list[int] = field(default_factory=list)
    ranges: bool = True
    fails: list[int] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    base: str = ""

    def list(self) -> bytes:
        if isinstance(self.listed, bytes):
            return self.listed
        return json.dumps(self.listed or [self.offer()]).encode()

    def offer(self, **other: object) -> dict:
        return {
            "lang": "en-us",
            "name": NAME,
            "url": f"{self.base}/{NAME}.zip",
            "size": len(self.archive),
            "md5": hashlib.md5(self.archive, usedforsecurity=False).hexdigest(),
            "obsolete": "false",
        } | other


@contextmanager
def opened(shop: Shop) -> Iterator[Shop]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith(".json"):
                self._send(200, shop.list())
                return
            wanted = self.headers["Range"]
            shop.asked.append(wanted)
            shop.before()
            if shop.fails:
                self._send(shop.fails.pop(0), b"")
                return
            start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1]) if wanted and shop.ranges else 0
            if start >= len(shop.archive):
                self._send(416, b"")
            elif start:
                ranged = f"bytes {start}-{len(shop.archive) - 1}/{len(shop.archive)}"
                self._send(206, shop.archive[start:], ranged)
            else:
                self._send(200, shop.archive)

        def _send(self, status: int, content: bytes, ranged: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if ranged:
                self.send_header("Content-Range", ranged)
            self.end_headers()
            cut = shop.cuts.pop(0) if shop.cuts and not self.path.endswith(".json") else None
            self.wfile.write(content[:cut])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # who was given up on hangs up
    shop.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
