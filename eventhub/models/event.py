"""Events, their kinds, programme, partners and deliverables."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.domain.event import (
    ActivityFormat,
    ActivityRegistration,
    CountingUnit,
    DatePrecision,
    DayHalf,
    EntranceUnit,
    EventMode,
    EventState,
    HubRole,
    KindFamily,
    PartnershipRole,
)
from eventhub.models.base import Base, enum_column
from eventhub.models.structure import Structure
from eventhub.models.territory import BassinDeVie, Departement

if TYPE_CHECKING:
    from eventhub.models.series import Series

USUAL_REMINDER_HOURS = (168, 24)
"""A week and a day before the start."""
USUAL_PROMOTION_DELAY_HOURS = 24

event_departements = Table(
    "event_departements",
    Base.metadata,
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("departement_code", ForeignKey("departements.code"), primary_key=True, index=True),
)

activity_hosts = Table(
    "activity_hosts",
    Base.metadata,
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True),
    Column("structure_id", ForeignKey("structures.id"), primary_key=True, index=True),
)


class EventKind(Base):
    """A kind of event, edited by administrators: what it counts as, and a template of its events.

    `usual_start` is an hour in the event's zone. `opens_before_days` and `closes_before_hours`
    are counted back from the start, as `reminder_hours` are; null: at once, and never.
    A kind that is not `active` is offered no more and keeps its events.
    """

    __tablename__ = "event_kinds"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(100))
    family: Mapped[KindFamily] = mapped_column(enum_column(KindFamily))
    counted_by: Mapped[CountingUnit] = mapped_column(enum_column(CountingUnit))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    usual_start: Mapped[time | None]
    duration_minutes: Mapped[int | None]
    mode: Mapped[EventMode] = mapped_column(enum_column(EventMode), default=EventMode.ONSITE)
    capacity_onsite: Mapped[int | None]
    capacity_remote: Mapped[int | None]
    waiting_list: Mapped[bool] = mapped_column(default=True)
    promotion_delay_hours: Mapped[int] = mapped_column(default=USUAL_PROMOTION_DELAY_HOURS)
    opens_before_days: Mapped[int | None]
    closes_before_hours: Mapped[int | None]
    reminder_hours: Mapped[list[int]] = mapped_column(
        JSON, default=lambda: list(USUAL_REMINDER_HOURS)
    )
    mail_note: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(300), default="")
    entrance_unit: Mapped[EntranceUnit] = mapped_column(
        enum_column(EntranceUnit), default=EntranceUnit.DAY
    )

    activities: Mapped[list["KindActivity"]] = relationship(
        cascade="all, delete-orphan", order_by="(KindActivity.position, KindActivity.id)"
    )


class KindActivity(Base):
    """One part of the programme that events of a kind begin with.

    `day` counts from 0; `starts_after_minutes` from the event's start, on each day the same hour.
    """

    __tablename__ = "kind_activities"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind_code: Mapped[str] = mapped_column(
        ForeignKey("event_kinds.code", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    format: Mapped[ActivityFormat] = mapped_column(enum_column(ActivityFormat))
    title: Mapped[str] = mapped_column(String(300))
    day: Mapped[int] = mapped_column(default=0)
    starts_after_minutes: Mapped[int | None]
    duration_minutes: Mapped[int | None]
    track: Mapped[str] = mapped_column(String(100), default="")
    capacity_onsite: Mapped[int | None]
    capacity_remote: Mapped[int | None]
    registration: Mapped[ActivityRegistration] = mapped_column(
        enum_column(ActivityRegistration), default=ActivityRegistration.OPEN
    )
    counts_presence: Mapped[bool] = mapped_column(default=True)


class Event(Base):
    """Anything with a date and people.

    `id` is also the event's number in tickets. `starts_on` and `ends_on` bound what is known of
    the date, in the event's zone; `starts_at` and `ends_at` are null where the hour is unknown.
    A capacity of null is unlimited. `taken_*` count the confirmed registrations that hold a
    place, `waiting_*` those who wait for one; they only ever move in one atomic statement with
    the capacity (see `eventhub.services.places`).
    `door_sequence` is raised under this row's lock by every change that a door's copy must see.
    `version` rises with every change of what an organiser writes. `starts_half` and `ends_half`
    say the half of the first and of the last day where the hours are unknown.
    `previous_starts_*` hold the date announced first, once the event has left it. `published_at`
    is the first publication: from then on calendars elsewhere may hold the event.
    `reminder_hours` are hours before the start, so that reminders move with it.
    """

    __tablename__ = "events"
    # In this order a search walks the events that may be shown by their days, and reads no row.
    __table_args__ = (Index("ix_events_ends_on_state_kind", "ends_on", "state", "kind_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    kind_code: Mapped[str] = mapped_column(ForeignKey("event_kinds.code"), index=True)
    state: Mapped[EventState] = mapped_column(enum_column(EventState), default=EventState.DRAFT)
    state_reason: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(300), default="")

    date_precision: Mapped[DatePrecision] = mapped_column(
        enum_column(DatePrecision), default=DatePrecision.DAY
    )
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    starts_half: Mapped[DayHalf | None] = mapped_column(enum_column(DayHalf))
    ends_half: Mapped[DayHalf | None] = mapped_column(enum_column(DayHalf))
    previous_starts_on: Mapped[date | None]
    previous_starts_at: Mapped[datetime | None]
    timezone: Mapped[str] = mapped_column(String(64), default="Europe/Paris")
    entrance_unit: Mapped[EntranceUnit] = mapped_column(
        enum_column(EntranceUnit), default=EntranceUnit.DAY
    )

    mode: Mapped[EventMode] = mapped_column(enum_column(EventMode), default=EventMode.ONSITE)
    place: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    access: Mapped[str] = mapped_column(Text, default="")
    accessibility: Mapped[str] = mapped_column(Text, default="")
    remote_link: Mapped[str] = mapped_column(String(500), default="")
    bassin_id: Mapped[int | None] = mapped_column(ForeignKey("bassins_de_vie.id"), index=True)

    hub_role: Mapped[HubRole] = mapped_column(enum_column(HubRole), default=HubRole.ORGANISER)
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")

    registration_enabled: Mapped[bool] = mapped_column(default=True)
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    waiting_list: Mapped[bool] = mapped_column(default=True)
    promotion_delay_hours: Mapped[int] = mapped_column(default=USUAL_PROMOTION_DELAY_HOURS)
    reminder_hours: Mapped[list[int]] = mapped_column(
        JSON, default=lambda: list(USUAL_REMINDER_HOURS)
    )
    mail_note: Mapped[str] = mapped_column(Text, default="")
    capacity_onsite: Mapped[int | None]
    capacity_remote: Mapped[int | None]
    taken_onsite: Mapped[int] = mapped_column(default=0)
    taken_remote: Mapped[int] = mapped_column(default=0)
    waiting_onsite: Mapped[int] = mapped_column(default=0)
    waiting_remote: Mapped[int] = mapped_column(default=0)

    prepares_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    source: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, default="")

    calendar_sequence: Mapped[int] = mapped_column(default=0)
    door_epoch: Mapped[str] = mapped_column(String(32), default="")
    door_sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    kind: Mapped[EventKind] = relationship()
    bassin: Mapped[BassinDeVie | None] = relationship()
    departements: Mapped[list[Departement]] = relationship(
        secondary=event_departements, order_by=Departement.code
    )
    alternatives: Mapped[list["EventAlternative"]] = relationship(
        cascade="all, delete-orphan", order_by="EventAlternative.on"
    )
    partnerships: Mapped[list["Partnership"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="Partnership.position"
    )
    activities: Mapped[list["Activity"]] = relationship(
        back_populates="event",
        cascade="all, delete-orphan",
        order_by="(Activity.position, Activity.id)",
    )
    deliverables: Mapped[list["Deliverable"]] = relationship(
        cascade="all, delete-orphan", order_by="Deliverable.id"
    )
    preparations: Mapped[list["Event"]] = relationship(
        back_populates="prepares", order_by="Event.starts_on"
    )
    prepares: Mapped["Event | None"] = relationship(
        back_populates="preparations", remote_side="Event.id"
    )
    series: Mapped["Series | None"] = relationship(back_populates="events")
    rooms: Mapped[list["EventRoom"]] = relationship(
        cascade="all, delete-orphan", order_by="EventRoom.name_key"
    )


class FormerSlug(Base):
    """An address that an event had: it leads to the event for ever, and is never given again."""

    __tablename__ = "former_slugs"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    left_at: Mapped[datetime]


class EventRoom(Base):
    """How many people a room of an event holds; activities name their room by its words."""

    __tablename__ = "event_rooms"
    __table_args__ = (UniqueConstraint("event_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    seats: Mapped[int | None]


class EventAlternative(Base):
    """One of the days of an event of which the day was not settled (« 14 ou 21 septembre »)."""

    __tablename__ = "event_alternatives"
    __table_args__ = (UniqueConstraint("event_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    on: Mapped[date]


class Partnership(Base):
    """A structure's role on an event."""

    __tablename__ = "partnerships"
    __table_args__ = (UniqueConstraint("event_id", "structure_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    role: Mapped[PartnershipRole] = mapped_column(enum_column(PartnershipRole))
    position: Mapped[int] = mapped_column(default=0)
    shows_logo: Mapped[bool] = mapped_column(default=True)

    event: Mapped[Event] = relationship(back_populates="partnerships")
    # A partner is never shown without its name.
    structure: Mapped[Structure] = relationship(lazy="joined", innerjoin=True)


class Activity(Base):
    """One part of a programme; without hours it overlaps nothing.

    `registration` says whether one has to choose it beforehand, `counts_presence` whether it has
    a checkpoint at the door. `remote_link` is for those registered only.
    """

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    format: Mapped[ActivityFormat] = mapped_column(enum_column(ActivityFormat))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    room: Mapped[str] = mapped_column(String(200), default="")
    track: Mapped[str] = mapped_column(String(100), default="")
    remote_link: Mapped[str] = mapped_column(String(500), default="")
    registration: Mapped[ActivityRegistration] = mapped_column(
        enum_column(ActivityRegistration), default=ActivityRegistration.OPEN
    )
    counts_presence: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(Text, default="")
    capacity_onsite: Mapped[int | None]
    capacity_remote: Mapped[int | None]
    taken_onsite: Mapped[int] = mapped_column(default=0)
    taken_remote: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship(back_populates="activities")
    hosts: Mapped[list[Structure]] = relationship(
        secondary=activity_hosts, order_by=Structure.name_key
    )
    speakers: Mapped[list["ActivitySpeaker"]] = relationship(
        cascade="all, delete-orphan", order_by="(ActivitySpeaker.position, ActivitySpeaker.id)"
    )


class ActivitySpeaker(Base):
    """Who speaks or facilitates; the public reads the name only where they agreed to it."""

    __tablename__ = "activity_speakers"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activities.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(100), default="")
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"), index=True)
    may_be_named: Mapped[bool] = mapped_column(default=False)

    structure: Mapped[Structure | None] = relationship()


class Deliverable(Base):
    """What a hackathon made."""

    __tablename__ = "deliverables"
    __table_args__ = (UniqueConstraint("event_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(60), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
