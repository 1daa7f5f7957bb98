"""The first text of a compte-rendu: what is already known of an event, in Markdown."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from eventhub.domain.event import (
    ACTIVITY_FORMAT_LABELS,
    ActivityFormat,
    DatePrecision,
    EventMode,
    PartnershipRole,
)
from eventhub.domain.minutes import TO_WRITE
from eventhub.exports import wording
from eventhub.models.event import Activity, Event

_ORGANISERS = (PartnershipRole.ORGANISER, PartnershipRole.CO_ORGANISER)
_PARTNERS = (PartnershipRole.PARTNER, PartnershipRole.HOST)
_PAUSES = frozenset({ActivityFormat.BREAK, ActivityFormat.MEAL})
_BLANKS = re.compile(r"[ \t\r\n]+")  # a no-break space stays one
_SPECIAL = re.compile(r"([\\*_`<|~])|\](?=[(\[])|!(?=\[)")


def minutes_draft(event: Event, figures: Sequence[str]) -> str:
    """A draft with when, where, who, the programme and the figures, and what is left to write.

    `figures` are sentences, each about one figure (see `eventhub.exports.figure_words`).
    """
    parts = [
        _to_write("en deux ou trois phrases, pourquoi cette rencontre et ce qu’il en reste"),
        "## En bref",
        _facts(event),
    ]
    programme = _programme(event)
    if programme:
        parts += ["## Le programme", *programme]
    if event.deliverables:
        parts += [
            "## Ce qui a été fabriqué",
            "\n".join(
                f"{number}. **{escaped(one.title)}**"
                + (f" : {escaped(one.summary)}" if one.summary else "")
                for number, one in enumerate(event.deliverables, 1)
            ),
        ]
    if figures:
        parts += ["## Les chiffres", "\n".join(f"- {sentence}" for sentence in figures)]
    parts += [
        "## Ce que nous avons appris",
        _to_write("ce qui a surpris, ce qui a marché, ce qui a manqué"),
        "## Ce que nous avons décidé",
        f"| Quoi | Qui | Quand |\n|---|---|---|\n| {_to_write('une décision')} |  |  |",
        "## La suite",
        _to_write("la prochaine date, à qui écrire"),
    ]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """`text` on one line, as itself in Markdown."""
    return _SPECIAL.sub(r"\\\g<0>", _BLANKS.sub(" ", text).strip())


def _to_write(what: str) -> str:
    return f"[{TO_WRITE} : {what}]"


def _facts(event: Event) -> str:
    facts = [("Quand", wording.event_when(event))]
    where = {
        EventMode.REMOTE: "à distance",
        EventMode.HYBRID: f"{event.place}, et à distance" if event.place else "",
    }.get(event.mode, event.place)
    if where:
        facts.append(("Où", where))
    facts += [
        ("Organisé par", _names(event, _ORGANISERS)),
        ("Avec", _names(event, _PARTNERS)),
        ("Pour qui", event.audience),
    ]
    return "\n".join(f"- **{term} :** {escaped(words)}" for term, words in facts if words)


def _names(event: Event, roles: Sequence[PartnershipRole]) -> str:
    names = list(
        dict.fromkeys(
            partnership.structure.name
            for role in roles
            for partnership in event.partnerships
            if partnership.role is role
        )
    )
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _programme(event: Event) -> list[str]:
    """A list of its parts but the pauses, under a heading for each day where there are several."""
    told = sorted(
        (activity for activity in event.activities if activity.format not in _PAUSES),
        key=lambda one: (
            one.starts_at is None,
            one.starts_at.timestamp() if one.starts_at else 0.0,
            one.position,
            one.id or 0,
        ),
    )
    several_days = event.date_precision is DatePrecision.DAY and event.starts_on != event.ends_on
    parts: list[str] = []
    for day, activities in groupby(told, lambda one: _day(event, one) if several_days else None):
        if several_days:
            parts.append(f"### {wording.capitalise(wording.day(day, year=False))}" if day else "")
        parts.append("\n".join(f"- {_activity(event, one)}" for one in activities))
    return [part for part in parts if part]


def _day(event: Event, activity: Activity) -> date | None:
    if activity.starts_at is None:
        return None
    return wording.local(activity.starts_at, event.timezone).date()


def _activity(event: Event, activity: Activity) -> str:
    """« 10 h, atelier : Dessiner la carte (Jeanne Brouillard, Médiathèque du Lac) »."""
    label = ACTIVITY_FORMAT_LABELS[activity.format]
    title = activity.title
    if not title.casefold().startswith(label.casefold()):
        title = f"{label}{wording.NBSP}: {title}"
    if activity.starts_at is not None:
        when = wording.hour(wording.local(activity.starts_at, event.timezone))
        title = f"{when}, {title[:1].lower()}{title[1:]}"
    named = [speaker.name for speaker in activity.speakers if speaker.may_be_named]
    who = [*named, *(host.name for host in activity.hosts), activity.room]
    details = ", ".join(part for part in who if part)
    return escaped(f"{title} ({details})" if details else title)
