"""Beginning an event from another one, or from the template of its kind; never its people.

What is relative to the start (last day, hours, opening and closing of the registrations, hours of
the programme) is reckoned again from the new start, on the clock of the event's zone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventhub.domain.errors import InvalidInput, StateForbids
from eventhub.domain.event import DatePrecision, EventMode, EventState, PartnershipRole
from eventhub.domain.event_dates import in_known_years
from eventhub.domain.event_details import EventDetails
from eventhub.models.event import Activity, Event, EventKind, EventRoom, KindActivity, Partnership
from eventhub.models.territory import BassinDeVie
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.search_texts import index_activity, index_event

_FINAL_STATES = frozenset({EventState.CANCELLED, EventState.CLOSED})
_COPIED = (
    "format", "title", "summary", "room", "track", "remote_link", "registration",
    "counts_presence", "capacity_onsite", "capacity_remote",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProgrammeCopied:
    """How many parts a programme got; of these, how many whose day the event does not have."""

    activities: int
    without_hours: int = 0


def details_from_event(
    event: Event, starts_on: date, *, starts_at: time | None = None
) -> EventDetails:
    """What `event` would be if it began on `starts_on`, at `starts_at` or at its own hour.

    It lasts as long. An opening or a closing of the registrations keeps its number of days before
    the start and its hour; on the day of the start, its distance to the start. The year of the
    title follows. What came from a season's files takes its registrations from its kind, and its
    hours where they are not known.
    Raises InvalidInput on `starts_on` for a year that no event can have.
    """
    _require_known_year(starts_on)
    zone = ZoneInfo(event.timezone)
    old = _start(event, zone)
    new = datetime.combine(starts_on, starts_at or old.time())
    has_hours = event.starts_at is not None or starts_at is not None
    ends_on = starts_on + timedelta(days=_last_day(event))
    ends_at = None
    if event.starts_at is not None and event.ends_at is not None:
        end = new + (_local(event.ends_at, zone) - old)
        ends_on, ends_at = end.date(), end.time()

    def moved(moment: datetime | None) -> datetime | None:
        return None if moment is None else _follow(_local(moment, zone), old, new, zone)

    is_history = bool(event.source)
    is_bare = event.starts_at is None and event.starts_half is None and ends_on == starts_on
    if is_history and is_bare:
        usual = details_from_kind(
            event.kind, starts_on, timezone=event.timezone, starts_at=starts_at
        )
        has_hours = usual.starts_at is not None
        new = datetime.combine(starts_on, usual.starts_at or time.min)
        ends_on, ends_at = usual.ends_on or starts_on, usual.ends_at
    bassin = _bassin_on(event.bassin, starts_on)
    return EventDetails(
        title=_with_year(event.title, event.starts_on.year, starts_on.year),
        kind_code=event.kind_code,
        departement_codes=tuple(one.code for one in event.departements),
        starts_on=starts_on,
        ends_on=ends_on if ends_on != starts_on else None,
        starts_at=new.time() if has_hours else None,
        ends_at=ends_at,
        starts_half=None if has_hours else event.starts_half,
        ends_half=None if has_hours else event.ends_half,
        entrance_unit=event.entrance_unit,
        mode=event.kind.mode if event.mode is EventMode.UNKNOWN else event.mode,
        place=event.place,
        address=event.address,
        access=event.access,
        accessibility=event.accessibility,
        remote_link=event.remote_link,
        bassin_id=bassin.id if bassin is not None else None,
        summary=event.summary,
        audience=event.audience,
        hub_role=event.hub_role,
        contact_name=event.contact_name,
        contact_email=event.contact_email,
        organisers=_names(event, PartnershipRole.ORGANISER),
        co_organisers=_names(event, PartnershipRole.CO_ORGANISER),
        partners=_names(event, PartnershipRole.PARTNER),
        registration_enabled=event.registration_enabled or is_history,
        registration_opens_at=moved(event.registration_opens_at),
        registration_closes_at=moved(event.registration_closes_at),
        waiting_list=event.kind.waiting_list if is_history else event.waiting_list,
        capacity_onsite=event.kind.capacity_onsite if is_history else event.capacity_onsite,
        capacity_remote=event.kind.capacity_remote if is_history else event.capacity_remote,
        promotion_delay_hours=event.promotion_delay_hours,
        reminder_hours=tuple(event.reminder_hours),
        mail_note=event.mail_note,
        prepares=_still_prepared(event, starts_on),
    )


def details_from_kind(
    kind: EventKind,
    starts_on: date,
    *,
    timezone: str,
    starts_at: time | None = None,
    title: str = "",
    departement_codes: Sequence[str] = (),
) -> EventDetails:
    """What an event of that kind begins with on `starts_on`, at `starts_at` or the usual hour.

    The title is the kind's name where none is given.
    Raises InvalidInput on `starts_on` for a year that no event can have.
    """
    _require_known_year(starts_on)
    zone = ZoneInfo(timezone)
    hour = starts_at or kind.usual_start
    start = datetime.combine(starts_on, hour or time.min)
    ends_on, ends_at = starts_on, None
    if kind.duration_minutes is not None:
        end = start + timedelta(minutes=kind.duration_minutes)
        if hour is None:  # whole days
            ends_on = (end - timedelta(minutes=1)).date()
        else:
            ends_on, ends_at = end.date(), end.time()

    opens_at = closes_at = None
    if kind.opens_before_days is not None:
        opens_at = (start - timedelta(days=kind.opens_before_days)).replace(tzinfo=zone)
    if kind.closes_before_hours is not None:
        closes_at = (start - timedelta(hours=kind.closes_before_hours)).replace(tzinfo=zone)
    return EventDetails(
        title=title or kind.label,
        kind_code=kind.code,
        departement_codes=tuple(departement_codes),
        starts_on=starts_on,
        ends_on=ends_on if ends_on != starts_on else None,
        starts_at=hour,
        ends_at=ends_at,
        entrance_unit=kind.entrance_unit,
        mode=kind.mode,
        summary=kind.summary,
        audience=kind.audience,
        registration_opens_at=opens_at,
        registration_closes_at=closes_at,
        waiting_list=kind.waiting_list,
        capacity_onsite=kind.capacity_onsite,
        capacity_remote=kind.capacity_remote,
        promotion_delay_hours=kind.promotion_delay_hours,
        reminder_hours=tuple(kind.reminder_hours),
        mail_note=kind.mail_note,
    )


def copy_partnerships(session: Session, source: Event, target: Event) -> int:
    """Give `target` the partnerships of `source` in the roles that no form names; how many it has.

    The others were named by the details; whether they show their logo follows.
    """
    session.flush()
    held = {(one.role, one.structure_id): one for one in target.partnerships}
    for one in source.partnerships:
        kept = held.get((one.role, one.structure_id))
        if kept is not None:
            kept.shows_logo = one.shows_logo
        elif one.role not in _NAMED_ROLES:
            target.partnerships.append(
                Partnership(
                    structure=one.structure,
                    role=one.role,
                    position=len(target.partnerships),
                    shows_logo=one.shows_logo,
                )
            )
    index_event(session, target)
    session.flush()
    return len(target.partnerships)


_NAMED_ROLES = frozenset(
    {PartnershipRole.ORGANISER, PartnershipRole.CO_ORGANISER, PartnershipRole.PARTNER}
)


def copy_programme(
    session: Session, source: Event, target: Event, now: datetime, *, with_links: bool = True
) -> ProgrammeCopied:
    """Add the programme of `source` to that of `target`, with the rooms, moved to its start.

    A part keeps its distance to the start; it is left without hours where its day is not one of
    the target's. Speakers, presences and places taken stay behind.
    `with_links` false leaves the links to follow from afar behind too.
    Raises StateForbids where the target is cancelled or closed.
    """
    _refuse_when_final(target)
    parts = session.scalars(
        select(Activity)
        .where(Activity.event_id == source.id)
        .order_by(Activity.position, Activity.id)
        .options(selectinload(Activity.hosts))
    ).all()
    zone = ZoneInfo(source.timezone)
    old = _start(source, zone)
    if source.date_precision is not DatePrecision.DAY:
        first = min((one.starts_at for one in parts if one.starts_at is not None), default=None)
        if first is not None:
            old = datetime.combine(_local(first, zone).date(), time.min)
    new = _start(target, ZoneInfo(target.timezone))
    if source.starts_at is None or target.starts_at is None:
        new = datetime.combine(new.date(), old.time())
    made = []
    for part in parts:
        copy = Activity(**{name: getattr(part, name) for name in _COPIED})
        if not with_links:
            copy.remote_link = ""
        copy.hosts = list(part.hosts)
        if part.starts_at is not None:
            start = new + (_local(part.starts_at, zone) - old)
            length = part.ends_at - part.starts_at if part.ends_at is not None else None
            _set_hours(target, copy, start, length)
        made.append((copy, part.starts_at is not None and copy.starts_at is None))
    _copy_rooms(session, source, target)
    _add(session, target, [copy for copy, _ in made], now)
    return ProgrammeCopied(len(made), sum(lost for _, lost in made))


def programme_from_kind(
    session: Session, kind: EventKind, event: Event, now: datetime
) -> ProgrammeCopied:
    """Add the programme that events of that kind begin with.

    Without an hour of the event, or on a day that it does not have, a part has no hours.
    Raises StateForbids where the event is cancelled or closed.
    """
    _refuse_when_final(event)
    made = [_from_template(event, part) for part in kind.activities]
    _add(session, event, [copy for copy, _ in made], now)
    return ProgrammeCopied(len(made), sum(lost for _, lost in made))


def _from_template(event: Event, part: KindActivity) -> tuple[Activity, bool]:
    copy = Activity(
        format=part.format,
        title=part.title,
        track=part.track,
        registration=part.registration,
        counts_presence=part.counts_presence,
        capacity_onsite=part.capacity_onsite,
        capacity_remote=part.capacity_remote,
    )
    if part.starts_after_minutes is not None and event.starts_at is not None:
        start = _start(event, ZoneInfo(event.timezone))
        start += timedelta(days=part.day, minutes=part.starts_after_minutes)
        length = part.duration_minutes
        _set_hours(event, copy, start, None if length is None else timedelta(minutes=length))
    return copy, part.starts_after_minutes is not None and copy.starts_at is None


def _set_hours(event: Event, part: Activity, start: datetime, length: timedelta | None) -> None:
    """Set the hours of a part, `start` on the event's clock, where that day is the event's."""
    if event.date_precision is not DatePrecision.DAY:
        return
    if not event.starts_on <= start.date() <= event.ends_on:
        return
    part.starts_at = start.replace(tzinfo=ZoneInfo(event.timezone))
    part.ends_at = None if length is None else part.starts_at + length


def _copy_rooms(session: Session, source: Event, target: Event) -> None:
    known = {room.name_key for room in target.rooms}
    target.rooms.extend(
        EventRoom(name=room.name, name_key=room.name_key, seats=room.seats)
        for room in source.rooms
        if room.name_key not in known
    )
    session.flush()


def _add(session: Session, event: Event, parts: Sequence[Activity], now: datetime) -> None:
    """Put new parts into a programme, in the order of the hours, with their checkpoints."""
    for part in parts:
        event.activities.append(part)
        index_activity(part)
    session.flush()
    late = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
    in_order = sorted(
        event.activities, key=lambda part: (part.starts_at or late, part.track, part.id)
    )
    for position, part in enumerate(in_order):
        part.position = position
    index_event(session, event)
    event.updated_at = now
    session.flush()
    session.expire(event, ["activities"])
    default_checkpoints(session, event, now)


def _refuse_when_final(event: Event) -> None:
    if event.state in _FINAL_STATES:
        raise StateForbids


def _require_known_year(on: date) -> None:
    if not in_known_years(on):
        raise InvalidInput({"starts_on": "Vérifiez l’année."})


def _start(event: Event, zone: ZoneInfo) -> datetime:
    """The start on the clock of the zone; midnight where the hour is not known."""
    if event.starts_at is None:
        return datetime.combine(event.starts_on, time.min)
    return _local(event.starts_at, zone)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment on the clock of a zone: so that days are added, not lots of 24 hours."""
    return moment.astimezone(zone).replace(tzinfo=None)


