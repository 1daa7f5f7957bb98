"""The whole job, as the people who do it meet it: from the agenda to the published compte-rendu.

One walk on one event: what each step leaves is what the next one begins with.
"""

import email
import email.policy
import io
import json
import re
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import icalendar
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from eventhub.domain.figures import MEASURES
from eventhub.domain.ticket import read_ticket
from eventhub.services.season import EXAMPLE
from tests.e2e.server import LiveServer
from tests.e2e.watch import Watch

SLUG = "trimestrielle-loiret-a-venir"
TITLE = "Rencontre des médiateur·rice·s numériques du Loiret"
CONTACT = "loiret@example.org"
ADMINISTRATOR = "marche@example.org"
NewContext = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Registrant:
    """Someone who registers, with no account."""

    given_name: str
    family_name: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


ELODIE = Registrant("Élodie", "Vanneau-Kermarrec", "elodie.vanneau@example.org")
KARIM = Registrant("Karim", "Besnoit", "karim.besnoit@example.org")


def test_from_the_agenda_to_the_published_minutes(
    server: LiveServer, new_context: NewContext, watch: Watch
) -> None:
    visitor = new_context(java_script_enabled=False).new_page()
    find_the_event_and_register(visitor, ELODIE)
    register_a_colleague(visitor, KARIM)

    mail = mail_received_by(server, ELODIE)
    ticket = ticket_in(mail, ELODIE)
    assert ticket_shown_at(visitor, link_in(mail), ELODIE) == ticket

    organiser = new_context().new_page()
    sign_in(organiser, server)
    bilan = server.command("token", "add", "Bilan", "--scope", "figures:read").split()[-1]
    before = figures_everywhere(server, organiser, bilan)

    door = door_device(server)
    assert check_in(server, door, ticket) == "accepted"
    assert check_in(server, door, ticket) == "already_present"
    one_more = figures_everywhere(server, organiser, bilan)
    assert difference(before, one_more) == {"present": 1, "participants": 1}

    phone = paired_phone(organiser, new_context)
    scan_with_a_wedge(phone, ticket_in(mail_received_by(server, KARIM), KARIM), KARIM)
    after = figures_everywhere(server, organiser, bilan)
    assert difference(one_more, after) == {"present": 1, "participants": 1}

    write_the_minutes(organiser, watch, new_context)
    publish_the_minutes(organiser, watch)
    reader = new_context().new_page()
    read_the_minutes(reader, participants=after["participants"])

    add_a_late_arrival(server, door)
    moved = {one["measure"]: one for one in figures_of_the_api(server, bilan)["differences"]}
    assert moved["participants"]["frozen"] == after["participants"]
    assert moved["participants"]["live"] == after["participants"] + 1
    read_the_minutes(reader, participants=after["participants"])

    published = server.command("figures", "--check", str(EXAMPLE / "figures.csv"))
    assert "different" not in published


def find_the_event_and_register(page: Page, person: Registrant) -> None:
    page.goto("/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_role("link", name="S’inscrire", exact=True).click()
    fill_in(page, person)
    page.get_by_label("Structure").fill("Espace numérique des Trois-Rives")
    page.get_by_label("Département").select_option(label="Loiret")
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est noté")
    expect(page.get_by_role("main")).to_contain_text(person.email)


def register_a_colleague(page: Page, person: Registrant) -> None:
    page.get_by_role("link", name="Inscrire un·e collègue").click()
    expect(page.get_by_label("Structure")).to_have_value("Espace numérique des Trois-Rives")
    expect(page.get_by_label("Courriel")).to_have_value("")
    fill_in(page, person)
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.get_by_role("main")).to_contain_text(person.email)


def fill_in(page: Page, person: Registrant) -> None:
    page.get_by_label("Prénom").fill(person.given_name)
    page.get_by_label("Nom", exact=True).fill(person.family_name)
    page.get_by_label("Courriel").fill(person.email)
    page.get_by_label("Vous êtes").select_option(label="Médiatrice ou médiateur numérique")


def mail_received_by(server: LiveServer, person: Registrant) -> EmailMessage:
    """The one mail to that person, after the outbox has been delivered."""
    server.command("mail", "deliver")
    read = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in server.mails
    ]
    (mail,) = [one for one in read if one["To"] == person.email]
    assert isinstance(mail, EmailMessage)
    return mail


