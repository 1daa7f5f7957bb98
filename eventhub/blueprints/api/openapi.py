"""`openapi` of the API."""
