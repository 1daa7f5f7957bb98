import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, RadioField, SelectMultipleField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import URL, Email, InputRequired, Length, NumberRange

from eventhub.domain.errors import InvalidInput
from eventhub.web.forms import Form, LineField, LinesField, OptionalSelectField, tidy, tidy_lines


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
