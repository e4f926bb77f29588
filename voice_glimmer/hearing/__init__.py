"""Hearing: sound comes in, events come out."""
