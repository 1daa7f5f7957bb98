from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, NotFound, StructureChanged, StructureMerged
from eventhub.domain.event import PartnershipRole
from eventhub.domain.structure_details import StructureDetails
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Partnership
from eventhub.models.structure import Structure
from eventhub.services.search_texts import index_event
from eventhub.services.structure_directory import change_structure, create_structure
from eventhub.services.structures import find_structure
from tests.factories import make_account, make_departement, make_event, make_structure


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, display_name="Nadège Lemoine")


@pytest.fixture
def tilleuls(session: Session, now: datetime, account: Account) -> Structure:
    make_departement(session, "45", "Loiret")
    details = StructureDetails(
        "Médiathèque des Tilleuls", "BIB", "45", "https://tilleuls.example", ("La Média", "BM")
    )
    return create_structure(session, details, now, account=account)


def names(structure: Structure) -> list[str]:
    return [structure.name, *(alias.name for alias in structure.aliases)]


def test_a_structure_is_added_with_its_names(session: Session, tilleuls: Structure) -> None:
    assert names(tilleuls) == ["Médiathèque des Tilleuls", "La Média", "BM"]
    assert (tilleuls.typologie, tilleuls.departement_code) == ("BIB", "45")
    assert find_structure(session, "la media") is tilleuls
    assert "media" in tilleuls.search_text
    entry = session.query(AuditEntry).one()
    assert (entry.action, entry.actor, entry.subject) == (
        "structure-created",
        "Nadège Lemoine",
        f"structure:{tilleuls.id}",
    )


def test_what_is_changed_is_written_and_found(
    session: Session, tilleuls: Structure, now: datetime, account: Account
) -> None:
    event = make_event(session)
    session.add(Partnership(event=event, structure=tilleuls, role=PartnershipRole.HOST))
    session.flush()
    details = StructureDetails("Médiathèque du Lavoir", "BIB", "45", "", ("BM", "La Bulle", "bm"))
    changed = change_structure(
        session, tilleuls.id, details, tilleuls.version, now, account=account
    )
    assert changed == ["name", "website", "aliases"]
    assert names(tilleuls) == ["Médiathèque du Lavoir", "bm", "La Bulle"]
    assert tilleuls.version == 2
    assert find_structure(session, "la bulle") is tilleuls
    assert find_structure(session, "La Média") is None
    index_event(session, event)
    assert "lavoir" in event.search_text


def test_saving_without_a_change_changes_nothing(
    session: Session, tilleuls: Structure, now: datetime, account: Account
) -> None:
    details = StructureDetails(
        "Médiathèque des Tilleuls", "BIB", "45", "https://tilleuls.example", ("La Média", "BM")
    )
    assert change_structure(session, tilleuls.id, details, 1, now, account=account) == []
    assert tilleuls.version == 1


def test_who_read_an_older_version_writes_nothing(
    session: Session, tilleuls: Structure, now: datetime, account: Account
) -> None:
    with pytest.raises(StructureChanged):
        change_structure(session, tilleuls.id, StructureDetails("Autre"), 7, now, account=account)
    assert tilleuls.name == "Médiathèque des Tilleuls"


@pytest.mark.parametrize(
    ("details", "fields"),
    [
        (StructureDetails(""), {"name": "Donnez un nom, en lettres ou en chiffres."}),
        (StructureDetails(" – "), {"name": "Donnez un nom, en lettres ou en chiffres."}),
        (StructureDetails("A" * 201), {"name": "Raccourcissez : 200 caractères au plus."}),
        (StructureDetails("A", "X-FILES"), {"typologie": "Choisissez dans la liste."}),
        (StructureDetails("A", "", "99"), {"departement_code": "Choisissez dans la liste."}),
        (
            StructureDetails("A", website="javascript:alert(1)"),
            {"website": "Écrivez une adresse complète, qui commence par https://."},
        ),
        (
            StructureDetails("A", website="https://a@b.example"),
            {"website": "Écrivez une adresse complète, qui commence par https://."},
        ),
        (
            StructureDetails("la MEDIA"),
            {"name": "« la MEDIA » est déjà un nom de « Médiathèque des Tilleuls »."},
        ),
        (
            StructureDetails("A", aliases=("B", "bm")),
            {"aliases": "« bm » est déjà un nom de « Médiathèque des Tilleuls »."},
        ),
        (StructureDetails("A", aliases=("B",) * 41), {"aliases": "Pas plus de 40 autres noms."}),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(
    session: Session,
    tilleuls: Structure,
    now: datetime,
    account: Account,
    details: StructureDetails,
    fields: dict[str, str],
) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_structure(session, details, now, account=account)
    said = {name: text.replace("\u00a0", " ") for name, text in refused.value.fields.items()}
    assert said == fields


def test_a_code_that_the_standard_does_not_know_may_stay(
    session: Session, now: datetime, account: Account
) -> None:
    old = make_structure(session, "Hub", typologie="HUB")
    details = StructureDetails("Hub régional", "HUB")
    assert change_structure(session, old.id, details, 1, now, account=account) == ["name"]


def test_a_merged_structure_takes_nothing_any_more(
    session: Session, tilleuls: Structure, now: datetime, account: Account
) -> None:
    merged = make_structure(session, "Tilleuls", merged_into_id=tilleuls.id)
    with pytest.raises(StructureMerged):
        change_structure(session, merged.id, StructureDetails("A"), 1, now, account=account)
    with pytest.raises(InvalidInput):
        change_structure(
            session, tilleuls.id, StructureDetails("Tilleuls"), 1, now, account=account
        )


def test_a_structure_that_is_not_there_is_not_found(
    session: Session, now: datetime, account: Account
) -> None:
    with pytest.raises(NotFound):
        change_structure(session, 999_999, StructureDetails("A"), 1, now, account=account)
