"""What is found of what was observed."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from voice_glimmer.appliance import doctor, doctor_journal, doctor_sound, doctor_visit
from voice_glimmer.appliance.doctor import Finding, Grade, Unit
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import RATE, Outage, from_samples
from voice_glimmer.journal.examining import Examination
from voice_glimmer.journal.presence import Presence, Present
from voice_glimmer.settings import Settings

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
HOME = Path("/home/anna/glimmers")
FAULT = Fault("It is not there.")
EXAMINED = {
    "glimmers": 3,
    "sound": True,
    "newer": False,
    "recordings": 3,
    "lost": 0,
    "waiting": 0,
    "newest": NOW,
    "encrypted": False,
}


def journal(**otherwise: object) -> list[Finding]:
    return list(doctor_journal.journal(Examination(**(EXAMINED | otherwise))))


def permissions(**otherwise: bool) -> list[Finding]:
    fine = {"writable": True, "seen_by_others": False, "may_use_sound": True}
    return doctor.permissions(HOME, **(fine | otherwise))


def backups(newest: datetime | None, *, has_journal: bool = True) -> Finding:
    return doctor.backups(HOME, newest, NOW, has_journal=has_journal)


WELL = [
    doctor.settings(""),
    doctor.python((3, 11, 2)),
    doctor.libraries([]),
    doctor.disk(200 * 2**20, HOME),
    doctor.clock(believed=True, synchronised=False),
    *permissions(),
    doctor.service(Unit("active", "enabled"), None),
    doctor.heat(79.0, 0),
    backups(NOW - timedelta(hours=47)),
    backups(None, has_journal=False),
    *journal(encrypted=True),
    doctor_sound.microphone(None, listening=False),
    doctor_sound.loudspeaker(None, listening=False),
    doctor_sound.level(doctor_sound.Level(-60.0, still=False, clipped=0.0)),
    doctor_sound.model("vosk-model-small-en-us-0.15", None, bundled=False),
    doctor_sound.vocabulary(None),
    doctor_sound.requests([]),
    doctor_sound.voice(None),
    doctor_sound.speed(0.3),
]
NOTES = [
    doctor.clock(believed=False, synchronised=False),
    doctor.service(None, None),
    doctor.service(None, Unit("active", "disabled")),
    doctor.heat(60.0, 0x60000),
    doctor.heat(60.0, None),
    doctor.backups(None, None, NOW, has_journal=True),
    *doctor_journal.journal(None),
    journal(waiting=2)[-1],
    doctor_sound.microphone(FAULT, listening=True),
    doctor_sound.switched_off(),
    doctor_sound.loudspeaker(FAULT, listening=True),
    doctor_sound.level(doctor_sound.Level(-30.0, still=False, clipped=0.0)),
    doctor_sound.model("glimmer-mini-en", None, bundled=True),
    doctor_sound.speed(0.7),
    doctor_sound.speed(None),
]
TO_MEND = [
    (doctor.settings("rate is 900."), "rate is 900", "settings edit"),
    (doctor.python((3, 10, 9)), "3.10.9", "apt install"),
    (doctor.libraries(["vosk"]), "vosk", "scripts/start"),
    (doctor.libraries([], "libgomp.so.1"), "libgomp.so.1", "scripts/start"),
    (doctor.disk(199 * 2**20, HOME), "199 MiB", "voice-glimmer empty"),
    (*permissions(writable=False), "cannot write", "chown"),
    (*permissions(seen_by_others=True), "Others", f"chmod -R go= {HOME}"),
    (*permissions(may_use_sound=False), "sound devices", "usermod -aG audio"),
    (doctor.service(Unit("failed", "enabled"), None), "failed", "sudo systemctl restart"),
    (doctor.service(None, Unit("inactive", "enabled")), "does not run", "systemctl --user start"),
    (doctor.heat(None, 0x10000), "too little voltage", "power supply"),
    (doctor.heat(80.0, None), "80 °C", "fan"),
    (doctor.heat(70.0, 0x4), "too hot", "fan"),
    (backups(NOW - timedelta(days=3)), "3 days old", "voice-glimmer backup"),
    (backups(None), "none in", "voice-glimmer backup"),
    (*doctor_journal.journal(FAULT), "It is not there.", "settings show"),
    (journal(sound=False)[0], "damaged", "voice-glimmer restore"),
    (journal(newer=True)[0], "newer", "pull"),
    (journal(lost=2)[1], "2 of 3", "voice-glimmer restore"),
    (doctor_sound.microphone(FAULT, listening=False), "not there", "device list"),
    (doctor_sound.loudspeaker(FAULT, listening=False), "not there", "device list"),
    (doctor_sound.level(None), "No sound", "plug"),
    (doctor_sound.level(doctor_sound.Level(-90.0, still=True, clipped=0.0)), "muted", "alsamixer"),
    (doctor_sound.level(doctor_sound.Level(-5.0, still=False, clipped=0.1)), "clips", "alsamixer"),
    (doctor_sound.model("x", FAULT, bundled=False), "not there", "model list"),
    (doctor_sound.vocabulary(FAULT), "not there", "wake check"),
    (
        doctor_sound.requests(["zwei", "eins"]),
        'lacks 2 of their words, such as "eins"',
        "model list",
    ),
    (doctor_sound.voice(FAULT), "not there", "unset voice"),
    (doctor_sound.speed(1.2), "1.20 s", "smaller model"),
]


@pytest.mark.parametrize("finding", WELL, ids=lambda each: each.what)
def test_what_is_well_needs_neither_a_reason_nor_a_command(finding: Finding):
    assert (finding.grade, finding.why, finding.mend) == (Grade.WELL, "", "")
    assert finding.found.endswith(".")


@pytest.mark.parametrize("finding", NOTES, ids=lambda each: each.what)
def test_what_is_good_to_know_is_no_fault(finding: Finding):
    assert finding.grade is Grade.NOTE
    assert finding.found.endswith(".")


@pytest.mark.parametrize(("finding", "found", "mend"), TO_MEND)
def test_what_is_to_be_mended_says_why_and_how(finding: Finding, found: str, mend: str):
    assert finding.grade is Grade.MEND
    assert found in finding.found
    assert mend in finding.mend
    assert finding.why.endswith(".")


def test_a_unit_is_what_systemctl_says():
    assert doctor.unit("LoadState=not-found\nActiveState=inactive\nUnitFileState=\n") is None
    assert doctor.unit("") is None
    shown = "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n"
    assert doctor.unit(shown) == Unit("active", "enabled")


def test_throttling_is_a_hexadecimal_number():
    assert doctor.throttled("50005\n") == 0x50005
    assert doctor.throttled("") is doctor.throttled("strange") is None


def test_the_level_is_that_of_most_frames():
    noise = np.random.default_rng(0).normal(0, 32_768 * 10 ** (-50 / 20), RATE)
    noise[:1_600] = 32_767  # a dish, for a tenth of the time
    heard = doctor_sound.level_of(list(from_samples(noise.astype(np.int16))))
    assert heard.dbfs == pytest.approx(-50, abs=0.5)
    assert (heard.still, heard.clipped) == (False, 0.1)
    assert doctor_sound.level_of(list(from_samples(np.zeros(RATE, np.int16)))).still
    assert doctor_sound.level_of([]) is None


def test_listening_ends_after_its_time_or_with_the_sound():
    frames = list(from_samples(np.zeros(5 * RATE, np.int16)))
    assert len(doctor_sound.gathered(frames, 3.0)) == 60
    source = iter([*frames[:10], Outage(0.25, 0.75), frames[10], Outage(3.0, 3.5), *frames])
    assert len(doctor_sound.gathered(source, 3.0)) == 11
    assert len(list(source)) == 100


def test_a_microphone_that_the_person_has_switched_off_is_not_opened(tmp_path: Path):
    with closing(Presence(tmp_path)) as listens:
        listens.note(Present.MUTED)
        found = list(doctor_visit._microphone(Settings(journal=tmp_path), 1.0, listening=True))
    assert found == [doctor_sound.switched_off()]
