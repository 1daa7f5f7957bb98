"""The agenda as an Atom feed: what changed last, first.

Source: RFC 4287. Identifiers are UUIDs made from what never changes (RFC 4122, version 5).
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from eventhub.domain.event import EVENT_STATE_LABELS, EventMode, EventState
from eventhub.exports import wording
from eventhub.exports.calendar import event_uid
from eventhub.models.event import Event

_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "fr"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom_feed(
    events: Sequence[Event],
    *,
    title: str,
    author: str,
    url: str,
    source: str,
    url_of: Callable[[Event], str],
    host: str,
) -> bytes:
    """The feed of these events, in their order; nobody is named but the hub, `author`.

    `url` is the page that it tells of, `source` its own address, `url_of` an event's page.
    """
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": _LANGUAGE})
    _text(feed, "title", title)
    _text(feed, "id", _identifier(source))
    _text(feed, "updated", _moment(max((event.updated_at for event in events), default=_NEVER)))
    _link(feed, "self", source, "application/atom+xml")
    _link(feed, "alternate", url, "text/html")
    _text(_child(feed, "author"), "name", author)
    for event in events:
        _entry(feed, event, url_of(event), host)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: ET.Element, event: Event, url: str, host: str) -> None:
    entry = _child(feed, "entry")
    _text(entry, "title", wording.typeset(event.title))
    _text(entry, "id", _identifier(event_uid(event, host)))
    _text(entry, "published", _moment(event.published_at or event.created_at))
    _text(entry, "updated", _moment(event.updated_at))
    _link(entry, "alternate", url, "text/html")
    _child(entry, "category", term=event.kind_code, label=_xml(event.kind.label))
    for departement in event.departements:
        _child(entry, "category", term=departement.code, label=_xml(departement.name))
    _text(entry, "summary", _facts(event))
    if event.summary.strip():
        _text(entry, "content", wording.typeset(event.summary.strip()))


def _facts(event: Event) -> str:
    """« Annulé. Jeudi 8 avril 2027, de 9 h à 17 h. Halle du Port-Vieux. »."""
    where = "À distance" if event.mode is EventMode.REMOTE else event.place
    if event.mode is EventMode.HYBRID:
        where = f"{where}, et à distance" if where else "Sur place et à distance"
    state = (
        EVENT_STATE_LABELS[event.state]
        if event.state in {EventState.CANCELLED, EventState.POSTPONED}
        else ""
    )
    parts = (state, wording.event_when(event), where)
    return wording.typeset(" ".join(f"{wording.capitalise(part)}." for part in parts if part))


def _identifier(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _child(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)


def _text(parent: ET.Element, name: str, text: str) -> None:
    _child(parent, name).text = _xml(text)


def _link(parent: ET.Element, relation: str, address: str, media_type: str) -> None:
    _child(parent, "link", rel=relation, type=media_type, href=address)


def _xml(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold. Source: XML 1.0, section 2.2."""
    return "".join(
        c
        for c in text
        if c in "\t\n" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
