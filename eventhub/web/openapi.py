"""The OpenAPI description of the API; a test compares it with the routes and their answers.

Source: OpenAPI Specification 3.1.
"""

from typing import Any

from eventhub.web.openapi_schemas import SCHEMAS

_PROBLEM = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
}


def _problems(*statuses: int) -> dict[str, Any]:
    titles = {
        400: "The request cannot be read",
        401: "No valid token",
        403: "The token may not do this here",
        404: "Unknown",
        409: "A rule forbids it: `code` says which",
        413: "More than 500 scans",
        422: "One or more fields cannot be taken",
    }
    return {str(status): {"description": titles[status], **_PROBLEM} for status in statuses}


def _answer(status: int, schema: str, description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {str(status): {"description": description, "content": content}}


def _query(name: str, description: str, kind: str = "string") -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": kind}}


def _path(name: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
    }


def _operation(
    summary: str, security: str, responses: dict[str, Any], **more: Any
) -> dict[str, Any]:
    return {"summary": summary, "security": [{security: []}], "responses": responses, **more}


_SLUG = _path("slug", "The event's slug")
_REGISTRATION_ID = _path("registration_id", "The registration's id")
_CURSOR = _query("cursor", "The `next` of the page before")
_DEPARTEMENT = _query("departement", "Only events that touch this département")
_KIND = _query("kind", "Only events of this kind")


def document(base_url: str, version: str) -> dict[str, Any]:
    """The whole description, for the installation at `base_url`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "EventHub",
            "version": version,
            "description": (
                "Events, registrations, the door and figures of a hub. JSON in UTF-8; moments in "
                "ISO 8601 with their offset; every id is a string; a place count of null is "
                "unlimited. Errors are problem documents (RFC 9457) with a stable `code`."
            ),
        },
        "servers": [{"url": base_url}],
        "paths": _paths(),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": (
                        "A token made by `eventhub token add`, with the scopes events:read, "
                        "registrations:read, registrations:write, figures:read, perhaps limited "
                        "to one département."
                    ),
                },
                "device": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token of a device paired to one event's door.",
                },
            },
        },
    }


def _paths() -> dict[str, Any]:
    return {
        "/api/v1/openapi.json": {
            "get": {
                "summary": "This description",
                "security": [],
                "responses": {"200": {"description": "The OpenAPI document"}},
            }
        },
        "/api/v1/events": {
            "get": _operation(
                "List events, drafts apart, by first day",
                "token",
                _answer(200, "EventList", "A page of events") | _problems(401, 403, 422),
                parameters=[
                    _query("upcoming", "1: only those that have not ended"),
                    _DEPARTEMENT,
                    _KIND,
                    _CURSOR,
                ],
            )
        },
        "/api/v1/events/{slug}": {
            "get": _operation(
                "Read one event",
                "token",
                _answer(200, "Event", "The event") | _problems(401, 403, 404),
                parameters=[_SLUG],
            )
        },
        "/api/v1/events/{slug}/registrations": {
            "get": _operation(
                "List the registrations of an event, oldest first",
                "token",
                _answer(200, "RegistrationList", "A page of registrations")
                | _problems(401, 403, 404, 422),
                parameters=[_SLUG, _CURSOR],
            ),
            "post": _operation(
                "Register a person; they get their ticket by mail",
                "token",
                _answer(201, "NewRegistration", "Registered, or on the waiting list")
                | _problems(400, 401, 403, 404, 409, 422),
                parameters=[
                    _SLUG,
                    {
                        "name": "Idempotency-Key",
                        "in": "header",
                        "description": "Repeating the request under this key changes nothing",
                        "schema": {"type": "string", "maxLength": 255},
                    },
                ],
                requestBody={
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/RegistrationRequest"}
                        }
                    },
                },
            ),
        },
        "/api/v1/events/{slug}/registrations/{registration_id}": {
            "get": _operation(
                "Read one registration",
                "token",
                _answer(200, "Registration", "The registration") | _problems(401, 403, 404),
                parameters=[_SLUG, _REGISTRATION_ID],
            ),
            "delete": _operation(
                "Withdraw a registration",
                "token",
                _answer(200, "Withdrawal", "Withdrawn") | _problems(401, 403, 404, 409),
                parameters=[_SLUG, _REGISTRATION_ID],
            ),
        },
        "/api/v1/events/{slug}/figures": {
            "get": _operation(
                "Figures of an event: live, frozen and declared",
                "token",
                _answer(200, "EventFigures", "The figures") | _problems(401, 403, 404),
                parameters=[_SLUG],
            )
        },
        "/api/v1/figures": {
            "get": _operation(
                "Figures over events",
                "token",
                _answer(200, "FiguresOver", "The figures") | _problems(401, 403, 422),
                parameters=[
                    _query("year", "The year in which events end", "integer"),
                    _DEPARTEMENT,
                    _KIND,
                ],
            )
        },
        "/api/v1/door/snapshot": {
            "get": _operation(
                "The door's copy: whole, or what changed since a cursor",
                "device",
                _answer(200, "DoorSnapshot", "The copy") | _problems(401),
                parameters=[
                    _query("cursor", "The `cursor` of the copy before"),
                    _query("pending", "How many scans the device has yet to send", "integer"),
                ],
            )
        },
        "/api/v1/door/scans": {
            "post": _operation(
                "Send up to 500 scans; each is kept once and answered",
                "device",
                _answer(200, "DoorAnswer", "One verdict per scan, in the order sent")
                | _problems(400, 401, 413),
                requestBody={
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/ScanBatch"}}
                    },
                },
            )
        },
    }
