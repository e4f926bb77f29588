"""`play`, through a real loudspeaker."""

import signal
from contextlib import closing

from tests.e2e.conftest import Kitchen, Program
from tests.e2e.test_kitchen import END_OF_PROMPT
from tests.journal.kept import keep
from voice_glimmer.journal import Journal


def test_ones_own_voice_is_heard_and_ctrl_c_ends_it_calmly(kitchen: Kitchen):
    with closing(Journal(kitchen.journal)) as journal:
        keep(journal, "the snow", name="a")
        said = kitchen.person("the robin sang in the garden")
        keep(journal, "the robin sang", name="b", voice=said.astype("<i2").tobytes())
    mark = kitchen.loudspeaker.mark()
    program = Program(kitchen.environment, "--journal", str(kitchen.journal), command=("play",))
    try:
        shown = program.shows("the robin sang")
        program.shows("From 1 June", shown)
        program.process.send_signal(signal.SIGINT)
        program.shows("(ended)", shown)
        assert program.process.wait() == 0
        assert not any("Traceback" in line for line in program.lines)
    finally:
        program.close()
    assert "robin" in kitchen.recognised(kitchen.loudspeaker.since(mark, END_OF_PROMPT))
