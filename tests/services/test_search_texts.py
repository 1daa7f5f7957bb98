"""After every service that changes what is searched, rebuilding finds nothing to correct."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails, SpeakerDetails
from eventhub.domain.event import (
    ActivityFormat,
    CountingUnit,
    KindFamily,
    PartnershipRole,
)
from eventhub.domain.event_details import EventDetails
from eventhub.domain.kind_template import KindDetails
from eventhub.domain.registration import RegistrationOrigin, RegistrationRequest
from eventhub.domain.structure_details import StructureDetails
from eventhub.models.account import Account
from eventhub.models.event import Activity, Event, KindActivity
from eventhub.models.minutes import Minutes
from eventhub.models.structure import Structure
from eventhub.services.event_copy import copy_partnerships, copy_programme, programme_from_kind
from eventhub.services.events import create_event, update_event
from eventhub.services.kinds import change_kind
from eventhub.services.minutes import publish_minutes, start_minutes, withdraw_minutes
from eventhub.services.partnerships import add_partner, remove_partner
from eventhub.services.programme import (
    add_activity,
    change_activity,
    duplicate_activity,
    remove_activity,
)
from eventhub.services.registration import register
from eventhub.services.search_texts import rebuild
from eventhub.services.season import EXAMPLE, load_season, read_season
from eventhub.services.series import generate_events
from eventhub.services.structure_directory import change_structure, create_structure
from eventhub.services.structure_merge import merge_structures, undo_merge
from tests.factories import (
    make_account,
    make_departement,
    make_event,
    make_kind,
    make_series,
    make_structure,
)

DETAILS = EventDetails(
    kind_code="journee",
    title="Journée des médiateur·rice·s",
    starts_on=date(2027, 4, 8),
    departement_codes=("45",),
    place="Gien",
    organisers=("Association Organise",),
    partners=("Mission locale",),
)
PART = ActivityDetails(
    format=ActivityFormat.WORKSHOP,
    title="Dessiner la carte",
    summary="Avec des crayons.",
    hosts=("Maison des Crayons",),
    speakers=(
        SpeakerDetails(name="Soizic Kervella", structure="Atelier Kervella", may_be_named=True),
        SpeakerDetails(name="Malik Ouvrard"),
    ),
)


@dataclass
class Scene:
    """An event with its programme, and who acts."""

    session: Session
    now: datetime
    account: Account
    event: Event
    activity: Activity


@pytest.fixture
def scene(session: Session, now: datetime) -> Scene:
    make_departement(session)
    make_kind(session)
    account = make_account(session)
    event = create_event(session, DETAILS, now, account=account, actor=account.actor())
    activity = add_activity(session, event, PART, now)
    rebuild(session)
    session.commit()
    return Scene(session=session, now=now, account=account, event=event, activity=activity)


def test_a_part_of_a_programme_is_found_by_what_it_is(scene: Scene) -> None:
    title, _, rest = scene.activity.search_text.partition("\n")
    assert title == "dessiner la carte"
    assert "atelier" in rest


def _structure(scene: Scene, name: str) -> Structure:
    return scene.session.scalars(select(Structure).where(Structure.name == name)).one()


def create(scene: Scene) -> None:
    create_event(
        scene.session, DETAILS, scene.now, account=scene.account, actor=scene.account.actor()
    )


def update(scene: Scene) -> None:
    details = replace(DETAILS, title="Autre titre", place="Blois", partners=("Une autre",))
    update_event(
        scene.session,
        scene.event,
        details,
        scene.now,
        account=scene.account,
        actor=scene.account.actor(),
    )


def add(scene: Scene) -> None:
    add_activity(scene.session, scene.event, replace(PART, title="Encore"), scene.now)


def change(scene: Scene) -> None:
    details = replace(PART, title="Plier la carte", speakers=(), hosts=("Un autre hôte",))
    change_activity(scene.session, scene.event, scene.activity, details, scene.now)


def duplicate(scene: Scene) -> None:
    duplicate_activity(scene.session, scene.event, scene.activity, scene.now)


def remove(scene: Scene) -> None:
    remove_activity(scene.session, scene.event, scene.activity, scene.now)


def copy(scene: Scene) -> None:
    target = make_event(scene.session, title="Copie")
    rebuild(scene.session)
    copy_programme(scene.session, scene.event, target, scene.now)
    copy_partnerships(scene.session, scene.event, target)


def begin_from_kind(scene: Scene) -> None:
    scene.session.add(
        KindActivity(kind_code="journee", format=ActivityFormat.PLENARY, title="Ouverture")
    )
    scene.session.flush()
    programme_from_kind(scene.session, scene.event.kind, scene.event, scene.now)


def partner(scene: Scene) -> None:
    made = add_partner(
        scene.session,
        scene.event,
        "Nouvelle structure",
        PartnershipRole.HOST,
        scene.now,
        account=scene.account,
    )
    assert rebuild(scene.session).total() == 0
    remove_partner(scene.session, scene.event, made.id, scene.now, account=scene.account)


def structures(scene: Scene) -> None:
    details = StructureDetails("Maison nouvelle", aliases=("La Maison",))
    made = create_structure(scene.session, details, scene.now, account=scene.account)
    assert rebuild(scene.session).total() == 0
    for name in ("Mission locale", "Maison des Crayons", "Atelier Kervella"):
        found = _structure(scene, name)
        renamed = StructureDetails(f"{name} renommée", aliases=(f"{name} autrefois",))
        change_structure(
            scene.session, found.id, renamed, found.version, scene.now, account=scene.account
        )
        assert rebuild(scene.session).total() == 0
    merge = merge_structures(
        scene.session,
        _structure(scene, "Atelier Kervella renommée").id,
        made.id,
        scene.now,
        account=scene.account,
    )
    assert rebuild(scene.session).total() == 0
    undo_merge(scene.session, merge.id, scene.now, account=scene.account)


def rename_kind(scene: Scene) -> None:
    kind = scene.event.kind
    details = KindDetails(
        label="Grande journée", family=KindFamily.EVENT, counted_by=CountingUnit.DAY
    )
    assert change_kind(
        scene.session, kind, details, kind.version, scene.now, by=scene.account, sure=True
    )


def tell(scene: Scene) -> None:
    event = make_event(scene.session, title="Passée", starts_on=date(2026, 4, 8))
    rebuild(scene.session)
    minutes = start_minutes(
        scene.session, event, "# Récit\n\nLes aidants.", scene.now, account=scene.account
    )
    assert rebuild(scene.session).total() == 0
    publish_minutes(
        scene.session, event, minutes, minutes.version, scene.now, account=scene.account
    )
    assert rebuild(scene.session).total() == 0
    assert scene.session.get_one(Minutes, minutes.id).search_text.startswith("recit\n")
    withdraw_minutes(scene.session, event, minutes, "Erreur.", scene.now, account=scene.account)
    assert minutes.search_text == ""


def register_someone(scene: Scene) -> None:
    event = make_event(scene.session, title="Ouvert")
    rebuild(scene.session)
    register(
        scene.session,
        event,
        RegistrationRequest(
            "Inès", "Aubertin", "ines@example.org", structure="Une structure inconnue"
        ),
        scene.now,
        origin=RegistrationOrigin.ONLINE,
    )


def generate(scene: Scene) -> None:
    series = make_series(scene.session, departements=[make_departement(scene.session)])
    scene.event.series_id = series.id
    scene.session.flush()
    generate_events(
        scene.session,
        series,
        [date(2027, 9, 2)],
        scene.now,
        account=scene.account,
        actor=scene.account.actor(),
    )


@pytest.mark.parametrize(
    "write",
    [
        create,
        update,
        add,
        change,
        duplicate,
        remove,
        copy,
        begin_from_kind,
        partner,
        structures,
        rename_kind,
        tell,
        register_someone,
        generate,
    ],
)
def test_what_searches_look_in_stays_true(scene: Scene, write: Callable[[Scene], None]) -> None:
    write(scene)
    scene.session.flush()

    assert {name: number for name, number in rebuild(scene.session).items() if number} == {}


def test_the_season_is_loaded_with_what_searches_look_in(session: Session, now: datetime) -> None:
    load_season(session, read_season(EXAMPLE), now)

    assert rebuild(session).total() == 0
    assert session.scalars(select(Event.id).where(Event.search_text == "")).all() == []


def test_rebuilding_says_how_many_were_not_true(session: Session) -> None:
    assert make_structure(session, "Mission").search_text == ""
    assert rebuild(session) == {"events": 0, "activities": 0, "structures": 1, "minutes": 0}
