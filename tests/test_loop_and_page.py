"""The kitchen and the page at one journal, at the same time."""

from collections.abc import Iterator
from contextlib import closing
from threading import Event, Thread

from tests.conftest import Person
from tests.home import House
from tests.review.conftest import built
from tests.review.door import Door, token
from voice_glimmer.conversation.language import Language
from voice_glimmer.hearing.frames import Frame, Outage
from voice_glimmer.journal.presence import Present, present

ROBIN = "my neighbor waved at me and smiled"


class Visitor(Thread):
    """Somebody who types one glimmer after the other, and looks at it, until told to end."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door
        self._enough = Event()
        self.kept, self.refused = 0, list[int]()

    def run(self) -> None:
        form = {"csrf": token(self._door.here, "/devices")}
        while not self._enough.is_set():
            for answer in (
                self._door.here.post("/add", data={**form, "text": f"a wren {self.kept}"}),
                self._door.here.post("/glimmers/1/favour", data=form),
                self._door.here.get("/"),
            ):
                if answer.status_code >= 400:
                    self.refused.append(answer.status_code)
            self.kept += 1

    def leave(self) -> None:
        self._enough.set()
        self.join(60)


def test_what_is_said_and_what_is_typed_meanwhile_are_both_kept(
    house, person: Person, language: Language
):
    home: House = house(person("hey glimmer"), person(ROBIN), person("yes"))
    folder = home.journal.folder
    seen = dict[Present, None]()

    def frames() -> Iterator[Frame | Outage]:
        for frame in home.room.frames():
            yield frame
            seen[present(folder)] = None

    page = built(folder.parent, language)
    assert page.place == folder
    with closing(Door(page)) as door:
        visitor = Visitor(door)
        visitor.start()
        home.loop.run(frames())
        visitor.leave()
    assert visitor.refused == []
    assert visitor.kept > 3
    assert home.kept.count(ROBIN) == 1
    assert home.journal.count() == visitor.kept + 1
    assert "SaveFailed" not in home.notes.kinds()
    assert list(seen) == [Present.RESTING, Present.LISTENING]
    assert present(folder) is Present.RESTING
