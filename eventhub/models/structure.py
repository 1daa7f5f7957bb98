"""Structures: organisations, with their aliases."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.models.base import Base


class Structure(Base):
    """An organisation; `typologie` is a code of the national standard of inclusion places.

    Source: https://github.com/LaMednum/standard-mediation-num (« typologies »).
    """

    __tablename__ = "structures"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), unique=True)
    typologie: Mapped[str] = mapped_column(String(40), default="")
    departement_code: Mapped[str | None] = mapped_column(ForeignKey("departements.code"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))

    aliases: Mapped[list["StructureAlias"]] = relationship(
        back_populates="structure", cascade="all, delete-orphan", order_by="StructureAlias.id"
    )


class StructureAlias(Base):
    """Another name of a structure; names resolve by it."""

    __tablename__ = "structure_aliases"

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), unique=True)

    structure: Mapped[Structure] = relationship(back_populates="aliases")
