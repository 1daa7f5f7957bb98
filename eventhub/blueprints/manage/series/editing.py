"""Making a series, and changing one."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.series.days import today
from eventhub.blueprints.manage.series.forms import SeriesForm, series_values
from eventhub.blueprints.manage.series.rights import makes_series, series_for_editing
from eventhub.domain.cadence import cadence_words
from eventhub.domain.errors import Forbidden, InvalidInput, SeriesChanged
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.series import Series
from eventhub.queries.series import last_series_change
from eventhub.services.series import create_series, update_series
from eventhub.web.auth import current_account, current_actor
from eventhub.web.clock import now
from eventhub.web.once import earlier_location, keep_location
from eventhub.web.transactions import write_transaction


@bp.get("/series/nouvelle")
def new_series() -> ResponseReturnValue:
    """Show an empty form."""
    _require_maker()
    departements = current_account().departements
    codes = [departements[0].code] if len(departements) == 1 else []
    return _form_page(SeriesForm(formdata=None, data={"departement_codes": codes}))


@bp.post("/series/nouvelle")
def create_series_now() -> ResponseReturnValue:
    """Make the series; a double click makes one."""
    _require_maker()
    form = SeriesForm()
    form.offer(db.session(), today())
    if not form.validate():
        return _form_page(form, status=422)
    actor = current_actor()
    try:
        with write_transaction() as session:
            location = earlier_location(session, form, now())
            if location is None:
                made = create_series(
                    session, form.details(), now(), account=current_account(), actor=actor
                )
                location = url_for("manage.series", series_slug=made.slug)
                keep_location(session, form, location)
    except InvalidInput as error:
        form.take_errors(error)
        return _form_page(form, status=422)
    flash("La série est créée. Rattachez-y ses évènements, ou préparez les prochains.", "success")
    return redirect(location, code=303)


@bp.get("/series/<series_slug>/reglages")
def series_settings(series_slug: str) -> ResponseReturnValue:
    """Show what is written of the series, to change it."""
    series = series_for_editing(series_slug)
    return _form_page(SeriesForm(formdata=None, data=series_values(series)), series)


@bp.post("/series/<series_slug>/reglages")
def change_series(series_slug: str) -> ResponseReturnValue:
    """Change the series, unless someone else did since the form was shown."""
    series = series_for_editing(series_slug)
    form = SeriesForm()
    form.offer(db.session(), today(), series)
    if not form.validate():
        return _form_page(form, series, 422)
    actor = current_actor()
    try:
        with write_transaction() as session:
            changed = update_series(
                session,
                series_for_editing(series_slug),
                form.details(),
                form.version.number,
                now(),
                account=current_account(),
                actor=actor,
            )
    except InvalidInput as error:
        form.take_errors(error)
        return _form_page(form, series_for_editing(series_slug), 422)
    except SeriesChanged:
        return _changed_meanwhile(series_for_editing(series_slug), form)
    flash("C’est enregistré." if changed else "Rien n’a changé.", "success")
    return redirect(url_for("manage.series", series_slug=series_slug), code=303)


def _require_maker() -> None:
    if not makes_series(current_actor()):
        raise Forbidden


def _form_page(
    form: SeriesForm, series: Series | None = None, status: int = 200, **more: Any
) -> ResponseReturnValue:
    form.offer(db.session(), today(), series)
    form.add_blank_cadences()
    return render_template("manage/series/form.html", form=form, series=series, **more), status


def _changed_meanwhile(series: Series, form: SeriesForm) -> ResponseReturnValue:
    """Show what the series holds by now where it differs from what was typed; ask again."""
    form.offer(db.session(), today(), series)
    differing = [
        (form[name].label.text, _shown(form, name, value, series))
        for name, value in series_values(series).items()
        if name != "version" and _typed(form, name, series) != (value or "")
    ]
    form.version.start_again(series.version)
    change = last_series_change(db.session(), series.slug)
    return _form_page(form, series, 409, differing=differing, change=change)


def _typed(form: SeriesForm, name: str, series: Series) -> object:
    if name != "cadences":
        return form[name].data or ""
    held = [(one.since, one.half_months) for one in series.cadences]
    typed = [(one.since, one.half_months) for one in sorted(form.details().cadences)]
    return (series_values(series)["cadences"] or "") if held == typed else None


def _shown(form: SeriesForm, name: str, value: Any, series: Series) -> str:
    if not value:
        return "rien"
    if name == "cadences":
        return ", ".join(
            f"{cadence_words(one.half_months)} depuis le {wording.day(one.since, weekday=False)}"
            for one in series.cadences
        )
    if name == "ended_on":
        return wording.day(value)
    if name == "usual_start":
        return str(value.strftime("%H:%M"))
    choices = {choice.value: choice.label for choice in getattr(form[name], "choices", None) or ()}
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(choices.get(str(one), one)) for one in values)
