from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import DatePrecision, EventMode, EventState, PartnershipRole
from eventhub.models.event import Event, EventAlternative, Partnership
from eventhub.models.structure import StructureLogo
from eventhub.models.territory import BassinDeVie
from eventhub.web.event_page import (
    EventPage,
    Fact,
    PartnerList,
    PartnerLogo,
    PosterDate,
    event_page,
)
from tests.factories import make_departement, make_event, make_structure

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MAP = "https://www.openstreetmap.org/search"
HUB_CONTACT = "bonjour@example.org"


def page_of(event: Event) -> EventPage:
    return event_page(event, NOW, departement_total=6, hub_contact_email=HUB_CONTACT)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def facts_of(event: Event) -> list[Fact]:
    return [
        Fact(fact.term, plain(fact.strong), [plain(line) for line in fact.more], fact.links)
        for fact in page_of(event).facts
    ]


def test_the_facts_come_in_order_when_where_how_for_whom_by_whom(session: Session) -> None:
    event = make_event(
        session,
        address="12 quai du Port, Blois",
        access="La gare est à 900 m.",
        mode=EventMode.HYBRID,
        audience="Toute personne qui aide au numérique",
    )
    for role, name in (
        (PartnershipRole.CO_ORGANISER, "CIAS du Blaisois"),
        (PartnershipRole.ORGANISER, "Hub-Lo"),
        (PartnershipRole.GUEST, "Commune"),
        (PartnershipRole.PARTNER, "CRIJ"),
    ):
        event.partnerships.append(Partnership(structure=make_structure(session, name), role=role))
    session.commit()

    assert facts_of(event) == [
        Fact("Quand", "Jeudi 8 avril 2027, de 9 h à 17 h", []),
        Fact(
            "Où",
            "Halle du Port-Vieux",
            ["12 quai du Port, Blois", "Loiret"],
            [
                ("comment venir", "#acces"),
                (
                    "voir sur OpenStreetMap",
                    f"{MAP}?query=Halle+du+Port-Vieux+12+quai+du+Port%2C+Blois",
                ),
            ],
        ),
        Fact("Comment", "Sur place ou à distance", []),
        Fact("Pour qui", "Toute personne qui aide au numérique", []),
        Fact("Organisé par", "Hub-Lo et CIAS du Blaisois", []),
        Fact(
            "Contact", "Nadège Lemoine", [], [("nadege@example.org", "mailto:nadege@example.org")]
        ),
    ]
    assert page_of(event).partners == [
        PartnerList("Partenaires", ["CRIJ"]),
        PartnerList("Invité·e·s", ["Commune"]),
    ]
    assert page_of(event).lead == "De 9\u00a0h à 17\u00a0h, Halle du Port-Vieux, et à distance"


def test_history_with_few_facts_says_them_and_no_more(session: Session) -> None:
    bassin = BassinDeVie(slug="chinon", name="Chinon", departement_code="37")
    session.add_all([make_departement(session, "37", "Indre-et-Loire"), bassin])
    event = make_event(
        session,
        title="Première réunion",
        date_precision=DatePrecision.YEAR,
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
        starts_at=None,
        ends_at=None,
        mode=EventMode.UNKNOWN,
        place="",
        contact_name="",
        contact_email="",
        bassin=bassin,
    )

    page = page_of(event)

    assert facts_of(event) == [
        Fact("Quand", "2024", ["Date précise non connue."]),
        Fact("Où", "Loiret", ["Bassin de vie : Chinon"], []),
    ]
    assert (page.lead, page.state, page.paragraphs, page.partners, page.has_calendar) == (
        "", "over", [], [], False,
    )  # fmt: skip
    assert page.description == "Journée, 2024."


@pytest.mark.parametrize(
    ("values", "poster"),
    [
        ({}, PosterDate("8", "", "jeudi", "avril 2027")),
        (
            {"starts_on": date(2027, 2, 2), "ends_on": date(2027, 2, 5)},
            PosterDate("2–5", "", "mardi à vendredi", "février 2027"),
        ),
        (
            {"starts_on": date(2027, 1, 30), "ends_on": date(2027, 2, 2)},
            PosterDate("", "30\u00a0janv. – 2\u00a0févr.", "samedi à mardi", "2027"),
        ),
        (
            {"date_precision": DatePrecision.YEAR, "starts_at": None, "ends_at": None},
            PosterDate("", "2027", "courant", ""),
        ),
        (
            {
                "date_precision": DatePrecision.SEASON,
                "starts_on": date(2027, 6, 21),
                "ends_on": date(2027, 9, 20),
            },
            PosterDate("", "été", "", "2027"),
        ),
        (
            {
                "date_precision": DatePrecision.RANGE,
                "starts_on": date(2027, 3, 1),
                "ends_on": date(2027, 4, 30),
            },
            PosterDate("", "mars et avr. 2027", "entre", ""),
        ),
        ({"state": EventState.POSTPONED}, PosterDate("", "à venir", "date", "")),
    ],
)
def test_the_poster_sets_the_date_large(
    session: Session, values: dict[str, Any], poster: PosterDate
) -> None:
    assert page_of(make_event(session, **values)).date == poster


