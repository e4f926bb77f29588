"""The page behind its door, as browsers on this machine and elsewhere meet it."""

from __future__ import annotations

import re
from contextlib import ExitStack

from starlette.testclient import TestClient

from voice_glimmer.journal import Journal
from voice_glimmer.review.app import build
from voice_glimmer.review.guard import FORM, UPLOAD, Guard, Limits
from voice_glimmer.review.house import House
from voice_glimmer.review.policy import Bound

HERE, THERE = "127.0.0.1", "192.168.1.7"
PORT = 8765
PAGE = "192.168.1.2"
BOUND = Bound("0.0.0.0", PORT, PAGE, ("kitchen.local",), pairs=True)  # noqa: S104


class Door:
    """A page with visitors from several addresses."""

    def __init__(
        self, house: House, bound: Bound = BOUND, form: Limits = FORM, upload: Limits = UPLOAD
    ) -> None:
        Journal(house.place).close()
        self.app = build(house)
        self.guard = Guard(self.app, bound, form=form, upload=upload)
        self._open = ExitStack()
        self.here = self._open.enter_context(self.visitor(HERE, HERE))

    def visitor(self, address: str = THERE, page: str = PAGE) -> TestClient:
        """Return a browser at this address, that opens the page by its own address `page`."""
        return TestClient(
            self.guard,
            base_url=f"http://{page}:{PORT}",
            client=(address, 50_000),
            follow_redirects=False,
        )

    def paired(self, address: str = THERE) -> TestClient:
        """Return a browser on a device that was let in."""
        there = self.visitor(address)
        code = self.app.state.pairing.offer()
        answer = there.post("/pair", data={"csrf": token(there, "/pair"), "code": code})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        return there

    def close(self) -> None:
        self._open.close()


def token(visitor: TestClient, path: str) -> str:
    """Return the token in the forms of a page."""
    found = re.search(r'name="csrf" value="(\w+)"', visitor.get(path).text)
    assert found
    return found[1]
