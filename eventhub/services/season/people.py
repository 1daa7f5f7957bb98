"""Invented people and structures, always the same ones: nobody is meant, all at example.org."""

import random
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from eventhub.domain.naming import email_key, name_key, slugify
from eventhub.models.person import Person
from eventhub.models.structure import Structure
from eventhub.services.search_texts import index_structure
from eventhub.services.season.names import (
    FAMILY_NAMES,
    GIVEN_NAMES,
    STRUCTURE_KINDS,
    STRUCTURE_PLACES,
)
from eventhub.services.structures import structure_key

SEED = "eventhub-season"
_STRUCTURES_OF_PEOPLE = 24
"""How many invented structures of a département people come from."""
_NO_CATEGORY, _NO_STRUCTURE = 0.05, 0.12
"""The share of people of whom that is not known."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Someone:
    """An invented person; `residence` is a code, or None where it is not known."""

    number: int
    given_name: str
    family_name: str
    residence: str | None
    category: str | None
    structure: str | None

    @property
    def email(self) -> str:
        """An address that leads nowhere."""
        return f"{slugify(self.given_name)}.{slugify(self.family_name)}@example.org"


class Cast:
    """All the invented people and structures of a season, by département."""

    def __init__(self, departements: Collection[str], categories: Collection[str]) -> None:
        self._lanes: list[str | None] = [*sorted(departements), None]
        self._categories = list(categories)
        rng = random.Random(SEED)  # noqa: S311 - the same people at each loading
        self._names = [(given, family) for given in GIVEN_NAMES for family in FAMILY_NAMES]
        rng.shuffle(self._names)
        structures = [
            (f"{kind} {place}", typologie)
            for kind, typologie in STRUCTURE_KINDS
            for place in STRUCTURE_PLACES
        ]
        rng.shuffle(structures)
        self._typologies = dict(structures)
        self._structures = [name for name, _typologie in structures]

    @property
    def departements(self) -> list[str]:
        """The codes of the départements that people come from."""
        return [lane for lane in self._lanes if lane is not None]

    def structures(self, departement: str, count: int) -> list[str]:
        """The first invented structures of a département. Raises ValueError for too many."""
        found = list(islice(self._lane_of_structures(departement), count))
        if len(found) < count:
            raise ValueError(f"no more than {len(found)} structures can be invented")
        return found

    def _lane_of_structures(self, departement: str) -> Iterable[str]:
        # The last lane is that of unknown départements, which have no structure.
        return self._structures[self._lanes.index(departement) :: len(self._lanes) - 1]

    def typologie(self, structure: str) -> str:
        """The type of an invented structure."""
        return self._typologies[structure]

    def someone(self, residence: str | None, index: int) -> Someone:
        """The person of that rank among those of a département, or of no known one."""
        number = index * len(self._lanes) + self._lanes.index(residence)
        rng = random.Random(f"{SEED}:{number}")  # noqa: S311 - the same people at each loading
        turn, place = divmod(number, len(self._names))
        given, family = self._names[place]
        weights = [1 / (rank + 2) for rank in range(len(self._categories))]
        category = rng.choices(self._categories, weights)[0] if self._categories else None
        structure = None
        if residence is not None:
            lane = list(islice(self._lane_of_structures(residence), _STRUCTURES_OF_PEOPLE))
            structure = rng.choice(lane) if lane else None
        return Someone(
            number=number,
            given_name=given,
            # After every name has served once, families marry.
            family_name=family if not turn else f"{family}-{FAMILY_NAMES[turn % 48]}",
            residence=residence,
            category=None if rng.random() < _NO_CATEGORY else category,
            structure=None if rng.random() < _NO_STRUCTURE else structure,
        )

    def choose(self, rng: random.Random, counts: Mapping[str | None, int]) -> list[Someone]:
        """So many people of each département; others at each event, some of them the same."""
        return [
            self.someone(residence, index)
            for residence, count in counts.items()
            for index in sorted(rng.sample(range(max(2 * count, 60)), count))
        ]


def rng_of(subject: str) -> random.Random:
    """A source of chance that is always the same for a subject."""
    return random.Random(f"{SEED}:{subject}")  # noqa: S311 - the same rows at each loading


def new_uuid(rng: random.Random) -> uuid.UUID:
    """An identifier (UUID version 4) from a source of chance."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def load_structures(
    session: Session, cast: Cast, names: Mapping[str, str], by_key: dict[str, Structure]
) -> int:
    """Write the invented structures that are missing, by name with their département."""
    missing = {
        structure_key(name): (name, departement)
        for name, departement in names.items()
        if structure_key(name) not in by_key
    }
    made = [
        Structure(
            name=name,
            name_key=key,
            typologie=cast.typologie(name),
            departement_code=departement,
        )
        for key, (name, departement) in missing.items()
    ]
    for structure in made:
        index_structure(structure)
    session.add_all(made)
    session.flush()
    by_key.update({structure.name_key: structure for structure in made})
    return len(made)


def load_people(
    session: Session, people: Iterable[Someone], now: datetime
) -> tuple[dict[int, int], int]:
    """Write the people who are missing; the ids of all by their number, and how many were."""
    wanted = {one.number: one for one in people}
    keys = {
        number: (email_key(one.email), name_key(f"{one.given_name} {one.family_name}"))
        for number, one in wanted.items()
    }
    known = _known(session, [email for email, _name in keys.values()])
    missing = [one for number, one in wanted.items() if keys[number] not in known]
    for start in range(0, len(missing), _CHUNK):
        session.execute(
            insert(Person),
            [
                {
                    "given_name": one.given_name,
                    "family_name": one.family_name,
                    "name_key": keys[one.number][1],
                    "sort_key": name_key(f"{one.family_name} {one.given_name}"),
                    "email": one.email,
                    "email_key": keys[one.number][0],
                    "shares_mailbox": False,
                    "created_at": now,
                }
                for one in missing[start : start + _CHUNK]
            ],
        )
    known |= _known(session, [keys[one.number][0] for one in missing])
    return {number: known[key] for number, key in keys.items()}, len(missing)


def _known(session: Session, emails: Sequence[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for start in range(0, len(emails), _CHUNK):
        rows = session.execute(
            select(Person.email_key, Person.name_key, Person.id).where(
                Person.email_key.in_(emails[start : start + _CHUNK])
            )
        )
        found |= {(email or "", name): person_id for email, name, person_id in rows}
    return found