def test_two_possible_days_are_both_on_the_poster(session: Session) -> None:
    event = make_event(session, date_precision=DatePrecision.ALTERNATIVES)
    event.alternatives = [EventAlternative(on=date(2027, 4, day)) for day in (8, 15)]

    assert page_of(event).date == PosterDate("", "8 ou 15", "", "avril 2027")
    assert facts_of(event)[0] == Fact(
        "Quand", "8 ou 15 avril 2027, de 9 h à 17 h", ["La date précise sera dite ici."]
    )


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "open"),
        ({"state": EventState.DRAFT}, "draft"),
        ({"state": EventState.CANCELLED}, "cancelled"),
        ({"state": EventState.POSTPONED}, "postponed"),
        ({"state": EventState.CLOSED}, "over"),
        ({"registration_enabled": False}, "disabled"),
        ({"registration_opens_at": datetime(2027, 1, 1, tzinfo=UTC)}, "not_open_yet"),
        ({"registration_closes_at": datetime(2026, 11, 1, tzinfo=UTC)}, "closed"),
        (
            {"starts_on": date(2026, 11, 20), "starts_at": None, "ends_at": None},
            "over",
        ),
    ],
)
def test_each_state_of_an_event_is_told_apart(
    session: Session, values: dict[str, Any], state: str
) -> None:
    assert page_of(make_event(session, **values)).state == state


def test_a_postponed_event_says_when_it_was_to_be(session: Session) -> None:
    assert facts_of(make_event(session, state=EventState.POSTPONED))[0] == Fact(
        "Quand", "Date à venir", ["C’était prévu le jeudi 8 avril 2027."]
    )


def test_an_event_without_contact_names_that_of_the_hub(session: Session) -> None:
    event = make_event(session, contact_name="", contact_email="")

    assert facts_of(event)[-1] == Fact(
        "Contact", "L’équipe du hub", [], [(HUB_CONTACT, f"mailto:{HUB_CONTACT}")]
    )


def test_the_end_of_registration_is_said_to_the_hour(session: Session) -> None:
    event = make_event(session, registration_closes_at=datetime(2027, 4, 6, 16, 0, tzinfo=UTC))

    assert plain(page_of(event).until) == "6 avril 2027, 18 h"


def test_a_description_for_search_engines_is_cut_between_words(session: Session) -> None:
    event = make_event(session, summary="Une journée pour repartir avec des gestes. " * 8)

    description = page_of(event).description

    assert plain(description).startswith(
        "Journée, jeudi 8 avril 2027, de 9 h à 17 h, Halle du Port-Vieux. Une journée pour"
    )
    assert description.endswith("…")
    assert len(description) <= 160


def test_logos_are_shown_by_role_and_beyond_a_few_names_alone(session: Session) -> None:
    event = make_event(session)
    for number in range(6):
        structure = make_structure(session, f"Structure {number}")
        structure.logo = StructureLogo(
            sha256=f"{number}" * 64,
            media_type="image/png",
            width=400 if number else 90,
            height=100 if number else 60,
            data=b"",
            created_at=event.created_at,
        )
        role = PartnershipRole.PARTNER if number else PartnershipRole.ORGANISER
        event.partnerships.append(
            Partnership(structure=structure, role=role, position=number, shows_logo=number != 2)
        )
    event.partnerships.append(
        Partnership(
            structure=make_structure(session, "Sans logo"), role=PartnershipRole.HOST, position=9
        )
    )
    session.commit()
    assert page_of(event).partners == [
        PartnerList("Organise", [], (PartnerLogo("Structure 0", "0" * 64, 90, 60),)),
        PartnerList(
            "Partenaires",
            ["Structure 2", "Structure 5"],
            tuple(PartnerLogo(f"Structure {n}", f"{n}" * 64, 200, 50) for n in (1, 3, 4)),
        ),
        PartnerList("Nous accueillent", ["Sans logo"]),
    ]
