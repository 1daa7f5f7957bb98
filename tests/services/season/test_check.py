from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import SeasonFileError
from eventhub.domain.registration import RegistrationRole
from eventhub.models.attendance import Attendance
from eventhub.models.event import Event
from eventhub.models.figure import Headcount
from eventhub.models.registration import Registration
from eventhub.services.season import EXAMPLE, load_season, read_season
from eventhub.services.season.check import Checked, Outcome, check_figures, read_published

FIGURES = EXAMPLE / "figures.csv"


@pytest.fixture(autouse=True)
def _season(session: Session, now: datetime) -> None:
    load_season(session, read_season(EXAMPLE), now)
    session.commit()


def check(session: Session, now: datetime, path: Path = FIGURES) -> list[Checked]:
    return list(check_figures(session, read_published(session, path), now))


def failures(checked: list[Checked]) -> list[tuple[str | None, str, object, str]]:
    return [
        (one.figure.event, one.figure.measure, one.computed, one.outcome.value)
        for one in checked
        if not one.holds
    ]


def test_what_is_computed_equals_what_was_published(session: Session, now: datetime) -> None:
    checked = check(session, now)
    assert failures(checked) == []
    assert Counter(one.outcome for one in checked) == {Outcome.EQUAL: 19, Outcome.DECLARED: 35}
    computed = {
        (one.figure.event, one.figure.measure, one.figure.member): one.computed
        for one in checked
        if one.outcome is Outcome.EQUAL
    }
    assert computed["nec-2024", "participants", ""] == 200
    assert computed["carrefour-2024", "participations", ""] == 214
    assert computed["carrefour-2024", "engaged_structures", ""] == 56
    assert computed[None, "meetings", "reunion-information"] == 6


def test_one_row_that_moves_is_a_difference(session: Session, now: datetime) -> None:
    event_id = select(Event.id).where(Event.slug == "nec-2024").scalar_subquery()
    registration = session.scalars(
        select(Registration).where(Registration.event_id == event_id).limit(1)
    ).one()
    registration.role = RegistrationRole.FACILITATOR
    session.commit()
    assert failures(check(session, now)) == [("nec-2024", "participants", 199, "different")]


def test_a_headcount_does_not_stand_in_for_rows(session: Session, now: datetime) -> None:
    event = session.scalars(select(Event).where(Event.slug == "nec-2024")).one()
    session.execute(delete(Attendance).where(Attendance.event_id == event.id))
    session.add(
        Headcount(
            event_id=event.id,
            measure="participants",
            value=200,
            qualifier="exact",
            entered_at=now,
        )
    )
    session.commit()
    assert failures(check(session, now)) == [("nec-2024", "participants", 0, "declared")]


def test_a_declared_figure_that_changes_is_a_difference(session: Session, now: datetime) -> None:
    event_id = select(Event.id).where(Event.slug == "nec-2022").scalar_subquery()
    headcount = session.scalars(select(Headcount).where(Headcount.event_id == event_id)).one()
    headcount.value = 149
    session.commit()
    assert failures(check(session, now)) == [("nec-2022", "participants", 0, "different")]


def test_a_figure_about_an_event_that_is_not_held_names_its_line(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "figures.csv"
    text = FIGURES.read_text("utf-8").replace("nec-2024;", "nec-1999;", 1)
    path.write_text(text, "utf-8")
    with pytest.raises(SeasonFileError, match=r"figures\.csv, line 2, column event"):
        read_published(session, path)
