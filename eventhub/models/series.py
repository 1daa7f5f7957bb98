"""Series: events that recur for a territory, their cadence and their standing members."""

from datetime import date, datetime, time

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.domain.registration import RegistrationRole
from eventhub.models.base import Base, enum_column
from eventhub.models.event import Event, EventKind
from eventhub.models.person import Category, Person
from eventhub.models.structure import Structure
from eventhub.models.territory import BassinDeVie, Departement

series_departements = Table(
    "series_departements",
    Base.metadata,
    Column("series_id", ForeignKey("series.id", ondelete="CASCADE"), primary_key=True),
    Column("departement_code", ForeignKey("departements.code"), primary_key=True, index=True),
)

_LIVE = text("removed_at IS NULL")


class Series(Base):
    """Events that recur for a territory with a dated cadence.

    `usual_start` is an hour in the events' zone. `ended_on` is the day from which nothing more is
    expected.
    """

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    kind_code: Mapped[str] = mapped_column(ForeignKey("event_kinds.code"), index=True)
    bassin_id: Mapped[int | None] = mapped_column(ForeignKey("bassins_de_vie.id"))
    place: Mapped[str] = mapped_column(String(200), default="")
    usual_start: Mapped[time | None]
    duration_minutes: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    kind: Mapped[EventKind] = relationship()
    bassin: Mapped[BassinDeVie | None] = relationship()
    departements: Mapped[list[Departement]] = relationship(
        secondary=series_departements, order_by=Departement.code
    )
    cadences: Mapped[list["SeriesCadence"]] = relationship(
        cascade="all, delete-orphan", order_by="SeriesCadence.since"
    )
    members: Mapped[list["SeriesMember"]] = relationship(
        back_populates="series", cascade="all, delete-orphan", order_by="SeriesMember.id"
    )
    events: Mapped[list[Event]] = relationship(
        back_populates="series", order_by="(Event.starts_on, Event.id)"
    )


class SeriesCadence(Base):
    """How often the events of a series are due, from a day on.

    In half months, so that « tous les deux mois et demi » is a whole number.
    """

    __tablename__ = "series_cadences"
    __table_args__ = (
        UniqueConstraint("series_id", "since"),
        CheckConstraint("half_months > 0", name="positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    since: Mapped[date]
    half_months: Mapped[int]


class SeriesMember(Base):
    """Someone who is invited to each event of a series, with what they said of themselves."""

    __tablename__ = "series_members"
    __table_args__ = (
        Index(
            "uq_series_members_live",
            "series_id",
            "person_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[RegistrationRole] = mapped_column(
        enum_column(RegistrationRole), default=RegistrationRole.PARTICIPANT
    )
    category_code: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"), index=True)
    structure_name: Mapped[str] = mapped_column(String(200), default="")
    departement_code: Mapped[str | None] = mapped_column(ForeignKey("departements.code"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    series: Mapped[Series] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()
    category: Mapped[Category | None] = relationship()
    structure: Mapped[Structure | None] = relationship()
