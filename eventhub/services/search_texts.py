"""What searches look in, kept beside each row: who changes a row calls the function of its table.

A text is the words of the title, a line's end, then the words of all the rest: what is found in
the title goes first. Nothing here is shown.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventhub.domain.event import ACTIVITY_FORMAT_LABELS
from eventhub.domain.minutes import MinutesState
from eventhub.domain.naming import titled_search_text
from eventhub.models.event import (
    Activity,
    ActivitySpeaker,
    Event,
    EventKind,
    Partnership,
    activity_hosts,
)
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.models.structure import Structure
from eventhub.models.territory import BassinDeVie

_Row = TypeVar("_Row", Event, Activity, Structure, Minutes)

BATCH = 500


def index_event(session: Session, event: Event) -> None:
    """After a change of an event, or of a title in its programme.

    A compte-rendu without a title of its own is found by the event's.
    """
    kind = session.get_one(EventKind, event.kind_code)
    bassin = session.get(BassinDeVie, event.bassin_id) if event.bassin_id else None
    told = titled_search_text(
        event.title,
        kind.label,
        event.place,
        event.summary,
        event.audience,
        *(departement.name for departement in event.departements),
        *((bassin.name, *(alias.name for alias in bassin.aliases)) if bassin else ()),
        *(partnership.structure.name for partnership in event.partnerships),
        *(activity.title for activity in event.activities),
    )
    is_renamed = bool(event.search_text) and _title_of(told) != _title_of(event.search_text)
    if event.search_text != told:
        event.search_text = told
    if is_renamed and event.id is not None:
        for minutes in session.scalars(select(Minutes).where(Minutes.event_id == event.id)):
            index_minutes(session, minutes)


def index_activity(activity: Activity) -> None:
    """After a change of one part of a programme, its hosts or its speakers.

    Who did not agree to be named is not found.
    """
    named = [speaker for speaker in activity.speakers if speaker.may_be_named]
    told = titled_search_text(
        activity.title,
        ACTIVITY_FORMAT_LABELS[activity.format],
        activity.summary,
        *(host.name for host in activity.hosts),
        *(part for one in named for part in (one.name, one.role)),
        *(one.structure.name for one in named if one.structure is not None),
    )
    if activity.search_text != told:
        activity.search_text = told


def index_structure(structure: Structure) -> None:
    """After a change of a structure's name or aliases; see `index_structures_elsewhere`."""
    told = titled_search_text(structure.name, *(alias.name for alias in structure.aliases))
    if structure.search_text != told:
        structure.search_text = told


def index_minutes(session: Session, minutes: Minutes) -> None:
    """After a publication or a withdrawal: only what is published is found."""
    told = ""
    if minutes.state is MinutesState.PUBLISHED:
        revision = session.scalars(
            select(MinutesRevision)
            .where(MinutesRevision.minutes_id == minutes.id)
            .order_by(MinutesRevision.number.desc())
            .limit(1)
        ).first()
        if revision is not None:
            told = titled_search_text(revision.title or minutes.event.title, revision.body)
    if minutes.search_text != told:
        minutes.search_text = told


def index_events_of_kind(session: Session, kind_code: str) -> None:
    """After a kind got another label: its events are found by it."""
    for event in _in_batches(session, _events().where(Event.kind_code == kind_code)):
        index_event(session, event)
    session.flush()


def index_structures_elsewhere(session: Session, structure_ids: Iterable[int]) -> None:
    """After structures got another name, or were merged: the events and activities naming them."""
    ids = list(structure_ids)
    events = select(Partnership.event_id).where(Partnership.structure_id.in_(ids))
    for event in _in_batches(session, _events().where(Event.id.in_(events))):
        index_event(session, event)
    hosted = select(activity_hosts.c.activity_id).where(activity_hosts.c.structure_id.in_(ids))
    spoken = select(ActivitySpeaker.activity_id).where(ActivitySpeaker.structure_id.in_(ids))
    for activity in _in_batches(
        session, _activities().where(Activity.id.in_(hosted) | Activity.id.in_(spoken))
    ):
        index_activity(activity)
    session.flush()


def rebuild(session: Session) -> Counter[str]:
    """Write every text again; how many of each table were not true.

    For rows that came by another way than the services, and after a change of what is found.
    """
    changed: Counter[str] = Counter({"events": 0, "activities": 0, "structures": 0, "minutes": 0})

    def count(table: str, row: Event | Activity | Structure | Minutes, before: str) -> None:
        changed[table] += row.search_text != before

    for event in _in_batches(session, _events()):
        before = event.search_text
        index_event(session, event)
        count("events", event, before)
    for activity in _in_batches(session, _activities()):
        before = activity.search_text
        index_activity(activity)
        count("activities", activity, before)
    structures = select(Structure).options(selectinload(Structure.aliases))
    for structure in _in_batches(session, structures):
        before = structure.search_text
        index_structure(structure)
        count("structures", structure, before)
    for minutes in _in_batches(session, select(Minutes).options(joinedload(Minutes.event))):
        before = minutes.search_text
        index_minutes(session, minutes)
        count("minutes", minutes, before)
    return changed


def _events() -> Select[Event]:
    return select(Event).options(
        joinedload(Event.kind),
        joinedload(Event.bassin).selectinload(BassinDeVie.aliases),
        selectinload(Event.departements),
        selectinload(Event.partnerships).joinedload(Partnership.structure),
        selectinload(Event.activities).load_only(
            Activity.title, Activity.event_id, Activity.position
        ),
    )


def _activities() -> Select[Activity]:
    return select(Activity).options(
        selectinload(Activity.hosts),
        selectinload(Activity.speakers).joinedload(ActivitySpeaker.structure),
    )


def _in_batches(session: Session, statement: Select[_Row]) -> Iterator[_Row]:
    """Every row, in the order of ids, a few hundred in memory at a time."""
    model = statement.column_descriptions[0]["entity"]
    last = 0
    while True:
        session.flush()
        rows = session.scalars(
            statement.where(model.id > last)
            .order_by(model.id)
            .limit(BATCH)
            .execution_options(populate_existing=True)
        ).all()
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def _title_of(told: str) -> str:
    return told.partition("\n")[0]
