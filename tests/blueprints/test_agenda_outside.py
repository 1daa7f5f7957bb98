"""What the agenda's pages offer to other programs, and the month to print."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy.orm import Session

from eventhub.domain.event import DatePrecision, EventState
from eventhub.extensions import db
from eventhub.web.clock import now
from tests.factories import make_departement, make_event
from tests.query_count import counted_statements

BASE = "http://127.0.0.1:8000"


def text_of(html: str) -> str:
    """What a reader sees, on one line, without the head of the page."""
    body = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(Markup(re.sub(r"<[^>]+>", " ", body)).unescape().split())  # noqa: S704 - read, never shown


def data_of(html: str) -> list[Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return [json.loads(text) for text in found]


def meta_of(html: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', html)
    return {name: Markup(text).unescape() for name, text in found}  # noqa: S704 - read, never shown


def addresses(html: str) -> dict[str, str]:
    found = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', html)
    return {kind: Markup(url).unescape() for kind, url in found}  # noqa: S704 - read, never shown


def test_the_agenda_offers_its_feeds_with_the_filter_in_force(
    client: FlaskClient, session: Session
) -> None:
    make_departement(session, "36", "Indre")
    session.commit()

    html = client.get("/?departement=36&q=caf%C3%A9+IA").text

    query = "departement=36&q=caf%C3%A9+IA"
    assert addresses(html) == {
        "text/calendar": f"{BASE}/agenda.ics?{query}",
        "application/atom+xml": f"{BASE}/agenda.atom?{query}",
        "application/json": f"{BASE}/agenda.json?{query}",
    }
    assert f'href="webcal://127.0.0.1:8000/agenda.ics?{query.replace("&", "&amp;")}"' in html
    page = text_of(html)
    assert "S’abonner à cet agenda" in page
    assert "Les rencontres (« café IA », Indre) arrivent dans votre calendrier" in page
    assert data_of(html) == []
    assert "og:title" not in meta_of(html)


def test_the_agenda_lists_what_comes_for_search_engines(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="bientot", title="Bientôt", starts_on=now().date() + timedelta(9))

    html = client.get("/").text

    (thing,) = data_of(html)
    assert thing["itemListElement"] == [
        {
            "@type": "ListItem",
            "position": 1,
            "name": "Bientôt",
            "url": f"{BASE}/evenements/bientot",
        }
    ]
    assert meta_of(html)["og:url"] == f"{BASE}/"


def test_the_page_of_an_event_tells_what_it_is_where_it_is_shared(
    client: FlaskClient, session: Session
) -> None:
    title = "</script><script>alert(1)</script> & « nous »"
    make_event(session, slug="rencontre", title=title, summary='Un "mot".')

    html = client.get("/evenements/rencontre").text

    (thing,) = data_of(html)
    assert (thing["name"], thing["url"]) == (title, f"{BASE}/evenements/rencontre")
    assert "alert(1)</script>" not in html
    meta = meta_of(html)
    picture = meta.pop("og:image")
    assert re.fullmatch(rf"{BASE}/static/[0-9a-f]+/social/day\.png", picture)
    assert thing["image"] == picture
    answer = client.get(picture.removeprefix(BASE), buffered=True)
    assert (answer.mimetype, len(answer.data) <= 60_000) == ("image/png", True)
    assert {name: meta[name] for name in meta if name.startswith(("og:", "twitter:"))} == {
        "og:site_name": "Hub-Lo",
        "og:locale": "fr_FR",
        "og:type": "article",
        "og:title": "</script><script>alert(1)</script> & «\u00a0nous\u00a0»",
        "og:description": meta["description"],
        "og:url": f"{BASE}/evenements/rencontre",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Journée",
        "twitter:card": "summary_large_image",
    }
    assert "Nadège" not in json.dumps(thing, ensure_ascii=False)


def test_a_moved_event_says_so_on_its_page_and_to_search_engines(
    client: FlaskClient, session: Session
) -> None:
    starts_on = now().date() + timedelta(days=30)
    before = date(2026, 1, 5)
    make_event(session, slug="deplace", starts_on=starts_on, previous_starts_on=before)

    html = client.get("/evenements/deplace").text

    assert "Nouvelle date (c’était prévu le lundi 5 janvier 2026)." in text_of(html)
    (thing,) = data_of(html)
    assert thing["eventStatus"] == "https://schema.org/EventRescheduled"
    assert thing["previousStartDate"] == "2026-01-05"


def test_the_agenda_offers_its_first_month_on_paper(client: FlaskClient, session: Session) -> None:
    first = (now().date() + timedelta(days=100)).replace(day=9)
    make_event(session, starts_on=first, starts_at=None, ends_at=None)

    assert f'href="/agenda/mois/{first:%Y-%m}"' in client.get("/").text
    assert 'href="/agenda/mois/2024-12"' in client.get("/?mois=2024-12").text
    assert f'href="/agenda/mois/{now():%Y-%m}?' in client.get("/?departement=99").text


def test_a_month_goes_day_by_day_with_what_is_off_and_what_is_vague(
    client: FlaskClient, session: Session
) -> None:
    def add(title: str, first: date, last: date | None = None, **values: Any) -> None:
        dates = {"starts_on": first, "ends_on": last or first, "starts_at": None, "ends_at": None}
        make_event(session, title=title, place="Gien", **dates, **values)

    add("Depuis novembre", date(2026, 11, 30), date(2026, 12, 2))
    add("Jeudi", date(2026, 12, 3))
    add("Annulée", date(2026, 12, 3), state=EventState.CANCELLED)
    add("Reportée", date(2026, 12, 9), state=EventState.POSTPONED)
    add("Un jour", date(2026, 12, 1), date(2026, 12, 31), date_precision=DatePrecision.MONTH)
    add("En janvier", date(2027, 1, 1))

    html = client.get("/agenda/mois/2026-12").text

    page = text_of(html).partition("Janvier 2027")[2].rpartition("http")[0]
    assert page.split("Journée") == [
        " mardi 1er ",
        (
            " Depuis novembre Du lundi 30 novembre au mercredi 2 décembre 2026 3 jours"
            " · Gien · Loiret jeudi 3 "
        ),
        " Jeudi Gien · Loiret ",
        " Annulée Annulé Gien · Loiret Date à préciser ",
        " Un jour Décembre 2026 Gien · Loiret ",
        " Reportée Reporté C’était prévu le mercredi 9 décembre 2026 Gien · Loiret ",
    ]
    assert '<meta name="robots" content="noindex">' in html
    assert 'href="/agenda/mois/2026-11"' in html


def test_a_month_keeps_the_filters_of_the_agenda(client: FlaskClient, session: Session) -> None:
    indre = make_departement(session, "36", "Indre")
    at = datetime.combine(date(2026, 12, 3), datetime.min.time(), now().tzinfo)
    dates = {"starts_on": date(2026, 12, 3), "starts_at": at, "ends_at": None}
    make_event(session, title="Dans l’Indre", departements=[indre], **dates)
    make_event(session, title="Ailleurs", **dates)

    html = client.get("/agenda/mois/2026-12?departement=36&mois=2020").text

    page = text_of(html)
    assert "Dans l’Indre" in page
    assert "Ailleurs" not in page
    assert "Indre" in page
    assert 'href="/agenda/mois/2027-01?departement=36"' in html
    link = client.get("/?departement=36&mois=2026-12").text
    assert 'href="/agenda/mois/2026-12?departement=36"' in link


def test_a_month_without_event_says_what_will_be_there(client: FlaskClient) -> None:
    page = text_of(client.get("/agenda/mois/2031-02").text)

    assert "Rien ce mois-ci" in page
    assert "Voir ce qui vient" in page


@pytest.mark.parametrize(
    ("month", "status"),
    [
        ("2026-12", 200),
        ("1000-01", 200),
        ("2999-12", 200),
        ("0001-01", 404),
        ("9999-12", 404),
        ("2026-13", 404),
        ("2026-00", 404),
        ("2026", 404),
        ("2026-1", 404),
        ("%F0%9D%9F%B2026-12", 404),
        ("2026-12%00", 404),
        ("x" * 5000, 404),
    ],
)
def test_only_a_month_opens(client: FlaskClient, month: str, status: int) -> None:
    assert client.get(f"/agenda/mois/{month}").status_code == status


def test_a_month_takes_as_many_statements_for_three_events_as_for_one(
    client: FlaskClient, session: Session
) -> None:
    def read() -> int:
        session.expunge_all()
        with counted_statements(db.engine) as statements:
            assert client.get("/agenda/mois/2027-04").status_code == 200
        return len(statements)

    make_event(session)
    one = read()
    make_event(session)
    make_event(session)
    assert read() == one
