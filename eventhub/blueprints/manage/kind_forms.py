"""The forms of a kind of event and of the parts of its programme."""

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from eventhub.domain.activity_details import TRACK_MAX
from eventhub.domain.errors import NotFound
from eventhub.domain.event import (
    ACTIVITY_FORMAT_LABELS,
    ACTIVITY_REGISTRATION_LABELS,
    ENTRANCE_UNIT_LABELS,
    EVENT_MODE_LABELS,
    ActivityFormat,
    ActivityRegistration,
    CountingUnit,
    EntranceUnit,
    EventMode,
    KindFamily,
)
from eventhub.domain.event_details import (
    AUDIENCE_MAX,
    CAPACITY_MAX,
    LONG_TEXT_MAX,
    MAIL_NOTE_MAX,
    TITLE_MAX,
)
from eventhub.domain.kind_template import KIND_LABEL_MAX, KindActivityDetails, KindDetails
from eventhub.domain.kinds import KIND_FAMILY_LABELS
from eventhub.exports import wording
from eventhub.models.event import EventKind, KindActivity
from eventhub.web.forms import HourField, LineField, LinesField, VersionField
from eventhub.web.once import OnceForm

BASE_HOUR = time(9, 0)
"""Where a kind has no usual hour, its programme is written as if it began then."""

NUMBER_MAX = 1_000_000
ANY_DAY = date(2000, 1, 3)
_PLACES = [Optional(), NumberRange(min=0, max=CAPACITY_MAX)]
_NUMBER = [Optional(), NumberRange(min=0, max=NUMBER_MAX)]

COUNTING_LABELS = {
    CountingUnit.DAY: "Une fois par jour",
    CountingUnit.ACTIVITY: "Une fois par temps du programme",
}


FIELD_OF = {"duration_minutes": "duration_hours"}


class KindForm(OnceForm):
    """A kind of event and what its events begin with."""

    label = LineField("Nom", [InputRequired(), Length(max=KIND_LABEL_MAX)])
    family = RadioField(
        "Famille",
        [InputRequired()],
        choices=[SelectChoice(one.value, text) for one, text in KIND_FAMILY_LABELS.items()],
        default=KindFamily.MEETING.value,
    )
    counted_by = RadioField(
        "Une participation se compte",
        choices=[SelectChoice(one.value, text) for one, text in COUNTING_LABELS.items()],
        default=CountingUnit.DAY.value,
    )
    sure = BooleanField("Oui, changer les chiffres")
    usual_start = HourField("Heure de début habituelle", [Optional()])
    duration_days = IntegerField("Durée : jours en plus du premier", _NUMBER)
    duration_hours = IntegerField("Durée : heures", _NUMBER)
    duration_rest = IntegerField("Durée : minutes", _NUMBER)
    mode = RadioField(
        "Comment vient-on ?",
        choices=[
            SelectChoice(one.value, text)
            for one, text in EVENT_MODE_LABELS.items()
            if one is not EventMode.UNKNOWN
        ],
        default=EventMode.ONSITE.value,
    )
    capacity_onsite = IntegerField("Places sur place", _PLACES)
    capacity_remote = IntegerField("Places à distance", _PLACES)
    waiting_list = BooleanField("Tenir une liste d’attente quand c’est complet", default=True)
    opens_before_days = IntegerField("Ouverture des inscriptions, en jours avant", _NUMBER)
    closes_before_hours = IntegerField("Fermeture des inscriptions, en heures avant", _NUMBER)
    promotion_delay_hours = IntegerField(
        "Heures avant le début où la liste d’attente ne bouge plus", _NUMBER, default=24
    )
    reminder_hours = SelectMultipleField(
        "Rappels", coerce=int, default=[168, 24], option_widget=CheckboxInput()
    )
    mail_note = LinesField("À savoir avant de venir", [Length(max=MAIL_NOTE_MAX)])
    summary = LinesField("Présentation", [Length(max=LONG_TEXT_MAX)])
    audience = LineField("Pour qui", [Length(max=AUDIENCE_MAX)])
    entrance_unit = RadioField(
        "À l’accueil, la présence se note",
        choices=[SelectChoice(one.value, text) for one, text in ENTRANCE_UNIT_LABELS.items()],
        default=EntranceUnit.DAY.value,
    )
    version = VersionField()

    def details(self) -> KindDetails:
        """What was typed, once `validate` has said yes."""
        parts = (self.duration_days.data, self.duration_hours.data, self.duration_rest.data)
        days, hours, minutes = (part or 0 for part in parts)
        lasts = None if all(part is None for part in parts) else (days * 24 + hours) * 60 + minutes
        delay = self.promotion_delay_hours.data
        return KindDetails(
            label=self.label.data,
            family=KindFamily(self.family.data),
            counted_by=CountingUnit(self.counted_by.data),
            usual_start=self.usual_start.data,
            duration_minutes=lasts,
            mode=EventMode(self.mode.data),
            capacity_onsite=self.capacity_onsite.data,
            capacity_remote=self.capacity_remote.data,
            waiting_list=self.waiting_list.data,
            promotion_delay_hours=24 if delay is None else delay,
            opens_before_days=self.opens_before_days.data,
            closes_before_hours=self.closes_before_hours.data,
            reminder_hours=tuple(self.reminder_hours.data or ()),
            mail_note=self.mail_note.data,
            summary=self.summary.data,
            audience=self.audience.data,
            entrance_unit=EntranceUnit(self.entrance_unit.data),
        )


