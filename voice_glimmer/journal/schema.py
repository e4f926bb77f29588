"""The journal's tables, as sqlite-utils migrations. A migration that was released never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

if TYPE_CHECKING:
    from sqlite_utils.db import Database

migrations = Migrations("voice_glimmer")


@migrations()
def first_journal(db: Database) -> None:
    """Text, words with times and confidences, time, prompt and recording."""
    db.table("glimmers").create(
        {
            "id": int,
            "text": str,
            "spoken_at": str,
            "utc_offset_minutes": int,
            "duration": float,
            "prompt": str,
            "recording": str,
        },
        pk="id",
        not_null={"text", "spoken_at", "utc_offset_minutes", "duration", "prompt"},
        strict=True,
    )
    db.table("glimmers").create_index(["spoken_at"])
    db.table("glimmers").create_index(["recording"], unique=True)
    db.table("words").create(
        {
            "glimmer_id": int,
            "position": int,
            "word": str,
            "start": float,
            "end": float,
            "confidence": float,
        },
        pk=("glimmer_id", "position"),
        foreign_keys=[("glimmer_id", "glimmers", "id")],
        not_null={"word", "start", "end", "confidence"},
        strict=True,
    )


@migrations()
def words_to_search_by(db: Database) -> None:
    """Index the text by word stems: "robins" finds "robin"."""
    db.table("glimmers").enable_fts(["text"], tokenize="porter", create_triggers=True)


@migrations()
def favourites_tags_and_history(db: Database) -> None:
    """Favourites, tags, deletion that can be undone, and every earlier wording with its words.

    Columns are added, not transformed: a transformed table is a new one, without the triggers that
    keep the search index.
    """
    glimmers = db.table("glimmers")
    glimmers.add_column("favourite", int, not_null_default=0)
    glimmers.add_column("deleted_at", str)
    db.execute("drop index idx_glimmers_spoken_at")
    glimmers.create_index(["deleted_at", "spoken_at"])
    glimmers.create_index(["deleted_at", "favourite", "spoken_at"])
    db.execute(
        "create index idx_glimmers_local_day on glimmers (strftime('%m-%d',"
        " substr(spoken_at, 1, 19), cast(utc_offset_minutes as text) || ' minutes'), spoken_at)"
    )
    db.table("tags").create(
        {"glimmer_id": int, "tag": str},
        pk=("glimmer_id", "tag"),
        foreign_keys=[("glimmer_id", "glimmers", "id")],
        strict=True,
    )
    db.table("tags").create_index(["tag", "glimmer_id"])
    # No `replaced_at`: that wording was taken back, and is kept all the same.
    db.table("wordings").create(
        {
            "id": int,
            "glimmer_id": int,
            "text": str,
            "recording": str,
            "duration": float,
            "replaced_at": str,
        },
        pk="id",
        foreign_keys=[("glimmer_id", "glimmers", "id")],
        not_null={"glimmer_id", "text", "duration"},
        strict=True,
    )
    db.table("wordings").create_index(["glimmer_id"])
    db.table("wordings").create_index(["recording"], unique=True)
    db.table("wording_words").create(
        {
            "wording_id": int,
            "position": int,
            "word": str,
            "start": float,
            "end": float,
            "confidence": float,
        },
        pk=("wording_id", "position"),
        foreign_keys=[("wording_id", "wordings", "id")],
        not_null={"word", "start", "end", "confidence"},
        strict=True,
    )
