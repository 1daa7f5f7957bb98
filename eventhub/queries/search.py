"""Search over events, activities, comptes-rendus, structures and people, for whoever asks.

Each word must be found. Beyond `MOST` finds of a group nobody reads on, and on the page of all
groups beyond `MOST_TOGETHER`: the nearest in time are kept, and the total says « more than ».
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    exists,
    false,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import (
    Session,
    aliased,
    contains_eager,
    defer,
    joinedload,
    load_only,
    selectinload,
)
from sqlalchemy.orm.attributes import InstrumentedAttribute, set_committed_value

from eventhub.domain.agenda import PUBLIC_STATES
from eventhub.domain.kinds import UNLISTED_FAMILIES
from eventhub.domain.minutes import MinutesState
from eventhub.domain.naming import name_key
from eventhub.domain.rights import AccountRole, Actor, may_see_structures
from eventhub.domain.search import SearchGroup, clean_search, words_of
from eventhub.models.event import Activity, ActivitySpeaker, Event, EventKind
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.models.person import Person
from eventhub.models.registration import Registration
from eventhub.models.structure import Structure
from eventhub.queries.event_conditions import may_read_names, may_see_draft

MOST = 300
"""Finds of a group that are put in order and shown; one more is looked for, to say so."""
MOST_TOGETHER = 50
"""The same where every group is searched: a page of all costs no more than it shows."""
GROUP_SIZE = 5
"""Finds under each heading of the first page."""
PAGE_SIZE = 20
"""Finds on a page of one group."""
REGISTRATIONS_SHOWN = 3

_Row = TypeVar("_Row")
_Columns = TypeVarTuple("_Columns")


@dataclass(frozen=True, slots=True)
class Found(Generic[_Row]):
    """One page of a group, the best first.

    Where `has_more` exist, `total` is the most that is counted.
    """

    rows: Sequence[_Row]
    total: int
    has_more: bool
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class FoundMinutes:
    """A published compte-rendu; `title` is its own, or the event's."""

    event: Event
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person with their latest registrations that the actor may read, and how many there are."""

    person: Person
    registrations: Sequence[Registration]
    registered: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What was found, by group; a group that was not asked for, or is not for the actor: None."""

    words: Sequence[str]
    events: Found[Event] | None = None
    activities: Found[Activity] | None = None
    minutes: Found[FoundMinutes] | None = None
    structures: Found[Structure] | None = None
    people: Found[FoundPerson] | None = None

    @property
    def total(self) -> int:
        """How many finds there are, over all groups."""
        groups = (self.events, self.activities, self.minutes, self.structures, self.people)
        return sum(group.total for group in groups if group is not None)


def search(
    session: Session,
    typed: str,
    *,
    actor: Actor | None,
    today: date,
    only: SearchGroup | None = None,
    page: int = 1,
) -> SearchResults:
    """Look for every word of `typed`; the public is `actor` None.

    With `only` a page of that group, else the best of each. `today` is the day where the reader
    is: what comes goes before what is over, the nearest first.
    """
    words = words_of(typed)
    if not words:
        return SearchResults(words)
    size, most = (PAGE_SIZE, MOST) if only else (GROUP_SIZE, MOST_TOGETHER)
    asked = _Asked(session, words, actor, today, size, most, page)

    def wanted(group: SearchGroup, find: Callable[[_Asked], _Row]) -> _Row | None:
        return find(asked) if only in {None, group} else None

    hits = wanted(SearchGroup.EVENTS, _event_hits)
    activities = wanted(SearchGroup.ACTIVITIES, _activities)
    revisions = wanted(SearchGroup.MINUTES, _revisions)
    events = _events(
        session,
        {
            *(hits.rows if hits else ()),
            *(activity.event_id for activity in (activities.rows if activities else ())),
            *(event_id for event_id, _ in (revisions.rows if revisions else ())),
        },
    )
    for activity in activities.rows if activities else ():
        set_committed_value(activity, "event", events[activity.event_id])
    found_events = [events[one] for one in hits.rows] if hits else []
    minutes = [
        FoundMinutes(events[event_id], revision.title or events[event_id].title, revision.body)
        for event_id, revision in (revisions.rows if revisions else ())
    ]
    return SearchResults(
        words=words,
        events=replace_rows(hits, found_events) if hits else None,
        activities=activities,
        minutes=replace_rows(revisions, minutes) if revisions else None,
        structures=wanted(SearchGroup.STRUCTURES, _structures),
        people=wanted(SearchGroup.PEOPLE, lambda asked: _people(asked, clean_search(typed))),
    )


