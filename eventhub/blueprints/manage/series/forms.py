"""The forms of a series and of its members."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from wtforms import (
    DateField,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.fields import EmailField, SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from eventhub.domain.cadence import Cadence, half_months_typed, months_shown
from eventhub.domain.errors import InvalidInput
from eventhub.domain.event_details import LONG_TEXT_MAX, PLACE_MAX, TITLE_MAX
from eventhub.domain.kinds import KIND_FAMILY_LABELS
from eventhub.domain.registration import (
    REGISTRATION_ROLE_LABELS,
    STRUCTURE_NAME_MAX,
    RegistrationRequest,
    RegistrationRole,
)
from eventhub.domain.series import CADENCES_MAX, DURATION_MAX, SeriesDetails, why_not_a_day
from eventhub.models.series import Series
from eventhub.queries import reference
from eventhub.web.forms import (
    Form,
    HourField,
    LineField,
    LinesField,
    OptionalSelectField,
    RowsField,
    VersionField,
)
from eventhub.web.once import OnceForm
from eventhub.web.registration_form import CHOOSE, CleanEmail, CleanLine, CleanName

BLANK_CADENCES = 2
"""Empty lines offered under those that are filled in."""

_FILL_IN = "Remplissez ce champ."


class CadenceRow(Form):
    """One cadence: from a day on, every so many months. An empty line is none."""

    class Meta(Form.Meta):
        """The token is that of the whole form."""

        csrf = False

    since = DateField("À partir du", [Optional()])
    months = LineField("Un évènement tous les … mois")

    def validate_since(self, field: Any) -> None:
        """Refuse a year that cannot be."""
        if field.data is not None and why_not_a_day(field.data):
            raise ValidationError(why_not_a_day(field.data))

    def validate_months(self, field: Any) -> None:
        """Refuse what is no cadence, each with its own sentence."""
        if not field.data:
            if self.since.data is not None:
                raise ValidationError("Donnez aussi le nombre de mois, par exemple 3 ou 2,5.")
            return
        if self.since.data is None and not self.since.errors:
            raise ValidationError("Donnez aussi le jour où cette cadence commence.")
        try:
            half_months_typed(field.data)
        except InvalidInput as error:
            raise ValidationError(error.fields["months"]) from error

    def cadence(self) -> Cadence | None:
        """The cadence of the line, once it is valid; None of an empty one."""
        if self.since.data is None or not self.months.data:
            return None
        return Cadence(self.since.data, half_months_typed(self.months.data))


class SeriesForm(OnceForm):
    """What an organiser writes of a series."""

    title = LineField("Titre", [InputRequired(_FILL_IN), Length(max=TITLE_MAX)])
    kind_code = SelectField("Type d’évènement", [InputRequired("Choisissez dans la liste.")])
    departement_codes = SelectMultipleField(
        "Départements",
        [InputRequired("Choisissez au moins un département.")],
        option_widget=CheckboxInput(),
    )
    cadences = RowsField(FormField(CadenceRow), "Cadence", max_entries=CADENCES_MAX)
    bassin_id = SelectField("Bassin de vie", coerce=lambda value: int(value) if value else None)
    place = LineField("Lieu habituel", [Length(max=PLACE_MAX)])
    usual_start = HourField("Heure habituelle", [Optional()])
    duration_minutes = IntegerField(
        "Durée en minutes", [Optional(), NumberRange(min=1, max=DURATION_MAX)]
    )
    ended_on = DateField("La série s’arrête le", [Optional()])
    note = LinesField("Note pour l’équipe", [Length(max=LONG_TEXT_MAX)])
    version = VersionField()

    def offer(self, session: Session, today: date, series: Series | None = None) -> None:
        """Fill the lists to choose from; what the series holds stays on offer."""
        names = {item.code: item.name for item in reference.departements(session)}
        held = series.kind_code if series is not None else ""
        families = list(KIND_FAMILY_LABELS)
        kinds = sorted(
            (one for one in reference.kinds(session) if one.active or one.code == held),
            key=lambda one: families.index(one.family),
        )
        self.kind_code.choices = [
            SelectChoice("", CHOOSE),
            *(
                SelectChoice(kind.code, kind.label, optgroup=KIND_FAMILY_LABELS[kind.family])
                for kind in kinds
            ),
        ]
        self.departement_codes.choices = [
            SelectChoice(code, f"{name} ({code})") for code, name in names.items()
        ]
        kept = series.bassin_id if series is not None else None
        self.bassin_id.choices = [
            SelectChoice("", "Aucun, ou plusieurs"),
            *(
                SelectChoice(str(bassin.id), bassin.name, optgroup=names[bassin.departement_code])
                for bassin in reference.bassins_on(session, today, kept)
            ),
        ]

    def add_blank_cadences(self) -> None:
        """Offer empty lines under those that are filled in."""
        blank = sum(not row.since.raw_data and row.since.data is None for row in self.cadences)
        for _ in range(min(BLANK_CADENCES - blank, CADENCES_MAX - len(self.cadences))):
            self.cadences.append_entry()

    def details(self) -> SeriesDetails:
        """What was typed, once `validate` has said yes."""
        found = (row.form.cadence() for row in self.cadences)
        return SeriesDetails(
            title=self.title.data or "",
            kind_code=self.kind_code.data,
            departement_codes=tuple(self.departement_codes.data or ()),
            bassin_id=self.bassin_id.data,
            place=self.place.data or "",
            usual_start=self.usual_start.data,
            duration_minutes=self.duration_minutes.data,
            cadences=tuple(one for one in found if one is not None),
            note=self.note.data or "",
            ended_on=self.ended_on.data,
        )


def series_values(series: Series) -> dict[str, Any]:
    """What the form of an existing series starts with."""
    same = {
        name: getattr(series, name)
        for name in (
            "title", "kind_code", "bassin_id", "place", "usual_start", "duration_minutes",
            "ended_on", "note",
        )
    }  # fmt: skip
    return same | {
        "departement_codes": [one.code for one in series.departements],
        "cadences": [
            {"since": one.since, "months": months_shown(one.half_months)} for one in series.cadences
        ],
        "version": str(series.version),
    }


class MemberForm(OnceForm):
    """Someone to invite each time."""

    given_name = LineField("Prénom", [InputRequired(_FILL_IN), CleanName()])
    family_name = LineField("Nom", [InputRequired(_FILL_IN), CleanName()])
    email = EmailField("Courriel", [InputRequired(_FILL_IN), CleanEmail()])
    category = OptionalSelectField("Catégorie")
    structure = LineField("Structure", [CleanLine(STRUCTURE_NAME_MAX)])
    departement = OptionalSelectField("Département")
    role = SelectField(
        "Rôle",
        choices=[SelectChoice(role.value, text) for role, text in REGISTRATION_ROLE_LABELS.items()],
        default=RegistrationRole.PARTICIPANT.value,
    )

    def offer(self, session: Session) -> None:
        """Fill the lists to choose from."""
        self.category.choices = _choices(
            (one.code, one.label) for one in reference.categories(session)
        )
        self.departement.choices = _choices(
            (one.code, one.name) for one in reference.departements(session)
        )

    def wanted(self) -> RegistrationRequest:
        """What was typed, once `validate` has said yes."""
        return RegistrationRequest(
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            email=self.email.data or "",
            category=self.category.data,
            structure=self.structure.data or "",
            departement=self.departement.data,
            role=RegistrationRole(self.role.data),
        )


def _choices(items: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", CHOOSE), *(SelectChoice(code, label) for code, label in items)]
