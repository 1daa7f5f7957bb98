"""Writes: one use case per function; they take a Session and `now`, flush, and never commit."""
