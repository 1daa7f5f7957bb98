"""The organisers' area in a real browser: axe, reflow, the HTML checker, and a walk without script.

A page type is one line of PAGES.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account
from eventhub.models.event import Activity, Event
from eventhub.models.registration import Registration
from eventhub.services.accounts import add_account, make_sign_in_link
from eventhub.web.clock import now
from tests.e2e.server import LiveServer
from tests.e2e.watch import Watch
from tools.validator import validator_command

EVENT = "/organisation/evenements/nec-a-venir"

PAGES = {
    "my events": "/organisation/",
    "my events, nothing found": "/organisation/?q=introuvable",
    "new event": "/organisation/evenements/nouveau?q=rencontre",
    "new event, blank": "/organisation/evenements/nouveau?vierge=1",
    "new event, of a kind": "/organisation/evenements/nouveau?type=nec",
    "new event, from another": "/organisation/evenements/nouveau?copie=nec-a-venir",
    "overview": EVENT,
    "overview, past": "/organisation/evenements/nec-2024",
    "programme": f"{EVENT}/programme",
    "programme, empty": "/organisation/evenements/trimestrielle-loiret-a-venir/programme",
    "new activity": f"{EVENT}/programme/nouveau",
    "activity": f"{EVENT}/programme/{{activity}}",
    "remove an activity": f"{EVENT}/programme/{{activity}}/supprimer",
    "shift the rest": f"{EVENT}/programme/{{activity}}/decaler",
    "put in parallel": f"{EVENT}/programme/{{activity}}/parallele",
    "rooms": f"{EVENT}/programme/salles",
    "copy a programme": f"{EVENT}/programme/copier",
    "copy a programme, none found": f"{EVENT}/programme/copier?q=introuvable",
    "copy a programme, preview": f"{EVENT}/programme/copier?de=carrefour-2024",
    "registrations": f"{EVENT}/inscriptions",
    "registrations, nothing found": f"{EVENT}/inscriptions?q=introuvable",
    "registrations, none": "/organisation/evenements/nec-2022/inscriptions",
    "register by hand": f"{EVENT}/inscriptions/ajouter",
    "one registration": f"{EVENT}/inscriptions/{{registration}}",
    "withdraw": f"{EVENT}/inscriptions/{{registration}}/desister",
    "replace the ticket": f"{EVENT}/inscriptions/{{registration}}/billet",
    "settings": f"{EVENT}/reglages",
    "move": f"{EVENT}/deplacer",
    "move, what follows": f"{EVENT}/deplacer?starts_on=2099-05-01&starts_at=09:00",
    "move, refused": f"{EVENT}/deplacer?starts_on=2020-01-01",
    "address": f"{EVENT}/adresse",
    "delete, refused": f"{EVENT}/supprimer",
    "cancel": f"{EVENT}/annuler",
    "postpone": f"{EVENT}/reporter",
    "close": f"{EVENT}/clore",
    "share": f"{EVENT}/partage",
    "partners": f"{EVENT}/partenaires",
    "structures": "/organisation/structures",
    "structures, nothing found": "/organisation/structures?q=introuvable",
    "structure": "/organisation/structures/1",
    "edit a structure": "/organisation/structures/1/modifier",
    "new structure": "/organisation/structures/nouvelle",
    "merge, choice": "/organisation/structures/1/reunir",
    "merge": "/organisation/structures/1/reunir?avec=CRIA+45",
    "door": f"{EVENT}/accueil",
    "new device": f"{EVENT}/accueil/poste",
    "roll-call": f"{EVENT}/accueil/appel",
    "figures": f"{EVENT}/chiffres",
    "figures, past": "/organisation/evenements/nec-2024/chiffres",
    "figures over events": "/chiffres",
    "compte-rendu": f"{EVENT}/compte-rendu",
    "search": "/organisation/recherche",
    "search, found": "/organisation/recherche?q=numérique",
    "series": "/organisation/series",
    "one series": "/organisation/series/rencontres-du-loiret",
    "one series, late": "/organisation/series/rencontres-de-l-indre",
    "new series": "/organisation/series/nouvelle",
    "series settings": "/organisation/series/rencontres-de-l-indre/reglages",
    "next dates": "/organisation/series/generer?serie=rencontres-du-loiret",
    "next dates of several series": (
        "/organisation/series/generer?serie=rencontres-de-l-indre&serie=rencontres-du-cher"
    ),
    "invite each time": "/organisation/series/rencontres-du-loiret/invites",
    "kinds": "/organisation/types",
    "kind": "/organisation/types/nec",
    "new kind": "/organisation/types/nouveau",
    "part of a kind’s programme": "/organisation/types/nec/programme/nouveau",
    "retire a kind": "/organisation/types/nec/retirer",
    "categories": "/organisation/categories",
    "category": "/organisation/categories/elu",
    "accounts": "/organisation/comptes",
    "new account": "/organisation/comptes/nouveau",
}

VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((320, "light"), (1280, "dark"))
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
ADMINISTRATOR = "administration@example.org"


@pytest.fixture(scope="session")
def registration(server: LiveServer) -> str:
    """The id of a registration at the event."""
    with server.session() as session:
        found = session.scalars(
            select(Registration.id).join(Registration.event).where(Event.slug == "nec-a-venir")
        ).first()
        return str(found)


@pytest.fixture(scope="session")
def activity(server: LiveServer) -> str:
    """The id of an activity of the event."""
    with server.session() as session:
        found = session.scalars(
            select(Activity.id).join(Activity.event).where(Event.slug == "nec-a-venir")
        ).first()
        return str(found)


@pytest.fixture
def sign_in(server: LiveServer) -> Callable[[Page], None]:
    """Sign an administrator in, as the mailed link does."""

    def run(page: Page) -> None:
        with server.session() as session:
            account = session.scalar(select(Account).where(Account.email == ADMINISTRATOR))
            account = account or add_account(
                session, ADMINISTRATOR, AccountRole.ADMINISTRATOR, [], now(), by=None
            )
            token = make_sign_in_link(session, account, now())
            session.commit()
        page.goto(f"/connexion/{token}")
        page.get_by_role("button", name="Me connecter").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mes évènements")

    return run


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Page,
    watch: Watch,
    sign_in: Callable[[Page], None],
    axe_violations: Callable[[Page], list[str]],
    registration: str,
    activity: str,
) -> None:
    sign_in(page)
    watch.expect_status(422)  # a day to move to that has passed
    found: dict[str, object] = {}
    for name, address in PAGES.items():
        page.goto(address.format(registration=registration, activity=activity))
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true })")
        for width, scheme in VIEWS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            if violations := axe_violations(page):
                found[f"{name}, {width}, {scheme}"] = violations
            if (over := page.evaluate(OVERFLOW)) > 0:
                found[f"{name}, {width}"] = f"{over} px too wide"
    assert found == {}


def test_a_form_that_comes_back_with_errors_is_as_accessible(
    page: Page,
    watch: Watch,
    sign_in: Callable[[Page], None],
    axe_violations: Callable[[Page], list[str]],
) -> None:
    sign_in(page)
    page.goto("/organisation/evenements/nouveau?vierge=1")
    watch.expect_status(422)
    page.get_by_role("button", name="Créer le brouillon").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert axe_violations(page) == []
    summary.get_by_role("link", name="Titre").click()
    expect(page.get_by_label("Titre")).to_be_focused()


def test_the_html_checker_has_nothing_to_say(
    page: Page,
    sign_in: Callable[[Page], None],
    registration: str,
    activity: str,
    tmp_path: Path,
) -> None:
    command = validator_command()
    if command is None:
        pytest.skip("No Java or no HTML checker on this machine: the HTML is not checked.")
    sign_in(page)
    files = {}
    for index, address in enumerate(PAGES.values()):
        source = page.request.get(
            address.format(registration=registration, activity=activity)
        ).text()
        file = tmp_path / f"{index}.html"
        file.write_text(source, encoding="utf-8")
        files[file] = address

    done = subprocess.run(
        [*command, "--format", "gnu", *files],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    said = done.stderr
    for file, address in files.items():
        said = said.replace(str(file), address)
    assert said == ""


def test_an_event_is_made_published_and_filled_without_script(
    new_context: Callable[..., BrowserContext], sign_in: Callable[[Page], None]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page)
    page.get_by_role("link", name="Nouvel évènement").click()
    page.get_by_role("link", name="Tout remplir soi-même").click()
    page.get_by_label("Type d’évènement").select_option("journee")
    page.get_by_label("Titre").fill("Journée sans script")
    page.get_by_label("Premier jour").fill("2031-04-08")
    page.get_by_label("Heure de début").fill("09:15")
    page.get_by_label("Heure de fin").fill("17:00")
    page.get_by_label("Indre-et-Loire (37)").check()
    page.get_by_label("Lieu et commune").fill("Blois")
    page.get_by_label("Places sur place").fill("40")
    page.get_by_role("button", name="Créer le brouillon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Journée sans script")
    page.get_by_role("link", name="Publier", exact=True).click()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("status")).to_contain_text("L’évènement est publié")
    page.get_by_role("link", name="Programme", exact=True).click()
    page.get_by_role("link", name="Ajouter un premier temps").click()
    page.get_by_label("Titre").fill("Dessiner la carte")
    page.get_by_role("button", name="Ajouter au programme").click()
    expect(page.get_by_role("group", name="Dessiner la carte")).to_be_visible()
    page.get_by_role("link", name="Inscriptions", exact=True).click()
    page.get_by_role("link", name="Ajouter une personne").first.click()
    page.get_by_label("Prénom").fill("Inès")
    page.get_by_label("Nom", exact=True).fill("Aubertin")
    page.get_by_role("button", name="Inscrire").click()
    expect(page.get_by_role("heading", level=2, name="Inès Aubertin")).to_be_visible()
    page.goto("/evenements/journee-sans-script-2031")
    expect(page.locator("main")).to_contain_text("39")