def replace_rows(found: Found[Any], rows: Sequence[_Row]) -> Found[_Row]:
    """The same page, said by other rows."""
    return Found(rows, found.total, found.has_more, found.page, found.pages)


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    words: list[str]
    actor: Actor | None
    today: date
    size: int
    most: int
    page: int

    def cut(self, ids: Sequence[int]) -> Found[int]:
        """The page asked for, of ids in their order; one more than `most` is not shown."""
        has_more, ids = len(ids) > self.most, ids[: self.most]
        pages = max(1, -(-len(ids) // self.size))
        page = min(max(self.page, 1), pages)
        shown = ids[(page - 1) * self.size : page * self.size]
        return Found(shown, len(ids), has_more, page, pages)


def _events(session: Session, ids: set[int]) -> dict[int, Event]:
    """The events that are shown, or that shown activities and comptes-rendus are of."""
    if not ids:
        return {}
    rows = session.scalars(
        select(Event)
        .where(Event.id.in_(ids))
        .options(
            # Only what a line says: an event is a wide row.
            load_only(
                Event.slug,
                Event.title,
                Event.kind_code,
                Event.state,
                Event.summary,
                Event.date_precision,
                Event.starts_on,
                Event.ends_on,
                Event.place,
            ),
            joinedload(Event.kind).load_only(EventKind.label, EventKind.family),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
        )
    )
    return {event.id: event for event in rows}


def _event_hits(asked: _Asked) -> Found[int]:
    return _nearest(asked, Event.id, Event.search_text, _may_know(asked.actor))


def _activities(asked: _Asked) -> Found[Activity]:
    hits = _nearest(asked, Activity.id, Activity.search_text, _may_know(asked.actor))
    if not hits.rows:
        return replace_rows(hits, [])
    rows = asked.session.scalars(
        select(Activity)
        .where(Activity.id.in_(hits.rows))
        .options(
            load_only(Activity.event_id, Activity.title, Activity.summary),
            selectinload(Activity.speakers.and_(ActivitySpeaker.may_be_named)),
        )
    )
    found = {activity.id: activity for activity in rows}
    return replace_rows(hits, [found[one] for one in hits.rows])


def _revisions(asked: _Asked) -> Found[tuple[int, MinutesRevision]]:
    """The event and what was last published of its compte-rendu."""
    is_public = and_(Minutes.state == MinutesState.PUBLISHED, _is_listed())
    hits = _nearest(asked, Minutes.id, Minutes.search_text, is_public)
    if not hits.rows:
        return replace_rows(hits, [])
    later = aliased(MinutesRevision)
    is_last = ~exists().where(
        later.minutes_id == MinutesRevision.minutes_id, later.number > MinutesRevision.number
    )
    rows = asked.session.execute(
        select(Minutes.event_id, MinutesRevision)
        .join(Minutes, Minutes.id == MinutesRevision.minutes_id)
        .where(MinutesRevision.minutes_id.in_(hits.rows), is_last)
        .options(load_only(MinutesRevision.minutes_id, MinutesRevision.title, MinutesRevision.body))
    )
    found = {revision.minutes_id: (event_id, revision) for event_id, revision in rows}
    return replace_rows(hits, [found[one] for one in hits.rows])


def _structures(asked: _Asked) -> Found[Structure] | None:
    if asked.actor is None or not may_see_structures(asked.actor):
        return None
    holds = _holds(Structure.search_text, asked.words)
    rows = asked.session.execute(
        select(Structure.id, _in_title(Structure.search_text, asked.words), Structure.name_key)
        .where(*holds, Structure.merged_into_id.is_(None))
        .limit(asked.most + 1)
    ).all()
    ordered = sorted(rows, key=lambda row: (-row[1], row[2]))
    hits = asked.cut([row[0] for row in ordered])
    if not hits.rows:
        return replace_rows(hits, [])
    found = {
        structure.id: structure
        for structure in asked.session.scalars(
            select(Structure)
            .where(Structure.id.in_(hits.rows))
            .options(defer(Structure.search_text))
        )
    }
    return replace_rows(hits, [found[one] for one in hits.rows])


def _people(asked: _Asked, typed: str) -> Found[FoundPerson] | None:
    """People by name or address, in the order of names.

    Those of the whole region find everyone; others who registered where they may read names.
    """
    actor = asked.actor
    if actor is None or actor.role is AccountRole.STAFF_FIGURES:
        return None
    conditions: list[ColumnElement[bool]] = [
        Person.merged_into_id.is_(None),
        Person.anonymised_at.is_(None),
        *_names(typed),
    ]
    if not actor.is_regional:
        conditions.append(
            select(Registration.id)
            .join(Registration.event)
            .where(Registration.person_id == Person.id, may_read_names(actor))
            .correlate(Person)
            .exists()
        )
    found = select(Person.id, Person.sort_key).where(*conditions)
    rows = asked.session.execute(found.limit(asked.most + 1)).all()
    if len(rows) > asked.most:
        first = found.order_by(Person.sort_key, Person.id).limit(asked.most + 1)
        rows = asked.session.execute(first).all()
    by_name = sorted(rows, key=lambda row: (row[1], row[0]))
    hits = asked.cut([row[0] for row in by_name])
    return replace_rows(hits, _with_registrations(asked.session, actor, hits.rows))


def _with_registrations(
    session: Session, actor: Actor, ids: Sequence[int]
) -> Sequence[FoundPerson]:
    if not ids:
        return []
    registrations: dict[int, list[Registration]] = defaultdict(list)
    for one in session.scalars(
        select(Registration)
        .join(Registration.event)
        .where(Registration.person_id.in_(ids), may_read_names(actor))
        .order_by(Event.ends_on.desc(), Registration.created_at.desc(), Registration.id)
        .options(
            load_only(Registration.person_id),
            contains_eager(Registration.event).options(
                load_only(
                    Event.slug,
                    Event.title,
                    Event.state,
                    Event.date_precision,
                    Event.starts_on,
                    Event.ends_on,
                ),
                selectinload(Event.alternatives),
            ),
        )
    ):
        registrations[one.person_id].append(one)
    people = {
        person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))
    }
    return [
        FoundPerson(people[one], registrations[one][:REGISTRATIONS_SHOWN], len(registrations[one]))
        for one in ids
    ]


