"""Thousands of invented events, activities, structures, people and comptes-rendus to search in."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from eventhub.domain.event import ACTIVITY_FORMAT_LABELS, ActivityFormat, EventState
from eventhub.domain.minutes import MinutesState
from eventhub.domain.naming import email_key, name_key, titled_search_text
from eventhub.domain.registration import RegistrationOrigin, RegistrationState
from eventhub.models.event import Activity, ActivitySpeaker, Event, EventKind, event_departements
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.models.person import Person
from eventhub.models.registration import Registration
from eventhub.models.structure import Structure
from eventhub.models.territory import Departement

EVENTS = 5_000
ACTIVITIES_EACH = 4
STRUCTURES = 2_000
PEOPLE = 20_000
MINUTES = 500
BATCH = 2_000

_NOUNS = (
    "médiateur·rice·s", "conseiller·ère·s", "aidant·e·s", "élu·e·s", "habitant·e·s", "bénévoles",
    "tiers-lieux", "associations", "bibliothèques", "missions locales", "espaces France Services",
    "centres sociaux", "entreprises", "lycées", "écoles", "communes",
)  # fmt: skip
_THEMES = (
    "l’inclusion numérique", "l’accès aux droits", "l’intelligence artificielle", "la parentalité",
    "les communs", "la cybersécurité", "l’accessibilité", "la formation", "le réemploi",
    "les données ouvertes", "la santé", "l’orientation", "les mobilités", "l’emploi", "les jeux",
)  # fmt: skip
_PLACES = (
    "Gien", "Nogent-le-Rotrou", "La Châtre", "Romorantin-Lanthenay", "Loches", "Pithiviers",
    "Saint-Amand-Montrond", "Châteaudun", "Vendôme", "Issoudun", "Montargis", "Chinon", "Dreux",
)  # fmt: skip
_STARTS = ("Rencontre", "Rencontre", "Atelier", "Journée", "Forum", "Café", "Réunion", "Échanges")
_GIVEN = ("Camille", "Inès", "Bruno", "Nadège", "Yanis", "Léonie", "Anatole", "Soizic", "Malik")
_FAMILY = ("Aubertin", "Brossard", "Delaunay", "Lemoine", "Kervella", "Fontanel", "Ouvrard")

RARE = "girouette"
"""A word of one title in a thousand."""


@dataclass(frozen=True, slots=True)
class _Words:
    chance: random.Random

    def title(self, number: int) -> str:
        pick = self.chance.choice
        rare = f" et {RARE}" if number % 1_000 == 7 else ""
        return f"{pick(_STARTS)} des {pick(_NOUNS)} sur {pick(_THEMES)}{rare}"

    def text(self, sentences: int) -> str:
        pick = self.chance.choice
        return " ".join(
            f"Une {pick(_STARTS).lower()} avec des {pick(_NOUNS)} de {pick(_PLACES)}, pour "
            f"{pick(_THEMES)} et {pick(_THEMES)}, au plus près des {pick(_NOUNS)}."
            for _ in range(sentences)
        )


def fill(session: Session, today: date) -> None:
    """Add the rows to a database that holds the example season.

    What searches look in is made as the services make it, without reading every row back.
    """
    words = _Words(random.Random(7))
    departements = list(session.scalars(select(Departement.code).order_by(Departement.code)))
    kinds = list(
        session.scalars(
            select(EventKind.code).where(EventKind.family != "one-to-one").order_by(EventKind.code)
        )
    )
    moment = datetime.combine(today, datetime.min.time(), UTC)
    parts = [words.title(number) for number in range(EVENTS * ACTIVITIES_EACH)]
    events, places = _events(words, parts, kinds, departements, today, moment)
    first = _add(session, Event, events)
    _insert(
        session,
        event_departements,
        [{"event_id": first + n, "departement_code": code} for n, code in places],
    )
    structures = _add(session, Structure, _structures(words, departements))
    activities = _add(session, Activity, _activities(words, parts, events, first))
    _add(session, ActivitySpeaker, _speakers(words, activities))
    people = _add(session, Person, _people(words, moment))
    _add(session, Registration, _registrations(words, first, people, structures, moment))
    told = _add(session, Minutes, _minutes(words, events, first, moment))
    _add(session, MinutesRevision, _revisions(session, told))


def _events(
    words: _Words,
    parts: Sequence[str],
    kinds: Sequence[str],
    departements: Sequence[str],
    today: date,
    moment: datetime,
) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """Nine in ten are past, one in a hundred is a draft."""
    events, places = [], []
    for number in range(EVENTS):
        day = today + timedelta(days=number // 8 - (EVENTS * 9 // 10) // 8)
        state = EventState.CLOSED if day < today else EventState.PUBLISHED
        start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        title, summary, place = words.title(number), words.text(2), words.chance.choice(_PLACES)
        programme = parts[number * ACTIVITIES_EACH : (number + 1) * ACTIVITIES_EACH]
        events.append(
            {
                "slug": f"banc-{number}",
                "title": title,
                "search_text": titled_search_text(title, place, summary, *programme),
                "kind_code": words.chance.choice(kinds),
                "state": EventState.DRAFT if number % 100 == 99 else state,
                "summary": summary,
                "starts_on": day,
                "ends_on": day,
                "starts_at": start,
                "ends_at": start + timedelta(hours=3),
                "place": place,
                "contact_name": "Nadège Lemoine",
                "contact_email": "nadege@example.org",
                "capacity_onsite": 40,
                "door_epoch": "banc",
                "created_at": moment,
                "updated_at": moment,
            }
        )
        places.append((number, words.chance.choice(departements)))
    return events, places


def _structures(words: _Words, departements: Sequence[str]) -> list[dict[str, Any]]:
    names = [
        f"{words.chance.choice(('Association', 'Maison', 'Espace', 'Atelier'))} "
        f"{words.chance.choice(_NOUNS)} de {words.chance.choice(_PLACES)} {number}"
        for number in range(STRUCTURES)
    ]
    return [
        {
            "name": name,
            "name_key": name_key(name),
            "search_text": titled_search_text(name),
            "departement_code": words.chance.choice(departements),
        }
        for name in names
    ]


def _activities(
    words: _Words, parts: Sequence[str], events: list[dict[str, Any]], first: int
) -> list[dict[str, Any]]:
    activities = []
    for number, title in enumerate(parts):
        event, summary = events[number // ACTIVITIES_EACH], words.text(1)
        form = words.chance.choice(list(ActivityFormat))
        activities.append(
            {
                "event_id": first + number // ACTIVITIES_EACH,
                "format": form,
                "title": title,
                "summary": summary,
                "search_text": titled_search_text(title, ACTIVITY_FORMAT_LABELS[form], summary),
                "starts_at": event["starts_at"],
                "ends_at": event["ends_at"],
                "position": number % ACTIVITIES_EACH,
            }
        )
    return activities


def _speakers(words: _Words, first: int) -> list[dict[str, Any]]:
    return [
        {
            "activity_id": first + number,
            "name": f"{words.chance.choice(_GIVEN)} {words.chance.choice(_FAMILY)}",
            "may_be_named": number % 4 == 0,
        }
        for number in range(0, EVENTS * ACTIVITIES_EACH, 2)
    ]


def _people(words: _Words, moment: datetime) -> list[dict[str, Any]]:
    people = []
    for number in range(PEOPLE):
        given = words.chance.choice(_GIVEN)
        family = f"{words.chance.choice(_FAMILY)} {words.chance.choice(_FAMILY)}-{number:x}"
        email = f"personne-{number}@example.org"
        people.append(
            {
                "given_name": given,
                "family_name": family,
                "name_key": name_key(f"{given} {family}"),
                "sort_key": name_key(f"{family} {given}"),
                "email": email,
                "email_key": email_key(email),
                "created_at": moment,
            }
        )
    return people


def _registrations(
    words: _Words, first_event: int, first_person: int, first_structure: int, moment: datetime
) -> list[dict[str, Any]]:
    """Two for each person, at different events."""
    return [
        {
            "id": uuid.UUID(int=words.chance.getrandbits(128), version=4),
            "event_id": first_event + (person * 7 + time * 2_503) % EVENTS,
            "person_id": first_person + person,
            "state": RegistrationState.CONFIRMED,
            "origin": RegistrationOrigin.ONLINE,
            "structure_id": first_structure + person % STRUCTURES,
            "created_at": moment,
            "updated_at": moment,
        }
        for person in range(PEOPLE)
        for time in range(2)
    ]


def _minutes(
    words: _Words, events: list[dict[str, Any]], first: int, moment: datetime
) -> list[dict[str, Any]]:
    gone = [n for n, event in enumerate(events) if event["state"] is EventState.CLOSED]
    told = []
    for number in gone[:: max(1, len(gone) // MINUTES)][:MINUTES]:
        title, text = str(events[number]["title"]), words.text(30)
        told.append(
            {
                "event_id": first + number,
                "state": MinutesState.PUBLISHED,
                "body": f"# {title}\n\n{text}",
                "search_text": titled_search_text(title, text),
                "created_at": moment,
                "updated_at": moment,
                "published_at": moment,
            }
        )
    return told


def _revisions(session: Session, first: int) -> list[dict[str, Any]]:
    return [
        {
            "minutes_id": minutes.id,
            "number": 1,
            "body": minutes.body,
            "title": minutes.body.partition("\n")[0].removeprefix("# "),
            "summary": minutes.body[-200:],
            "figures": {},
            "published_at": minutes.published_at,
        }
        for minutes in session.scalars(
            select(Minutes).where(Minutes.id >= first).order_by(Minutes.id)
        )
    ]


def _add(session: Session, model: Any, rows: list[dict[str, Any]]) -> int:
    """Insert rows; the number of the first where they are numbered, one after the other."""
    _insert(session, model, rows)
    column = model.id
    if column.type.python_type is not int:
        return 0
    last = session.scalar(select(column).order_by(column.desc()).limit(1))
    return int(last or 0) - len(rows) + 1


def _insert(session: Session, table: Table | Any, rows: list[dict[str, Any]]) -> None:
    for begin in range(0, len(rows), BATCH):
        session.execute(insert(table), rows[begin : begin + BATCH])
