"""The agenda for other programs, over HTTP."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.extensions import db
from tests.blueprints.sign_in import signed_in
from tests.factories import MADE_AT, make_account, make_departement, make_event, make_kind
from tests.query_count import counted_statements

BASE = "http://127.0.0.1:8000"
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/agenda.ics", "/agenda.json", "/agenda.atom")


def parsed(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - our own


def calendar(client: FlaskClient, query: str = "") -> Any:
    return icalendar.Calendar.from_ical(client.get(f"/agenda.ics{query}").data)


def atom(client: FlaskClient, query: str = "") -> ET.Element:
    return parsed(client.get(f"/agenda.atom{query}").data)


def titles(client: FlaskClient, query: str = "") -> dict[str, list[str]]:
    """What each feed tells for one filter."""
    return {
        "ics": [str(entry["SUMMARY"]) for entry in calendar(client, query).events],
        "json": [e["title"]["fr"] for e in client.get(f"/agenda.json{query}").get_json()["events"]],
        "atom": [t.text or "" for t in atom(client, query).iterfind(f"{ATOM}entry/{ATOM}title")],
    }


def test_each_feed_holds_what_the_filter_asks_for(client: FlaskClient, session: Session) -> None:
    indre = make_departement(session, "36", "Indre")
    make_event(session, title="Dans l’Indre", departements=[indre])
    make_event(session, title="Dans le Loiret")

    assert titles(client, "?departement=36") == {
        feed: ["Dans l’Indre"] for feed in ("ics", "json", "atom")
    }


@pytest.mark.parametrize(
    "query",
    [
        "?departement=99",
        "?bassin=%00nulle%0apart",
        "?type=%3Cscript%3E",
        "?mois=0001-01",
        "?mois=2026-13",
        "?mois=9999-12",
        "?mode=%F0%9F%92%A1",
        "?q=%25_%5C" + "x" * 5000,
        "?departement=%ED%A0%80",
        "?q=%E2%80%AEengarts",
    ],
)
def test_an_unknown_value_gives_an_empty_feed_and_no_error(
    client: FlaskClient, session: Session, query: str
) -> None:
    make_event(session)

    assert titles(client, query) == {"ics": [], "json": [], "atom": []}
    assert client.get(f"/agenda.json{query}").get_json() == {
        "total": 0,
        "events": [],
        "after": None,
    }


def test_a_feed_is_named_after_its_filter(client: FlaskClient, session: Session) -> None:
    make_departement(session, "36", "Indre")
    make_kind(session, "trimestrielle", label="Réunion trimestrielle")
    session.commit()

    named = {
        query: str(calendar(client, query)["X-WR-CALNAME"])
        for query in (
            "",
            "?departement=36&type=trimestrielle&mois=2026-12&mode=remote&q=wiki",
            "?departement=99",
        )
    }

    assert named == {
        "": "Agenda de Hub-Lo",
        "?departement=36&type=trimestrielle&mois=2026-12&mode=remote&q=wiki": (
            "Agenda de Hub-Lo\u00a0: Indre, Réunion trimestrielle, décembre 2026, à distance, "
            "«\u00a0wiki\u00a0»"
        ),
        "?departement=99": (
            "Agenda de Hub-Lo\u00a0: département «\u00a099\u00a0» non reconnu (aucun évènement)"
        ),
    }
    assert atom(client).findtext(f"{ATOM}title") == "Agenda de Hub-Lo"
    assert calendar(client, "?departement=36")["SOURCE"] == f"{BASE}/agenda.ics?departement=36"


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_is_read_from_any_site_and_kept_a_while(
    client: FlaskClient, session: Session, feed: str
) -> None:
    make_event(session)

    answer = client.get(feed)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert answer.headers["Content-Type"] == {
        "/agenda.ics": "text/calendar; charset=utf-8",
        "/agenda.json": "application/json",
        "/agenda.atom": "application/atom+xml",
    }[feed].replace("atom+xml", "atom+xml; charset=utf-8")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("feed", [*FEEDS, "/sitemap.xml", "/robots.txt", "/theme.css"])
def test_what_caches_may_share_never_carries_the_cookie_of_who_asks(
    app: Flask, session: Session, feed: str
) -> None:
    someone = signed_in(app, session, make_account(session))

    answer = someone.get(feed)

    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers
    assert "cookie" not in answer.headers.get("Vary", "").lower()
    assert someone.get("/organisation/").status_code == 200


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("feed", FEEDS)
def test_what_has_not_changed_is_not_sent_again(
    client: FlaskClient, session: Session, feed: str, encoding: str
) -> None:
    event = make_event(session, summary="Un texte assez long pour être comprimé. " * 40)
    headers = {"Accept-Encoding": encoding}
    tag = client.get(feed, headers=headers).headers["ETag"]

    again = client.get(feed, headers=headers | {"If-None-Match": tag})
    event.title = "Autre titre"
    event.updated_at += timedelta(hours=1)
    session.commit()
    changed = client.get(feed, headers=headers | {"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200
    body = gzip.decompress(changed.data) if encoding == "gzip" else changed.data
    assert "Autre titre" in body.decode()


@pytest.mark.parametrize("feed", ["/agenda.ics", "/agenda.atom"])
def test_what_has_not_changed_is_not_even_made(
    client: FlaskClient, session: Session, feed: str
) -> None:
    make_event(session)
    tag = client.get(feed).headers["ETag"]

    with counted_statements(db.engine) as statements:
        again = client.get(feed, headers={"If-None-Match": tag})

    assert (again.status_code, len(statements)) == (304, 1)
    assert again.headers["ETag"] == tag
    assert again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("query", ["?departement=45", "?mois=2027-04", "?q=wiki&mode=onsite", ""])
def test_the_feeds_tell_what_the_agenda_lists(
    client: FlaskClient, session: Session, query: str
) -> None:
    indre = make_departement(session, "36", "Indre")
    variants: list[dict[str, Any]] = [
        {},
        {"departements": [indre]},
        {"starts_on": date(2027, 5, 3)},
        {"mode": EventMode.REMOTE, "search_text": "un wiki"},
        {"mode": EventMode.HYBRID, "search_text": "un wiki"},
        {"state": EventState.CANCELLED},
        {"state": EventState.POSTPONED},
        {"state": EventState.DRAFT},
    ]
    for number, values in enumerate(variants):
        make_event(session, title=f"Évènement numéro {number}", **values)

    page = client.get(f"/{query}").text.partition("<main")[2]
    listed = sorted(set(re.findall(r"Évènement numéro \d", page)))

    told = titles(client, query)
    assert {feed: sorted(found) for feed, found in told.items() if feed != "ics"} == {
        "json": listed,
        "atom": listed,
    }
    assert sorted(title.rpartition(": ")[2] for title in told["ics"]) == listed


@pytest.mark.parametrize("feed", ["/agenda.ics", "/agenda.atom"])
def test_a_reader_that_knows_only_dates_hears_of_what_left_its_filter(
    client: FlaskClient, session: Session, feed: str
) -> None:
    indre = make_departement(session, "36", "Indre")
    make_event(session, departements=[indre])
    leaving = make_event(session, title="S’en va", departements=[indre])
    address = f"{feed}?departement=36"
    changed_at = client.get(address).headers["Last-Modified"]
    headers = {"If-Modified-Since": changed_at}

    assert client.get(address, headers=headers).status_code == 304
    leaving.departements = [make_departement(session)]
    leaving.updated_at += timedelta(hours=1)
    session.commit()
    assert client.get(address, headers=headers).status_code == 200


def test_the_json_speaks_as_openagenda_does(client: FlaskClient, session: Session) -> None:
    start = datetime(2027, 3, 27, 8, 15, tzinfo=UTC)
    event = make_event(
        session,
        slug="rencontre",
        title="Rencontre",
        summary="Une phrase.\n\nUne autre.",
        starts_on=date(2027, 3, 27),
        ends_on=date(2027, 3, 28),
        starts_at=start,
        ends_at=datetime(2027, 3, 28, 15, 0, tzinfo=UTC),
        mode=EventMode.HYBRID,
        remote_link="https://visio.example.org/secret",
        address="12 quai du Port-Vieux, 41000 Blois",
        access="Bus 3",
        accessibility="De plain-pied",
        previous_starts_on=date(2027, 3, 1),
    )

    document = client.get("/agenda.json").get_json()

    opening = {"begin": "2027-03-27T09:15:00+01:00", "end": "2027-03-27T17:00:00+01:00"}
    closing = {"begin": "2027-03-28T09:15:00+02:00", "end": "2027-03-28T17:00:00+02:00"}
    assert document == {
        "total": 1,
        "events": [
            {
                "uid": event.id,
                "slug": "rencontre",
                "title": {"fr": "Rencontre"},
                "description": {"fr": "Une phrase. Une autre."},
                "longDescription": {"fr": "Une phrase.\n\nUne autre."},
                "keywords": {"fr": ["Journée"]},
                "conditions": {"fr": "Gratuit"},
                "dateRange": {
                    "fr": "Du samedi\u00a027 au dimanche\u00a028 mars 2027, "
                    "de 9\u00a0h\u00a015 à 17\u00a0h"
                },
                "timings": [opening, closing],
                "firstTiming": opening,
                "lastTiming": closing,
                "timezone": "Europe/Paris",
                "location": {
                    "name": "Halle du Port-Vieux",
                    "address": "12 quai du Port-Vieux, 41000 Blois",
                    "city": "Blois",
                    "postalCode": "41000",
                    "department": "Loiret",
                    "region": "Centre-Val de Loire",
                    "countryCode": "FR",
                    "timezone": "Europe/Paris",
                    "access": {"fr": "Bus 3\n\nDe plain-pied"},
                },
                "attendanceMode": 3,
                "onlineAccessLink": None,
                "status": 2,
                "registration": [
                    {"type": "link", "value": f"{BASE}/evenements/rencontre/inscription"}
                ],
                "links": [{"link": f"{BASE}/evenements/rencontre"}],
                "createdAt": "2026-11-01T08:00:00Z",
                "updatedAt": "2026-11-01T08:00:00Z",
            }
        ],
        "after": None,
    }


@pytest.mark.parametrize(
    ("values", "status", "dated"),
    [
        ({}, 1, True),
        ({"taken_onsite": 40}, 5, True),
        ({"state": EventState.CANCELLED}, 6, True),
        ({"state": EventState.POSTPONED}, 4, False),
        ({"date_precision": DatePrecision.MONTH}, 1, False),
    ],
)
def test_a_date_that_nobody_knows_has_no_timing(
    client: FlaskClient, session: Session, values: dict[str, Any], status: int, dated: bool
) -> None:
    make_event(session, **values)

    (event,) = client.get("/agenda.json").get_json()["events"]

    assert (event["status"], bool(event["timings"])) == (status, dated)
    assert (event["firstTiming"] is not None) is dated
    assert event["dateRange"]["fr"]


def test_the_json_is_read_page_by_page(client: FlaskClient, session: Session) -> None:
    for number in range(5):
        make_event(session, title=str(number), starts_on=date(2027, 4, 8 + number // 3))
    seen: list[str] = []
    query = "?size=2"
    while query:
        document = client.get(f"/agenda.json{query}").get_json()
        assert document["total"] == 5
        seen += [event["title"]["fr"] for event in document["events"]]
        after = document["after"]
        query = f"?size=2&after[]={after[0]}&after[]={after[1]}" if after else ""

    assert seen == ["0", "1", "2", "3", "4"]
    second = client.get("/agenda.json?size=2&from=2").get_json()["events"]
    assert [event["title"]["fr"] for event in second] == ["2", "3"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("size=0", "size"),
        ("size=301", "size"),
        ("size=-1", "size"),
        ("size=1e3", "size"),
        ("size=²", "size"),
        ("size=" + "9" * 400, "size"),
        ("from=10001", "from"),
        ("after[]=2026-12-01", "after"),
        ("after[]=hier&after[]=1", "after"),
        ("after[]=2026-12-01&after[]=" + "9" * 30, "after"),
        ("after[]=2026-12-01&after[]=1&after[]=2", "after"),
    ],
)
def test_an_absurd_page_is_refused_in_words(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/agenda.json?{query}")

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_the_atom_feed_names_and_dates_what_it_must(client: FlaskClient, session: Session) -> None:
    event = make_event(
        session,
        slug="avant",
        title="Trop <b>grand</b> & \x0bbeau",
        summary="<script>alert(1)</script>",
        state=EventState.CANCELLED,
    )
    (before,) = atom(client).iterfind(f"{ATOM}entry")
    event.slug, event.updated_at = "apres", MADE_AT + timedelta(days=1)
    session.commit()
    feed = atom(client)
    (entry,) = feed.iterfind(f"{ATOM}entry")

    assert before.findtext(f"{ATOM}id") == entry.findtext(f"{ATOM}id")
    assert entry.findtext(f"{ATOM}title") == "Trop <b>grand</b> & beau"
    assert entry.findtext(f"{ATOM}content") == "<script>alert(1)</script>"
    assert entry.findtext(f"{ATOM}summary") == (
        "Annulé. Jeudi\u00a08 avril 2027, de 9\u00a0h à 17\u00a0h. Halle du Port-Vieux."
    )
    assert feed.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    assert entry.findtext(f"{ATOM}updated") == "2026-11-02T08:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Hub-Lo"
    links = {link.get("rel"): link.get("href") for link in feed.iterfind(f"{ATOM}link")}
    assert links == {"self": f"{BASE}/agenda.atom", "alternate": f"{BASE}/"}
    (link,) = entry.iterfind(f"{ATOM}link")
    assert link.get("href") == f"{BASE}/evenements/apres"


def test_no_feed_names_a_person_or_gives_the_link_to_join(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, remote_link="https://visio.example.org/secret", note="Note interne")

    for feed in FEEDS:
        body = client.get(feed).text
        for hidden in ("Nadège", "nadege@", "secret", "Note interne"):
            assert hidden not in body


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_takes_as_many_statements_for_three_events_as_for_one(
    client: FlaskClient, session: Session, feed: str
) -> None:
    def read() -> int:
        session.expunge_all()
        with counted_statements(db.engine) as statements:
            assert client.get(f"{feed}?departement=45").status_code == 200
        return len(statements)

    make_event(session)
    one = read()
    make_event(session)
    make_event(session)
    assert read() == one <= 5
