"""Problem documents: what the API answers when it cannot do what was asked.

Source: RFC 9457. `type` is about:blank; `code` is ours and stable.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify

from eventhub.domain.errors import DomainError, InvalidInput
from eventhub.web.errors import answer_for

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    code: str,
    title: str,
    detail: str = "",
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document; `errors` holds one `{field, message}` per field at fault."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
    }
    if detail:
        document["detail"] = detail
    if errors:
        document["errors"] = list(errors)
    response = jsonify(document)
    response.status_code = status
    response.mimetype = MEDIA_TYPE
    response.headers.update(headers or {})
    return response


def problem_for(error: DomainError) -> Response:
    """The problem document of a broken rule."""
    answer = answer_for(error)
    errors: list[dict[str, str]] = []
    if isinstance(error, InvalidInput):
        errors = [{"field": name, "message": text} for name, text in error.fields.items()]
    headers = {"WWW-Authenticate": "Bearer"} if answer.status == 401 else {}
    return problem(
        answer.status, error.code, answer.title, answer.message, errors=errors, headers=headers
    )
