"""What search engines are told: which pages there are, and which are not for them."""

from datetime import timedelta
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.minutes import MinutesState
from eventhub.models.minutes import Minutes
from tests.factories import MADE_AT, make_event

BASE = "http://127.0.0.1:8000"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_search_engines_find_the_public_pages_only(client: FlaskClient, session: Session) -> None:
    event = make_event(session, slug="publie", state=EventState.CLOSED)
    make_event(session, slug="brouillon", state=EventState.DRAFT)
    session.add(
        Minutes(
            event_id=event.id,
            state=MinutesState.PUBLISHED,
            created_at=MADE_AT,
            updated_at=MADE_AT + timedelta(days=3),
        )
    )
    session.commit()

    answer = client.get("/sitemap.xml")

    found = {
        url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod")
        for url in ET.fromstring(answer.data)  # noqa: S314 - our own
    }
    assert answer.mimetype == "application/xml"
    assert found == {
        f"{BASE}/": None,
        f"{BASE}/comptes-rendus": None,
        f"{BASE}/accessibilite": None,
        f"{BASE}/donnees-personnelles": None,
        f"{BASE}/mentions-legales": None,
        f"{BASE}/evenements/publie": "2026-11-01",
        f"{BASE}/comptes-rendus/publie": "2026-11-04",
    }


def test_robots_are_kept_from_what_is_personal(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "User-agent: *",
        "Disallow: /organisation",
        "Disallow: /mon-inscription",
        "Disallow: /accueil",
        "Disallow: /connexion",
        "Disallow: /api",
        "",
        f"Sitemap: {BASE}/sitemap.xml",
    ]
