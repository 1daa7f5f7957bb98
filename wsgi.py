"""The WSGI application, for granian or any other server."""

from eventhub.app import create_app

app = create_app()
