"""Staff accounts, sign-in links, API tokens and idempotency keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.domain.rights import AccountRole, Actor
from eventhub.models.base import Base, enum_column
from eventhub.models.event import Event
from eventhub.models.structure import Structure
from eventhub.models.territory import Departement

account_departements = Table(
    "account_departements",
    Base.metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("departement_code", ForeignKey("departements.code"), primary_key=True),
)

event_co_organisers = Table(
    "event_co_organisers",
    Base.metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Account(Base):
    """A staff member who signs in by a mailed link.

    `session_version` is part of every session: raising it signs the account out everywhere.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[AccountRole] = mapped_column(enum_column(AccountRole))
    active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"), index=True)

    departements: Mapped[list[Departement]] = relationship(
        secondary=account_departements, order_by=Departement.code
    )
    co_organised: Mapped[list[Event]] = relationship(secondary=event_co_organisers)
    structure: Mapped[Structure | None] = relationship()

    @property
    def shown_name(self) -> str:
        """How colleagues know this account: its name, or its address where none was given."""
        return self.display_name or self.email

    def actor(self) -> Actor:
        """This account as the rules of rights see it."""
        return Actor(
            role=self.role,
            departements=frozenset(departement.code for departement in self.departements),
            co_organised=frozenset(event.id for event in self.co_organised),
        )


class SignInLink(Base):
    """A one-use, short-lived link; its token is kept hashed (SHA-256, hex)."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class ApiToken(Base):
    """A bearer token of the API with its scopes, perhaps limited to one département."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    departement_code: Mapped[str | None] = mapped_column(ForeignKey("departements.code"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Base):
    """The answer given to a POST with an Idempotency-Key, replayed to the same request.

    Source: draft-ietf-httpapi-idempotency-key-header.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("scope", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
