"""Départements and bassins de vie: dated reference data, never constants."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.models.base import Base


class Departement(Base):
    """A French département; `code` as INSEE writes it (`18`, `2A`)."""

    __tablename__ = "departements"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))


class BassinDeVie(Base):
    """A bassin de vie of the hub's own list; it may begin, end or merge into another."""

    __tablename__ = "bassins_de_vie"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    departement_code: Mapped[str] = mapped_column(ForeignKey("departements.code"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("bassins_de_vie.id"))
    note: Mapped[str] = mapped_column(default="")

    departement: Mapped[Departement] = relationship()
    aliases: Mapped[list["BassinAlias"]] = relationship(
        back_populates="bassin", cascade="all, delete-orphan", order_by="BassinAlias.id"
    )


class BassinAlias(Base):
    """Another name under which a bassin de vie is known."""

    __tablename__ = "bassin_aliases"

    id: Mapped[int] = mapped_column(primary_key=True)
    bassin_id: Mapped[int] = mapped_column(ForeignKey("bassins_de_vie.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100), unique=True)

    bassin: Mapped[BassinDeVie] = relationship(back_populates="aliases")