def ticket_in(mail: EmailMessage, person: Registrant) -> str:
    """The text of the QR code in the mail, whose other parts say the same."""
    assert mail["Subject"].startswith(f"Inscription confirmée\u00a0: {TITLE}, ")
    assert mail["Reply-To"] == CONTACT
    parts = {part.get_content_type(): part for part in mail.walk() if not part.is_attachment()}
    text, html = (body_of(parts[kind]) for kind in ("text/plain", "text/html"))
    assert TITLE in text
    assert TITLE in html
    assert link_in(mail) in html

    entry = calendar_entry(body_of(parts["text/calendar"]))
    assert str(entry["SUMMARY"]) == TITLE
    assert str(entry["ATTENDEE"]).lower() == f"mailto:{person.email}"
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename() or "").endswith(".ics")
    assert calendar_entry(body_of(attached)) == entry

    picture = parts["image/png"]
    assert picture["Content-Disposition"].startswith("inline")
    assert f"cid:{picture['Content-ID'].strip('<>')}" in html
    ticket = decoded(picture.get_content())
    assert read_ticket(ticket) is not None
    return ticket


def link_in(mail: EmailMessage) -> str:
    """The personal link: the first of the plain text."""
    found = re.search(r"^http\S+/mon-inscription/[\w-]+$", body_of(mail), re.MULTILINE)
    assert found is not None
    return found[0]


def body_of(part: Any) -> str:
    """The text of a part; of a whole message, that of its plain text."""
    if part.is_multipart():
        part = part.get_body(("plain",))
    content = part.get_content()
    text = content if isinstance(content, str) else content.decode()
    return text.replace("\r\n", "\n")


def calendar_entry(text: str) -> icalendar.Event:
    (entry,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert isinstance(entry, icalendar.Event)
    return entry


def decoded(png: bytes) -> str:
    """What a decoder that is none of ours reads in a picture."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    return found.text


def ticket_shown_at(page: Page, link: str, person: Registrant) -> str:
    """The text of the QR code on the personal page."""
    page.goto(link)
    expect(page.get_by_text("Inscription confirmée")).to_be_visible()
    expect(page.get_by_role("article")).to_contain_text(person.name)
    return decoded(page.locator(".ticket-code svg").screenshot())


def sign_in(page: Page, server: LiveServer) -> None:
    server.command("account", "add", ADMINISTRATOR, "--role", "administrator")
    page.goto(server.command("account", "sign-in-link", ADMINISTRATOR).strip())
    page.get_by_role("button", name="Me connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes évènements")


def figures_everywhere(server: LiveServer, page: Page, token: str) -> dict[str, Any]:
    """The figures of the event: those of the page, of the API and of the command line agree."""
    of_the_api = figures_of_the_api(server, token)
    printed = json.loads(server.command("figures", "--event", SLUG, "--format", "json"))
    assert printed | {"computed_at": ""} == of_the_api | {"computed_at": ""}

    figures: dict[str, Any] = of_the_api["figures"]
    page.goto(f"/organisation/evenements/{SLUG}/chiffres")
    for measure in ("registered", "present", "participants", "participations"):
        expect(figure_on(page, measure)).to_have_text(str(figures[measure]))
    return figures


def figures_of_the_api(server: LiveServer, token: str) -> dict[str, Any]:
    return call(server, f"/api/v1/events/{SLUG}/figures", token)


def figure_on(page: Page, measure: str) -> Locator:
    """The number of a figure, by the name that stands over it."""
    name = re.compile(f"^{re.escape(MEASURES[measure].label)}$", re.IGNORECASE)
    box = page.locator("dl > div").filter(has=page.locator("dt").filter(has_text=name))
    return box.locator(".number")


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
    """How far each of the counted persons has moved."""
    moved = {name: after[name] - before[name] for name in ("registered", "present", "participants")}
    return {name: by for name, by in moved.items() if by}


def door_device(server: LiveServer) -> str:
    """The bearer token of a device that is paired already."""
    return server.command("door", "add", SLUG, "--name", "Accueil 1").split()[-1]


def check_in(server: LiveServer, token: str, ticket: str) -> str:
    """The verdict on an arrival at the entrance."""
    return send(server, token, {"kind": "arrival", "ticket": ticket})


def paired_phone(organiser: Page, new_context: NewContext) -> Page:
    """The door page of a phone on which the organiser's link was opened."""
    organiser.goto(f"/organisation/evenements/{SLUG}/accueil")
    organiser.get_by_role("link", name="Ajouter un poste").click()
    organiser.get_by_role("button", name="Faire le lien").click()
    link = organiser.get_by_label("Le lien").input_value()
    assert decoded(organiser.locator(".pairing-code svg").screenshot()) == link

    phone = new_context(viewport={"width": 390, "height": 780}).new_page()
    phone.goto(link)
    phone.get_by_role("button", name="Ajouter ce poste").click()
    expect(phone.get_by_role("heading", name="Lisez un billet")).to_be_visible()
    expect(phone.get_by_text(re.compile(r"^\d+\sinscriptions, copie de "))).to_be_visible()
    return phone


def scan_with_a_wedge(page: Page, ticket: str, person: Registrant) -> None:
    """Type as a scanner does: no field has the focus, and Enter comes last."""
    page.keyboard.type(ticket)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="C’est bon")).to_be_visible()
    expect(page.get_by_text(person.name, exact=True)).to_be_visible()
    expect(page.locator(".door-counts dd").first).to_have_text("2")


