from pathlib import Path

from scripts.bench import together


def test_four_programs_at_one_journal_are_never_refused_and_what_they_did_adds_up(tmp_path: Path):
    done, wrong = together.run(tmp_path, seconds=3)
    assert wrong == []
    # On a slow machine each may have one turn only, and the copy be made before anything is kept.
    assert all(done[what] for what in ("kept", "changed", "searched", "backed up"))
