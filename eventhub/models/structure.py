"""Structures: organisations, with their aliases."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
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
    website: Mapped[str] = mapped_column(String(300), default="")
    departement_code: Mapped[str | None] = mapped_column(ForeignKey("departements.code"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(Text, default="")

    aliases: Mapped[list["StructureAlias"]] = relationship(
        back_populates="structure", cascade="all, delete-orphan", order_by="StructureAlias.id"
    )
    logo: Mapped["StructureLogo | None"] = relationship(
        cascade="all, delete-orphan", single_parent=True, uselist=False
    )


class StructureAlias(Base):
    """Another name of a structure; names resolve by it."""

    __tablename__ = "structure_aliases"

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), unique=True)

    structure: Mapped[Structure] = relationship(back_populates="aliases")


class StructureLogo(Base):
    """A structure's logo, made again from what was sent; `sha256` (hex) is part of its address."""

    __tablename__ = "structure_logos"

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(
        ForeignKey("structures.id", ondelete="CASCADE"), unique=True
    )
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime]


class StructureMerge(Base):
    """That one structure turned out to be another; `moved` holds what undoing it gives back."""

    __tablename__ = "structure_merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("structures.id"), index=True)
    merged_at: Mapped[datetime]
    merged_by: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(200), default="")
    moved: Mapped[dict[str, Any]] = mapped_column(JSON)

    kept: Mapped[Structure] = relationship(foreign_keys=[kept_id])
    merged: Mapped[Structure] = relationship(foreign_keys=[merged_id])
