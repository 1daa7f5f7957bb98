import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import config
from eventhub.app import create_app
from tests.conftest import make_settings

PAGES = ["/accessibilite", "/donnees-personnelles", "/mentions-legales"]


def settings(tmp_path: Path, **values: object) -> config.Settings:
    return make_settings("sqlite://", tmp_path / "instance", **values)


@pytest.mark.parametrize("address", PAGES)
def test_a_standing_page_has_one_title_and_says_to_whom_to_write(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    assert response.text.partition("<main")[2].count("mailto:bonjour@example.org") >= 1


def test_the_accessibility_page_does_not_pretend(client: FlaskClient) -> None:
    assert re.search(r"<h1[^>]*>Accessibilité\u00a0: non conforme</h1>", client.get(PAGES[0]).text)


def test_the_privacy_page_says_how_long_names_are_kept(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, retention_months=14), TESTING=True)

    assert "14\u00a0mois au plus" in app.test_client().get("/donnees-personnelles").text


def test_the_legal_page_names_publisher_and_host_or_says_that_they_are_not_set(
    tmp_path: Path,
) -> None:
    bare = settings(tmp_path)
    named = replace(bare, hub_publisher="Association Hub-Lo", hub_host="Hébergeur, Orléans")

    def page(of: config.Settings) -> str:
        return create_app(of, TESTING=True).test_client().get("/mentions-legales").text

    assert page(bare).count("Non renseigné") == 2
    assert page(named).count("Non renseigné") == 0
    assert "<p>Association Hub-Lo</p>" in page(named)
    assert "<p>Hébergeur, Orléans</p>" in page(named)


def test_the_theme_is_a_style_sheet_that_browsers_keep(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, hub_color="#7a1f4b"), TESTING=True)

    response = app.test_client().get("/theme.css")
    again = app.test_client().get("/theme.css", headers={"If-None-Match": response.headers["ETag"]})

    assert response.mimetype == "text/css"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert response.text.startswith(":root{--water-deep:#7a1f4b;")
    assert (again.status_code, again.text) == (304, "")


def test_an_unreadable_colour_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(config.SettingError, match="EVENTHUB_HUB_COLOR"):
        create_app(settings(tmp_path, hub_color="#ffee88"))
