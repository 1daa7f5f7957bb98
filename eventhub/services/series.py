"""Series: making and editing them, the events that belong to them, and generating the next ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventhub.domain.errors import Forbidden, InvalidInput, SeriesChanged, StateForbids
from eventhub.domain.event_details import EventDetails
from eventhub.domain.naming import slugify
from eventhub.domain.rights import Actor
from eventhub.domain.series import SeriesDetails, may_edit_series, why_not_a_day
from eventhub.models.account import Account
from eventhub.models.event import Event, EventKind
from eventhub.models.series import Series, SeriesCadence
from eventhub.models.territory import BassinDeVie, Departement
from eventhub.queries.series import latest_event, taken_days
from eventhub.services.audit import record
from eventhub.services.event_copy import (
    copy_partnerships,
    copy_programme,
    details_from_event,
    details_from_kind,
    programme_from_kind,
)
from eventhub.services.events import TIMEZONE, create_event, publish_event
from eventhub.services.sequence import lock_event
from eventhub.services.series_members import invite_members

SLUG_MAX = 60
GENERATED_MAX = 24
"""Events of one series in one go: two years of monthly ones."""

_PAGES = frozenset({"nouvelle", "generer"})
"""Addresses of pages beside those of the series."""
_OUTSIDE = "Choisissez au moins un département de votre territoire."
_COLUMNS = (
    "title",
    "kind_code",
    "bassin_id",
    "place",
    "usual_start",
    "duration_minutes",
    "note",
    "ended_on",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """How events are generated.

    `publish` shows them at once; else they are drafts. `organisers` names who organises where
    the series has no event yet.
    """

    publish: bool = False
    organisers: tuple[str, ...] = ()


def create_series(
    session: Session, details: SeriesDetails, now: datetime, *, account: Account, actor: Actor
) -> Series:
    """Make a series, with its address and no event yet.

    Raises InvalidInput, with `departement_codes` where none is in the account's territory;
    Forbidden for an account that makes no series.
    """
    details.check()
    if not may_edit_series(actor, frozenset(details.departement_codes)):
        if not may_edit_series(actor, actor.departements):
            raise Forbidden
        raise InvalidInput({"departement_codes": _OUTSIDE})
    series = Series(created_at=now, updated_at=now)
    _take(session, series, details)
    _insert_with_slug(session, series)
    _record(session, series, now, "series-created", account)
    return series


def update_series(
    session: Session,
    series: Series,
    details: SeriesDetails,
    version: int,
    now: datetime,
    *,
    account: Account,
    actor: Actor,
) -> bool:
    """Change a series of which `version` was read; whether anything changed.

    Its events stay as they are. Raises InvalidInput, SeriesChanged.
    """
    _lock(session, series)
    if series.version != version:
        raise SeriesChanged
    details.check()
    if not may_edit_series(actor, frozenset(details.departement_codes)):
        raise InvalidInput({"departement_codes": _OUTSIDE})
    before = _snapshot(series)
    _take(session, series, details)
    session.flush()
    after = _snapshot(series)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return False
    series.version += 1
    series.updated_at = now
    session.flush()
    session.expire(series, ["kind", "bassin", "cadences", "departements"])
    _record(session, series, now, "series-changed", account, changed=changed)
    return True


def link_event(
    session: Session, series: Series, event: Event, now: datetime, *, account: Account
) -> int:
    """Put an event in a series, and invite its members there; how many were invited.

    Raises InvalidInput on `event` where it is in another one.
    """
    lock_event(session, event)
    if event.series_id == series.id:
        return 0
    if event.series_id is not None:
        raise InvalidInput({"event": "Cet évènement est déjà dans une autre série."})
    event.series_id = series.id
    session.flush()
    session.expire(series, ["events"])
    session.expire(event, ["series"])
    _record(session, series, now, "series-event-linked", account, event=event)
    return invite_members(session, event, now)


def unlink_event(
    session: Session, series: Series, event: Event, now: datetime, *, account: Account
) -> None:
    """Take an event out of a series; the event stays. Raises StateForbids where it is not in it."""
    lock_event(session, event)
    if event.series_id != series.id:
        raise StateForbids
    event.series_id = None
    session.flush()
    session.expire(series, ["events"])
    session.expire(event, ["series"])
    _record(session, series, now, "series-event-unlinked", account, event=event)


def generate_events(
    session: Session,
    series: Series,
    dates: Collection[date],
    now: datetime,
    *,
    account: Account,
    actor: Actor,
    how: Generation | None = None,
) -> list[Event]:
    """Make an event of the series on each of these days, in order.

    They are made like the latest event of the series, else like its kind; see `details_for`.
    Raises InvalidInput on `dates` (a day twice, or one on which the series has an event already),
    or on what is missing to publish; Forbidden. Effects: locks the series until the commit.
    """
    how = how or Generation()
    _lock(session, series)
    if not may_edit_series(actor, frozenset(one.code for one in series.departements)):
        raise Forbidden
    days = sorted(dates)
    _check_days(session, series, days)
    source = latest_event(session, series.id)
    kind = session.get_one(EventKind, series.kind_code)
    made = []
    for on in days:
        details = details_for(series, source, on, account, how.organisers)
        event = create_event(session, details, now, account=account, actor=actor)
        event.series_id = series.id
        session.flush()
        if source is not None:
            copy_partnerships(session, source, event)
        if source is not None and source.activities:
            copy_programme(session, source, event, now)
        else:
            programme_from_kind(session, kind, event, now)
        if how.publish:
            publish_event(session, event, now, account=account)
        made.append(event)
    session.expire(series, ["events"])
    if made:
        _record(session, series, now, "series-generated", account, events=[e.slug for e in made])
    return made


def details_for(
    series: Series,
    source: Event | None,
    on: date,
    account: Account,
    organisers: Sequence[str] = (),
) -> EventDetails:
    """What the series' event of that day begins with.

    Everything is as in `source`, the latest one; what that one does not say (the place, the hour)
    and all of it where there is none, comes from the series and its kind. Who generates is whom
    to write to where nobody is named. Raises InvalidInput.
    """
    hour = series.usual_start
    if source is not None:
        if source.starts_at is not None:
            hour = None  # that one's own
        details = details_from_event(source, on, starts_at=hour)
    else:
        details = details_from_kind(
            series.kind,
            on,
            timezone=TIMEZONE,
            starts_at=hour,
            title=series.title,
            departement_codes=[one.code for one in series.departements],
        )
    if hour is not None and series.duration_minutes is not None:
        end = datetime.combine(on, hour) + timedelta(minutes=series.duration_minutes)
        details = replace(
            details, ends_on=end.date() if end.date() != on else None, ends_at=end.time()
        )
    return replace(
        details,
        place=details.place or series.place,
        bassin_id=details.bassin_id or series.bassin_id,
        contact_name=details.contact_name if details.contact_email else account.display_name,
        contact_email=details.contact_email or account.email,
        organisers=details.organisers or tuple(organisers),
    )


def _check_days(session: Session, series: Series, days: Sequence[date]) -> None:
    problem = ""
    if not days:
        problem = "Cochez au moins une date."
    elif len(days) > GENERATED_MAX:
        problem = f"Pas plus de {GENERATED_MAX} évènements d’une série à la fois."
    elif len(set(days)) < len(days):
        problem = "La même date y est deux fois."
    elif any(why_not_a_day(on) for on in days):
        problem = next(why_not_a_day(on) for on in days if why_not_a_day(on))
    elif set(taken_days(session, [series.id], days)):
        problem = "La série a déjà un évènement ce jour-là."
    if problem:
        raise InvalidInput({"dates": problem})


def _take(session: Session, series: Series, details: SeriesDetails) -> None:
    if session.get(EventKind, details.kind_code) is None:
        raise InvalidInput({"kind_code": "Choisissez dans la liste."})
    codes = set(details.departement_codes)
    found = list(
        session.scalars(
            select(Departement).where(Departement.code.in_(codes)).order_by(Departement.code)
        )
    )
    if {one.code for one in found} != codes:
        raise InvalidInput({"departement_codes": "Choisissez dans la liste."})
    if details.bassin_id is not None:
        bassin = session.get(BassinDeVie, details.bassin_id)
        if bassin is None or bassin.departement_code not in codes:
            raise InvalidInput(
                {"bassin_id": "Choisissez un bassin de vie d’un département de la série."}
            )
    for name in _COLUMNS:
        if getattr(series, name) != getattr(details, name):
            setattr(series, name, getattr(details, name))
    if series.departements != found:
        series.departements = found
    # Rows are kept by their day: one that changes is not one that goes and one that comes.
    kept = {cadence.since: cadence for cadence in series.cadences}
    chosen = []
    for wanted in sorted(details.cadences):
        cadence = kept.get(wanted.since) or SeriesCadence(since=wanted.since)
        cadence.half_months = wanted.half_months
        chosen.append(cadence)
    if series.cadences != chosen:
        series.cadences = chosen


def _snapshot(series: Series) -> dict[str, object]:
    return {name: getattr(series, name) for name in _COLUMNS} | {
        "departements": [one.code for one in series.departements],
        "cadences": [(one.since, one.half_months) for one in series.cadences],
    }


def _lock(session: Session, series: Series) -> None:
    """Lock the series' row until the commit, and read it again as it is by then."""
    session.flush()
    session.refresh(
        series, [column.key for column in Series.__table__.columns], with_for_update=True
    )
    session.expire(series, ["cadences", "departements"])


def _insert_with_slug(session: Session, series: Series) -> None:
    """Insert the series under the first free address made from its title."""
    base = slugify(series.title, SLUG_MAX)
    for number in count(1):
        slug = base if number == 1 else f"{base}-{number}"
        taken = slug in _PAGES or session.scalar(select(exists().where(Series.slug == slug)))
        if taken:
            continue
        series.slug = slug
        try:
            with session.begin_nested():
                session.add(series)
        except IntegrityError:  # someone else has just taken that address
            continue
        return


def _record(
    session: Session,
    series: Series,
    now: datetime,
    action: str,
    account: Account,
    event: Event | None = None,
    **detail: Any,
) -> None:
    record(
        session,
        now,
        action,
        account_id=account.id,
        actor=account.shown_name,
        event_id=event.id if event is not None else None,
        subject=f"series:{series.slug}",
        **detail,
    )
