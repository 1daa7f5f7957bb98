"""Bytes out: calendars, tables, QR codes, documents."""