def _nearest(
    asked: _Asked,
    number: InstrumentedAttribute[int],
    text: InstrumentedAttribute[str],
    visible: ColumnElement[bool],
) -> Found[int]:
    """Ids of rows that hold every word, of events that may be known.

    Titles first, then what comes, then what is over, the nearest in time.
    """
    model = number.class_
    holds = _holds(text, asked.words)
    told = (number, _in_title(text, asked.words))
    if model is not Event:
        # Rows read as they lie cost half of rows read event by event; a word that is found
        # everywhere ends this soon.
        of_event = Event.id == model.event_id
        starts_on = select(Event.starts_on).where(of_event).correlate(model).scalar_subquery()
        ends_on = select(Event.ends_on).where(of_event).correlate(model).scalar_subquery()
        known = exists().where(of_event, visible).correlate(model)
        lying = select(*told, starts_on, ends_on).where(*holds, known).limit(asked.most + 1)
        rows = asked.session.execute(lying).all()
        if len(rows) <= asked.most:
            return _in_order(asked, rows)
    columns = select(*told, Event.starts_on, Event.ends_on).where(*holds, visible)
    if model is not Event:
        columns = columns.join(Event, Event.id == model.event_id)
    nearest: list[Row[int, int, date, date]] = []
    for side, by_day in (
        (Event.ends_on >= asked.today, Event.ends_on),
        (Event.ends_on < asked.today, Event.ends_on.desc()),
    ):
        if wanted := asked.most + 1 - len(nearest):
            walk = columns.where(side).order_by(by_day).limit(wanted)
            nearest += asked.session.execute(walk).all()
    return _in_order(asked, nearest)


def _in_order(asked: _Asked, rows: Sequence[Row[int, int, date, date]]) -> Found[int]:
    """The page asked for, of hits (id, words in the title, first day, last day)."""

    def worth(row: Row[int, int, date, date]) -> tuple[int, bool, int, int]:
        number, titles, starts_on, ends_on = row
        is_over = ends_on < asked.today
        away = -ends_on.toordinal() if is_over else starts_on.toordinal()
        return -titles, is_over, away, number

    return asked.cut([row[0] for row in sorted(rows, key=worth)])


def _holds(text: InstrumentedAttribute[str], words: Iterable[str]) -> list[ColumnElement[bool]]:
    """One condition a word; each has to be found."""
    return [text.contains(word, autoescape=True) for word in words]


def _in_title(text: InstrumentedAttribute[str], words: Iterable[str]) -> ColumnElement[int]:
    """How many of the words are in the first line of a `titled_search_text`."""
    total: ColumnElement[int] = literal(0)
    for word in words:
        like = "".join(f"/{letter}" if letter in "/%_" else letter for letter in word)
        total = total + case((text.like(f"%{like}%\n%", escape="/"), 1), else_=0)
    return total


def _names(typed: str) -> list[ColumnElement[bool]]:
    """One condition a word: in the name, or in the address."""
    conditions: list[ColumnElement[bool]] = []
    # A long word is the rarest: what lacks it is read no further.
    for word in sorted(typed.split()[:10], key=len, reverse=True):
        in_address = Person.email_key.contains(word.casefold(), autoescape=True)
        in_name = [Person.name_key.contains(one, autoescape=True) for one in name_key(word).split()]
        if in_name:
            conditions.append(or_(and_(*in_name), in_address))
    return conditions or [false()]


def _is_listed() -> ColumnElement[bool]:
    """Of a kind that is shown to the public."""
    unlisted = select(EventKind.code).where(EventKind.family.in_(UNLISTED_FAMILIES))
    return Event.kind_code.not_in(unlisted)


def _may_know(actor: Actor | None) -> ColumnElement[bool]:
    """The events that someone may find: public ones, and what is theirs to prepare."""
    public = and_(Event.state.in_(PUBLIC_STATES), _is_listed())
    return public if actor is None else or_(public, may_see_draft(actor))
