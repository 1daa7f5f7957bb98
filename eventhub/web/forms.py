"""The base of every form: CSRF, sentences in French, errors of services put at their fields."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)

from eventhub.domain.errors import InvalidInput

_SENTENCES = {
    "This field is required.": "Remplissez ce champ.",
    "Invalid email address.": "Écrivez une adresse complète, par exemple nom@exemple.fr.",
    "Invalid input.": "Cette saisie ne convient pas.",
    "Not a valid choice.": "Choisissez dans la liste.",
    "Invalid Choice: could not coerce.": "Choisissez dans la liste.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Choisissez dans la liste.",
    "'%(value)s' is not a valid choice for this field.": "Choisissez dans la liste.",
    "'%(value)s' are not valid choices for this field.": "Choisissez dans la liste.",
    "Not a valid date value.": "Donnez une date : le jour, le mois et l’année.",
    "Not a valid time value.": "Donnez une heure, par exemple 14:30.",
    "Not a valid datetime value.": "Donnez une date et une heure.",
    "Not a valid integer value.": "Écrivez un nombre entier, en chiffres.",
    "Number must be at least %(min)s.": "Écrivez un nombre d’au moins %(min)s.",
    "Number must be at most %(max)s.": "Écrivez un nombre d’au plus %(max)s.",
    "Number must be between %(min)s and %(max)s.": (
        "Écrivez un nombre compris entre %(min)s et %(max)s."
    ),
    "Field cannot be longer than %(max)d characters.": (
        "Raccourcissez : %(max)d caractères au plus."
    ),
    "Field cannot be longer than %(max)d character.": "Raccourcissez : %(max)d caractère au plus.",
    "Invalid URL.": "Écrivez une adresse complète, qui commence par https://.",
    "CSRF token expired.": "Le formulaire est resté ouvert trop longtemps. Envoyez-le à nouveau.",
    "The CSRF token is missing.": "Rechargez la page, puis envoyez à nouveau le formulaire.",
    "The CSRF token is invalid.": "Rechargez la page, puis envoyez à nouveau le formulaire.",
    "The CSRF tokens do not match.": "Rechargez la page, puis envoyez à nouveau le formulaire.",
}

_ROW = re.compile(r"-[0-9]{1,4}(?:-|$)")
_LARGEST = 2**53
_VERSION_DIGITS = 9
_SPACES = re.compile(" {2,}")


class _French:
    """What WTForms says, in our words."""

    def gettext(self, text: str) -> str:
        return _SENTENCES.get(text, "Cette saisie ne convient pas.")

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number < 2 else plural)


class Form(FlaskForm):
    """Base of our forms. An invalid one is rendered again with 422 and what was typed."""

    class Meta(FlaskForm.Meta):
        """Our own sentences instead of those of WTForms."""

        def get_translations(self, _form: Any) -> _French:
            """Give the French sentences."""
            return _French()

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check every field. Numbers of hundreds of digits are only known to be too large.

        WTForms compares them as floating-point numbers, which they cannot be.
        """
        for field in self:
            if isinstance(field, IntegerField) and field.data is not None:
                field.data = max(-_LARGEST, min(_LARGEST, field.data))
        return bool(super().validate(extra_validators))

    def take_errors(self, error: InvalidInput, names: Mapping[str, str] | None = None) -> None:
        """Put each sentence of `error` at its field; those without a field, at the top.

        `names` gives the field's name where it is not that of the service.
        """
        for name, sentence in error.fields.items():
            field = self._fields.get((names or {}).get(name, name))
            if field is None:
                self.form_errors.append(sentence)
            else:
                field.errors = [*field.errors, sentence]


class RowForm(Form):
    """A row of a form that has several: it goes with the form's token."""

    class Meta(Form.Meta):
        """No token of its own."""

        csrf = False


class RowsField(FieldList):
    """Several rows; names of fields that number none (« speakers-²-name ») are left aside."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        names = [name for name in formdata if _ROW.match(name[len(prefix) :])]
        yield from super()._extract_indices(prefix, names)


def tidy(text: str | None) -> str:
    """A line as typed, without spaces around or doubled, nor control characters, in NFC."""
    composed = unicodedata.normalize("NFC", text or "")
    return _SPACES.sub(" ", "".join(" " if _is_control(c) else c for c in composed)).strip()


def tidy_lines(text: str | None) -> str:
    """Several lines as typed: each trimmed at its end, one kind of line end, in NFC."""
    composed = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in composed if c in "\n\t" or not _is_control(c))
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip("\n")


def _is_control(character: str) -> bool:
    return unicodedata.category(character).startswith("C")


class LineField(StringField):
    """One line of text, tidied."""

    def __init__(self, label: str, validators: Any = None, **values: Any) -> None:
        super().__init__(label, validators, filters=[tidy], **values)


class LinesField(TextAreaField):
    """Several lines of text, tidied."""

    def __init__(self, label: str, validators: Any = None, **values: Any) -> None:
        super().__init__(label, validators, filters=[tidy_lines], **values)


class OptionalSelectField(SelectField):
    """A list of which nothing may be chosen: the empty value is kept as None."""

    def __init__(self, label: str, validators: Any = None, **values: Any) -> None:
        super().__init__(label, validators, coerce=lambda value: value or None, **values)


class HourField(TimeField):
    """An hour as browsers send it, with or without its seconds."""

    def __init__(self, label: str, validators: Any = None, **values: Any) -> None:
        super().__init__(label, validators, format=["%H:%M", "%H:%M:%S"], **values)


class VersionField(HiddenField):
    """The version of what a form was made from, so that nobody writes over someone unseen."""

    @property
    def number(self) -> int:
        """The version; 0, which nothing has, where the form says none."""
        typed = str(self.data or "")
        is_number = typed.isascii() and typed.isdecimal() and len(typed) <= _VERSION_DIGITS
        return int(typed) if is_number else 0

    def start_again(self, version: int) -> None:
        """Speak of that version from now on, whatever was sent."""
        self.data, self.raw_data = str(version), None
