"""The form of one part of a programme."""

from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from eventhub.domain.activity_details import (
    ROOM_MAX,
    SPEAKER_NAME_MAX,
    SPEAKER_ROLE_MAX,
    SPEAKERS_MAX,
    TRACK_MAX,
    ActivityDetails,
    SpeakerDetails,
    is_https,
)
from eventhub.domain.event import (
    ACTIVITY_FORMAT_LABELS,
    ACTIVITY_REGISTRATION_LABELS,
    ActivityFormat,
    ActivityRegistration,
)
from eventhub.domain.event_details import CAPACITY_MAX, LINK_MAX, LONG_TEXT_MAX, TITLE_MAX
from eventhub.domain.naming import name_key
from eventhub.domain.registration import STRUCTURE_NAME_MAX
from eventhub.models.event import Activity, Event
from eventhub.web.forms import (
    HourField,
    LineField,
    LinesField,
    RowForm,
    RowsField,
    VersionField,
    tidy,
)
from eventhub.web.once import OnceForm

EMPTY_ROWS = 2


class SpeakerRow(RowForm):
    """One person who speaks or facilitates."""

    name = LineField("Nom", [Length(max=SPEAKER_NAME_MAX)])
    role = LineField("Rôle", [Length(max=SPEAKER_ROLE_MAX)])
    structure = LineField("Structure", [Length(max=STRUCTURE_NAME_MAX)])
    may_be_named = BooleanField("Accepte d’être nommé·e")

    def validate_name(self, field: Any) -> None:
        """Ask for the name where the rest of the row was written."""
        if not field.data and (self.role.data or self.structure.data):
            raise ValidationError("Donnez le nom, ou videz la ligne.")

    def validate_structure(self, field: Any) -> None:
        """Refuse what is no name."""
        if field.data and not name_key(field.data):
            raise ValidationError("Ce n’est pas le nom d’une structure.")


class ActivityForm(OnceForm):
    """One part of the programme."""

    format = SelectField(
        "Format",
        choices=[SelectChoice(key.value, text) for key, text in ACTIVITY_FORMAT_LABELS.items()],
        default=ActivityFormat.WORKSHOP.value,
    )
    title = LineField("Titre", [InputRequired(), Length(max=TITLE_MAX)])
    on = DateField("Jour", [Optional()])
    starts_at = HourField("Début", [Optional()])
    ends_at = HourField("Fin", [Optional()])
    shift_rest = BooleanField("Décaler aussi la suite de la journée")
    room = LineField("Salle", [Length(max=ROOM_MAX)])
    track = LineField("Parcours", [Length(max=TRACK_MAX)])
    remote_link = LineField("Lien pour suivre à distance", [Length(max=LINK_MAX)])
    capacity_onsite = IntegerField(
        "Places sur place", [Optional(), NumberRange(min=0, max=CAPACITY_MAX)]
    )
    capacity_remote = IntegerField(
        "Places à distance", [Optional(), NumberRange(min=0, max=CAPACITY_MAX)]
    )
    registration = RadioField(
        "Comment y participe-t-on\u00a0?",
        choices=[
            SelectChoice(key.value, text) for key, text in ACTIVITY_REGISTRATION_LABELS.items()
        ],
        default=ActivityRegistration.OPEN.value,
    )
    counts_presence = BooleanField("Compter les présences à ce temps", default=True)
    speakers = RowsField(FormField(SpeakerRow), "Avec", max_entries=SPEAKERS_MAX)
    hosts = LinesField("Structures qui l’animent")
    summary = LinesField("En quelques phrases", [Length(max=LONG_TEXT_MAX)])
    version = VersionField()
    started_from = HiddenField()
    beside = HiddenField()

    def validate_remote_link(self, field: Any) -> None:
        """Take whole https addresses only."""
        if field.data and not is_https(field.data):
            raise ValidationError("Écrivez une adresse complète, qui commence par https://.")

    def add_rows(self, number: int = EMPTY_ROWS) -> None:
        """Offer empty rows after those that are written."""
        written = sum(1 for row in self.speakers if row.form.name.data)
        while len(self.speakers) < min(written + number, SPEAKERS_MAX):
            self.speakers.append_entry()

    def details(self) -> ActivityDetails:
        """What was typed, once `validate` has said yes."""
        format_ = ActivityFormat(self.format.data)
        lines = (tidy(line) for line in self.hosts.data.split("\n"))
        return ActivityDetails(
            format=format_,
            title=self.title.data,
            on=self.on.data,
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            room=self.room.data,
            track=self.track.data,
            speakers=tuple(
                SpeakerDetails(
                    name=row.form.name.data,
                    role=row.form.role.data,
                    structure=row.form.structure.data,
                    may_be_named=row.form.may_be_named.data,
                )
                for row in self.speakers
                if row.form.name.data
            ),
            summary=self.summary.data,
            remote_link=self.remote_link.data,
            registration=ActivityRegistration(self.registration.data),
            # Nobody is counted at a pause.
            counts_presence=self.counts_presence.data and format_ is not ActivityFormat.BREAK,
            hosts=tuple(line for line in lines if line),
            capacity_onsite=self.capacity_onsite.data,
            capacity_remote=self.capacity_remote.data,
        )


def activity_values(event: Event, found: Activity) -> dict[str, Any]:
    """What the form of an existing part starts with."""
    zone = ZoneInfo(event.timezone)
    start = found.starts_at.astimezone(zone) if found.starts_at else None
    end = found.ends_at.astimezone(zone) if found.ends_at else None
    return {
        "format": found.format.value,
        "title": found.title,
        "on": start.date() if start else None,
        "starts_at": start.time() if start else None,
        "ends_at": end.time() if end else None,
        "room": found.room,
        "track": found.track,
        "remote_link": found.remote_link,
        "capacity_onsite": found.capacity_onsite,
        "capacity_remote": found.capacity_remote,
        "registration": found.registration.value,
        "counts_presence": found.counts_presence,
        "speakers": [
            {
                "name": speaker.name,
                "role": speaker.role,
                "structure": speaker.structure.name if speaker.structure else "",
                "may_be_named": speaker.may_be_named,
            }
            for speaker in found.speakers
        ],
        "hosts": "\n".join(structure.name for structure in found.hosts),
        "summary": found.summary,
        "version": str(found.version),
    }
