"""The application under load, with one more address: the floor.

The floor is the same server doing one committed insert and answering 200.
"""

from flask import Response, jsonify
from sqlalchemy import insert

from eventhub.app import create_app
from eventhub.extensions import csrf
from eventhub.models.audit import AuditEntry
from eventhub.web.clock import now
from eventhub.web.transactions import write_transaction

app = create_app()


@app.post("/bench/floor")
def floor() -> Response:
    """Insert one row, commit, answer."""
    with write_transaction() as session:
        session.execute(insert(AuditEntry).values(at=now(), action="floor", detail={}))
    return jsonify(ok=True)


csrf.exempt(floor)
