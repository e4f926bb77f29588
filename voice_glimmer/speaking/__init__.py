"""Speaking: what is to be said comes in, sound goes out."""
