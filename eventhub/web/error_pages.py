"""Errors as people see them: French pages, and problem documents under /api."""

import logging
from dataclasses import dataclass

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from eventhub.domain.errors import DomainError
from eventhub.extensions import db
from eventhub.web.errors import answer_for
from eventhub.web.problems import problem, problem_for


@dataclass(frozen=True, slots=True)
class StatusText:
    """What an HTTP status says to a person."""

    code: str
    title: str
    message: str


STATUS_TEXTS: dict[int, StatusText] = {
    400: StatusText(
        "bad_request", "Demande illisible", "La demande n’a pas pu être lue. Réessayez."
    ),
    401: StatusText(
        "unauthorised", "Connexion nécessaire", "Connectez-vous pour ouvrir cette adresse."
    ),
    403: StatusText(
        "forbidden", "Accès réservé", "Votre compte ne permet pas d’ouvrir cette page."
    ),
    404: StatusText(
        "not_found", "Page introuvable", "Cette adresse ne mène à rien. Elle a peut-être changé."
    ),
    405: StatusText(
        "method_not_allowed", "Action impossible", "Cette adresse ne s’ouvre pas de cette façon."
    ),
    410: StatusText("gone", "Page retirée", "Cette page n’existe plus."),
    413: StatusText("too_large", "Envoi trop grand", "Ce qui a été envoyé est trop volumineux."),
    415: StatusText(
        "unsupported_media_type", "Format non pris en charge", "Envoyez cette demande en JSON."
    ),
    429: StatusText(
        "too_many_requests",
        "Trop de demandes",
        "Trop de demandes à la suite. Attendez une minute, puis réessayez.",
    ),
    500: StatusText(
        "internal_error",
        "Une erreur est survenue",
        "L’erreur vient de nous et elle est notée. Réessayez dans un instant.",
    ),
}
CSRF_TEXT = StatusText(
    "form_expired",
    "Formulaire expiré",
    "Ce formulaire est resté ouvert trop longtemps, ou votre navigateur refuse les cookies. "
    "Revenez en arrière, rechargez la page et réessayez : rien n’a été enregistré.",
)

_log = logging.getLogger("eventhub.error")


def init_error_pages(app: Flask) -> None:
    """Answer every error in French, in the format of the part of the site that was asked."""

    @app.errorhandler(DomainError)
    def domain_error(error: DomainError) -> Response:
        db.session.rollback()
        if wants_json():
            return problem_for(error)
        answer = answer_for(error)
        return _page(answer.status, answer.title, answer.message)

    @app.errorhandler(CSRFError)
    def csrf_error(_error: CSRFError) -> Response:
        if wants_json():
            return problem(400, CSRF_TEXT.code, CSRF_TEXT.title, CSRF_TEXT.message)
        return _page(400, CSRF_TEXT.title, CSRF_TEXT.message)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None or status < 400:  # a redirect, no error
            return make_response(error.get_response())
        if isinstance(error, InternalServerError):
            db.session.rollback()
        text = STATUS_TEXTS.get(status, STATUS_TEXTS[400 if status < 500 else 500])
        if wants_json():
            response = problem(status, text.code, text.title, text.message)
        else:
            response = _page(status, text.title, text.message)
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(sorted(allowed))
        if retry := dict(error.get_headers()).get("Retry-After"):
            response.headers["Retry-After"] = retry
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        if app.config.get("PROPAGATE_EXCEPTIONS") or app.testing:
            raise error
        db.session.rollback()
        _log.error(
            "unexpected error",
            exc_info=error,
            extra={"fields": {"request": g.get("request_id", "")}},
        )
        text = STATUS_TEXTS[500]
        if wants_json():
            return problem(500, text.code, text.title, text.message)
        return _page(500, text.title, text.message)


def wants_json() -> bool:
    """Whether the answer goes to a program: everything under /api, and addresses in .json."""
    return request.path.startswith("/api/") or request.path.endswith(".json")


def _page(status: int, title: str, message: str) -> Response:
    page = render_template("errors/error.html", status=status, title=title, message=message)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
