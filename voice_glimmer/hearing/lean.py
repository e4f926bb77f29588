"""Vosk without what it would fetch models and write subtitles with.

With an HTTP client, a listening process would begin a tenth of a second later, and hold 9 MiB more.
"""

from voice_glimmer.lean import without

with without("requests", "srt", "tqdm", "urllib.request"):
    import vosk

__all__ = ["vosk"]
