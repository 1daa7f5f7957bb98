"""The tab `door` of an event."""
