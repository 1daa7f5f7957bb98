"""The form of a registration: seven fields at most."""

from collections.abc import Sequence

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields import EmailField
from wtforms.validators import InputRequired, ValidationError

from eventhub.domain.errors import InvalidInput
from eventhub.domain.registration import (
    STRUCTURE_NAME_MAX,
    AttendanceMode,
    RegistrationRequest,
    clean_line,
    why_not_a_line,
    why_not_a_name,
)
from eventhub.models.person import Category
from eventhub.models.territory import Departement
from eventhub.services.people import clean_email
from eventhub.web.forms import Form, OptionalSelectField

CHOOSE = "Choisir dans la liste"
_FILL_IN = "Remplissez ce champ."
_CHOOSE_ONE = "Choisissez dans la liste."


class CleanName:
    """Validates a given or a family name as the service does."""

    def __call__(self, _form: Form, field: StringField) -> None:
        """Raise ValidationError with what is wrong."""
        problem = why_not_a_name(clean_line(field.data or ""))
        if problem:
            raise ValidationError(problem)


class CleanLine:
    """Validates a line of at most `longest` characters as the service does."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, _form: Form, field: StringField) -> None:
        """Raise ValidationError with what is wrong."""
        problem = why_not_a_line(clean_line(field.data or ""), self.longest)
        if problem:
            raise ValidationError(problem)


class CleanEmail:
    """Validates an address as the service does; its form only, no network."""

    def __call__(self, _form: Form, field: StringField) -> None:
        """Raise ValidationError with what is wrong."""
        try:
            clean_email(field.data or "")
        except InvalidInput as error:
            raise ValidationError(error.fields["email"]) from error


class EmailForm(Form):
    """One address, to which links are mailed again."""

    email = EmailField(
        "Votre courriel",
        [InputRequired(_FILL_IN), CleanEmail()],
        description="Celui que vous avez donné en vous inscrivant.",
    )


class WithdrawalForm(Form):
    """What a person says in withdrawing."""

    excused = BooleanField(
        "Me noter excusé·e",
        description="Les personnes qui organisent verront que vous avez prévenu.",
    )


class AcceptanceForm(Form):
    """« Je viens »: how, where there is a choice."""

    mode = RadioField("Vous venez comment\u00a0?", [InputRequired("Choisissez une réponse.")])

    def offer(self, modes: Sequence[tuple[AttendanceMode, str]]) -> None:
        """Say what can be chosen. With one mode there is no choice to make."""
        if len(modes) > 1:
            self.mode.choices = [(mode.value, label) for mode, label in modes]
        else:
            del self.mode

    def chosen_mode(self) -> AttendanceMode | None:
        """The mode that was chosen; None: the event's only one."""
        return AttendanceMode(self.mode.data) if self.mode is not None else None


class RefusalForm(Form):
    """« Je ne peux pas venir »; regulars apologise more often than not."""

    excused = BooleanField(
        "Me noter excusé·e",
        default=True,
        description="Les personnes qui organisent verront que vous avez prévenu.",
    )


class RegistrationForm(Form):
    """What a person gives to register; the mode only where there is a choice."""

    given_name = StringField(
        "Prénom",
        [InputRequired(_FILL_IN), CleanName()],
    )
    family_name = StringField(
        "Nom",
        [InputRequired(_FILL_IN), CleanName()],
    )
    email = EmailField(
        "Courriel",
        [InputRequired(_FILL_IN), CleanEmail()],
        description="Pour le billet et les changements, rien d’autre. "
        "Il peut être celui de votre structure.",
    )
    category = SelectField("Vous êtes", [InputRequired(_CHOOSE_ONE)])
    structure = StringField(
        "Structure",
        [CleanLine(STRUCTURE_NAME_MAX)],
    )
    departement = OptionalSelectField("Département")
    mode = RadioField("Vous venez comment\u00a0?", [InputRequired("Choisissez une réponse.")])

    def offer(
        self,
        categories: Sequence[Category],
        departements: Sequence[Departement],
        modes: Sequence[tuple[AttendanceMode, str]],
    ) -> None:
        """Say what can be chosen. With one mode there is no choice to make."""
        self.category.choices = [("", CHOOSE), *((each.code, each.label) for each in categories)]
        self.departement.choices = [
            ("", CHOOSE),
            *((each.code, each.name) for each in departements),
        ]
        if len(modes) > 1:
            self.mode.choices = [(mode.value, label) for mode, label in modes]
        else:
            del self.mode

    def registration_request(self) -> RegistrationRequest:
        """What was asked for, as the service takes it."""
        mode = self.mode.data if self.mode is not None else None
        return RegistrationRequest(
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            email=self.email.data or "",
            category=self.category.data or None,
            structure=self.structure.data or "",
            departement=self.departement.data,
            mode=AttendanceMode(mode) if mode else None,
        )
