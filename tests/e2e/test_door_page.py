"""The door page in a browser: scanner, names, taps, undo, walk-ins, counts, failing network."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from eventhub.domain.registration import RegistrationState
from eventhub.domain.scan import ScanKind
from eventhub.models.attendance import Attendance
from eventhub.models.door import Device, Scan
from eventhub.models.event import Event
from eventhub.models.registration import Registration
from eventhub.web.clock import now
from tests.e2e.server import LiveServer
from tests.e2e.watch import Watch
from tests.factories import make_event
from tests.services.door.desk import Desk

PHONE = {"width": 390, "height": 780}


@dataclass(frozen=True, slots=True)
class Door:
    """An event on the server, its tickets by name, and how to pair a phone."""

    server: LiveServer
    slug: str
    tickets: dict[str, str]
    short_code: str

    def link(self) -> str:
        printed = self.server.command("door", "add", self.slug, "--name", "Accueil 1", "--link")
        return urlsplit(printed.strip()).path

    def present(self) -> int:
        """How many presences the server has."""
        with self.server.session() as session:
            return (
                session.scalar(
                    select(func.count())
                    .select_from(Attendance)
                    .join(Event, Event.id == Attendance.event_id)
                    .where(Event.slug == self.slug)
                )
                or 0
            )

    def scans(self, kind: ScanKind) -> list[Scan]:
        with self.server.session() as session:
            return list(
                session.scalars(
                    select(Scan)
                    .join(Event, Event.id == Scan.event_id)
                    .where(Event.slug == self.slug, Scan.kind == kind)
                )
            )


@pytest.fixture
def door(server: LiveServer) -> Door:
    with server.session() as session:
        desk = Desk(session, make_event(session, title="La journée de l’accueil"))
        guests = {
            "Camille Brossard": desk.guest(structure_name="Tiers-lieu L’Embarcadère"),
            "Sofiane Brochet-Lambert": desk.guest("Sofiane", "Brochet-Lambert"),
            "Zoë Œuvrard": desk.guest("Zoë", "Œuvrard"),
            "Yann Le Bihan": desk.guest("Yann", "Le Bihan", state=RegistrationState.CANCELLED),
        }
        tickets = {name: desk.ticket(guest) for name, guest in guests.items()}
        code = guests["Zoë Œuvrard"].tickets[0].short_code
        return Door(server, desk.event.slug, tickets, code)


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext], door: Door) -> Page:
    """A phone that has just been paired."""
    page = new_context(viewport=PHONE, has_touch=True).new_page()
    page.goto(door.link())
    page.get_by_role("button", name="Ajouter ce poste").click()
    expect(page).to_have_url(re.compile("/accueil$"))
    expect(page.get_by_text("3 inscriptions, copie de")).to_be_visible()
    return page


def scan(page: Page, text: str) -> None:
    """What a USB scanner does: keys, one after the other, then Enter."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def verdict(page: Page, word: str) -> None:
    expect(page.get_by_role("heading", level=2)).to_have_text(word)


def counted(page: Page, present: int, expected: int, here: int) -> None:
    for term, number in (("present", present), ("expected", expected), ("here", here)):
        expect(page.locator(f"#count-{term}")).to_have_text(str(number))


def test_a_scanner_is_heard_with_nothing_focused(phone: Page, door: Door) -> None:
    counted(phone, 0, 3, 0)
    scan(phone, door.tickets["Camille Brossard"])
    verdict(phone, "C’est bon")
    expect(phone.locator("#verdict-who")).to_have_text("Camille Brossard")
    expect(phone.locator("#said")).to_have_text(re.compile("^C’est bon. Camille Brossard"))
    expect(phone.locator("#door")).to_have_class(re.compile("verdict-green"))
    counted(phone, 1, 2, 1)
    scan(phone, door.tickets["Camille Brossard"])
    verdict(phone, "Déjà là")
    expect(phone.locator("#verdict-message")).to_contain_text("poste «\u00a0Accueil 1\u00a0»")
    scan(phone, door.tickets["Yann Le Bihan"])
    verdict(phone, "Inscription annulée")
    assert door.present() == 1
    phone.get_by_role("button", name="Admettre").click()
    verdict(phone, "Admis·e")
    assert door.present() == 2
    assert door.scans(ScanKind.ARRIVAL)[-1].overridden


