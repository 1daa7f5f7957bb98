from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.exports.figures_json import event_figures_document, figures_over_document
from eventhub.exports.figures_text import figures_text
from eventhub.models.event import Event
from eventhub.queries.figure_rows import Difference, FigureFilter, FrozenCopy
from eventhub.queries.figures import event_figures, figures_over
from eventhub.services.season import EXAMPLE, load_season, read_season

GOLDEN = Path(__file__).resolve().parent.parent / "golden"


def test_the_figures_of_an_event_as_a_document(session: Session, now: datetime) -> None:
    load_season(session, read_season(EXAMPLE), now)
    event = session.scalars(select(Event).where(Event.slug == "cnr-2023")).one()
    frozen_at = datetime(2023, 2, 7, 9, 0, tzinfo=UTC)
    read = replace(
        event_figures(session, event.id, now),
        frozen=FrozenCopy(frozen_at, {"participants": 31}, {}),
        differences=(
            Difference("participants", "Participants", 31, 32, "Accueil 1", "téléphone éteint"),
        ),
    )
    document = event_figures_document(read)
    assert list(document) == [
        "event",
        "computed_at",
        "frozen",
        "differences",
        "figures",
        "breakdowns",
        "declared",
    ]
    assert document["event"] == "cnr-2023"
    assert document["computed_at"] == "2026-11-21T09:00:00+00:00"
    assert document["frozen"] == {
        "at": "2023-02-07T09:00:00+00:00",
        "figures": {"participants": 31},
    }
    assert document["differences"] == [
        {
            "measure": "participants",
            "frozen": 31,
            "live": 32,
            "author": "Accueil 1",
            "reason": "téléphone éteint",
        }
    ]
    assert list(document["breakdowns"]) == [
        "residence",
        "category",
        "structure",
        "role",
        "mode",
        "activity",
        "day",
    ]
    assert document["breakdowns"]["residence"][0] == {
        "member": "18",
        "label": "Cher",
        "registered": 4,
        "present": 4,
        "participants": 4,
        "participations": 4,
    }
    assert document["breakdowns"]["residence"][-1] == {
        "member": None,
        "label": "Non renseigné",
        "registered": 0,
        "present": 10,
        "participants": 0,
        "participations": 0,
    }


def test_declared_figures_as_a_document(session: Session, now: datetime) -> None:
    load_season(session, read_season(EXAMPLE), now)
    event = session.scalars(select(Event).where(Event.slug == "interconnectes-45-2024")).one()
    document = event_figures_document(event_figures(session, event.id, now))
    assert document["declared"] == [
        {
            "measure": "participants",
            "dimension": None,
            "member": None,
            "value": 95,
            "qualifier": "more_than",
            "covers": "whole",
            "source": "Bilan 2024",
        },
        {
            "measure": "participants",
            "dimension": "mode",
            "member": "remote",
            "value": 25,
            "qualifier": "exact",
            "covers": "whole",
            "source": "Bilan 2024",
        },
    ]
    over = figures_over_document(figures_over(session, FigureFilter.of_year(2024, "45"), now))
    assert over["filter"] == {
        "starts_on": "2024-01-01",
        "ends_on": "2024-12-31",
        "departement": "45",
        "kind": None,
    }
    assert over["together"]["participations"] is None
    assert over["others"] == {"events": 0, "meetings": 1, "trainings": 0, "one_to_ones": 0}
    assert [line["slug"] for line in over["events"]][:2] == ["nec-2024", "info-aap-45-2024"]
    assert over["declared"][-1] == {
        "measure": "participants",
        "dimension": None,
        "member": None,
        "value": 10,
        "qualifier": "about",
        "covers": "whole",
        "source": "Bilan 2024",
        "event": "ia-orleans-2024",
        "departement": None,
        "period": None,
    }


def test_figures_as_text_for_a_terminal(session: Session, now: datetime) -> None:
    load_season(session, read_season(EXAMPLE), now)
    told = []
    for slug in ("elus-brenne-2024", "nec-2022", "cnr-2023"):
        event = session.scalars(select(Event).where(Event.slug == slug)).one()
        told.append(figures_text(event_figures(session, event.id, now)))
    assert "\n\n".join(told) + "\n" == (GOLDEN / "figures.txt").read_text("utf-8")
