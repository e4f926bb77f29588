"""What every benchmark does besides measuring."""

import argparse
import json
from pathlib import Path

import pytest

from scripts.bench import report
from tests.bench.conftest import Bench
from voice_glimmer.faults import Fault


def test_figures_are_written_with_what_they_depend_on(tmp_path: Path, capsys):
    out = tmp_path / "out.json"
    report.write(argparse.Namespace(audio=tmp_path, minutes=5, json=out), {"miss": 0.5})
    got = json.loads(out.read_text())
    assert set(got) == {"machine", "date", "options", "figures"}
    assert got["options"] == {"audio": str(tmp_path), "minutes": 5}
    assert got["figures"] == {"miss": 0.5}
    assert capsys.readouterr().out == f"{got['date']}, {got['machine']}\n"


def test_without_a_file_only_the_machine_is_told(tmp_path: Path, capsys):
    report.write(argparse.Namespace(json=None), {"miss": 0.5})
    assert report.machine() in capsys.readouterr().out


def test_whether_a_file_can_be_written_is_tried_without_leaving_one(tmp_path: Path):
    report.check_writable(tmp_path / "new.json")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_old_is_not_emptied_before_there_is_a_new_one(tmp_path: Path):
    (tmp_path / "old.json").write_text("{}")
    report.check_writable(tmp_path / "old.json")
    assert (tmp_path / "old.json").read_text() == "{}"


def test_a_fault_is_its_sentence_and_exit_code_2(capsys):
    with pytest.raises(SystemExit) as ended, report.plain_faults():
        raise Fault("There is no WAV.")
    assert ended.value.code == 2
    assert capsys.readouterr().err == "There is no WAV.\n"


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e9", "soon"])
def test_a_number_with_which_nothing_can_be_measured(text: str):
    with pytest.raises(argparse.ArgumentTypeError, match=f"{text} is not a number from 0.1 to 60"):
        report.number(0.1, 60)(text)


@pytest.mark.parametrize(("text", "number"), [("0.1", 0.1), ("2.5", 2.5), ("60", 60)])
def test_a_number_in_its_limits(text: str, number: float):
    assert report.number(0.1, 60)(text) == number


@pytest.mark.parametrize("name", ["wake", "idle", "dictation", "gate"])
def test_a_file_that_cannot_be_written_is_told_before_the_run(
    bench: Bench, tmp_path: Path, name: str
):
    done = bench(name, "--json", tmp_path / "none" / "out.json")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"I cannot write {tmp_path / 'none' / 'out.json'}: No such file")