def add_a_late_arrival(server: LiveServer, token: str) -> None:
    person = {"given_name": "Solène", "family_name": "Picquendaire", "email": ""}
    assert send(server, token, {"kind": "walk_in", "person": person}) == "recorded"


def send(server: LiveServer, token: str, scan: dict[str, Any]) -> str:
    entrance = call(server, "/api/v1/door/snapshot", token)["checkpoints"][0]
    at = datetime.now(UTC).isoformat()
    whole = scan | {"id": str(uuid.uuid4()), "checkpoint": entrance["id"], "scanned_at": at}
    answer = call(server, "/api/v1/door/scans", token, {"sent_at": at, "scans": [whole]})
    (verdict,) = answer["verdicts"]
    assert verdict["id"] == whole["id"]
    return str(verdict["verdict"])


def call(
    server: LiveServer, path: str, token: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The answer of the API: a GET, or a POST of `body`."""
    request = urllib.request.Request(  # noqa: S310  # our server
        server.url + path,
        data=json.dumps(body).encode() if body is not None else None,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310  # our server
        answer: dict[str, Any] = json.load(response)
    return answer


def write_the_minutes(page: Page, watch: Watch, new_context: NewContext) -> None:
    """Start, preview and keep a draft, which nobody else can read."""
    page.goto(f"/organisation/evenements/{SLUG}/compte-rendu")
    page.get_by_role("button", name="Commencer le compte-rendu").click()
    field = page.get_by_label("Texte")
    assert "Espace numérique du Port-Vieux" in field.input_value()
    field.fill("# Une matinée à Orléans\n\nNous avons **bien** travaillé.\n\n## La suite\n\nMai.")

    page.get_by_role("button", name="Prévisualiser").click()
    preview = page.locator(".preview")
    expect(preview.get_by_role("heading", name="Une matinée à Orléans")).to_be_visible()
    expect(preview.locator("strong")).to_have_text("bien")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Le texte est enregistré.")).to_be_visible()

    watch.expect_status(404)
    stranger = new_context().new_page()
    answer = stranger.goto(f"/comptes-rendus/{SLUG}")
    assert answer is not None
    assert answer.status == 404
    stranger.goto("/comptes-rendus")
    expect(stranger.get_by_text("Une matinée à Orléans")).to_have_count(0)


def publish_the_minutes(page: Page, watch: Watch) -> None:
    """Publish, once it has been said that the event ends now, weeks before its date."""
    watch.expect_status(422)
    page.goto(f"/organisation/evenements/{SLUG}/compte-rendu")
    page.get_by_role("link", name="Publier le compte-rendu").click()
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("cochez cette case, ou attendez la fin")
    page.get_by_label("Clore l’évènement maintenant, avant sa fin prévue").check()
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("Le compte-rendu est publié.")).to_be_visible()


def read_the_minutes(page: Page, *, participants: int) -> None:
    """Read what is published as anyone does, from the list."""
    page.goto("/comptes-rendus")
    page.get_by_role("link", name="Une matinée à Orléans").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Une matinée à Orléans")
    assert page.url.endswith(f"/comptes-rendus/{SLUG}")
    expect(page.get_by_text("Nous avons bien travaillé.")).to_be_visible()
    expect(page.get_by_text("Chiffres arrêtés le")).to_be_visible()
    expect(figure_on(page, "participants")).to_have_text(str(participants))