class KindActivityForm(OnceForm):
    """One part of the programme that events of a kind begin with."""

    title = LineField("Titre", [InputRequired(), Length(max=TITLE_MAX)])
    format = SelectField(
        "Format",
        choices=[SelectChoice(one.value, text) for one, text in ACTIVITY_FORMAT_LABELS.items()],
        default=ActivityFormat.WORKSHOP.value,
    )
    day = IntegerField("Jour", [Optional(), NumberRange(min=1, max=31)], default=1)
    starts_at = HourField("Heure de début", [Optional()])
    ends_at = HourField("Heure de fin", [Optional()])
    track = LineField("Parcours", [Length(max=TRACK_MAX)])
    capacity_onsite = IntegerField("Places sur place", _PLACES)
    capacity_remote = IntegerField("Places à distance", _PLACES)
    registration = RadioField(
        "Faut-il s’inscrire ?",
        choices=[
            SelectChoice(one.value, text) for one, text in ACTIVITY_REGISTRATION_LABELS.items()
        ],
        default=ActivityRegistration.OPEN.value,
    )
    counts_presence = BooleanField("La présence y est comptée", default=True)
    version = VersionField()

    def details(self, kind: EventKind) -> KindActivityDetails:
        """What was typed, once `validate` has said yes; hours as if at the usual one."""
        base = datetime.combine(ANY_DAY, kind.usual_start or BASE_HOUR)
        starts, lasts = self.starts_at.data, None
        if self.ends_at.data is not None:
            end = datetime.combine(ANY_DAY, self.ends_at.data)
            lasts = _minutes(end - datetime.combine(ANY_DAY, starts or self.ends_at.data))
        return KindActivityDetails(
            format=ActivityFormat(self.format.data),
            title=self.title.data,
            day=(self.day.data or 1) - 1,
            starts_after_minutes=(
                None if starts is None else _minutes(datetime.combine(ANY_DAY, starts) - base)
            ),
            duration_minutes=lasts,
            track=self.track.data,
            capacity_onsite=self.capacity_onsite.data,
            capacity_remote=self.capacity_remote.data,
            registration=ActivityRegistration(self.registration.data),
            counts_presence=self.counts_presence.data,
        )


def shown(field: Any, value: Any) -> str:
    """What a kind holds, in the words of its form."""
    if value in (None, "", []):
        return "rien"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, time):
        return wording.hour(datetime.combine(ANY_DAY, value))
    words = {str(one.value): one.label for one in getattr(field, "choices", None) or ()}
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(words.get(str(one), one)) for one in values)


def kind_values(found: EventKind) -> dict[str, Any]:
    """What the form of a kind starts with."""
    values: dict[str, Any] = {
        one.name: getattr(found, one.name)
        for one in fields(KindDetails)
        if one.name != "duration_minutes"
    }
    for name in ("family", "counted_by", "mode", "entrance_unit"):
        values[name] = values[name].value
    lasts = found.duration_minutes
    if lasts is not None:
        days, rest = divmod(lasts, 24 * 60)
        hours, minutes = divmod(rest, 60)
    else:
        days = hours = minutes = 0
    values |= {
        "duration_days": days or None,
        "duration_hours": hours or None,
        "duration_rest": minutes or None,
        "reminder_hours": list(found.reminder_hours),
        "version": str(found.version),
    }
    return values


def part_values(found: EventKind, part: KindActivity) -> dict[str, Any]:
    """What the form of a part starts with."""
    values: dict[str, Any] = {
        one.name: getattr(part, one.name) for one in fields(KindActivityDetails)
    }
    starts, ends = _part_hours(found, part)
    return values | {
        "format": part.format.value,
        "registration": part.registration.value,
        "day": part.day + 1,
        "starts_at": starts.time() if starts else None,
        "ends_at": ends.time() if ends else None,
        "version": str(found.version),
    }


def _part_hours(found: EventKind, part: KindActivity) -> tuple[datetime | None, datetime | None]:
    if part.starts_after_minutes is None:
        return None, None
    base = datetime.combine(ANY_DAY, found.usual_start or BASE_HOUR)
    starts = base + timedelta(minutes=part.starts_after_minutes)
    if part.duration_minutes is None:
        return starts, None
    return starts, starts + timedelta(minutes=part.duration_minutes)


def part_words(found: EventKind, part: KindActivity) -> tuple[str, str]:
    """The day and hours of a part, and its format and track, in words."""
    starts, ends = _part_hours(found, part)
    hours = " – ".join(wording.hour(one) for one in (starts, ends) if one is not None)
    several = any(one.day for one in found.activities)
    when = ", ".join(filter(None, [f"jour {part.day + 1}" if several else "", hours]))
    track = f"parcours {part.track}" if part.track else ""
    what = ", ".join(filter(None, [ACTIVITY_FORMAT_LABELS[part.format], track]))
    return when or "sans heure", what


def kind_of(session: Session, code: str) -> EventKind:
    """The kind of that code. Raises NotFound."""
    found = session.get(EventKind, code) if "\0" not in code else None
    if found is None:
        raise NotFound
    return found


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
