"""Every page and document asks the database as often for three rows of everything as for one.

A new route is walked without a word here. Where a page may ask more often, it says so in ALLOWED.
"""

from datetime import timedelta
from itertools import count

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from eventhub.domain.activity_details import ActivityDetails, SpeakerDetails
from eventhub.domain.event import ActivityFormat, EventState, PartnershipRole
from eventhub.domain.minutes import MinutesState
from eventhub.domain.registration import RegistrationOrigin, RegistrationRequest
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.event import Deliverable, Event, EventAlternative, EventRoom, KindActivity
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.models.structure import StructureAlias
from eventhub.queries.events import event_by_slug
from eventhub.services.door.pairing import add_device
from eventhub.services.figures import add_headcount
from eventhub.services.partnerships import add_partner
from eventhub.services.programme import add_activity
from eventhub.services.registration import register
from eventhub.services.search_texts import rebuild
from eventhub.services.structure_merge import merge_structures
from eventhub.web.clock import now
from tests.blueprints.access_world import World, make_world
from tests.factories import (
    MADE_AT,
    make_account,
    make_departement,
    make_event,
    make_kind,
    make_member,
    make_series,
    make_structure,
)
from tests.query_count import counted_statements

ALLOWED: dict[str, str] = {}
"""Addresses that may ask more often for more rows, and why."""

QUERIES = {"/recherche": "?q=rencontre", "/organisation/recherche": "?q=rencontre"}
_numbers = count(1)


def grow(app: Flask, session: Session, world: World) -> None:
    """One more of everything that is listed somewhere, about the world's event and beside it."""
    number = next(_numbers)
    here = make_departement(session, "37", "Indre-et-Loire")
    administrator = make_account(session)
    event = event_by_slug(session, world.values["slug"])
    assert event is not None
    moment = now()
    kind = make_kind(session, f"sorte-{number}", label=f"Sorte {number}")
    session.add(
        KindActivity(kind_code=kind.code, format=ActivityFormat.PLENARY, title=f"Temps {number}")
    )
    session.add(
        KindActivity(kind_code=event.kind_code, format=ActivityFormat.TALK, title=f"T {number}")
    )
    for state, days in (
        (EventState.PUBLISHED, 60),
        (EventState.DRAFT, 70),
        (EventState.CLOSED, -60),
    ):
        other = make_event(
            session,
            title=f"Rencontre {number}",
            state=state,
            departements=[here],
            kind_code=kind.code,
            starts_on=moment.date() + timedelta(days=days + number),
            prepares_id=event.id,
            series_id=event.series_id,
        )
        _fill(app, session, other, number)
        if state is EventState.CLOSED:
            _tell(session, other)
    _fill(app, session, event, number)
    make_member(session, make_series(session, slug=f"serie-{number}", departements=[here]))
    assert event.series is not None
    make_member(session, event.series)
    for role in (AccountRole.ORGANISER, AccountRole.STAFF):
        make_account(session, role, ("37",))
    kept, double = make_structure(session), make_structure(session)
    kept.aliases.append(StructureAlias(name=f"Autre {number}", name_key=f"autre {number}"))
    merge_structures(session, double.id, kept.id, moment, account=administrator)
    merge_structures(
        session,
        make_structure(session).id,
        world.values["structure_id"],
        moment,
        account=administrator,
    )
    rebuild(session)
    session.commit()


def _fill(app: Flask, session: Session, event: Event, number: int) -> None:
    """What hangs on one event."""
    moment = now()
    administrator = make_account(session)
    event.deliverables.append(Deliverable(title=f"Jeu {number}"))
    event.rooms.append(EventRoom(name=f"Salle {number}", name_key=f"salle {number}", seats=9))
    event.alternatives.append(EventAlternative(on=event.starts_on + timedelta(days=number)))
    session.flush()
    if event.state not in {EventState.CLOSED, EventState.CANCELLED}:
        add_activity(
            session,
            event,
            ActivityDetails(
                format=ActivityFormat.WORKSHOP,
                title=f"Atelier de la rencontre {number}",
                hosts=(f"Hôte {number}",),
                speakers=(SpeakerDetails(name=f"Soizic {number}", may_be_named=True),),
            ),
            moment,
        )
        add_partner(
            session,
            event,
            f"Partenaire {number}",
            PartnershipRole.PARTNER,
            moment,
            account=administrator,
        )
    if event.state is EventState.PUBLISHED:
        register(
            session,
            event,
            RegistrationRequest(
                f"Rencontre{'abcdefgh'[number % 8]}",
                "Brossard",
                f"r{number}-{event.id}@example.org",
            ),
            moment,
            origin=RegistrationOrigin.ONLINE,
        )
        add_device(session, event, f"Poste {number}", moment, secret_key=app.config["SECRET_KEY"])
    add_headcount(session, event, "participants", 12, moment, source=f"relevé {number}")


def _tell(session: Session, event: Event) -> None:
    minutes = Minutes(
        event_id=event.id,
        state=MinutesState.PUBLISHED,
        body="La rencontre.",
        created_at=MADE_AT,
        updated_at=MADE_AT,
    )
    minutes.revisions = [
        MinutesRevision(number=1, body="La rencontre.", figures={}, published_at=MADE_AT)
    ]
    session.add(minutes)


def _statements(app: Flask, session: Session, world: World) -> dict[str, int]:
    """How many statements each address takes, asked by whoever may."""
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    taken = {}
    for rule in sorted(rules, key=lambda rule: rule.rule):
        if rule.arguments - world.values.keys():
            continue
        for persona in ("administrator", "door device", "token events:read", "token figures:read"):
            client = app.test_client()
            who = world.personas[persona]
            for name, value in who.cookies.items():
                client.set_cookie(name, value)
            known = world.values | who.knows
            path = app.url_map.bind("localhost").build(
                rule.endpoint, {name: known[name] for name in rule.arguments}, method="GET"
            )
            session.expunge_all()
            with counted_statements(db.engine) as sent:
                answer = client.get(path + QUERIES.get(path, ""), headers=who.headers)
            if answer.status_code == 200:
                taken[f"{path}, {persona}"] = len(sent)
                if not rule.rule.startswith("/api/"):
                    break
    return taken


def test_every_address_takes_as_many_statements_for_three_rows_as_for_one(
    app: Flask, session: Session
) -> None:
    world = make_world(app, session)
    grow(app, session, world)
    _statements(app, session, world)
    once = _statements(app, session, world)
    grow(app, session, world)
    grow(app, session, world)

    thrice = _statements(app, session, world)

    more = {
        path: (once[path], thrice[path])
        for path in once
        if thrice.get(path) != once[path] and path.rpartition(",")[0] not in ALLOWED
    }
    assert more == {}
    assert len(once) > 40
