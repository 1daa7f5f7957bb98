from datetime import UTC, date, datetime
from pathlib import Path

from eventhub.domain.event import (
    ActivityFormat,
    DatePrecision,
    EventMode,
    EventState,
    PartnershipRole,
)
from eventhub.exports.markdown import prose
from eventhub.exports.minutes_draft import escaped, minutes_draft
from eventhub.models.event import Activity, ActivitySpeaker, Deliverable, Event, Partnership
from eventhub.models.structure import Structure

GOLDEN = Path(__file__).parents[1] / "golden" / "minutes_draft.md"


def hackathon() -> Event:
    def structure(name: str) -> Structure:
        return Structure(name=name, name_key=name)

    return Event(
        title="Hackathon Numérique en Commun[s]",
        state=EventState.PUBLISHED,
        date_precision=DatePrecision.DAY,
        starts_on=date(2026, 9, 22),
        ends_on=date(2026, 9, 22),
        starts_at=datetime(2026, 9, 22, 7, 15, tzinfo=UTC),
        ends_at=datetime(2026, 9, 22, 15, 0, tzinfo=UTC),
        timezone="Europe/Paris",
        mode=EventMode.HYBRID,
        place="Halle aux Grains, Issoudun",
        audience="Médiateur·rice·s et bénévoles",
        partnerships=[
            Partnership(role=PartnershipRole.ORGANISER, structure=structure("Le Hub")),
            Partnership(role=PartnershipRole.CO_ORGANISER, structure=structure("La Brouette")),
            Partnership(role=PartnershipRole.HOST, structure=structure("Halle aux Grains")),
        ],
        activities=[
            Activity(
                format=ActivityFormat.WORKSHOP,
                title="Dessiner *la* carte",
                starts_at=datetime(2026, 9, 22, 8, 0, tzinfo=UTC),
                room="Salle Cisse",
                speakers=[ActivitySpeaker(name="Jeanne Brouillard", may_be_named=True)],
                summary="Une heure,\ndes ciseaux.",
                hosts=[structure("Médiathèque du Lac")],
                position=2,
            ),
            Activity(
                format=ActivityFormat.BREAK,
                title="Café",
                starts_at=datetime(2026, 9, 22, 7, 30, tzinfo=UTC),
                position=0,
            ),
            Activity(
                format=ActivityFormat.PLENARY,
                title="Plénière d’ouverture",
                starts_at=datetime(2026, 9, 22, 7, 15, tzinfo=UTC),
                position=1,
            ),
        ],
        deliverables=[
            Deliverable(title="Le Facteur indiscret", type="jeu", summary="Un jeu de cartes."),
            Deliverable(title="Trois mots, une clé", type="jeu", summary=""),
        ],
    )


def test_a_draft_says_all_that_is_known_and_marks_what_is_left_to_write() -> None:
    made = minutes_draft(hackathon(), ["Participants : plus de 95"])
    assert made == GOLDEN.read_text("utf-8")


def test_a_draft_reads_well_once_it_is_a_page() -> None:
    page = prose(minutes_draft(hackathon(), ["Participants : une trentaine"]))
    assert [section.title for section in page.sections] == [
        "En bref",
        "Le programme",
        "Ce qui a été fabriqué",
        "Les chiffres",
        "Ce que nous avons appris",
        "Ce que nous avons décidé",
        "La suite",
    ]
    assert "Dessiner *la* carte" in page.html.replace("dessiner", "Dessiner")


def test_an_event_of_which_little_is_known_makes_a_short_draft() -> None:
    event = Event(
        title="Carrefour",
        state=EventState.PUBLISHED,
        date_precision=DatePrecision.YEAR,
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 12, 31),
        timezone="Europe/Paris",
        mode=EventMode.UNKNOWN,
        place="",
        audience="",
    )
    made = minutes_draft(event, [])
    assert "- **Quand\u00a0:** 2022\n\n## Ce que nous avons appris" in made
    assert "Le programme" not in made
    assert "Les chiffres" not in made


def test_the_programme_of_several_days_is_told_day_by_day() -> None:
    event = hackathon()
    event.ends_on = date(2026, 9, 23)
    event.activities[0].starts_at = datetime(2026, 9, 23, 8, 0, tzinfo=UTC)
    event.activities[0].title = "Sans hôte"
    event.activities[0].hosts = []
    event.activities[0].speakers = []
    event.activities[0].room = ""
    event.activities.append(Activity(format=ActivityFormat.STAND, title="Stand libre", position=9))
    assert (
        "## Le programme\n\n"
        "### Mardi\u00a022 septembre\n\n"
        "- 9\u00a0h\u00a015, plénière d’ouverture\n\n"
        "### Mercredi\u00a023 septembre\n\n"
        "- 10\u00a0h, atelier\u00a0: Sans hôte\n\n"
        "- Stand libre\n\n" in minutes_draft(event, [])
    )


def test_what_comes_from_data_stays_words() -> None:
    for text in ("# Titre", "*gras* _x_ `code`", "[lien](https://a.example)", "![i](x)", "<b>|"):
        html = prose(f"- {escaped(text)}").html
        for tag in ("<h", "<em", "<strong", "<code", "<a ", "<img", "<b>", "<table"):
            if (tag, text) != ("<h", "# Titre"):
                assert tag not in html
