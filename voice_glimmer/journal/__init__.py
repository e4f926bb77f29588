"""The journal: what is kept, in SQLite, with recordings beside it."""
