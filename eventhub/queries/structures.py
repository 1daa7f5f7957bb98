"""The directory of structures: its list, and what is known of one of them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, func, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, load_only, selectinload

from eventhub.domain.event import EventState, PartnershipRole
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import AccountRole, Actor
from eventhub.models.attendance import Attendance
from eventhub.models.event import (
    Activity,
    Event,
    Partnership,
    activity_hosts,
    event_departements,
)
from eventhub.models.person import Person
from eventhub.models.registration import Registration
from eventhub.models.structure import Structure, StructureAlias, StructureLogo
from eventhub.models.territory import Departement
from eventhub.queries.event_conditions import holds_words

PAGE_SIZE = 50
WORDS_MAX = 200
EVENTS_SHOWN = 40
DOUBLES_SHOWN = 6
_WORDS_OF_DOUBLES = 3
"""How many letters at least a word has that makes two names resemble each other."""


@dataclass(frozen=True, slots=True)
class DirectoryFilter:
    """What of the directory is asked for; an empty word is every one."""

    words: str = ""
    typologie: str = ""
    departement: str = ""


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """One structure of the list: at how many events it has a role, and from how many it came."""

    id: int
    name: str
    aliases: tuple[str, ...]
    typologie: str
    departement: str
    events: int
    attended: int


@dataclass(frozen=True, slots=True)
class Directory:
    """One page of the structures found; the codes that any structure has, for the filter."""

    lines: tuple[DirectoryLine, ...]
    found: int
    total: int
    page: int
    pages: int
    typologies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonOfStructure:
    """Someone who came for a structure; `present` says whether they were seen there."""

    registration_id: uuid.UUID
    name: str
    state: RegistrationState
    present: bool


@dataclass(frozen=True, slots=True)
class EventOfStructure:
    """One event at which a structure has roles, or from which people are registered for it.

    `hosts` says whether it hosts a part of the programme; `people` is empty where the counts
    stand alone.
    """

    event: Event
    roles: tuple[PartnershipRole, ...]
    hosts: bool
    registered: int
    present: int
    people: tuple[PersonOfStructure, ...] = ()


def directory(session: Session, chosen: DirectoryFilter, page: int = 1) -> Directory:
    """One page of the structures that stand, by name; `page` counts from 1."""
    standing = Structure.merged_into_id.is_(None)
    wanted = (standing, *_conditions(chosen))
    found = session.scalar(select(func.count()).select_from(Structure).where(*wanted)) or 0
    total = session.scalar(select(func.count()).select_from(Structure).where(standing)) or 0
    pages = max(1, -(-found // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = session.execute(
        select(Structure, Departement.name)
        .outerjoin(Departement, Departement.code == Structure.departement_code)
        .where(*wanted)
        .order_by(Structure.name_key, Structure.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
        .options(selectinload(Structure.aliases))
    ).all()
    ids = [structure.id for structure, _ in rows]
    roles, attended = _events_by_role(session, ids), _events_attended(session, ids)
    codes = session.scalars(
        select(Structure.typologie)
        .where(standing, Structure.typologie != "")
        .distinct()
        .order_by(Structure.typologie)
    )
    return Directory(
        lines=tuple(
            DirectoryLine(
                structure.id,
                structure.name,
                tuple(alias.name for alias in structure.aliases),
                structure.typologie,
                departement or "",
                roles.get(structure.id, 0),
                attended.get(structure.id, 0),
            )
            for structure, departement in rows
        ),
        found=found,
        total=total,
        page=page,
        pages=pages,
        typologies=tuple(codes),
    )


def structure_by_id(session: Session, structure_id: int) -> Structure | None:
    """The structure with its other names, merged or not."""
    return session.scalar(
        select(Structure)
        .where(Structure.id == structure_id)
        .options(selectinload(Structure.aliases), selectinload(Structure.logo))
    )


def event_total(session: Session, structure_id: int) -> int:
    """At how many events a structure has a role, hosts something, or is registered."""
    events = select(_event_ids(structure_id).c.event_id).distinct().subquery()
    return session.scalar(select(func.count()).select_from(events)) or 0


def events_of_structure(
    session: Session, structure_id: int, actor: Actor
) -> tuple[EventOfStructure, ...]:
    """The latest events of a structure that the actor may know of, without names."""
    events = session.scalars(
        select(Event)
        .where(Event.id.in_(select(_event_ids(structure_id).c.event_id)), _knows(actor))
        .order_by(Event.ends_on.desc(), Event.starts_on.desc(), Event.id.desc())
        .limit(EVENTS_SHOWN)
        .options(
            selectinload(Event.kind),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
        )
    ).all()
    ids = [event.id for event in events]
    roles: dict[int, list[PartnershipRole]] = defaultdict(list)
    for event_id, role in session.execute(
        select(Partnership.event_id, Partnership.role).where(
            Partnership.structure_id == structure_id, Partnership.event_id.in_(ids)
        )
    ):
        roles[event_id].append(role)
    hosting = set(
        session.scalars(
            select(Activity.event_id)
            .join(activity_hosts, activity_hosts.c.activity_id == Activity.id)
            .where(activity_hosts.c.structure_id == structure_id, Activity.event_id.in_(ids))
        )
    )
    counts = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(
                Registration.event_id,
                func.count(Registration.id.distinct()).filter(
                    Registration.state == RegistrationState.CONFIRMED
                ),
                func.count(Attendance.registration_id.distinct()),
            )
            .outerjoin(Attendance, Attendance.registration_id == Registration.id)
            .where(Registration.structure_id == structure_id, Registration.event_id.in_(ids))
            .group_by(Registration.event_id)
        )
    }
    order = list(PartnershipRole)
    return tuple(
        EventOfStructure(
            event,
            tuple(sorted(roles[event.id], key=order.index)),
            event.id in hosting,
            *counts.get(event.id, (0, 0)),
        )
        for event in events
    )


def people_of_structure(
    session: Session, structure_id: int, event_ids: Collection[int]
) -> Mapping[int, tuple[PersonOfStructure, ...]]:
    """Who came, or said they would, for a structure at these events, by name.

    Ask only for events of which the reader may read the names.
    """
    seen = select(Attendance.id).where(Attendance.registration_id == Registration.id).exists()
    rows = session.execute(
        select(
            Registration.event_id,
            Registration.id,
            Person.given_name,
            Person.family_name,
            Registration.state,
            seen,
        )
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.structure_id == structure_id,
            Registration.event_id.in_(event_ids),
            Registration.state != RegistrationState.CANCELLED,
        )
        .order_by(Person.sort_key, Registration.id)
    )
    found: dict[int, list[PersonOfStructure]] = defaultdict(list)
    for event_id, registration_id, given, family, state, present in rows:
        name = f"{given} {family}".strip()
        found[event_id].append(PersonOfStructure(registration_id, name, state, bool(present)))
    return {event_id: tuple(people) for event_id, people in found.items()}


def probable_doubles(session: Session, structure: Structure) -> Sequence[Structure]:
    """Structures whose name begins or goes on like one of this one's, or holds it whole."""
    keys = {structure.name_key, *(alias.name_key for alias in structure.aliases)}
    keys = {key for key in keys if len(key) >= _WORDS_OF_DOUBLES}
    if not keys:
        return []
    other_name = aliased(StructureAlias)
    by_alias = select(other_name.structure_id).where(_resembles(other_name.name_key, keys))
    return session.scalars(
        select(Structure)
        .where(
            Structure.merged_into_id.is_(None),
            Structure.id != structure.id,
            or_(_resembles(Structure.name_key, keys), Structure.id.in_(by_alias)),
        )
        .order_by(Structure.name_key)
        .limit(DOUBLES_SHOWN)
        .options(load_only(Structure.id, Structure.name, Structure.typologie))
    ).all()


