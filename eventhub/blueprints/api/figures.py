"""`figures` of the API."""
