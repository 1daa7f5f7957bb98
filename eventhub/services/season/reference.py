"""Territories, kinds, categories and structures of a season."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import CountingUnit, KindFamily
from eventhub.domain.naming import name_key
from eventhub.models.event import EventKind
from eventhub.models.person import Category
from eventhub.models.structure import Structure, StructureAlias
from eventhub.models.territory import BassinAlias, BassinDeVie, Departement
from eventhub.services.search_texts import index_structure
from eventhub.services.season.reading import Line, no_repeats, read_table
from eventhub.services.structures import structure_key


@dataclass(frozen=True, slots=True)
class BassinLine:
    """A bassin de vie as written."""

    slug: str
    departement: str
    name: str
    aliases: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    note: str


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of event as written."""

    code: str
    label: str
    family: KindFamily
    counted_by: CountingUnit


@dataclass(frozen=True, slots=True)
class StructureLine:
    """A structure as written."""

    name: str
    typologie: str
    departement: str | None
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """What events refer to. `structures` leads from every name and alias to the structure."""

    departements: Mapping[str, str]
    bassins: Mapping[str, BassinLine]
    kinds: Mapping[str, KindLine]
    categories: Mapping[str, tuple[str, str]]
    structures: Mapping[str, StructureLine]

    def structure(self, line: Line, column: str, name: str) -> StructureLine:
        """The structure of that name or alias. Raises SeasonFileError for an unknown one."""
        found = self.structures.get(structure_key(name))
        if found is None:
            raise line.wrong(column, f"{name!r} is neither a name nor an alias of structures.csv")
        return found


def read_reference(folder: Path) -> Reference:
    """Read the five tables. Raises SeasonFileError."""
    departements = {
        line.text("code", 3, required=True): line.text("name", 100, required=True)
        for line in _table(folder / "departements.csv", ("code", "name"))
    }
    return Reference(
        departements=departements,
        bassins=_bassins(folder, departements),
        kinds={
            line.slug("code", 40): KindLine(
                line.values["code"],
                line.text("label", 100, required=True),
                line.code("family", KindFamily),
                line.code("counted_by", CountingUnit),
            )
            for line in _table(folder / "kinds.csv", ("code", "label", "family", "counted_by"))
        },
        categories={
            line.slug("code", 40): (
                line.text("label", 120, required=True),
                line.text("lacoop", 40),
            )
            for line in _table(folder / "categories.csv", ("code", "label", "lacoop"))
        },
        structures=_structures(folder, departements),
    )


def _table(path: Path, columns: tuple[str, ...]) -> list[Line]:
    lines = read_table(path, columns)
    no_repeats(lines, columns[0])
    return lines


def _bassins(folder: Path, departements: Mapping[str, str]) -> dict[str, BassinLine]:
    columns = ("slug", "departement", "name", "aliases", "valid_from", "valid_to", "note")
    found: dict[str, BassinLine] = {}
    taken: dict[str, str] = {}
    for line in _table(folder / "bassins_de_vie.csv", columns):
        one = BassinLine(
            slug=line.slug("slug", 80),
            departement=line.one_of("departement", departements, "a code of departements.csv"),
            name=line.text("name", 100, required=True),
            aliases=tuple(line.items("aliases")),
            valid_from=line.maybe_day("valid_from"),
            valid_to=line.maybe_day("valid_to"),
            note=line.text("note", 2000),
        )
        for alias in one.aliases:
            if taken.setdefault(name_key(alias), one.slug) != one.slug:
                raise line.wrong("aliases", f"{alias!r} also names {taken[name_key(alias)]}")
        found[one.slug] = one
    return found


def _structures(folder: Path, departements: Mapping[str, str]) -> dict[str, StructureLine]:
    columns = ("name", "typologie", "departement", "aliases")
    found: dict[str, StructureLine] = {}
    for line in _table(folder / "structures.csv", columns):
        one = StructureLine(
            name=line.text("name", 200, required=True),
            typologie=line.text("typologie", 40),
            departement=line.maybe_one_of(
                "departement", departements, "a code of departements.csv"
            ),
            aliases=tuple(line.items("aliases")),
        )
        for column, name in (("name", one.name), *(("aliases", alias) for alias in one.aliases)):
            key = structure_key(name)
            if not key:
                raise line.wrong(column, f"{name!r} holds no letter and no digit")
            if found.setdefault(key, one) is not one:
                raise line.wrong(column, f"{name!r} already names {found[key].name!r}")
    return found


def load_reference(session: Session, reference: Reference) -> dict[str, Structure]:
    """Write what is missing; what is there stays as it is. The structures by their keys."""
    _load_territories(session, reference)
    known_kinds = set(session.scalars(select(EventKind.code)))
    session.add_all(
        EventKind(
            code=kind.code,
            label=kind.label,
            family=kind.family,
            counted_by=kind.counted_by,
            position=position,
        )
        for position, kind in enumerate(reference.kinds.values())
        if kind.code not in known_kinds
    )
    known_categories = set(session.scalars(select(Category.code)))
    session.add_all(
        Category(code=code, label=label, lacoop=lacoop, position=position)
        for position, (code, (label, lacoop)) in enumerate(reference.categories.items())
        if code not in known_categories
    )
    session.flush()
    return _load_structures(session, dict.fromkeys(reference.structures.values()))


def _load_territories(session: Session, reference: Reference) -> None:
    known = set(session.scalars(select(Departement.code)))
    session.add_all(
        Departement(code=code, name=name)
        for code, name in reference.departements.items()
        if code not in known
    )
    known_bassins = set(session.scalars(select(BassinDeVie.slug)))
    known_aliases = set(session.scalars(select(BassinAlias.name_key)))
    for one in reference.bassins.values():
        if one.slug in known_bassins:
            continue
        aliases = {name_key(alias): alias for alias in one.aliases}
        session.add(
            BassinDeVie(
                slug=one.slug,
                name=one.name,
                departement_code=one.departement,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                note=one.note,
                aliases=[
                    BassinAlias(name=alias, name_key=key)
                    for key, alias in aliases.items()
                    if key not in known_aliases
                ],
            )
        )
    session.flush()


def _load_structures(session: Session, lines: Iterable[StructureLine]) -> dict[str, Structure]:
    by_key = structures_by_key(session)
    for one in lines:
        if structure_key(one.name) in by_key:
            continue
        structure = Structure(
            name=one.name,
            name_key=structure_key(one.name),
            typologie=one.typologie,
            departement_code=one.departement,
        )
        session.add(structure)
        by_key[structure.name_key] = structure
        for alias in one.aliases:
            key = structure_key(alias)
            if key not in by_key:
                structure.aliases.append(StructureAlias(name=alias, name_key=key))
                by_key[key] = structure
        index_structure(structure)
    session.flush()
    return by_key


def structures_by_key(session: Session) -> dict[str, Structure]:
    """Every structure by its name and by its aliases, merged ones as the one that stays."""
    every = {structure.id: structure for structure in session.scalars(select(Structure))}

    def stays(structure: Structure) -> Structure:
        while structure.merged_into_id is not None:
            structure = every[structure.merged_into_id]
        return structure

    by_key = {
        key: stays(every[structure_id])
        for key, structure_id in session.execute(
            select(StructureAlias.name_key, StructureAlias.structure_id)
        )
    }
    return by_key | {structure.name_key: stays(structure) for structure in every.values()}
