"""The tab `minutes` of an event."""
