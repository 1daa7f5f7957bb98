"""The shapes of the API's requests and answers, as JSON Schema (2020-12)."""

from typing import Any

from eventhub.domain.event import ActivityFormat, DatePrecision, EventMode, EventState
from eventhub.domain.figures import Covers, Qualifier
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.domain.scan import CheckpointKind, ScanKind, Verdict

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}


def nullable(schema: Schema) -> Schema:
    """The same shape, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def listed(items: Schema) -> Schema:
    """A list of that shape."""
    return {"type": "array", "items": items}


def closed(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    """An object with these properties and no other; all required but the optional ones."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def page_of(schema: str) -> Schema:
    """A page of a list: `items`, and the cursor of the next page or null."""
    return closed({"items": listed(ref(schema)), "next": nullable(STRING)})


def ref(name: str) -> Schema:
    """A reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def codes(kind: type[Any]) -> Schema:
    """One of the machine codes of an enumeration."""
    return {"type": "string", "enum": [member.value for member in kind]}


_PLACES = closed({"onsite": nullable(COUNT), "remote": nullable(COUNT)})

_EVENT_MEASURES = (
    "registered",
    "present",
    "participants",
    "participations",
    "onsite",
    "remote",
    "excused",
    "no_shows",
    "attendance_rate",
    "walk_ins",
    "structures",
    "engaged_structures",
    "activities",
    "deliverables",
    "preparatory_meetings",
)
_OVER_MEASURES = (
    "events",
    "meetings",
    "trainings",
    "one_to_ones",
    "people_in_meetings",
    "people_in_one_to_ones",
    "new",
    "returning",
)


def _measures(*names: str) -> Schema:
    shapes: Schema = dict.fromkeys(names, COUNT)
    for name in names:
        if name == "no_shows":
            shapes[name] = nullable(COUNT)
        if name == "attendance_rate":
            shapes[name] = nullable({"type": "number", "minimum": 0, "maximum": 1})
    return closed(shapes)


_MEMBER = closed(
    {
        "member": nullable(STRING),
        "label": STRING,
        "registered": COUNT,
        "present": COUNT,
        "participants": COUNT,
        "participations": COUNT,
    }
)
_DECLARED = {
    "measure": STRING,
    "dimension": nullable(STRING),
    "member": nullable(STRING),
    "value": INTEGER,
    "qualifier": codes(Qualifier),
    "covers": codes(Covers),
    "source": STRING,
}
_BREAKDOWNS: Schema = {"type": "object", "additionalProperties": listed(_MEMBER)}

_PERSON_FIELDS: Schema = {
    "given_name": {"type": "string", "minLength": 1, "maxLength": 100},
    "family_name": {"type": "string", "minLength": 1, "maxLength": 100},
    "email": {"type": "string", "format": "email", "maxLength": 254},
    "category": nullable(STRING),
    "structure": nullable({"type": "string", "maxLength": 200}),
    "departement": nullable(STRING),
    "mode": nullable(codes(AttendanceMode)),
    "activities": listed(STRING),
}

SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "properties": {
            "type": STRING,
            "title": STRING,
            "status": INTEGER,
            "code": STRING,
            "detail": STRING,
            "errors": listed(closed({"field": STRING, "message": STRING})),
        },
        "required": ["type", "title", "status", "code"],
    },
    "Activity": closed(
        {
            "id": STRING,
            "format": codes(ActivityFormat),
            "title": STRING,
            "starts_at": nullable(MOMENT),
            "ends_at": nullable(MOMENT),
            "room": STRING,
            "capacity": _PLACES,
            "places_left": _PLACES,
        }
    ),
    "Event": closed(
        {
            "slug": STRING,
            "title": STRING,
            "kind": STRING,
            "state": codes(EventState),
            "starts_on": nullable(DAY),
            "ends_on": nullable(DAY),
            "starts_at": nullable(MOMENT),
            "ends_at": nullable(MOMENT),
            "date_precision": codes(DatePrecision),
            "mode": codes(EventMode),
            "departements": listed(STRING),
            "place": STRING,
            "registration_open": {"type": "boolean"},
            "capacity": _PLACES,
            "places_left": _PLACES,
            "activities": listed(ref("Activity")),
            "url": {"type": "string", "format": "uri"},
        }
    ),
    "EventList": page_of("Event"),
    "RegistrationRequest": {
        "type": "object",
        "properties": _PERSON_FIELDS,
        "required": ["given_name", "family_name", "email"],
    },
    "NewRegistration": closed(
        {
            "id": STRING,
            "state": {"type": "string", "enum": ["confirmed", "waiting"]},
            "rank": {"type": "integer", "minimum": 1, "description": "Only while waiting"},
            "ticket": STRING,
            "short_code": STRING,
            "manage_url": {"type": "string", "format": "uri"},
        },
        optional=("rank",),
    ),
    "Registration": closed(
        {
            "id": STRING,
            "state": codes(RegistrationState),
            "rank": nullable({"type": "integer", "minimum": 1}),
            "origin": codes(RegistrationOrigin),
            "given_name": STRING,
            "family_name": STRING,
            "email": nullable(STRING),
            "category": nullable(STRING),
            "structure": STRING,
            "departement": nullable(STRING),
            "mode": codes(AttendanceMode),
            "role": codes(RegistrationRole),
            "activities": listed(STRING),
            "created_at": MOMENT,
        }
    ),
    "RegistrationList": page_of("Registration"),
    "Withdrawal": closed({"id": STRING, "state": {"type": "string", "const": "cancelled"}}),
    "EventFigures": closed(
        {
            "event": STRING,
            "computed_at": MOMENT,
            "frozen": nullable(closed({"at": MOMENT, "figures": {"type": "object"}})),
            "differences": listed(
                closed(
                    {
                        "measure": STRING,
                        "frozen": nullable({"type": "number"}),
                        "live": nullable({"type": "number"}),
                        "author": nullable(STRING),
                        "reason": nullable(STRING),
                    }
                )
            ),
            "figures": _measures(*_EVENT_MEASURES),
            "breakdowns": _BREAKDOWNS,
            "declared": listed(closed(_DECLARED)),
        }
    ),
    "FiguresOver": {
        "type": "object",
        "properties": {
            "computed_at": MOMENT,
            "figures": _measures(*_EVENT_MEASURES, *_OVER_MEASURES),
            "breakdowns": _BREAKDOWNS,
            "declared": listed({"type": "object", "properties": _DECLARED}),
        },
        "required": ["computed_at", "figures", "breakdowns", "declared"],
    },
    "DoorSnapshot": closed(
        {
            "event": {"type": "object"},
            "device": {"type": "object"},
            "server_time": MOMENT,
            "expires_at": MOMENT,
            "cursor": STRING,
            "full": {"type": "boolean"},
            "scans_held": COUNT,
            "public_keys": {"type": ["object", "array"]},
            "events": {"type": "object", "additionalProperties": STRING},
            "checkpoints": listed(
                closed(
                    {
                        "id": STRING,
                        "label": STRING,
                        "kind": codes(CheckpointKind),
                        "opens_at": nullable(MOMENT),
                        "closes_at": nullable(MOMENT),
                        "capacity": nullable(COUNT),
                        "booked": COUNT,
                    }
                )
            ),
            "registrations": listed(
                closed(
                    {
                        "id": STRING,
                        "ticket_id": nullable(STRING),
                        "short_code": nullable(STRING),
                        "name": STRING,
                        "structure": STRING,
                        "category": nullable(STRING),
                        "role": codes(RegistrationRole),
                        "mode": codes(AttendanceMode),
                        "state": codes(RegistrationState),
                        "checkpoints": listed(STRING),
                        "present": {
                            "type": "object",
                            "additionalProperties": closed(
                                {
                                    "scans": listed(STRING),
                                    "at": nullable(MOMENT),
                                    "device": nullable(STRING),
                                    "mode": codes(AttendanceMode),
                                }
                            ),
                        },
                    }
                )
            ),
            "removed": listed(STRING),
            "revoked": listed(STRING),
        }
    ),
    "Scan": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "maxLength": 64},
            "checkpoint": STRING,
            "kind": codes(ScanKind),
            "ticket": STRING,
            "registration": STRING,
            "person": {"type": "object"},
            "mode": codes(AttendanceMode),
            "reason": STRING,
            "undoes": STRING,
            "scanned_at": MOMENT,
            "offset_ms": INTEGER,
            "shown": codes(Verdict),
            "override": {"anyOf": [codes(Verdict), {"const": True}]},
            "by": STRING,
            "test": {"type": "boolean"},
        },
        "required": ["id", "kind", "scanned_at"],
    },
    "ScanBatch": {
        "type": "object",
        "properties": {
            "sent_at": MOMENT,
            "scans": {"type": "array", "maxItems": 500, "items": ref("Scan")},
            "pending": COUNT,
        },
        "required": ["scans"],
    },
    "DoorAnswer": closed(
        {
            "server_time": MOMENT,
            "epoch": STRING,
            "scans_held": COUNT,
            "verdicts": listed(
                closed(
                    {
                        "id": nullable(STRING),
                        "verdict": codes(Verdict),
                        "registration": nullable(STRING),
                        "first_seen": nullable(
                            closed({"at": nullable(MOMENT), "device": nullable(STRING)})
                        ),
                        "message": STRING,
                    },
                    optional=("registration", "first_seen"),
                )
            ),
        }
    ),
}
