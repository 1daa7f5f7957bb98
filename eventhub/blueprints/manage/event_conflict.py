"""Two people editing one event: what the other wrote, and what becomes of what was typed.

The form carries a short mark of each value that it was shown with. Thus a field that only the
other person changed can be taken over, and one that both changed can be shown. Marks are not
secret nor signed: a false one only makes a field count as touched, by someone who may change it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from eventhub.blueprints.manage.event_form import OTHER_DATES, EventForm, event_values
from eventhub.exports import wording
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Event

_MARK_LENGTH = 12
_LONG_TEXT = 80
_COLUMNS = {
    "departement_codes": "departements",
    "precision": "date_precision",
    "organisers": "structures",
    "co_organisers": "structures",
    "partners": "structures",
    "prepares": "prepares_id",
    **dict.fromkeys(OTHER_DATES, "alternatives"),
}
"""What the record of changes calls a field, where it is not the field's name."""


@dataclass(frozen=True, slots=True)
class OtherValue:
    """What someone else wrote in a field: its label, the value in words, who and when."""

    label: str
    text: str
    change: AuditEntry | None

    @property
    def is_long(self) -> bool:
        """Whether the value wants lines of its own."""
        return len(self.text) > _LONG_TEXT or "\n" in self.text


@dataclass(frozen=True, slots=True)
class Conflict:
    """`both`: fields that both changed, otherwise; `taken_over`: those only the other changed."""

    both: Sequence[OtherValue]
    taken_over: Sequence[OtherValue]


def start_form(event: Event) -> EventForm:
    """The form of an event as it is, which remembers what it was shown with."""
    values = event_values(event)
    form = EventForm(formdata=None, data=values)
    form.started_from.data = _written(form, values)
    return form


def merge(form: EventForm, event: Event, changes: Sequence[AuditEntry]) -> Conflict:
    """Take into the form what only someone else changed, and say what both did.

    The form then starts from the event as it is: sent again, it wins. `changes` are those made
    since the form was shown, the latest first.
    """
    held = event_values(event)
    shown = dict(_read(form.started_from.data or ""))
    both, taken_over = [], []
    for name, value in held.items():
        if name == "version":
            continue
        field = form[name]
        typed, theirs = _mark(field, field.data), _mark(field, value)
        if typed == theirs or shown.get(name) == theirs:
            continue
        said = OtherValue(field.label.text, _in_words(field, value), _latest(changes, name))
        if shown.get(name) == typed:
            _set(field, value)
            taken_over.append(said)
        else:
            both.append(said)
    form.version.start_again(event.version)
    _set(form.started_from, _written(form, held))
    return Conflict(both, taken_over)


def _written(form: EventForm, values: Mapping[str, Any]) -> str:
    return " ".join(
        f"{name}={_mark(form[name], value)}" for name, value in values.items() if name != "version"
    )


def _read(written: str) -> Iterator[tuple[str, str]]:
    for pair in written.split():
        name, _, mark = pair.partition("=")
        yield name, mark


def _set(field: Any, value: Any) -> None:
    field.data, field.raw_data = value, None


def _mark(field: Any, value: Any) -> str:
    """A short digest of a value, the same as held and as sent back by a browser."""
    for tidied in field.filters if isinstance(value, str) else ():
        value = tidied(value)
    match value:
        case None | "" | [] | False:
            return ""
        case datetime():
            text = value.strftime("%Y-%m-%dT%H:%M")
        case time():
            text = value.strftime("%H:%M")
        case list():
            text = "\n".join(sorted(map(str, value)))
        case _:
            text = str(value)
    # Whatever text: halves of surrogates cannot be encoded strictly.
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK_LENGTH]


def _latest(changes: Sequence[AuditEntry], name: str) -> AuditEntry | None:
    column = _COLUMNS.get(name, name)
    return next((one for one in changes if column in one.detail.get("changed", ())), None)


def _in_words(field: Any, value: Any) -> str:
    if value is None or value in ("", []):
        return "rien"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{wording.day(value.date())}, {wording.hour(value)}"
    if isinstance(value, date):
        return wording.day(value)
    if isinstance(value, time):
        return wording.hour(datetime.combine(date.min, value))
    choices = {choice.value: choice.label for choice in getattr(field, "choices", None) or ()}
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(choices.get(one, choices.get(str(one), one))) for one in values)
