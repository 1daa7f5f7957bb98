from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import make_event, make_registration


def test_factories(client: FlaskClient, session: Session) -> None:
    make_registration(session, make_event(session))
    assert client.get("/nowhere").status_code == 404
