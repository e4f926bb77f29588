"""The journal's tables, as sqlite-utils migrations. A migration that was released never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from voice_glimmer.journal.which import LOCAL_DAY

if TYPE_CHECKING:
    from sqlite_utils.db import Database

migrations = Migrations("voice_glimmer")

_WORDS = {"position": int, "word": str, "start": float, "end": float, "confidence": float}
_NEEDED = {"word", "start", "end", "confidence"}


@migrations()
def first_journal(db: Database) -> None:
    """Make the tables.

    `glimmers` are found by the text they have now; `wordings` are those they had, with what was
    said then. What is `uncertain` was said while the time was not known: `boot` and `boot_seconds`
    count it from the machine's start, until it is. `uid` is the same in every journal that a
    glimmer is taken to. What was added after something that was said later has `strayed`; without
    any, numbers are in the order of time. `dictation` is the name the spool had for the voice: what
    is kept twice after a power cut is kept once.
    """
    _recordings(db)
    _glimmers(db)
    _wordings(db)
    db.table("words").create(
        {"glimmer_id": int, **_WORDS},
        pk=("glimmer_id", "position"),
        foreign_keys=[("glimmer_id", "glimmers", "id")],
        not_null=_NEEDED,
        strict=True,
    )
    db.table("wording_words").create(
        {"wording_id": int, **_WORDS},
        pk=("wording_id", "position"),
        foreign_keys=[("wording_id", "wordings", "id")],
        not_null=_NEEDED,
        strict=True,
    )
    db.table("tags").create(
        {"glimmer_id": int, "tag": str},
        pk=("glimmer_id", "tag"),
        foreign_keys=[("glimmer_id", "glimmers", "id")],
        strict=True,
    )
    db.table("tags").create_index(["tag", "glimmer_id"])


def _recordings(db: Database) -> None:
    # The path has the hash of the file's bytes in it.
    db.table("recordings").create(
        {"path": str, "size": int, "rate": int, "duration": float},
        pk="path",
        not_null={"size", "rate", "duration"},
        strict=True,
    )


def _glimmers(db: Database) -> None:
    glimmers = db.table("glimmers")
    glimmers.create(
        {
            "id": int,
            "uid": str,
            "text": str,
            "spoken_at": str,
            "utc_offset_minutes": int,
            "zone": str,
            "uncertain": int,
            "boot": str,
            "boot_seconds": float,
            "source": str,
            "confidence": float,
            "duration": float,
            "prompt": str,
            "recording": str,
            "dictation": str,
            "favourite": int,
            "drawn": int,
            "strayed": int,
            "deleted_at": str,
        },
        pk="id",
        not_null={
            *("uid", "text", "spoken_at", "utc_offset_minutes", "zone", "source"),
            *("uncertain", "duration", "prompt", "favourite", "drawn", "strayed"),
        },
        defaults={"uncertain": 0, "favourite": 0, "drawn": 0, "strayed": 0},
        foreign_keys=[("recording", "recordings", "path")],
        strict=True,
    )
    glimmers.create_index(["uid"], unique=True)
    glimmers.create_index(["dictation"], unique=True)
    glimmers.create_index(["recording"])
    db.execute("create index idx_glimmers_boot on glimmers (boot) where boot is not null")
    glimmers.create_index(["deleted_at", "spoken_at"])
    glimmers.create_index(["deleted_at", "favourite", "spoken_at"])
    db.execute(f"create index idx_glimmers_local_day on glimmers ({LOCAL_DAY}, spoken_at)")
    glimmers.create_index(["spoken_at"])
    db.execute("create index idx_glimmers_strayed on glimmers (strayed) where strayed = 1")
    for event in ("insert", "update of spoken_at"):
        db.execute(
            f"create trigger glimmers_{event.split()[0]}_strays after {event} on glimmers"  # noqa: S608 - ours
            " when exists (select 1 from glimmers where spoken_at > new.spoken_at)"
            " begin update glimmers set strayed = 1 where id = new.id; end"
        )
    # By word stems: "robins" finds "robin"; and "cafe" finds "café".
    glimmers.enable_fts(
        ["text"], tokenize="porter unicode61 remove_diacritics 2", create_triggers=True
    )


def _wordings(db: Database) -> None:
    wordings = db.table("wordings")
    # No `replaced_at`: that wording was taken back, and is kept all the same.
    wordings.create(
        {
            "id": int,
            "glimmer_id": int,
            "text": str,
            "confidence": float,
            "recording": str,
            "dictation": str,
            "duration": float,
            "replaced_at": str,
        },
        pk="id",
        foreign_keys=[("glimmer_id", "glimmers", "id"), ("recording", "recordings", "path")],
        not_null={"glimmer_id", "text", "duration"},
        strict=True,
    )
    wordings.create_index(["glimmer_id"])
    wordings.create_index(["dictation"], unique=True)
    wordings.create_index(["recording"])
