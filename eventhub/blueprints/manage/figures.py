"""The tab `figures` of an event."""
