"""The tab « Chiffres » of an event: figures with their definitions, and headcounts by hand."""

from flask import Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import InvalidInput, NotFound
from eventhub.domain.figures import (
    COVERS_LABELS,
    EVENT_MEASURES,
    MEASURES,
    QUALIFIER_LABELS,
    Covers,
    Qualifier,
)
from eventhub.domain.rights import may_edit_event
from eventhub.exports.figures_csv import figures_csv
from eventhub.exports.figures_json import event_figures_document
from eventhub.exports.tables import CSV_MIMETYPE
from eventhub.exports.wording import capitalise
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.figure import Headcount
from eventhub.queries.figure_members import members_of_event
from eventhub.queries.figure_rows import EventFigures
from eventhub.queries.figures import event_figures
from eventhub.services.figures import (
    DECLARABLE_DIMENSIONS,
    DECLARABLE_MEASURES,
    HEADCOUNT_MAX,
    SOURCE_MAX,
    add_headcount,
    remove_headcount,
)
from eventhub.web.auth import (
    current_account,
    current_actor,
    departement_codes,
    event_for_editing,
    event_for_figures,
)
from eventhub.web.clock import now
from eventhub.web.figure_page import (
    breakdown_tables,
    declared_lines,
    difference_rows,
    headlines,
)
from eventhub.web.forms import LineField, LinesField
from eventhub.web.once import OnceForm, earlier_location, keep_location
from eventhub.web.transactions import write_transaction

LARGE = ("participants", "participations", "registered", "attendance_rate")
"""The figures that come first, set large."""

QUOTE_MAX = 1000


class HeadcountForm(OnceForm):
    """A figure declared by hand. `member` holds a dimension and its member: `mode:remote`."""

    measure = SelectField("Quel chiffre", [InputRequired()])
    member = SelectField("De qui ou de quoi", default="")
    qualifier = SelectField(
        "Précision", choices=[SelectChoice(one.value, QUALIFIER_LABELS[one]) for one in Qualifier]
    )
    value = IntegerField(
        "Combien",
        [InputRequired(), NumberRange(0, HEADCOUNT_MAX, "Écrivez un nombre entier, zéro ou plus.")],
    )
    covers = RadioField(
        "Ce nombre compte",
        choices=[SelectChoice(one.value, capitalise(COVERS_LABELS[one])) for one in Covers],
        default=Covers.WHOLE.value,
    )
    source = LineField("Source", [InputRequired(), Length(max=SOURCE_MAX)])
    quote = LinesField("Les mots de la source", [Length(max=QUOTE_MAX)])


@bp.get("/evenements/<slug>/chiffres")
def figures(slug: str) -> ResponseReturnValue:
    """Show the figures of an event, each with its definition."""
    event = event_for_figures(slug)
    read = event_figures(db.session(), event.id, now())
    return _page(event, read, _form(read) if _may_edit(event) else None)


@bp.get("/evenements/<slug>/chiffres.json")
def figures_json(slug: str) -> Response:
    """The same figures for a program."""
    event = event_for_figures(slug)
    return jsonify(event_figures_document(event_figures(db.session(), event.id, now())))


@bp.get("/evenements/<slug>/chiffres.csv")
def figures_table(slug: str) -> Response:
    """The same figures for a spreadsheet."""
    event = event_for_figures(slug)
    made = figures_csv(event_figures(db.session(), event.id, now()))
    response = Response(made, mimetype=CSV_MIMETYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"chiffres-{slug}.csv")
    return response


@bp.post("/evenements/<slug>/chiffres")
def figures_add(slug: str) -> ResponseReturnValue:
    """Declare a headcount."""
    event = event_for_editing(slug)
    read = event_figures(db.session(), event.id, now())
    form = _form(read)
    if not form.validate():
        return _page(event, read, form), 422
    dimension, _, member = form.member.data.partition(":")
    location = url_for("manage.figures", slug=slug, _anchor="declares")
    try:
        with write_transaction() as session:
            if earlier_location(session, form, now()):
                return redirect(location, code=303)
            keep_location(session, form, location)
            add_headcount(
                session,
                event,
                form.measure.data,
                form.value.data,
                now(),
                qualifier=Qualifier(form.qualifier.data),
                dimension=dimension,
                member=member,
                covers=Covers(form.covers.data),
                source=form.source.data or "",
                quote=form.quote.data or "",
                account=current_account(),
            )
    except InvalidInput as error:
        form.take_errors(error)
        return _page(event, read, form), 422
    flash("L’effectif est ajouté.", "success")
    return redirect(location, code=303)


@bp.get("/evenements/<slug>/chiffres/<int(max=2147483647):headcount_id>/supprimer")
def figures_remove(slug: str, headcount_id: int) -> ResponseReturnValue:
    """Ask before a headcount is taken back."""
    event = event_for_editing(slug)
    _headcount(event, headcount_id)
    read = event_figures(db.session(), event.id, now())
    line = next(line for line in declared_lines(read) if line.id == headcount_id)
    return render_template("manage/figures/remove.html", event=event, line=line)


@bp.post("/evenements/<slug>/chiffres/<int(max=2147483647):headcount_id>/supprimer")
def figures_remove_confirmed(slug: str, headcount_id: int) -> ResponseReturnValue:
    """Take a headcount back."""
    event = event_for_editing(slug)
    with write_transaction() as session:
        remove_headcount(session, _headcount(event, headcount_id), now(), account=current_account())
    flash("L’effectif est supprimé.", "success")
    return redirect(url_for("manage.figures", slug=slug, _anchor="declares"), code=303)


def _headcount(event: Event, headcount_id: int) -> Headcount:
    found = db.session.get(Headcount, headcount_id)
    if found is None or found.event_id != event.id:
        raise NotFound
    return found


def _form(read: EventFigures) -> HeadcountForm:
    form = HeadcountForm()
    form.measure.choices = [
        SelectChoice("", "Choisir dans la liste"),
        *(SelectChoice(code, MEASURES[code].label) for code in DECLARABLE_MEASURES),
    ]
    form.member.choices = [SelectChoice("", "Le total")] + [
        SelectChoice(f"{of.dimension}:{member}", label, optgroup=of.label)
        for of in members_of_event(db.session(), read, DECLARABLE_DIMENSIONS)
        for member, label in of.members
    ]
    return form


def _may_edit(event: Event) -> bool:
    return may_edit_event(current_actor(), event.id, departement_codes(event))


def _page(event: Event, read: EventFigures, form: HeadcountForm | None) -> str:
    """The page of figures; without a form, for those who may read them only."""
    small = [code for code in EVENT_MEASURES if code not in LARGE]
    return render_template(
        "manage/figures/show.html",
        event=event,
        read=read,
        form=form,
        large=headlines(read, LARGE),
        small=headlines(read, small),
        tables=breakdown_tables(read),
        declared=declared_lines(read),
        differences=difference_rows(read.differences),
        is_unknown=read.is_over
        and not read.declared
        and not read.figures["registered"]
        and not read.figures["present"],
    )
