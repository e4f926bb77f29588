"""End to end: the first steps of an evening, with a microphone and a loudspeaker."""

from contextlib import closing

from tests.e2e.conftest import Kitchen, Program


def test_it_speaks_and_hears_from_the_first_minute(kitchen: Kitchen):
    with closing(Program(kitchen.environment, command=("welcome",))) as welcome:
        shown = welcome.shows("Step 1 of 5: Microphone")
        shown = welcome.shows("I listen for five seconds", shown)
        # Who is in a hurry need not hear it to its end.
        welcome.type("")
        shown = welcome.shows("Now, please.", shown)
        kitchen.loudspeaker.since(kitchen.loudspeaker.mark(), quiet=0.5)
        kitchen.say("good morning")
        shown = welcome.shows("I hear you well.", shown)

        welcome.type("")
        shown = welcome.shows("Step 2 of 5: Loudspeaker", shown)
        mark = kitchen.loudspeaker.mark()
        welcome.type("")
        shown = welcome.shows("Can you hear me?", shown)
        assert "hear me" in kitchen.recognised(kitchen.loudspeaker.since(mark, quiet=1.5))
        welcome.type("y")
        shown = welcome.shows("Good.", shown)
        welcome.type("q")
        welcome.shows("We can go on at any time", shown)
        assert welcome.process.wait(timeout=10) == 0
