import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, RadioField, SelectMultipleField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import URL, Email, InputRequired, Length, NumberRange

from eventhub.domain.errors import InvalidInput
from eventhub.web.forms import (
    Form,
    HourField,
    LineField,
    LinesField,
    OptionalSelectField,
    VersionField,
    tidy,
    tidy_lines,
)


class Everything(Form):
    needed = LineField("Titre", [InputRequired(), Length(max=5)])
    email = LineField("Courriel", [Email()])
    link = LineField("Lien", [URL()])
    text = LinesField("Texte")
    on = DateField("Jour")
    at = TimeField("Heure")
    number = IntegerField("Places", [NumberRange(min=0, max=9)])
    mode = RadioField("Mode", choices=[SelectChoice("onsite", "Sur place")])
    many = SelectMultipleField("Lieux", choices=[SelectChoice("37", "Indre-et-Loire")])
    maybe = OptionalSelectField("Rien", choices=[SelectChoice("", "Rien"), SelectChoice("a", "A")])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Une   ligne \t", "Une ligne"),
        ("e\u0301te\u0301", "été"),
        ("a\u0000b\nc\u200b", "a b c"),
        ("Vraiment\u00a0?", "Vraiment\u00a0?"),
        (None, ""),
    ],
)
def test_a_line_is_tidied_and_its_no_break_spaces_stay(typed: str | None, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\r\nUn\u00a0!  \r\n\r\n deux\t\r", "Un\u00a0!\n\n deux"),
        ("a\u0000b", "ab"),
        (None, ""),
    ],
)
def test_lines_keep_their_breaks(typed: str | None, kept: str) -> None:
    assert tidy_lines(typed) == kept


def test_every_sentence_is_ours(app: Flask) -> None:
    wrong = {
        "needed": "beaucoup trop",
        "email": "x@",
        "link": "x",
        "on": "hier",
        "at": "midi",
        "number": "dix",
        "mode": "elsewhere",
        "many": "99",
        "maybe": "b",
    }
    with app.test_request_context():
        form = Everything(MultiDict(wrong))
        empty = Everything(MultiDict({"needed": "", "number": "12"}))
        assert not form.validate()
        assert not empty.validate()
    assert {name: errors[0] for name, errors in form.errors.items()} == {
        "needed": "Raccourcissez\u00a0: 5 caractères au plus.",
        "email": "Écrivez une adresse complète, par exemple nom@exemple.fr.",
        "link": "Écrivez une adresse complète, qui commence par https://.",
        "on": "Donnez une date\u00a0: le jour, le mois et l’année.",
        "at": "Donnez une heure, par exemple 14:30.",
        "number": "Écrivez un nombre entier, en chiffres.",
        "mode": "Choisissez dans la liste.",
        "many": "Choisissez dans la liste.",
        "maybe": "Choisissez dans la liste.",
    }
    assert empty.errors["needed"] == ["Remplissez ce champ."]
    assert empty.errors["number"] == ["Écrivez un nombre compris entre 0 et 9."]


def test_the_errors_of_a_service_stand_at_their_fields(app: Flask) -> None:
    with app.test_request_context():
        form = Everything(MultiDict({"needed": "Nom"}))
        form.take_errors(
            InvalidInput({"title": "Trop long.", "on": "Trop tard.", "other": "Ailleurs."}),
            {"title": "needed"},
        )
    assert form.needed.errors == ["Trop long."]
    assert form.on.errors == ["Trop tard."]
    assert form.form_errors == ["Ailleurs."]


class Versioned(Form):
    version = VersionField()
    at = HourField("Heure")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("7", 7),
        ("999999999", 999_999_999),
        ("", 0),
        ("-1", 0),
        ("1.0", 0),
        ("²", 0),
        ("٣", 0),
        ("9" * 5000, 0),
        ("7\x00", 0),
        ("deux", 0),
    ],
)
def test_a_version_that_cannot_be_is_the_version_of_nothing(
    app: Flask, sent: str, read: int
) -> None:
    with app.test_request_context():
        form = Versioned(formdata=MultiDict({"version": sent}))
        assert form.version.number == read
        form.version.start_again(12)
        assert (form.version.number, 'value="12"' in form.version()) == (12, True)


@pytest.mark.parametrize(("sent", "read"), [("09:30", "09:30:00"), ("09:30:15", "09:30:15")])
def test_an_hour_comes_with_or_without_its_seconds(app: Flask, sent: str, read: str) -> None:
    with app.test_request_context():
        form = Versioned(formdata=MultiDict({"at": sent}))
        assert (form.validate(), str(form.at.data)) == (True, read)
