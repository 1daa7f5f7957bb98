"""Reads: models or frozen dataclasses out; never a write."""
