"""A year is steered: a NEC by keyboard alone, 24 quarterly meetings, one moved, one cancelled.

What calendars elsewhere are told is read from the feed after each step.
"""

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import icalendar
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.keyboard import press, tab_to, write, write_over
from tests.e2e.server import LiveServer
from tests.e2e.watch import Watch

NewContext = Callable[..., BrowserContext]

ADMINISTRATOR = "pilotage@example.org"
NEC = "Numérique en Commun[s] du pilotage"
DEPARTEMENTS = {
    "18": "Cher",
    "28": "Eure-et-Loir",
    "36": "Indre",
    "37": "Indre-et-Loire",
    "41": "Loir-et-Cher",
    "45": "Loiret",
}


@dataclass(frozen=True)
class Entry:
    """What a calendar holds of an event."""

    uid: str
    status: str
    sequence: int
    starts_on: date


def test_a_year_is_steered_and_calendars_follow(
    server: LiveServer, new_context: NewContext, watch: Watch
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in_by_keyboard(page, server)
    announce_a_nec_by_keyboard(page)
    assert feed(server)[NEC].status == "CONFIRMED"

    for code, name in DEPARTEMENTS.items():
        make_a_quarterly_series(page, code, name)
    generate_four_meetings_for_each(page)
    before = meetings(server)
    assert len(before) == 24
    assert len({entry.uid for entry in before.values()}) == 24
    assert {entry.status for entry in before.values()} == {"CONFIRMED"}

    moved, cancelled = sorted(before)[2], sorted(before)[5]
    new_day = before[moved].starts_on + timedelta(days=1)
    move(page, moved, new_day)
    cancel(page, cancelled)

    after = meetings(server)
    assert after.keys() == before.keys()
    assert after[moved].uid == before[moved].uid
    assert after[moved].starts_on == new_day
    assert after[moved].sequence > before[moved].sequence
    assert after[cancelled].uid == before[cancelled].uid
    assert after[cancelled].status == "CANCELLED"
    assert after[cancelled].sequence > before[cancelled].sequence
    others = before.keys() - {moved, cancelled}
    assert {key: after[key] for key in others} == {key: before[key] for key in others}


def sign_in_by_keyboard(page: Page, server: LiveServer) -> None:
    server.command("account", "add", ADMINISTRATOR, "--role", "administrator")
    page.goto(server.command("account", "sign-in-link", ADMINISTRATOR).strip())
    press(page, "Me connecter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes évènements")


def announce_a_nec_by_keyboard(page: Page) -> None:
    """From its kind to the agenda, with two workshops at the same time."""
    press(page, "Nouvel évènement")
    press(page, "Numérique en Commun[s]")
    write_over(page, "Titre", NEC)
    write(page, Premier_jour="04082031")
    for name in DEPARTEMENTS.values():
        tab_to(page, f"{name} (")
        page.keyboard.press("Space")
    write(page, Lieu_et_commune="Halle aux grains, Blois")
    press(page, "Créer le brouillon")
    expect(page.get_by_role("heading", level=1)).to_have_text(NEC)

    press(page, "Programme")
    press(page, "Ajouter un ")
    write_over(page, "Titre", "Réparer ensemble")
    write_over(page, "Début", "0300PM")
    write_over(page, "Fin", "0400PM")
    write_over(page, "Salle", "Salle Loire")
    press(page, "Ajouter, puis un autre en parallèle")
    write_over(page, "Titre", "Cartographier les lieux")
    write_over(page, "Salle", "Salle Cher")
    press(page, "Ajouter au programme")
    boxes = [
        page.get_by_role("group", name=name, exact=True).bounding_box()
        for name in ("Réparer ensemble", "Cartographier les lieux")
    ]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] != boxes[1]["x"]

    press(page, "Réglages")
    press(page, "Publier")
    press(page, "Publier")
    expect(page.get_by_role("status")).to_contain_text("il est dans l’agenda")


def make_a_quarterly_series(page: Page, code: str, name: str) -> None:
    page.goto("/organisation/series/nouvelle")
    page.get_by_label("Titre").fill(title_of(name))
    page.get_by_label("Type d’évènement").select_option("trimestrielle")
    page.get_by_label(f"{name} ({code})", exact=True).check()
    page.get_by_label("À partir du").first.fill("2031-01-01")
    page.get_by_label("Un évènement tous les").first.fill("3")
    page.get_by_label("Lieu").fill(f"Espace numérique, {name}")
    page.get_by_role("button", name="Créer la série").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title_of(name))


def generate_four_meetings_for_each(page: Page) -> None:
    page.goto("/organisation/series")
    for name in DEPARTEMENTS.values():
        page.get_by_label(f"Choisir : {title_of(name)}", exact=True).check()
    page.get_by_label("Combien par série").fill("4")
    page.get_by_role("button", name="Voir les dates proposées").click()
    expect(page.get_by_label("Créer")).to_have_count(24)
    page.get_by_label("Publier tout de suite").check()
    page.get_by_role("button", name="Créer les dates cochées").click()
    expect(page.get_by_role("status")).to_contain_text("24 ")


def move(page: Page, url: str, day: date) -> None:
    open_settings(page, url)
    page.get_by_role("link", name="Déplacer").click()
    page.get_by_label("Nouvelle date").fill(day.isoformat())
    page.get_by_role("button", name="Voir ce qui change").click()
    page.get_by_role("button", name="Déplacer").click()
    expect(page.get_by_role("status")).to_be_visible()


def cancel(page: Page, url: str) -> None:
    open_settings(page, url)
    page.get_by_role("link", name="Annuler l’évènement").click()
    page.get_by_label("Raison").fill("La salle n’est plus disponible.")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status")).to_contain_text("L’évènement est annulé")


def open_settings(page: Page, url: str) -> None:
    slug = url.rpartition("/")[2]
    page.goto(f"/organisation/evenements/{slug}/reglages")


def meetings(server: LiveServer) -> dict[str, Entry]:
    """The quarterly meetings of this walk in the feed, by the address of their page."""
    titles = {title_of(name) for name in DEPARTEMENTS.values()}
    query = "type=trimestrielle"
    return {
        str(event["URL"]): entry_of(event)
        for event in events_of_feed(server, query)
        if str(event["SUMMARY"]).removeprefix("Annulé\u00a0: ") in titles
    }


def feed(server: LiveServer) -> dict[str, Entry]:
    """What the whole feed holds, by title."""
    return {str(event["SUMMARY"]): entry_of(event) for event in events_of_feed(server, "")}


def events_of_feed(server: LiveServer, query: str) -> list[icalendar.Component]:
    address = f"{server.url}/agenda.ics?{query}"
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own server
        calendar = icalendar.Calendar.from_ical(answer.read())
    return list(calendar.walk("VEVENT"))


def entry_of(event: icalendar.Component) -> Entry:
    starts = event.decoded("dtstart")
    return Entry(
        uid=str(event["UID"]),
        status=str(event["STATUS"]),
        sequence=int(str(event["SEQUENCE"])),
        starts_on=starts.date() if hasattr(starts, "date") else starts,
    )


def title_of(departement: str) -> str:
    return f"Trimestrielle du pilotage, {departement}"
