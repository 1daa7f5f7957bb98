"""The next events of one or of several series: dates proposed, looked at, then made."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.series.days import today
from eventhub.blueprints.manage.series.pages import territory
from eventhub.blueprints.manage.series.rights import ADDRESS, codes_of, makes_series
from eventhub.domain.cadence import Cadence, cadence_on, cadence_words, next_dates
from eventhub.domain.errors import Forbidden, InvalidInput, NotFound
from eventhub.domain.series import may_edit_series, why_not_a_day
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.series import Series
from eventhub.queries.date_warnings import DatedPlace, date_warnings
from eventhub.queries.reference import departement_total
from eventhub.queries.series import latest_days, latest_event, series_of, taken_days
from eventhub.services.series import GENERATED_MAX, Generation, generate_events
from eventhub.web.auth import current_account, current_actor
from eventhub.web.clock import now
from eventhub.web.date_warnings import WarningLine, warning_lines
from eventhub.web.once import OnceForm, earlier_location, keep_location
from eventhub.web.transactions import write_transaction

PROPOSED = 4
SERIES_MAX = 24
NOTICE = timedelta(days=14)
"""Nothing is proposed sooner: people have to hear of it."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SATURDAY = 5


class GenerateForm(OnceForm):
    """What holds for all the events that are made."""

    publish = BooleanField(
        "Publier tout de suite",
        description="Sinon, ce sont des brouillons. "
        "À la publication, les invité·e·s de la série reçoivent leur invitation.",
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One day proposed or typed: `typed` as in the field, `on` once it is a day."""

    name: str
    typed: str
    ticked: bool
    on: date | None = None
    error: str = ""
    warnings: Sequence[WarningLine] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one series; `source` is the event that the new ones are made like."""

    series: Series
    where: str
    cadence: str
    source: Event | None
    rows: Sequence[Row] = field(default_factory=tuple)

    @property
    def days(self) -> list[date]:
        """The days that are ticked, once they are right."""
        return [row.on for row in self.rows if row.ticked and row.on is not None]


@bp.get("/series/generer")
def generate() -> ResponseReturnValue:
    """Propose the next dates of the chosen series; nothing is made."""
    chosen = _chosen(request.args.getlist("serie"))
    if not chosen:
        flash("Cochez d’abord une série.", "warning")
        return redirect(url_for("manage.series_list"), code=303)
    typed = request.args.get("nombre", "")
    count = int(typed) if re.fullmatch(r"\d{1,3}", typed, re.ASCII) else PROPOSED
    count = min(max(count, 1), GENERATED_MAX)
    anchors = latest_days(db.session(), [one.id for one in chosen])
    batches = [_batch(one, _proposed(one, anchors.get(one.id), count)) for one in chosen]
    return _preview(GenerateForm(formdata=None), _looked_at(batches))


@bp.post("/series/generer")
def generate_now() -> ResponseReturnValue:
    """Make the events of the days that are ticked, all or none; or look at the dates again."""
    chosen = _chosen(request.form.getlist("serie"))
    if not chosen:
        raise NotFound
    form = GenerateForm()
    if "verifier" in request.form or not form.validate():
        batches = _typed_batches(chosen)
        return _preview(form, batches, 422 if form.errors or _is_wrong(batches) else 200)
    slugs = [one.slug for one in chosen]
    made = 0
    try:
        with write_transaction() as session:
            # The sheet first: for a second click the days are taken, by the first one.
            location = earlier_location(session, form, now())
            if location is None:
                batches = _typed_batches(_chosen(slugs))
                made = _make(session, form, batches)
                location = url_for("manage.series_list")
                if len(batches) == 1:
                    location = url_for("manage.series", series_slug=slugs[0])
                keep_location(session, form, location)
    except InvalidInput as error:
        form.form_errors.extend(error.fields.values())
        return _preview(form, _typed_batches(_chosen(slugs)), 422)
    if made:
        state = "en brouillon"
        if form.publish.data:
            state = "publiés" if made > 1 else "publié"
        flash(f"{wording.count(made, 'évènement créé', 'évènements créés')}, {state}.", "success")
    return redirect(location, code=303)


def _make(session: Session, form: GenerateForm, batches: Sequence[Batch]) -> int:
    """Make the events of the days that are ticked; how many. Raises InvalidInput."""
    if _is_wrong(batches):
        raise InvalidInput({})  # said at each day
    if not any(batch.days for batch in batches):
        raise InvalidInput({"dates": "Cochez au moins une date."})
    how = Generation(publish=bool(form.publish.data), organisers=_hub())
    made = 0
    for batch in batches:
        if not batch.days:
            continue
        title = batch.series.title
        try:
            made += len(
                generate_events(
                    session,
                    batch.series,
                    batch.days,
                    now(),
                    account=current_account(),
                    actor=current_actor(),
                    how=how,
                )
            )
        except InvalidInput as error:
            said = " ".join(error.fields.values())
            raise InvalidInput({"dates": f"{title}\u00a0: {said}"}) from error
    return made


def _typed_batches(chosen: Sequence[Series]) -> list[Batch]:
    """What was sent, looked at."""
    return _looked_at([_batch(one, _typed(one, request.form)) for one in chosen])


def _is_wrong(batches: Sequence[Batch]) -> bool:
    return any(row.error for batch in batches for row in batch.rows)


def _chosen(slugs: Sequence[str]) -> list[Series]:
    """The series of those addresses that may be edited. Raises Forbidden for any other."""
    if not makes_series(current_actor()):
        raise Forbidden
    known = {slug for slug in slugs[:SERIES_MAX] if ADDRESS.fullmatch(slug)}
    found = series_of(db.session(), known)
    actor = current_actor()
    for one in found:
        if not may_edit_series(actor, codes_of(one)):
            raise Forbidden
    return list(found)


def _batch(series: Series, rows: Sequence[Row]) -> Batch:
    cadence = cadence_on(_cadences(series), max(today(), _first(series)))
    return Batch(
        series=series,
        where=territory(series, departement_total(db.session())),
        cadence=cadence_words(cadence.half_months) if cadence is not None else "",
        source=latest_event(db.session(), series.id),
        rows=rows,
    )


def _cadences(series: Series) -> list[Cadence]:
    return [Cadence(one.since, one.half_months) for one in series.cadences]


def _first(series: Series) -> date:
    return min((one.since for one in series.cadences), default=date.min)


def _proposed(series: Series, anchor: date | None, count: int) -> list[Row]:
    """The next days; without an event, from the beginning of the cadence; without one, blank."""
    cadences = _cadences(series)
    days: list[date] = []
    if cadences and anchor is None:
        in_force = cadence_on(cadences, today())
        start = in_force.since if in_force is not None else _first(series)
        start += timedelta(days=max(0, 7 - start.weekday()) if start.weekday() >= _SATURDAY else 0)
        days = list(next_dates(cadences, start, today() + NOTICE, count))
        if start > today() + NOTICE:
            days = [start, *islice(days, count - 1)]
    elif anchor is not None:
        days = list(next_dates(cadences, anchor, today() + NOTICE, count))
    if series.ended_on is not None:
        days = [on for on in days if on < series.ended_on]
    rows = [_row(series, number, on.isoformat(), ticked=True) for number, on in enumerate(days)]
    return rows or [_row(series, number, "", ticked=False) for number in range(count)]


def _typed(series: Series, sent: Mapping[str, str]) -> list[Row]:
    """The rows as they come back."""
    rows = []
    for number in range(GENERATED_MAX):
        name = f"{series.id}-{number}"
        if f"date-{name}" not in sent:
            break
        rows.append(_row(series, number, sent[f"date-{name}"][:40], ticked=f"make-{name}" in sent))
    return rows


def _row(series: Series, number: int, typed: str, *, ticked: bool) -> Row:
    on, error = None, ""
    if typed:
        try:
            on = date.fromisoformat(typed) if _ISO.fullmatch(typed) else None
        except ValueError:
            on = None
        if on is None:
            error = "Donnez une date\u00a0: le jour, le mois et l’année."
        elif why_not_a_day(on):
            error = why_not_a_day(on)
    elif ticked:
        error = "Donnez une date, ou décochez."
    return Row(
        f"{series.id}-{number}", typed, ticked, None if error else on, error if ticked else ""
    )


def _looked_at(batches: Sequence[Batch]) -> list[Batch]:
    """The same, with what is wrong with each day and what is to be known of it."""
    return [replace(batch, rows=_judged(batch)) for batch in batches]


def _judged(batch: Batch) -> list[Row]:
    days = [row.on for row in batch.rows if row.on is not None]
    taken = taken_days(db.session(), [batch.series.id], days)
    warnings = (
        date_warnings(
            db.session(),
            DatedPlace(tuple(sorted(set(days))), codes_of(batch.series)),
            actor=current_actor(),
        )
        if days
        else ()
    )
    rows, seen = [], set()
    for row in batch.rows:
        error = row.error
        if row.ticked and row.on is not None:
            if row.on in taken:
                error = f"La série a déjà un évènement ce jour-là\u00a0: {taken[row.on].title}."
            elif row.on in seen:
                error = "Cette date y est deux fois."
            seen.add(row.on)
        mine = [replace(one, days=(row.on,)) for one in warnings if row.on in one.days]
        rows.append(replace(row, error=error, warnings=[] if error else warning_lines(mine)))
    return rows


def _hub() -> tuple[str, ...]:
    name: str = current_app.config["SETTINGS"].hub_structure
    return (name,) if name else ()


def _preview(
    form: GenerateForm, batches: Sequence[Batch], status: int = 200
) -> ResponseReturnValue:
    problems = [
        (f"date-{row.name}", batch.series.title, row.error)
        for batch in batches
        for row in batch.rows
        if row.error
    ]
    page = render_template(
        "manage/series/generate.html", form=form, batches=batches, problems=problems
    )
    return page, status
