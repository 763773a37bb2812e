"""Notes: a small sound service."""