def logos_of(session: Session, structure_ids: Collection[int]) -> Mapping[int, StructureLogo]:
    """The logos of these structures, without their bytes."""
    rows = session.scalars(
        select(StructureLogo).where(StructureLogo.structure_id.in_(structure_ids))
    )
    return {logo.structure_id: logo for logo in rows}


def logo_by_hash(session: Session, sha256: str) -> bytes | None:
    """The PNG of a logo that some structure has."""
    return session.scalar(select(StructureLogo.data).where(StructureLogo.sha256 == sha256).limit(1))


def _resembles(column: InstrumentedAttribute[str], keys: Iterable[str]) -> ColumnElement[bool]:
    """Whether a key begins by one of these, word by word, or one of these begins by it."""
    conditions: list[ColumnElement[bool]] = []
    for key in sorted(keys):
        words = key.split()
        beginnings = [" ".join(words[:count]) for count in range(2, len(words))]
        conditions += [
            func.replace(column, " ", "") == key.replace(" ", ""),
            column.startswith(f"{key} ", autoescape=True),
            column.in_(beginnings),
        ]
    return or_(*conditions)


def _conditions(chosen: DirectoryFilter) -> list[ColumnElement[bool]]:
    wanted = holds_words(chosen.words, text=Structure.search_text)
    if chosen.typologie:
        wanted.append(Structure.typologie == chosen.typologie.replace("\0", " "))
    if chosen.departement:
        wanted.append(Structure.departement_code == chosen.departement.replace("\0", " "))
    return wanted


def _events_by_role(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """At how many events each has a role, or hosts a part of the programme."""
    roles = select(Partnership.structure_id, Partnership.event_id).where(
        Partnership.structure_id.in_(ids)
    )
    hosts = (
        select(activity_hosts.c.structure_id, Activity.event_id)
        .join(Activity, Activity.id == activity_hosts.c.activity_id)
        .where(activity_hosts.c.structure_id.in_(ids))
    )
    both = roles.union(hosts).subquery()
    rows = session.execute(select(both.c.structure_id, func.count()).group_by(both.c.structure_id))
    return {structure_id: count for structure_id, count in rows}  # noqa: C416 - rows


def _events_attended(session: Session, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Registration.structure_id, func.count(Registration.event_id.distinct()))
        .join(Attendance, Attendance.registration_id == Registration.id)
        .where(Registration.structure_id.in_(ids))
        .group_by(Registration.structure_id)
    )
    return {structure_id: count for structure_id, count in rows if structure_id is not None}


def _knows(actor: Actor) -> ColumnElement[bool]:
    """Drafts are known in their territory, as `eventhub.domain.rights` says of figures."""
    if actor.is_regional:
        return true()
    drafts: ColumnElement[bool] = Event.id.in_(
        select(event_departements.c.event_id).where(
            event_departements.c.departement_code.in_(actor.departements)
        )
    )
    if actor.role is AccountRole.ORGANISER:
        drafts = or_(drafts, Event.id.in_(actor.co_organised))
    return or_(Event.state != EventState.DRAFT, drafts)


def _event_ids(structure_id: int) -> Subquery:
    return union_all(
        select(Partnership.event_id).where(Partnership.structure_id == structure_id),
        select(Activity.event_id)
        .join(activity_hosts, activity_hosts.c.activity_id == Activity.id)
        .where(activity_hosts.c.structure_id == structure_id),
        select(Registration.event_id).where(
            Registration.structure_id == structure_id,
            Registration.state != RegistrationState.CANCELLED,
        ),
    ).subquery()