def _last_day(event: Event) -> int:
    """How many days after the first the last one is; 0 where the day is not settled."""
    if event.date_precision is not DatePrecision.DAY:
        return 0
    return (event.ends_on - event.starts_on).days


def _follow(moment: datetime, old: datetime, new: datetime, zone: ZoneInfo) -> datetime:
    """Where a moment of the old clock goes when the start moves from `old` to `new`."""
    if moment.date() == old.date():
        return (new + (moment - old)).replace(tzinfo=zone)
    on = new.date() + (moment.date() - old.date())
    return datetime.combine(on, moment.time(), zone)


def _with_year(title: str, old: int, new: int) -> str:
    return re.sub(rf"(?<!\d){old}(?!\d)", str(new), title)


def _names(event: Event, role: PartnershipRole) -> tuple[str, ...]:
    return tuple(one.structure.name for one in event.partnerships if one.role is role)


def _bassin_on(bassin: BassinDeVie | None, on: date) -> BassinDeVie | None:
    """The bassin de vie, or none where it has merged or does not exist on that day."""
    if bassin is None or bassin.merged_into_id is not None:
        return None
    too_early = bassin.valid_from is not None and on < bassin.valid_from
    too_late = bassin.valid_to is not None and on > bassin.valid_to
    return None if too_early or too_late else bassin


def _still_prepared(event: Event, starts_on: date) -> str:
    """The event that a meeting prepares, where that is still to come by then."""
    prepared = event.prepares
    if prepared is None or prepared.state in _FINAL_STATES or prepared.ends_on < starts_on:
        return ""
    return prepared.slug
