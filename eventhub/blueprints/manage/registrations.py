"""The tab `registrations` of an event."""
