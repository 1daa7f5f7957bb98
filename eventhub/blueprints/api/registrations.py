"""`registrations` of the API."""
