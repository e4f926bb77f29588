"""Whether the journal is well (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_glimmer.appliance.doctor import Finding, note, to_mend, well

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_glimmer.faults import Fault
    from voice_glimmer.journal.examining import Examination


def journal(seen: Examination | Fault | None) -> Iterator[Finding]:
    """Judge a journal by its examination, or by why it could not be examined.

    Args:
        seen: None where there is no journal yet.
    """
    if seen is None:
        yield note("Journal", "There is none yet. Your first glimmer makes it.")
    elif isinstance(seen, Exception):
        yield to_mend(
            "Journal",
            str(seen),
            "Nothing can be read or kept before that.",
            "voice-glimmer settings show --origin tells its folder and key; "
            "voice-glimmer restore brings a backup back",
        )
    else:
        yield _health(seen)
        if seen.encrypted:
            yield well("Encryption", "The journal is encrypted, and its key fits.")
        yield from _voices(seen)


def _health(seen: Examination) -> Finding:
    if not seen.sound:
        return to_mend(
            "Journal",
            "It is damaged.",
            "Some glimmers may be unreadable, and more may become so.",
            "voice-glimmer restore",
        )
    if seen.newer:
        return to_mend(
            "Journal",
            "It was written by a newer Voice Glimmer.",
            "I do not touch what I do not know.",
            "git pull, or where pipx installed me: pipx upgrade voice-glimmer",
        )
    count = "1 glimmer" if seen.glimmers == 1 else f"{seen.glimmers} glimmers"
    return well("Journal", f"It holds {count}, and is sound.")


def _voices(seen: Examination) -> Iterator[Finding]:
    if seen.lost:
        yield to_mend(
            "Recordings",
            f"{seen.lost} of {seen.recordings} are not on disk any more. Their words are.",
            "They cannot be played in your own voice.",
            "voice-glimmer restore",
        )
    elif seen.recordings:
        yield well("Recordings", f"All {seen.recordings} are there.")
    if seen.waiting:
        yield note(
            "Spool",
            f"Interrupted, and not yet in the journal: {seen.waiting}.",
            "They are safe. I keep them when I start to listen.",
            "voice-glimmer listen",
        )
