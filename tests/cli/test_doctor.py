"""`voice-glimmer doctor` as a person meets it."""

import json
import zipfile
from pathlib import Path

from tests.cli.test_app import refused, run
from tests.cli.test_settings import written


def test_what_is_to_be_mended_and_a_report_without_words(tmp_path: Path):
    run("add", "a zyzzyva on the windowsill", home=tmp_path)
    written(tmp_path, 'rate = 900\nvoice = "xyloid"\n')
    report = tmp_path / "report.zip"
    done = run("doctor", "--no-listen", "--json", "--bundle", str(report), home=tmp_path)
    assert done.returncode == 1, done
    found = {each["what"]: each for each in json.loads(done.stdout)}
    assert "rate is 900" in found["Settings"]["found"]
    assert found["Settings"]["mend"] == "voice-glimmer settings edit"
    assert found["Microphone"]["grade"] == found["Loudspeaker"]["grade"] == "mend"
    assert found["Journal"]["found"] == "It holds 1 glimmer, and is sound."
    for what in ("Python", "Libraries", "Voice", "Wake phrase", "Permissions"):
        assert found[what]["grade"] == "well", found[what]
    with zipfile.ZipFile(report) as bundle:
        told = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert set(told) == {"findings.json", "settings.json", "machine.json", "log.txt"}
    for word in ("zyzzyva", "windowsill", "xyloid", str(tmp_path), tmp_path.name):
        assert word not in "".join(told.values())
    assert "In ~/.config/voice-glimmer/settings.toml: rate is 900" in told["findings.json"]
    assert json.loads(told["settings.json"])["rate"] == {"value": 900, "origin": "file"}
    refused(run("doctor", "--bundle", str(report), home=tmp_path), "already")


def test_a_library_that_cannot_be_loaded_is_a_finding(tmp_path: Path):
    (tmp_path / "vosk.py").write_text("raise OSError('libgomp.so.1: cannot open')")
    done = run("doctor", home=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1, done
    assert "To mend: Libraries. One cannot be loaded: libgomp.so.1: cannot open." in done.stdout
    assert done.stdout.endswith("One thing is to be mended.\n")
    assert not done.stderr
