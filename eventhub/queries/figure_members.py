"""Whom or what a headcount may be about: every member of the dimensions of an event."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.figures import DIMENSIONS
from eventhub.models.event import Event
from eventhub.queries.figure_labels import read_labels
from eventhub.queries.figure_rows import EventFigures


@dataclass(frozen=True, slots=True)
class DimensionMembers:
    """A dimension and its members: code and name, in order."""

    dimension: str
    label: str
    members: Sequence[tuple[str, str]]


def members_of_event(
    session: Session, figures: EventFigures, dimensions: Sequence[str]
) -> list[DimensionMembers]:
    """The members of each of these dimensions, be they counted or not.

    Structures and days are those of the event's own figures.
    """
    labels = read_labels(session, {}, select(Event.id).where(Event.id == figures.event_id))
    found = []
    for code in dimensions:
        known = dict(labels.members(code))
        if code in figures.breakdowns:
            counted = figures.breakdowns[code].rows
            known |= {row.member: row.label for row in counted if row.member is not None}
        if known:
            found.append(DimensionMembers(code, DIMENSIONS[code].label, tuple(known.items())))
    return found
