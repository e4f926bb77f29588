"""Bad input, as a person meets it: the real command, one sentence, exit code 2, no traceback."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from voice_glimmer.hearing import models
from voice_glimmer.journal.presence import Presence, Present
from voice_glimmer.journal.spool import Spool

COMMAND = Path(sys.executable).parent / "voice-glimmer"


def run(
    *arguments: str, home: Path, folder: Path | None = None, typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        input=typed,
        timeout=120,
        cwd=folder,
        env={
            "TMPDIR": str(home),
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "XDG_RUNTIME_DIR": str(home / "no-sound"),
            **environment,
        },
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done
    assert "Traceback" not in done.stdout + done.stderr
    sentences = done.stderr.strip().splitlines()
    assert len(sentences) == 1, done.stderr
    for word in words:
        assert word in sentences[0]


def test_no_microphone(tmp_path: Path):
    refused(run("listen", home=tmp_path), "no microphone", "plug one in")
    refused(run("listen", "--input", "Yeti", home=tmp_path), 'no microphone called "Yeti"')


def test_no_microphone_since_another_listens(tmp_path: Path):
    with closing(Presence(tmp_path)) as presence:
        presence.note(Present.RESTING)
        for command in (
            ("listen", "--or-demo"),
            ("device", "test"),
            ("device", "set", "--input", "Yeti"),
        ):
            done = run(*command, home=tmp_path, VOICE_GLIMMER_JOURNAL=str(tmp_path))
            refused(done, "Another Voice Glimmer already listens", "systemctl stop")


def test_no_microphone_but_the_demo(tmp_path: Path):
    done = run("listen", "--or-demo", home=tmp_path)
    assert done.returncode == 0, done
    assert done.stdout.startswith("I found no microphone.")
    assert "word error rate" in done.stdout


def test_no_model(tmp_path: Path):
    refused(run("demo", "--model", str(tmp_path / "no"), home=tmp_path), "no speech model at")
    refused(run("demo", "--model", str(tmp_path), home=tmp_path), "not a Vosk model")


def test_a_refused_demo_leaves_nothing_in_its_folder(tmp_path: Path):
    into = tmp_path / "demo"
    refused(run("demo", "--into", str(into), "--model", "/no", home=tmp_path), "no speech model")
    assert not into.exists()


def test_a_truncated_model(tmp_path: Path):
    model = shutil.copytree(models.BUNDLED, tmp_path / "model")
    (model / "graph" / "disambig_tid.int").write_bytes(b"")
    refused(run("demo", "--model", str(model), home=tmp_path), "damaged", "fetch it again")


def test_a_journal_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "file").touch()
    refused(run("demo", "--into", str(tmp_path / "file"), home=tmp_path), "cannot write")
    refused(run("demo", "--into", "/proc/demo", home=tmp_path), "cannot write")


def test_a_second_instance(tmp_path: Path):
    folder = tmp_path / "demo" / "journal"
    folder.mkdir(mode=0o700, parents=True)
    spool = Spool(folder, 16_000)
    done = run("demo", "--into", str(tmp_path / "demo"), home=tmp_path)
    refused(done, "Another Voice Glimmer")
    spool.close()


def test_an_unforeseen_fault_is_a_sentence_too(tmp_path: Path):
    (tmp_path / "jiwer.py").write_text("def wer(*_): raise ValueError('unforeseen')")
    done = run("demo", "--into", str(tmp_path / "d"), home=tmp_path, PYTHONPATH=str(tmp_path))
    refused(done, "did not foresee", "with -v")


def test_ctrl_c_while_the_program_loads(tmp_path: Path):
    (tmp_path / "typer.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    done = run("--help", home=tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", ""), done


def test_a_file_of_the_folder_is_not_taken_for_a_library(tmp_path: Path):
    for name in ("pyttsx3", "vosk", "soundfile"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(0)")
    done = run("demo", "--into", "demo", home=tmp_path, folder=tmp_path)
    assert done.returncode == 0, done


def hidden(tmp_path: Path, *libraries: str) -> str:
    """Return a folder for PYTHONPATH that makes loading these libraries fail."""
    (tmp_path / "sitecustomize.py").write_text(
        "import ctypes.util\n"
        "import ctypes, os\n"
        f"hidden = {libraries!r}\n"
        "real = ctypes.CDLL.__init__\n"
        "def init(self, name, *rest, **more):\n"
        "    if name and any(h in str(name) for h in hidden):\n"
        "        raise OSError(f'{name}: cannot open shared object file')\n"
        "    real(self, name, *rest, **more)\n"
        "ctypes.CDLL.__init__ = init\n"
        "find = ctypes.util.find_library\n"
        "ctypes.util.find_library = lambda n: None if any(n in h for h in hidden) else find(n)\n"
    )
    return str(tmp_path)


def test_no_espeak(tmp_path: Path):
    done = run("demo", home=tmp_path, PYTHONPATH=hidden(tmp_path, "libespeak"))
    refused(done, "espeak-ng is missing", "sudo apt install espeak-ng")


def test_no_portaudio(tmp_path: Path):
    done = run("listen", home=tmp_path, PYTHONPATH=hidden(tmp_path, "libportaudio"))
    refused(done, "PortAudio is missing", "sudo apt install libportaudio2")
