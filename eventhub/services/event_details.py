"""What an organiser wrote of an event, put into its rows."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import EventMode, PartnershipRole
from eventhub.domain.event_details import EventDetails
from eventhub.models.event import Event, EventAlternative, EventKind, Partnership
from eventhub.models.structure import Structure
from eventhub.models.territory import BassinDeVie, Departement
from eventhub.services.structures import find_or_create_structure


def take_details(session: Session, event: Event, details: EventDetails) -> None:
    """Write `details` into `event`, which may be new; sets only what differs.

    Raises InvalidInput. Effects: makes the structures of unknown names.
    """
    details.check()
    if details.prepares and details.prepares == event.slug:
        raise InvalidInput({"prepares": "Un évènement ne se prépare pas lui-même."})
    for name, value in _columns(session, details, event.timezone).items():
        if getattr(event, name) != value:
            setattr(event, name, value)
    _take_territory(session, event, details)
    _take_alternatives(event, details)
    _take_structures(session, event, details)


def _columns(session: Session, details: EventDetails, timezone: str) -> dict[str, Any]:
    if session.get(EventKind, details.kind_code) is None:
        raise InvalidInput({"kind_code": "Choisissez dans la liste."})
    if details.bassin_id is not None:
        bassin = session.get(BassinDeVie, details.bassin_id)
        if bassin is None or bassin.departement_code not in details.departement_codes:
            raise InvalidInput(
                {"bassin_id": "Choisissez un bassin de vie d’un département de l’évènement."}
            )
    dates = details.dates()
    starts_at, ends_at = details.hours(timezone)
    onsite = details.mode is not EventMode.REMOTE
    remote = details.mode in {EventMode.REMOTE, EventMode.HYBRID}
    starts_half, ends_half = details.halves()
    return {
        "title": details.title,
        "kind_code": details.kind_code,
        "date_precision": dates.precision,
        "starts_on": dates.starts_on,
        "ends_on": dates.ends_on,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "starts_half": starts_half,
        "ends_half": ends_half,
        "entrance_unit": details.entrance_unit,
        "mode": details.mode,
        "place": details.place,
        "address": details.address,
        "access": details.access,
        "accessibility": details.accessibility,
        "remote_link": details.remote_link,
        "bassin_id": details.bassin_id,
        "summary": details.summary,
        "audience": details.audience,
        "hub_role": details.hub_role,
        "contact_name": details.contact_name,
        "contact_email": details.contact_email,
        "registration_enabled": details.registration_enabled,
        "registration_opens_at": details.registration_opens_at,
        "registration_closes_at": details.registration_closes_at,
        "waiting_list": details.waiting_list,
        "capacity_onsite": details.capacity_onsite if onsite else None,
        "capacity_remote": details.capacity_remote if remote else None,
        "promotion_delay_hours": details.promotion_delay_hours,
        "reminder_hours": sorted(set(details.reminder_hours), reverse=True),
        "mail_note": details.mail_note,
        "prepares_id": _prepared_event(session, details.prepares),
    }


def _prepared_event(session: Session, slug: str) -> int | None:
    if not slug:
        return None
    found = session.scalar(select(Event.id).where(Event.slug == slug))
    if found is None:
        raise InvalidInput({"prepares": "Choisissez dans la liste."})
    return found


def _take_territory(session: Session, event: Event, details: EventDetails) -> None:
    codes = set(details.departement_codes)
    found = list(
        session.scalars(
            select(Departement).where(Departement.code.in_(codes)).order_by(Departement.code)
        )
    )
    if {departement.code for departement in found} != codes:
        raise InvalidInput({"departement_codes": "Choisissez dans la liste."})
    if event.departements != found:
        event.departements = found


def _take_alternatives(event: Event, details: EventDetails) -> None:
    days = details.dates().alternatives
    kept = {alternative.on: alternative for alternative in event.alternatives}
    if sorted(kept) != list(days):
        event.alternatives = [kept.get(on) or EventAlternative(on=on) for on in days]


def _take_structures(session: Session, event: Event, details: EventDetails) -> None:
    """Set the structures of the three roles that the form knows; the other roles stay."""
    wanted = {
        role: structures_named(session, names)
        for role, names in (
            (PartnershipRole.ORGANISER, details.organisers),
            (PartnershipRole.CO_ORGANISER, details.co_organisers),
            (PartnershipRole.PARTNER, details.partners),
        )
    }
    kept = {
        (partnership.role, partnership.structure_id): partnership
        for partnership in event.partnerships
    }
    others = [partnership for partnership in event.partnerships if partnership.role not in wanted]
    chosen = [
        kept.get((role, structure.id)) or Partnership(role=role, structure=structure)
        for role, structures in wanted.items()
        for structure in structures
    ]
    if event.partnerships != [*chosen, *others]:
        event.partnerships = [*chosen, *others]
        for position, partnership in enumerate(event.partnerships):
            partnership.position = position


def structures_named(session: Session, names: Iterable[str]) -> list[Structure]:
    """The structures of those names, in that order, each once; made where they are missing."""
    found = {}
    for name in names:
        structure = find_or_create_structure(session, name)
        if structure is not None:
            found[structure.id] = structure
    return list(found.values())
