"""`events` of the API."""
