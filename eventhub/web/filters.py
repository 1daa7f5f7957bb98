"""Jinja filters and globals that every template may use."""

from datetime import datetime

from flask import Flask

from eventhub.domain import kinds
from eventhub.exports import wording
from eventhub.models.event import EventKind


def init_filters(app: Flask) -> None:
    """Give templates the wording of dates, hours and counts."""
    app.add_template_filter(wording.day, "fr_day")
    app.add_template_filter(wording.month, "fr_month")
    app.add_template_filter(wording.integer, "fr_integer")
    app.add_template_filter(wording.capitalise, "capitalise")
    app.add_template_filter(wording.count, "count")
    app.add_template_filter(wording.typeset, "typeset")
    app.add_template_filter(wording.of_name, "of_name")
    app.add_template_filter(wording.event_when, "event_when")
    app.add_template_filter(wording.event_days, "event_days")
    app.add_template_filter(wording.event_hours, "event_hours")
    app.add_template_filter(_kind_colour, "kind_colour")
    app.add_template_filter(_local_hour, "local_hour")
    app.add_template_filter(_local_day, "local_day")
    app.add_template_filter(_local_day_short, "local_day_short")


def _kind_colour(kind: EventKind) -> kinds.KindColour:
    return kinds.kind_colour(kind.code, kind.family)


def _local_hour(moment: datetime, timezone: str = "Europe/Paris") -> str:
    return wording.hour(wording.local(moment, timezone))


def _local_day(moment: datetime, timezone: str = "Europe/Paris") -> str:
    return wording.day(wording.local(moment, timezone).date())


def _local_day_short(moment: datetime, timezone: str = "Europe/Paris") -> str:
    return wording.short_day(wording.local(moment, timezone).date())
