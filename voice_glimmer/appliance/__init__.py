"""What a small machine in a kitchen needs."""
