"""What the page of a compte-rendu says, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventhub.domain.event import EventMode
from eventhub.domain.figures import MEASURES, Covers, Declared, Qualified, Qualifier
from eventhub.domain.kinds import KindColour, kind_colour
from eventhub.domain.minutes import split_title
from eventhub.domain.together import event_together
from eventhub.exports import figure_words, wording
from eventhub.exports.markdown import Prose, prose
from eventhub.models.event import Event
from eventhub.models.minutes import MinutesRevision

MARGIN_MEASURES = (
    "participants",
    "participations",
    "structures",
    "engaged_structures",
    "deliverables",
)
"""The figures that stand beside a compte-rendu, where they count anything."""


@dataclass(frozen=True, slots=True)
class MarginFigure:
    """A figure with its definition. `note` says how exact it is, where it was declared."""

    label: str
    value: str
    definition: str
    note: str


@dataclass(frozen=True, slots=True)
class MinutesPage:
    """A compte-rendu, ready to be laid out.

    `title` is its own or the event's. `frozen_on` and `published_on` are days in words, empty in
    a draft. `corrections` are sentences, one for each revision after the first.
    """

    event: Event
    colour: KindColour
    title: str
    prose: Prose
    when_term: str
    when: str
    where: str
    territory: str
    figures: Sequence[MarginFigure]
    frozen_on: str
    published_on: str
    corrections: Sequence[str]


def published_page(event: Event, revisions: Sequence[MinutesRevision]) -> MinutesPage:
    """The page of what is published; `revisions` latest first, at least one."""
    latest, first = revisions[0], revisions[-1]
    frozen_at = latest.figures.get("at")
    return _page(
        event,
        latest.body,
        figures=margin_figures(latest.figures),
        frozen_on=_day(event, datetime.fromisoformat(frozen_at)) if frozen_at else "",
        published_on=_day(event, first.published_at),
        corrections=[_correction(event, one) for one in reversed(revisions[:-1])],
    )


def draft_page(event: Event, body: str) -> MinutesPage:
    """The page that a draft would make; its figures are not frozen yet."""
    return _page(event, body, figures=(), frozen_on="", published_on="", corrections=())


def participants_words(frozen: Mapping[str, Any]) -> str:
    """« plus de 95 participants » from a revision; empty where none are known."""
    count = _together(frozen)[0].get("participants")
    if count is None or not count.value:
        return ""
    plural = count.value > 1
    return f"{figure_words.qualified(count)} {'participants' if plural else 'participant'}"


def _together(
    frozen: Mapping[str, Any],
) -> tuple[Mapping[str, Qualified | None], frozenset[str]]:
    """« Ensemble » of each figure of a revision, and which of them were declared."""
    declared = [
        Declared(
            measure=one["measure"],
            count=Qualified(one["value"], Qualifier(one["qualifier"])),
            dimension=one["dimension"],
            member=one["member"],
            covers=Covers(one["covers"]),
            entered_rank=rank,
        )
        for rank, one in enumerate(frozen.get("declared", ()))
    ]
    by_hand = frozenset(one.measure for one in declared if not one.dimension)
    return event_together(frozen.get("figures", {}), declared), by_hand


def margin_figures(frozen: Mapping[str, Any]) -> list[MarginFigure]:
    """The figures of `MARGIN_MEASURES` from a revision; those that count nothing are left out."""
    brought, by_hand = _together(frozen)
    found = []
    for measure in MARGIN_MEASURES:
        count = brought.get(measure)
        if count is None or not count.value:
            continue
        if measure == "participations" and count == brought.get("participants"):
            continue  # a day counted by day: the same number again
        told = MEASURES[measure]
        found.append(
            MarginFigure(
                label=told.label.lower(),
                value=figure_words.qualified(count),
                definition=told.definition,
                note="Effectif déclaré par l’organisation." if measure in by_hand else "",
            )
        )
    return found


def _page(event: Event, body: str, **values: Any) -> MinutesPage:
    title, text = split_title(body)
    days = wording.event_days(event)
    one_day = " " in days and event.starts_on == event.ends_on
    weekday, _, rest = days.replace(wording.NBSP, " ").partition(" ") if one_day else ("", "", days)
    where = {
        EventMode.REMOTE: "À distance",
        EventMode.HYBRID: f"{event.place}, et à distance" if event.place else "",
    }.get(event.mode, event.place)
    return MinutesPage(
        event=event,
        colour=kind_colour(event.kind_code, event.kind.family),
        title=title or event.title,
        prose=prose(text, lead=True),
        when_term=wording.capitalise(weekday) or "Quand",
        when=wording.capitalise(rest),
        where=where,
        territory=", ".join(departement.name for departement in event.departements),
        **values,
    )


def _correction(event: Event, revision: MinutesRevision) -> str:
    said = f" : {revision.note}" if revision.note else ""
    return f"Révision {revision.number}, le {_day(event, revision.published_at)}{said}"


def _day(event: Event, moment: datetime) -> str:
    return wording.day(wording.local(moment, event.timezone).date(), weekday=False)
