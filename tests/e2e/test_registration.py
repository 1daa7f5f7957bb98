"""Registering as people do: on a phone, without script, from the form to the ticket and back."""

import email
import io
import re
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default as policy

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pypdf import PdfReader

from eventhub.domain.ticket import read_ticket
from tests.e2e.server import LiveServer
from tests.e2e.watch import Watch

NEC = "/evenements/nec-a-venir/inscription"
PHONE = {"width": 320, "height": 640}


def fill(page: Page, **values: str) -> None:
    values = {
        "Prénom": "Élodie",
        "Nom": "Vanneau-Kermarrec",
        "Courriel": "elodie@example.org",
    } | values
    for label, value in values.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Vous êtes").select_option("mediateur")


def newest_mail(server: LiveServer, address: str, name: str = "") -> EmailMessage:
    """The newest mail to the address in which `name` stands; two may have one Date."""
    server.command("mail", "deliver")
    mails = [email.message_from_bytes(path.read_bytes(), policy=policy) for path in server.mails]
    newest = max(
        (mail for mail in mails if mail["To"] == address and name in text_of(mail)),
        key=lambda mail: mail["Date"].datetime,
    )
    assert isinstance(newest, EmailMessage)
    return newest


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"https?://\S+/mon-inscription/[\w-]+", text_of(mail))
    assert found
    return found[0]


def decode(picture: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
    return found.text


def code_of_mail(mail: EmailMessage) -> str:
    (picture,) = (part for part in mail.walk() if part.get_content_type() == "image/png")
    assert isinstance(picture, EmailMessage)
    return decode(picture.get_content())


def code_on_page(code: Locator) -> str:
    return decode(code.screenshot())


def test_a_phone_without_script_registers_shows_the_ticket_and_withdraws(
    server: LiveServer,
    new_context: Callable[..., BrowserContext],
    watch: Watch,
) -> None:
    page = new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto("/evenements/nec-a-venir")
    page.get_by_role("link", name="S’inscrire", exact=True).click()

    watch.expect_status(422)
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.get_by_role("heading", name="Il y a 4 erreurs")).to_be_visible()
    page.get_by_role("link", name="Courriel : remplissez ce champ.").click()
    expect(page.get_by_label("Courriel", exact=True)).to_be_focused()

    fill(page)
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est noté")
    expect(page.get_by_text("elodie@example.org")).to_be_visible()

    mail = newest_mail(server, "elodie@example.org")
    page.goto(link_in(mail))
    expect(page.get_by_text("Inscription confirmée")).to_be_visible()
    code = page.get_by_role("img", name="Code QR du billet, à présenter à l’accueil")
    box = code.bounding_box()
    assert box is not None
    assert box["width"] >= 240
    assert code_on_page(code) == code_of_mail(mail)
    assert read_ticket(code_on_page(code)) is not None
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()

    page.get_by_role("link", name="Je ne peux plus venir").click()
    page.get_by_label("Me noter excusé·e").check()
    page.get_by_role("button", name="Me désister").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre désistement est noté")
    assert "Désistement noté" in newest_mail(server, "elodie@example.org")["Subject"]

    page.get_by_role("link", name="M’inscrire à nouveau").click()
    fill(page)
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est noté")


def test_a_colleague_comes_right_after(page: Page, server: LiveServer, watch: Watch) -> None:
    page.goto(NEC)
    fill(page, Courriel="accueil@example.org")
    page.get_by_label("Structure").fill("La Friche numérique")
    page.get_by_label("Département").select_option("41")
    page.get_by_role("button", name="M’inscrire").click()
    page.get_by_role("link", name="Inscrire un·e collègue").click()

    expect(page.get_by_label("Structure")).to_have_value("La Friche numérique")
    expect(page.get_by_label("Département")).to_have_value("41")
    expect(page.get_by_label("Courriel", exact=True)).to_have_value("")
    fill(page, Prénom="Noé", Courriel="accueil@example.org")
    page.get_by_label("À distance").check()
    page.get_by_role("button", name="M’inscrire").click()

    page.goto(link_in(newest_mail(server, "accueil@example.org", "Noé")))
    expect(page.get_by_role("definition").filter(has_text="Noé Vanneau-Kermarrec")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="À distance")).to_be_visible()


def test_the_ticket_takes_one_sheet_of_paper(page: Page, server: LiveServer) -> None:
    page.goto(NEC)
    fill(page, Courriel="papier@example.org")
    page.get_by_role("button", name="M’inscrire").click()
    page.goto(link_in(newest_mail(server, "papier@example.org")))

    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(pages) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_personal_pages_hold_on_a_phone_and_for_everybody(
    new_context: Callable[..., BrowserContext],
    server: LiveServer,
    axe_violations: Callable[[Page], list[str]],
    scheme: str,
) -> None:
    page = new_context(color_scheme=scheme, viewport=PHONE).new_page()
    page.goto(NEC)
    address = f"{scheme}@example.org"
    fill(page, Nom="N" * 100, Courriel=address)
    page.get_by_role("button", name="M’inscrire").click()
    noted = page.url
    ticket = link_in(newest_mail(server, address))
    for url in (noted, ticket, f"{ticket}/desistement", "/retrouver?envoye=1"):
        page.goto(url)
        assert axe_violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"], url
