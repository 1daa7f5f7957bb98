"""Errors as people and programs see them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventhub.app import create_app
from eventhub.web.error_pages import STATUS_TEXTS


def test_an_unknown_page_is_french_and_leads_back(client: FlaskClient) -> None:
    response = client.get("/nulle-part")
    page = response.get_data(as_text=True)
    assert response.status_code == 404
    assert '<html lang="fr"' in page
    assert STATUS_TEXTS[404].title in page
    assert "Not Found" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/evenements/%00",
        "/evenements/%00/inscription",
        "/comptes-rendus/a%00b",
        "/organisation/evenements/%00",
        "/mon-inscription/%00",
        "/api/v1/events/%00",
    ],
)
def test_an_address_with_a_null_character_is_unknown(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unknown_address_of_the_api_is_a_problem_document(client: FlaskClient) -> None:
    response = client.get("/api/v1/nothing")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["code"] == "not_found"


def test_a_wrong_method_names_those_allowed(client: FlaskClient) -> None:
    response = client.delete("/healthz")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/nulle-part", "/api/v1/nothing", "/healthz"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_an_unexpected_error_says_so_without_its_cause(shared_app: Flask) -> None:
    app = create_app(shared_app.config["SETTINGS"], RATELIMIT_ENABLED=False)

    @app.get("/bombe")
    def bomb() -> str:
        raise RuntimeError("a secret detail")

    response = app.test_client().get("/bombe")
    assert response.status_code == 500
    assert STATUS_TEXTS[500].title in response.get_data(as_text=True)
    assert "secret detail" not in response.get_data(as_text=True)
