"""Two people writing one activity: what the other wrote, and what becomes of what was typed.

As for the settings of an event (see `event_conflict`), the form carries a mark of each value that
it was shown with: what only the other changed is taken over, what both changed is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from hashlib import sha256
from typing import Any

from eventhub.blueprints.manage.programme.activity_form import ActivityForm, activity_values
from eventhub.exports import wording
from eventhub.models.event import Activity, Event

_MARK_LENGTH = 12

Said = tuple[str, str]
"""A field's label, and what someone else wrote in it."""


@dataclass(frozen=True, slots=True)
class ActivityConflict:
    """`both`: fields that both changed, otherwise; `taken_over`: those only the other changed."""

    both: Sequence[Said]
    taken_over: Sequence[Said]


def start_form(event: Event, found: Activity) -> ActivityForm:
    """The form of an activity as it is, which remembers what it was shown with."""
    values = activity_values(event, found)
    form = ActivityForm(formdata=None, data=values)
    form.started_from.data = _written(values)
    return form


def merge(form: ActivityForm, event: Event, found: Activity) -> ActivityConflict:
    """Take into the form what only someone else changed, and say what both did.

    The form then starts from the activity as it is: sent again, it wins.
    """
    held = activity_values(event, found)
    shown = dict(pair.split("=", 1) for pair in _pairs(form.started_from.data))
    both, taken_over = [], []
    for name, value in held.items():
        if name == "version":
            continue
        field = form[name]
        typed, theirs = _mark(field.data), _mark(value)
        if typed == theirs or shown.get(name) == theirs:
            continue
        said = (field.label.text, _in_words(field, name, value))
        if shown.get(name) == typed:
            _take_over(form, name, value)
            taken_over.append(said)
        else:
            both.append(said)
    form.version.start_again(found.version)
    _set(form.started_from, _written(held))
    return ActivityConflict(both, taken_over)


def _pairs(written: str | None) -> list[str]:
    return [pair for pair in (written or "").split() if "=" in pair]


def _written(values: dict[str, Any]) -> str:
    return " ".join(f"{name}={_mark(value)}" for name, value in values.items() if name != "version")


def _mark(value: Any) -> str:
    """A short digest of a value, the same as held and as sent back by a browser."""
    if isinstance(value, list):
        rows = [row for row in value if row["name"]]
        value = "\n".join(
            repr([row[key] for key in sorted(row) if key != "csrf_token"]) for row in rows
        )
    if isinstance(value, time):
        value = f"{value:%H:%M}"
    if value is None or value is False or value == "":
        return ""
    # Halves of surrogates cannot be encoded strictly.
    return sha256(str(value).encode("utf-8", "surrogatepass")).hexdigest()[:_MARK_LENGTH]


def _take_over(form: ActivityForm, name: str, value: Any) -> None:
    if name != "speakers":
        _set(form[name], value)
        return
    while form.speakers.entries:
        form.speakers.pop_entry()
    for row in value:
        form.speakers.append_entry(row)


def _set(field: Any, value: Any) -> None:
    field.data, field.raw_data = value, None


def _in_words(field: Any, name: str, held: Any) -> str:
    if name == "speakers":
        return " ; ".join(_speaker(row) for row in held) or "personne"
    if isinstance(held, bool):
        return "oui" if held else "non"
    if held is None or held == "":
        return "rien"
    if name == "on":
        return wording.day(held)
    if isinstance(held, time):
        return f"{held:%H:%M}"
    labels = {choice.value: choice.label for choice in getattr(field, "choices", None) or ()}
    return str(labels.get(str(held), held)).replace("\n", ", ")


def _speaker(row: dict[str, Any]) -> str:
    more = ", ".join(text for text in (row["role"], row["structure"]) if text)
    consent = "accepte d’être nommé·e" if row["may_be_named"] else "n’est pas nommé·e"
    return f"{row['name']} ({more + ', ' if more else ''}{consent})"