def test_a_scan_presses_no_button_and_fills_no_field(phone: Page, door: Door) -> None:
    phone.get_by_role("button", name="Ajouter une personne").focus()
    scan(phone, door.tickets["Camille Brossard"])
    verdict(phone, "C’est bon")
    phone.get_by_role("button", name="Suivant").focus()
    scan(phone, door.tickets["Sofiane Brochet-Lambert"])
    expect(phone.locator("#verdict-who")).to_have_text("Sofiane Brochet-Lambert")
    phone.get_by_role("button", name="Suivant").click()
    phone.get_by_role("button", name="Chercher un nom").click()
    scan(phone, door.tickets["Zoë Œuvrard"])
    expect(phone.locator("#verdict-who")).to_have_text("Zoë Œuvrard")
    expect(phone.locator("#query")).to_have_value("")
    assert door.present() == 3


def test_a_code_is_typed_in_its_field_or_without(phone: Page, door: Door) -> None:
    phone.get_by_label("Code écrit sous le billet").fill(door.short_code.lower())
    phone.get_by_role("button", name="Valider").click()
    verdict(phone, "C’est bon")
    phone.get_by_role("button", name="Suivant").click()
    phone.keyboard.type(door.short_code, delay=120)
    phone.keyboard.press("Enter")
    verdict(phone, "Déjà là")


def test_a_name_is_found_tapped_and_undone_with_a_reason(phone: Page, door: Door) -> None:
    phone.get_by_role("button", name="Chercher un nom").click()
    phone.keyboard.type("b", delay=100)
    expect(phone.get_by_text("Écrivez au moins 2 lettres.")).to_be_visible()
    phone.keyboard.type("ro", delay=100)
    expect(phone.locator("#names li")).to_have_count(2)
    phone.locator("#query").fill("OEUV")
    phone.get_by_role("button", name="Présent·e\u00a0: Zoë Œuvrard").click()
    verdict(phone, "C’est bon")
    counted(phone, 1, 2, 1)
    phone.get_by_role("button", name="Annuler").click()
    phone.get_by_role("button", name="Mauvaise personne").click()
    verdict(phone, "C’est noté")
    counted(phone, 0, 3, 0)
    assert door.present() == 0
    assert [undo.reason for undo in door.scans(ScanKind.UNDO)] == ["Mauvaise personne"]


def test_a_presence_is_taken_away_from_the_sheet_of_a_person(phone: Page, door: Door) -> None:
    for _ in range(2):
        scan(phone, door.tickets["Camille Brossard"])
        expect(phone.locator("#verdict-who")).to_have_text("Camille Brossard")
        phone.get_by_role("button", name="Suivant").click()
    phone.get_by_role("button", name="Chercher un nom").click()
    phone.get_by_role("button", name="Camille Brossard", exact=True).click()
    expect(phone.locator("#person-state")).to_contain_text("Arrivée à")
    phone.get_by_role("button", name="Retirer la présence").click()
    phone.get_by_role("button", name="Scanné par erreur").click()
    verdict(phone, "C’est noté")
    counted(phone, 0, 3, 0)
    assert len(door.scans(ScanKind.UNDO)) == 2
    assert door.present() == 0


def test_someone_is_noted_excused(phone: Page, door: Door) -> None:
    phone.get_by_role("button", name="Chercher un nom").click()
    phone.get_by_role("button", name="Zoë Œuvrard", exact=True).click()
    phone.get_by_role("button", name="Excusé·e").click()
    verdict(phone, "C’est noté")
    with door.server.session() as session:
        excused = session.scalars(
            select(Registration)
            .join(Event, Event.id == Registration.event_id)
            .where(Event.slug == door.slug, Registration.excused_at.is_not(None))
        ).all()
    assert len(excused) == 1


