import io
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.domain.half_days import DayPart, HalfDay, half_days
from eventhub.domain.registration import AttendanceMode, RegistrationRole
from eventhub.exports.pdf.attendance_sheet import attendance_sheet, sheets
from eventhub.models.event import Event
from eventhub.queries.paper import Signatory
from tests.conftest import NOW


def event(**values: Any) -> Event:
    return Event(
        **{
            "title": "Le numérique, on s’y met ensemble",
            "date_precision": DatePrecision.DAY,
            "state": EventState.PUBLISHED,
            "starts_on": date(2027, 4, 8),
            "ends_on": date(2027, 4, 8),
            "starts_at": datetime(2027, 4, 8, 7, 15, tzinfo=UTC),
            "ends_at": datetime(2027, 4, 8, 15, 0, tzinfo=UTC),
            "timezone": "Europe/Paris",
            "place": "Halle aux Grains",
            "address": "2 place Jean-Jaurès, Blois",
            "mode": EventMode.ONSITE,
        }
        | values
    )


def person(
    given_name: str = "Inès",
    family_name: str = "Aubertin",
    structure: str = "La Brouette",
    role: RegistrationRole = RegistrationRole.PARTICIPANT,
    mode: AttendanceMode = AttendanceMode.ONSITE,
) -> Signatory:
    return Signatory(given_name, family_name, structure, role, mode)


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def words(document: bytes) -> str:
    """All the text of a document, its spaces made plain."""
    text = " ".join(page.extract_text() for page in read(document).pages)
    return " ".join(text.replace("\u200b", "").split())


