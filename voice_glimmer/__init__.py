"""Voice Glimmer: a hands-free, offline voice journal for small good moments."""