def test_someone_without_a_registration_is_added(phone: Page, door: Door) -> None:
    phone.get_by_role("button", name="Ajouter une personne").click()
    phone.get_by_role("button", name="Ajouter", exact=True).click()
    expect(phone.get_by_text("Écrivez le prénom.")).to_be_visible()
    expect(phone.get_by_label("Prénom")).to_be_focused()
    phone.keyboard.type("Léa", delay=100)
    phone.get_by_label("Nom", exact=True).fill("Moreau")
    phone.get_by_role("combobox", name="Structure").fill("Médiathèque du Lac")
    phone.get_by_label("Courriel").fill("lea@example")
    phone.get_by_role("button", name="Ajouter", exact=True).click()
    expect(phone.get_by_text("Écrivez une adresse complète")).to_be_visible()
    phone.get_by_label("Courriel").fill("lea.accueil@example.org")
    phone.get_by_role("button", name="Ajouter", exact=True).click()
    verdict(phone, "C’est noté")
    expect(phone.locator("#verdict-who")).to_have_text("Léa Moreau")
    counted(phone, 1, 3, 1)
    phone.get_by_role("button", name="Annuler").click()
    phone.get_by_role("button", name="La personne est repartie").click()
    counted(phone, 0, 3, 0)


def test_a_failing_network_is_told_and_nothing_is_lost(
    phone: Page, door: Door, watch: Watch
) -> None:
    watch.expect_offline()
    phone.context.set_offline(True)
    scan(phone, door.tickets["Camille Brossard"])
    verdict(phone, "Non enregistré")
    expect(phone.locator("#door")).to_have_class(re.compile("verdict-red"))
    expect(phone.locator("#sync")).to_have_text("1\u00a0à envoyer")
    phone.get_by_role("button", name="Suivant").click()
    scan(phone, door.tickets["Zoë Œuvrard"])
    expect(phone.locator("#sync")).to_have_text("2\u00a0à envoyer")
    assert door.present() == 0
    phone.context.set_offline(False)
    expect(phone.locator("#sync")).to_have_text("à jour")
    counted(phone, 2, 1, 2)
    assert door.present() == 2
    assert len(door.scans(ScanKind.ARRIVAL)) == 2


def test_a_revoked_phone_loses_its_names(phone: Page, door: Door, watch: Watch) -> None:
    watch.expect_status(401)
    with door.server.session() as session:
        (device,) = session.scalars(
            select(Device).join(Event, Event.id == Device.event_id).where(Event.slug == door.slug)
        )
        device.revoked_at = now()
    scan(phone, door.tickets["Camille Brossard"])
    verdict(phone, "Poste retiré")
    assert "Brossard" not in phone.locator("#door").inner_text()
    assert [kept.verdict.value for kept in door.scans(ScanKind.ARRIVAL)] == ["held"]


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark")])
def test_every_screen_is_accessible_and_fits(
    new_context: Callable[..., BrowserContext],
    door: Door,
    axe_violations: Callable[[Page], list[str]],
    width: int,
    theme: str,
) -> None:
    page = new_context(viewport={"width": width, "height": 700}, color_scheme=theme).new_page()

    def check() -> None:
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        for button in page.locator("#door button:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 48

    page.goto(door.link())
    check()
    page.get_by_role("button", name="Ajouter ce poste").click()
    expect(page.get_by_text("copie de")).to_be_visible()
    check()
    for name, word in (
        ("Camille Brossard", "C’est bon"),
        ("Camille Brossard", "Déjà là"),
        ("Yann Le Bihan", "Inscription annulée"),
    ):
        scan(page, door.tickets[name])
        verdict(page, word)
        check()
    page.get_by_role("button", name="Suivant").click()
    page.get_by_role("button", name="Chercher un nom").click()
    check()
    page.get_by_role("button", name="Camille Brossard", exact=True).click()
    check()
    page.get_by_role("button", name="Retirer la présence").click()
    check()
    page.get_by_role("button", name="Ne rien annuler").click()
    page.get_by_role("button", name="Ajouter une personne").click()
    page.get_by_role("button", name="Ajouter", exact=True).click()
    check()
    page.goto("/accueil/liste")
    check()


def test_without_script_the_list_is_offered(
    new_context: Callable[..., BrowserContext], door: Door
) -> None:
    page = new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(door.link())
    page.get_by_role("button", name="Ajouter ce poste").click()
    page.get_by_role("link", name="Ouvrir la liste").click()
    page.get_by_role("button", name="Présent·e\u00a0: Camille Brossard").click()
    expect(page.get_by_text("Présence enregistrée.")).to_be_visible()
    assert door.present() == 1
