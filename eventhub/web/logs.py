"""Structured logs: one JSON object a line, on standard error."""

from flask import Flask


def init_logs(app: Flask, level: str) -> None:
    """Set up."""
