"""The report has not one word of the journal in it, whatever is in there."""

import logging
import tempfile
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_glimmer.appliance import doctor, doctor_bundle, doctor_journal, doctor_log
from voice_glimmer.cli.app import LOG_FORM
from voice_glimmer.conversation.events import Word
from voice_glimmer.faults import Fault
from voice_glimmer.journal import Journal
from voice_glimmer.journal.examining import examined
from voice_glimmer.journal.spool import Spool
from voice_glimmer.settings import Origin

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
FORM = "2026-11-26 08:00:00,123 {} {} {}"
SOURCES = ["voice_glimmer.journal.spool", "voice_glimmer.loop"]

WORD = st.text("qxzjkaeiou", min_size=7, max_size=12)
"""Of letters that no report has in this order."""

ALL = ["%s waits in the spool: %s", "the voice failed and is restarted: %s", "%s", "%s: %s", "{}"]


@st.composite
def printed(draw: st.DrawFn, words: list[str]) -> list[str]:
    """Return what a service may have printed and logged while these were said."""
    word = st.sampled_from(words)
    template = draw(st.sampled_from(ALL)).replace("%s", "{}")
    filled = template.format(*(draw(word) for _ in range(2)))
    error = f"[Errno 28] No space left on device: '/home/{draw(word)}/x'"
    return [
        f"You: {' '.join(words)}",
        FORM.format(draw(st.sampled_from(SOURCES)), "ERROR", filled),
        FORM.format(SOURCES[0], draw(word).upper(), "the spool could not be synced: " + error),
        FORM.format(f"voice_glimmer.{draw(word)}", "ERROR", "x"),
        "Traceback (most recent call last):",
        f'  File "/home/{draw(word)}/voice_glimmer/loop.py", line 12, in run',
        f'    raise ValueError("{draw(word)}")',
        f"ValueError: {draw(word)}",
        draw(word),
        f"{draw(word)}: {draw(word)}",
    ]


@settings(max_examples=25)
@given(st.data(), st.lists(WORD, min_size=3, max_size=6))
def test_no_word_of_the_journal_is_in_the_report(data: st.DataObject, words: list[str]):
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / words[0]
        keep(journal, words)
        personal = {str(journal): "JOURNAL", words[0]: "USER"}
        seen = examined(journal)
        found = [*doctor_journal.journal(seen), doctor.disk(0, journal)]
        given = {Origin.FILE: {"input": words[1], "wake_phrases": [words[2]], "rate": 150}}
        lines = data.draw(printed(words))
        report = Path(folder) / "report.zip"
        files = doctor_bundle.contents(found, given, lines, personal)
        doctor_bundle.write(report, {**files, "machine.json": doctor_bundle.machine()})
        with zipfile.ZipFile(report) as bundle:
            told = "".join(name + bundle.read(name).decode() for name in bundle.namelist())
        for word in words:
            assert word not in told.lower()
        assert '"rate"' in told
        assert "1 glimmer" in told


def keep(journal: Path, words: list[str]) -> None:
    """Keep these words in every place that a journal has for words."""
    with closing(Journal(journal)) as book:
        number = book.keep(
            " ".join(words),
            [Word(word, 0.0, 0.1, 0.9) for word in words],
            NOW,
            duration=0.1,
            prompt=" ".join(words),
            name="",
            voice=np.zeros(1_600, np.int16).tobytes(),
            rate=16_000,
        )
        book.tag(number, words[0])
    with closing(Spool(journal, 16_000)) as spool:
        spool.begin(NOW, words[1])
        spool.append(b"\0\0")


def test_what_was_logged_stays_but_for_what_came_from_a_person():
    lines = [
        FORM.format("voice_glimmer.loop", "WARNING", "the microphone has been silent for 1.8 s"),
        FORM.format(
            "voice_glimmer.journal.spool",
            "WARNING",
            "the spool could not be synced: [Errno 28] No space left on device: '/home/anna'",
        ),
        FORM.format("voice_glimmer.loop", "ERROR", "20261126T080000.000000Z waits in the spool: x"),
        FORM.format("voice_glimmer.loop", "ERROR", "anything at all"),
        '  File "/home/anna/voice_glimmer/loop.py", line 12, in run',
        "sqlite3.OperationalError: near anna",
        "OSError: anna",
    ]
    assert list(doctor_log.without_words(lines)) == [
        lines[0],
        FORM.format(
            "voice_glimmer.journal.spool",
            "WARNING",
            "the spool could not be synced: [Errno 28] No space left on device",
        ),
        FORM.format("voice_glimmer.loop", "ERROR", "… waits in the spool: …"),
        FORM.format("voice_glimmer.loop", "ERROR", "…"),
        "  voice_glimmer/loop.py, line 12",
        "  OSError",
    ]


def test_the_log_has_the_form_that_is_looked_for():
    record = logging.LogRecord("voice_glimmer.loop", logging.INFO, "", 1, "%d of them", (3,), None)
    line = logging.Formatter(LOG_FORM).format(record)
    assert list(doctor_log.without_words([line])) == [line.replace("3 of them", "…")]


def test_a_report_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "there.zip").touch()
    with pytest.raises(Fault, match="already"):
        doctor_bundle.write(tmp_path / "there.zip", {})
    with pytest.raises(Fault, match="cannot write"):
        doctor_bundle.write(tmp_path / "no" / "report.zip", {})


def test_the_longest_is_replaced_first_and_only_whole_words_are():
    personal = {"/home/anna": "~", "/home/anna/glimmers": "JOURNAL", "anna": "USER", "": "x"}
    text = "/home/anna/glimmers, /home/anna/x, /media/anna, annalist"
    assert doctor_bundle.redacted(text, personal) == "JOURNAL, ~/x, /media/USER, annalist"
