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
