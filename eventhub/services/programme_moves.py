"""Moving parts of a programme in time; see docs/adr/0009-how-a-programme-moves.md."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.programme import DAY_MINUTES, Direction, free_track, moved, reordered
from eventhub.models.account import Account
from eventhub.models.event import Activity, Event
from eventhub.queries.programme import part_of, programme_rows
from eventhub.services.programme import (
    give_track,
    note,
    open_programme,
    put_at_starts,
    settle_programme,
    shift_parts,
)


def move_activity(
    session: Session,
    event: Event,
    activity: Activity,
    direction: Direction,
    now: datetime,
    *,
    whole_slot: bool = False,
    account: Account | None = None,
) -> bool:
    """Let a part change places with its neighbour, or one without an hour change its rank.

    `whole_slot` moves what takes place at the same time too. Whether anything moved: not the
    first, nor the last, nor where the hours leave no room. Raises StateForbids.
    """
    open_programme(session, event)
    rows = {row.id: row for row in programme_rows(session, event.id)}
    if activity.starts_at is None:
        order = [row.id for row in rows.values() if row.starts_at is None]
        wanted = reordered(order, activity.id, direction)
        if wanted is None:
            return False
        for position, key in enumerate(wanted):
            rows[key].position = position
        note(session, event, activity, "activity-moved", now, account)
    else:
        parts = [part_of(row, event.timezone) for row in rows.values()]
        starts = moved(parts, activity.id, direction, whole_slot=whole_slot)
        if starts is None:
            return False
        put_at_starts(session, event, rows, starts, now, account)
    settle_programme(session, event, now)
    return True


def shift_from(
    session: Session,
    event: Event,
    activity: Activity,
    minutes: int,
    now: datetime,
    *,
    account: Account | None = None,
) -> int:
    """Move a part and all that starts with it or after it that day; how many parts moved.

    `minutes` may be negative. Raises InvalidInput (`minutes`) for none, where the part has no
    hour, or where something would leave the day; StateForbids.
    """
    open_programme(session, event)
    part = part_of(activity, event.timezone)
    if not minutes or abs(minutes) >= DAY_MINUTES:
        raise InvalidInput({"minutes": "Donnez un nombre de minutes, par exemple 15 ou -15."})
    if part.day is None or part.start is None:
        raise InvalidInput({"minutes": "Donnez d’abord une heure à ce temps."})
    number = shift_parts(session, event, part.day, part.start, minutes, now, account)
    settle_programme(session, event, now)
    return number


def put_in_parallel(
    session: Session,
    event: Event,
    activity: Activity,
    beside: Activity,
    now: datetime,
    *,
    account: Account | None = None,
) -> None:
    """Give a part the hours of another one, in the next free track.

    Raises InvalidInput (`other`) where they are the same or `beside` has no hour; StateForbids.
    """
    open_programme(session, event)
    session.refresh(beside)
    if activity.id == beside.id:
        raise InvalidInput({"other": "Choisissez un autre temps du programme."})
    if beside.starts_at is None:
        raise InvalidInput({"other": f"Donnez d’abord une heure à «\u00a0{beside.title}\u00a0»."})
    if not beside.track:
        give_track(session, event, beside, "", now, account)
    others = [row for row in programme_rows(session, event.id) if row.id != activity.id]
    parts = [part_of(row, event.timezone) for row in others]
    activity.starts_at, activity.ends_at = beside.starts_at, beside.ends_at
    activity.track = free_track(parts, part_of(beside, event.timezone))
    activity.version += 1
    note(session, event, activity, "activity-moved", now, account)
    settle_programme(session, event, now)


def move_programme(session: Session, event: Event, by: timedelta) -> None:
    """Move every hour of the programme by whole days; the hours on the clock stay."""
    zone = ZoneInfo(event.timezone)

    def later(moment: datetime | None) -> datetime | None:
        return (moment.astimezone(zone) + by) if moment is not None else None

    for activity in event.activities:
        activity.starts_at, activity.ends_at = later(activity.starts_at), later(activity.ends_at)
    session.flush()
