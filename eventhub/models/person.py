"""Persons across events, and the categories they declare."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventhub.models.base import Base


class Category(Base):
    """What a person declares to be; `lacoop` is the bucket of La Coop de la médiation numérique.

    One that is not `active` is offered no more, and stays with who declared it.
    """

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(120))
    lacoop: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Person(Base):
    """One human across events, matched by normalised e-mail and name.

    A shared mailbox holds several persons; the later ones carry `shares_mailbox`.
    """

    __tablename__ = "persons"
    __table_args__ = (UniqueConstraint("email_key", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(210), index=True)
    sort_key: Mapped[str] = mapped_column(String(210), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254))
    shares_mailbox: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    anonymised_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
