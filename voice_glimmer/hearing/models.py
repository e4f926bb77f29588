"""Finding, checking and loading Vosk models."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.hearing.lean import vosk
from voice_glimmer.hearing.recogniser import Recogniser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

BUNDLED = Path(__file__).parents[1] / "models" / "glimmer-mini-en"
RECOMMENDED = "vosk-model-small-en-us-0.15"
PROBE_SECONDS = 120.0


Model: TypeAlias = vosk.Model

log = logging.getLogger(__name__)
vosk.SetLogLevel(-1)


def find(explicit: Path | None, home: Path, *, wake: bool = True) -> Path:
    """Return the folder of the model to use.

    An explicit one (a flag or a setting) wins; then `VOSK_MODEL_PATH`, `~/.cache/vosk` and
    `/usr/share/vosk`, each either a model or a folder of them; then the bundled one. Among
    several, the recommended small English model comes first, then the others by name. Only
    models that take a grammar at run time are considered there, since the wake phrase needs one;
    without `wake`, an explicit one need not.

    Raises:
        Fault: The explicit folder is not there, is no model, or takes no grammar.
    """
    if explicit is not None:
        if wake or not is_model(explicit):
            _check_layout(explicit)
        return explicit
    for place in places(home):
        try:
            model = next(_models_in(place), None)
        except OSError as error:
            log.warning("no model can be looked for in %s: %s", place, error)
            continue
        if model is not None:
            return model
    _check_layout(BUNDLED)
    return BUNDLED


def places(home: Path) -> list[Path]:
    """Return where models are looked for, each either a model or a folder of them."""
    named = os.environ.get("VOSK_MODEL_PATH")
    return [*([Path(named)] if named else []), cache(home), Path("/usr/share/vosk")]


def cache(home: Path) -> Path:
    """Return where Vosk's own programs keep the models that they fetch."""
    return home / ".cache" / "vosk"


def is_model(path: Path) -> bool:
    """Tell whether a folder looks like a Vosk model."""
    return _graph(path) is not None


def takes_grammar(path: Path) -> bool:
    """Tell whether a folder is a model that can be given a wake phrase at run time."""
    graph = _graph(path)
    return graph is not None and all((graph / name).is_file() for name in ("HCLr.fst", "Gr.fst"))


def load(path: Path, stamps: Path) -> Model:
    """Load a model, having made sure once that it does not bring the program down.

    A damaged file can end the whole process inside Vosk, where no exception reaches us; so a
    model that is new, or whose files changed, is first tried in a process of its own. `stamps`
    is a folder in which models that passed are remembered.

    Raises:
        Fault: The model is damaged.
    """
    once(stamps, "model", files(path), lambda: _probe(path))
    return Model(str(path))


def once(stamps: Path, what: str, facts: Sequence[object], check: Callable[[], object]) -> None:
    """Check what takes long, unless it passed before and nothing has changed since.

    Args:
        stamps: A folder in which is remembered what passed.
        what: Begins the name of the file that remembers it.
        facts: All that it depends on, as JSON can write it.
        check: Raises where it does not pass.
    """
    fingerprint = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    stamp = stamps / f"{what}-{fingerprint[:16]}.json"
    if stamp.exists():
        return
    check()
    try:
        stamps.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps(facts), "utf-8")
    except OSError as error:
        log.info("the %s will be tried again at the next start: %s", what, error)


def files(path: Path) -> list[tuple[str, int, int]]:
    """Return each of a model's files, its bytes, and when it was last changed."""
    found = sorted(file for file in path.rglob("*") if file.is_file())
    return [(str(file), (s := file.stat()).st_size, s.st_mtime_ns) for file in found]


def missing_words(model: Model, phrases: Iterable[str]) -> list[str]:
    """Return the words of these phrases that the model cannot hear, each once, in order."""
    words = dict.fromkeys(word for phrase in phrases for word in phrase.split())
    return [word for word in words if model.vosk_model_find_word(word) < 0]


def require_words(model: Model, phrases: Iterable[str], what: str) -> None:
    """Make sure that every word of these phrases can be heard.

    Raises:
        Fault: It names the words the model lacks; `what` says what the phrases are.
    """
    missing = missing_words(model, phrases)
    if missing:
        words = ", ".join(f'"{word}"' for word in missing)
        raise Fault(
            f"The speech model does not know {words}, so I could never hear {what}. "
            "Please choose other words, or another model."
        )


def _models_in(place: Path) -> Iterator[Path]:
    candidates = [place]
    if place.is_dir():
        english = [p for p in place.iterdir() if re.search(r"(^|-)en(-|$)", p.name)]
        candidates += sorted(english, key=lambda p: (p.name != RECOMMENDED, p.name))
    for candidate in candidates:
        try:
            _check_layout(candidate)
        except Fault:
            continue
        yield candidate


def _check_layout(path: Path) -> None:
    if not path.is_dir():
        raise Fault(f"There is no speech model at {path}. Please check the path.")
    if not is_model(path):
        raise Fault(
            f"The folder {path} is not a Vosk model: final.mdl is missing. "
            f"Please give the folder of an unpacked model, such as {RECOMMENDED}."
        )
    if not takes_grammar(path):
        raise Fault(
            f"The model in {path} cannot be given a wake phrase: it has no HCLr.fst and Gr.fst. "
            f"Please use a small model, such as {RECOMMENDED}."
        )


def _graph(path: Path) -> Path | None:
    """Return where a model has its graph: Vosk knows two layouts, the older without folders."""
    layouts = [(path / "am", path / "graph"), (path, path)]
    return next((graph for am, graph in layouts if (am / "final.mdl").is_file()), None)


def _probe(path: Path) -> None:
    damaged = _damaged_files(path)
    if damaged:
        log.info("checksums differ: %s", ", ".join(damaged))
        raise Fault(_damage(path))
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", "-m", "voice_glimmer.hearing.models", str(path)],
            capture_output=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Fault(_damage(path)) from error
    if done.returncode:
        log.info("the model failed: %s", done.stderr.decode(errors="replace")[-1000:])
        raise Fault(_damage(path))


def _damage(path: Path) -> str:
    return f"The speech model in {path} is damaged or incomplete. Please fetch it again."


def _damaged_files(path: Path) -> list[str]:
    """Return the files that differ from the model's SHA256SUMS, where it has one."""
    sums = path / "SHA256SUMS"
    if not sums.is_file():
        return []
    damaged = []
    for line in sums.read_text("utf-8").splitlines():
        expected, name = line.split(maxsplit=1)
        file = path / name.removeprefix("*")
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != expected:
            damaged.append(name)
    return damaged


def _try_model(path: str) -> None:
    model = Model(path)
    for recogniser in (Recogniser(model), Recogniser(model, ["yes"])):
        for frame in from_samples(np.zeros(RATE, np.int16)):
            recogniser.hear(frame)
        recogniser.finish()


if __name__ == "__main__":
    _try_model(sys.argv[1])
