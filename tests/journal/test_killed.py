from pathlib import Path

from scripts.bench import killed

KEEPING = {"writing the recording", "committing", "committed, not yet told"}


def test_a_program_that_is_killed_at_any_moment_loses_doubles_and_halves_nothing(tmp_path: Path):
    """Forty moments. SIGKILL leaves the page cache as it was: it proves nothing of power cuts."""
    phases, wrong, lacked = killed.run(tmp_path, moments=40, seed=3)
    assert wrong == []
    assert lacked <= 0.5
    assert sum(phases.values()) == 40
    assert {"spooling", "opening for the first time"} <= phases.keys()
    assert KEEPING & phases.keys()
