"""The public pages as people meet them: without script, on a phone, on paper."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from tests.e2e.watch import Watch

pytestmark = pytest.mark.usefixtures("showcase")


def test_a_phone_without_script_finds_an_event_by_filters_and_words(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}).new_page()
    page.goto("/")
    page.locator(".filters summary").click()
    page.locator(".filters").get_by_role("link", name="Indre-et-Loire").click()
    expect(page.get_by_role("link", name="Retirer le filtre Indre-et-Loire")).to_be_visible()

    page.locator(".filters summary").click()
    page.locator(".filters").get_by_role("link", name="Déjà passés").click()
    page.get_by_label("Chercher dans l’agenda").fill("mini carrefour")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Mini-carrefour de l’inclusion – Loches").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Mini-carrefour de l’inclusion – Loches"
    )
    expect(page.get_by_text("Mardi 10 octobre 2023")).to_be_visible()


def test_filters_are_open_beside_the_list_on_a_wide_screen(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/")

    expect(page.locator(".filters").get_by_role("link", name="Toute la région")).to_be_visible()
    expect(page.locator(".filters summary")).to_be_hidden()


def test_a_filter_leads_to_its_results(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")
    page.get_by_role("link", name="Loiret").first.click()

    assert page.url.endswith("/?departement=45#resultats")
    # The browser goes to the anchor a frame after the page has loaded.
    page.wait_for_function(
        "() => document.getElementById('resultats').getBoundingClientRect().top < 400"
    )


def test_a_visitor_downloads_a_calendar_entry(page: Page) -> None:
    page.goto("/evenements/nec-a-venir")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Ajouter à mon calendrier").click()

    assert waiting.value.suggested_filename == "nec-a-venir.ics"


def test_a_phone_without_script_subscribes_to_what_it_chose(
    new_context: Callable[..., BrowserContext], base_url: str
) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}).new_page()
    page.goto("/?departement=37")
    expect(page.get_by_label("Adresse du calendrier")).to_be_hidden()
    page.get_by_text("S’abonner à cet agenda").click()

    address = page.get_by_label("Adresse du calendrier").input_value()
    assert address == f"{base_url}/agenda.ics?departement=37"
    expect(page.get_by_role("link", name="Ouvrir dans mon calendrier")).to_have_attribute(
        "href", address.replace("http:", "webcal:")
    )
    answer = page.request.get(address)
    assert answer.text().startswith("BEGIN:VCALENDAR\r\n")


def test_a_month_fits_on_paper(page: Page) -> None:
    page.goto("/?mois=2024-12")
    page.get_by_role("link", name="Imprimer un mois").click()
    titles = page.locator(".month-days h3, .month-vague h3").all_inner_texts()
    read = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(" ".join(sheet.extract_text() for sheet in read.pages).split())

    assert len(titles) >= 4
    assert [title for title in titles if " ".join(title.split()) not in text] == []
    assert [round(float(side)) for side in read.pages[0].mediabox[2:]] == [595, 842]
    assert len(read.pages) == 1
    assert "Cette page tient sur papier" not in text
    assert "Janvier 2025" not in text


def test_the_programme_is_whole_on_paper(page: Page) -> None:
    page.goto("/evenements/nec-a-venir")
    activities = page.locator(".timetable .activity :is(h3, h4)").all_inner_texts()
    read = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = " ".join(" ".join(sheet.extract_text() for sheet in read.pages).split())

    assert len(activities) >= 8
    missing = [title for title in activities if " ".join(title.split()) not in text]
    assert missing == []
    assert "sans créer de compte" not in text


def test_the_event_page_has_one_main_action(page: Page) -> None:
    page.goto("/evenements/nec-a-venir")
    expect(page.locator(".button-main")).to_have_count(1)
    expect(page.get_by_role("link", name="S’inscrire", exact=True)).to_have_attribute(
        "href", "/evenements/nec-a-venir/inscription"
    )


def test_an_unknown_event_is_a_page_in_french(page: Page, watch: Watch) -> None:
    watch.expect_status(404)
    page.goto("/evenements/inconnu")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
