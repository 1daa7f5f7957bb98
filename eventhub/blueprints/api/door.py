"""`door` of the API."""