def tags(reader: PdfReader) -> list[str]:
    """The structure of a tagged document, as a list of its tags."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.root_object["/StructTreeRoot"])
    return found


def test_a_sheet_is_a_tagged_document_in_french_with_a_title() -> None:
    reader = read(attendance_sheet(event(), [person()], "Hub-Lo", NOW))
    root: Any = reader.root_object
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Feuille d’émargement – Le numérique, on s’y met ensemble"
    found = tags(reader)
    assert found.count("/Table") == 1
    assert found.count("/TH") == 4  # name, structure, morning, afternoon
    assert found.count("/H1") == 1


def test_a_sheet_is_in_landscape_and_says_what_it_is_for() -> None:
    made = attendance_sheet(event(), [person()], "Hub-Lo", NOW)
    box = read(made).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)
    text = words(made)
    for expected in (
        "Feuille d’émargement",
        "Jeudi 8 avril 2027, de 9 h 15 à 17 h",
        "Halle aux Grains, 2 place Jean-Jaurès, Blois",
        "1 personne attendue",
        "Aubertin Inès La Brouette",
        "Matin Après-midi",
        "Personnes venues sans inscription",
        "Hub-Lo · Liste du 21 novembre 2026 à 10 h",
        "Page 1 sur 1",
    ):
        assert expected in text


def test_people_are_set_in_our_own_type() -> None:
    resources: Any = read(attendance_sheet(event(), [person()], "Hub-Lo", NOW)).pages[0][
        "/Resources"
    ]
    fonts = resources["/Font"].values()
    names = {str(font.get_object()["/BaseFont"]).split("+")[1] for font in fonts}
    assert names == {
        "AtkinsonHyperlegibleNext-Regular",
        "AtkinsonHyperlegibleNext-Bold",
        "AtkinsonHyperlegibleNext-ExtraBold",
    }


def test_two_hundred_people_are_quick_and_each_page_repeats_the_heads() -> None:
    people = [person("Camille", f"Personne {number:03}") for number in range(200)]
    attendance_sheet(event(), people[:1], "Hub-Lo", NOW)  # the fonts are read once
    began = perf_counter()
    made = attendance_sheet(event(), people, "Hub-Lo", NOW)
    assert perf_counter() - began < 5
    pages = [" ".join(page.extract_text().split()) for page in read(made).pages]
    assert all("Nom et prénom" in page for page in pages)
    assert pages[-1].endswith(f"Page {len(pages)} sur {len(pages)}")
    assert all("Le numérique, on s’y met ensemble" in page for page in pages)
    text = words(made)
    assert [n for n in range(200) if f"Personne {n:03}" not in text] == []


def test_several_days_have_a_box_for_each_half_day_on_lists_that_fit() -> None:
    week = event(
        starts_on=date(2024, 12, 2), ends_on=date(2024, 12, 6), starts_at=None, ends_at=None
    )
    pages = [
        " ".join(page.extract_text().split())
        for page in read(attendance_sheet(week, [person()], "Hub-Lo", NOW)).pages
    ]
    assert len(pages) == 2
    assert "Du lundi 2 au mercredi 4 décembre 2024" in pages[0]
    assert "lun. 2 déc. matin lun. 2 déc. après-midi mar. 3 déc. matin" in pages[0]
    assert "Du jeudi 5 au vendredi 6 décembre 2024" in pages[1]
    assert all("Aubertin Inès" in page for page in pages)


@pytest.mark.parametrize(
    ("days", "lists"), [(1, [2]), (3, [6]), (4, [4, 4]), (5, [6, 4]), (7, [6, 6, 2])]
)
def test_half_days_are_shared_out_without_cutting_a_day(days: int, lists: list[int]) -> None:
    halves = half_days(date(2027, 1, 1), date(2027, 1, days), None, None)
    shared = sheets(halves)
    assert [len(group) for group in shared] == lists
    assert tuple(half for group in shared for half in group) == halves


def test_one_half_day_is_one_list() -> None:
    half = HalfDay(date(2027, 1, 1), DayPart.MORNING)
    assert sheets([half]) == [(half,)]


def test_a_role_and_a_remote_place_are_told_where_they_matter() -> None:
    people = [
        person(role=RegistrationRole.SPEAKER),
        person("Bo", "Zed", mode=AttendanceMode.REMOTE),
    ]
    hybrid = words(attendance_sheet(event(mode=EventMode.HYBRID), people, "Hub-Lo", NOW))
    assert "Aubertin Inès La Brouette Intervenant·e" in hybrid
    assert "Zed Bo La Brouette À distance" in hybrid
    assert "Rôle, mode" not in words(attendance_sheet(event(), [person()], "Hub-Lo", NOW))


def test_an_event_without_a_settled_date_or_anybody_still_has_lines_to_sign() -> None:
    made = attendance_sheet(
        event(date_precision=DatePrecision.SEASON, starts_on=date(2023, 9, 23)), [], "Hub-Lo", NOW
    )
    text = words(made)
    assert "0 personne attendue" in text
    assert "Nom et prénom Structure Matin Après-midi" in text
    assert tags(read(made)).count("/TR") == 1 + 1 + 8


@pytest.mark.parametrize(
    "name",
    [
        "x" * 5000,
        "mot " * 1250,
        "محمد",
        "👩‍💻 Émoji",
        "\u202eà l’envers\u0007\u0000",
        '#read("/etc/passwd")',
        "*gras* $x$ \\ @a <b> #v(1cm) ] }",
        "中文名字",
        "\ue000\U000e0001",
        "\ud83d",
    ],
)
def test_any_name_makes_a_sheet_and_none_is_markup(name: str) -> None:
    made = attendance_sheet(event(title=name, place=name), [person(name, name, name)], name, NOW)
    assert words(made).count("Nom et prénom") == 1


def test_any_moment_will_do() -> None:
    moment = NOW.replace(microsecond=123_456).astimezone(ZoneInfo("Europe/Paris"))
    assert "21 novembre 2026" in words(attendance_sheet(event(), [], "Hub-Lo", moment))


def test_a_name_is_shown_as_it_was_written() -> None:
    text = words(attendance_sheet(event(), [person("Łucja", '#read("x") *é*')], "Hub-Lo", NOW))
    assert '#read("x") *é* Łucja' in text
