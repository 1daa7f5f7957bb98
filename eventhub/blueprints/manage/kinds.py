"""Kinds of event and the template of each: edited by administrators."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.event_form import reminder_choices
from eventhub.blueprints.manage.kind_forms import (
    ANY_DAY,
    FIELD_OF,
    KindForm,
    kind_of,
    kind_values,
    part_words,
    shown,
)
from eventhub.domain.errors import InvalidInput, KindChanged
from eventhub.domain.event import KindFamily
from eventhub.domain.kinds import KIND_FAMILY_LABELS, kind_colour
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import EventKind
from eventhub.queries.changes import last_change_of
from eventhub.queries.kinds import KindInUse, kind_use, kinds_in_use
from eventhub.services.kinds import (
    add_kind,
    change_kind,
    delete_kind,
    is_recounted,
    kind_subject,
    move_kind,
    restore_kind,
    retire_kind,
)
from eventhub.web.auth import administrators_only, current_account
from eventhub.web.clock import now
from eventhub.web.once import earlier_location, keep_location
from eventhub.web.transactions import write_transaction


@bp.get("/types")
@administrators_only
def kinds() -> ResponseReturnValue:
    """List the kinds by family, retired ones last."""
    found = kinds_in_use(db.session())
    families = [
        (KIND_FAMILY_LABELS[family], [one for one in found if _stands_in(one.kind, family)])
        for family in KindFamily
    ]
    return render_template(
        "manage/kinds/index.html",
        families=[(label, lines) for label, lines in families if lines],
        retired=[one for one in found if not one.kind.active],
        colour=lambda kind: kind_colour(kind.code, kind.family),
        template_words=_template_words,
    )


@bp.get("/types/nouveau")
@administrators_only
def new_kind() -> ResponseReturnValue:
    """Show the form of a new kind."""
    return _form_page(KindForm(formdata=None), None)


@bp.post("/types/nouveau")
@administrators_only
def create_kind() -> ResponseReturnValue:
    """Add a kind."""
    form = KindForm()
    _offer(form)
    if form.validate():
        try:
            with write_transaction() as session:
                if made_before := earlier_location(session, form, now()):
                    return redirect(made_before, code=303)
                made = add_kind(session, form.details(), now(), by=current_account())
                location = url_for("manage.kind", kind_code=made.code)
                keep_location(session, form, location)
        except InvalidInput as error:
            form.take_errors(error, FIELD_OF)
        else:
            flash("Le type est ajouté. Vous pouvez lui donner un programme de départ.", "success")
            return redirect(location, code=303)
    return _form_page(form, None, 422)


@bp.get("/types/<kind_code>")
@administrators_only
def kind(kind_code: str) -> ResponseReturnValue:
    """Show one kind and its template, to change them."""
    found = kind_of(db.session(), kind_code)
    return _form_page(KindForm(formdata=None, data=kind_values(found)), found)


@bp.post("/types/<kind_code>")
@administrators_only
def edit_kind(kind_code: str) -> ResponseReturnValue:
    """Change a kind, unless someone else did since the form was shown."""
    form = KindForm()
    found = kind_of(db.session(), kind_code)
    _offer(form, found)
    if form.validate():
        try:
            with write_transaction() as session:
                changed = change_kind(
                    session,
                    kind_of(session, kind_code),
                    form.details(),
                    form.version.number,
                    now(),
                    by=current_account(),
                    sure=form.sure.data,
                )
        except InvalidInput as error:
            form.take_errors(error, FIELD_OF)
        except KindChanged:
            return _changed_meanwhile(form, kind_of(db.session(), kind_code))
        else:
            flash("C’est enregistré." if changed else "Rien n’a changé.", "success")
            return redirect(url_for("manage.kinds"), code=303)
    return _form_page(form, kind_of(db.session(), kind_code), 422)


@bp.post("/types/<kind_code>/deplacer")
@administrators_only
def reorder_kind(kind_code: str) -> ResponseReturnValue:
    """Let a kind change places with its neighbour."""
    with write_transaction() as session:
        up = request.form.get("sens") == "haut"
        move_kind(session, kind_of(session, kind_code), now(), up=up, by=current_account())
    return redirect(url_for("manage.kinds", _anchor=f"type-{kind_code}"), code=303)


@bp.get("/types/<kind_code>/retirer")
@administrators_only
def leave_kind(kind_code: str) -> ResponseReturnValue:
    """Ask before a kind is retired or deleted."""
    found = kind_of(db.session(), kind_code)
    use = kind_use(db.session(), kind_code)
    return render_template("manage/kinds/retire.html", kind=found, use=use)


@bp.post("/types/<kind_code>/retirer")
@administrators_only
def retire_kind_now(kind_code: str) -> ResponseReturnValue:
    """Offer a kind no more."""
    with write_transaction() as session:
        retire_kind(session, kind_of(session, kind_code), now(), by=current_account())
    flash("Le type n’est plus proposé. Ses évènements le gardent.", "success")
    return redirect(url_for("manage.kinds"), code=303)


@bp.post("/types/<kind_code>/remettre")
@administrators_only
def restore_kind_now(kind_code: str) -> ResponseReturnValue:
    """Offer a retired kind again."""
    with write_transaction() as session:
        restore_kind(session, kind_of(session, kind_code), now(), by=current_account())
    flash("Le type est à nouveau proposé.", "success")
    return redirect(url_for("manage.kinds"), code=303)


@bp.post("/types/<kind_code>/supprimer")
@administrators_only
def delete_kind_now(kind_code: str) -> ResponseReturnValue:
    """Delete a kind that never served."""
    with write_transaction() as session:
        delete_kind(session, kind_of(session, kind_code), now(), by=current_account())
    flash("Le type est supprimé.", "success")
    return redirect(url_for("manage.kinds"), code=303)


def _form_page(
    form: KindForm, found: EventKind | None, status: int = 200, **values: Any
) -> ResponseReturnValue:
    _offer(form, found)
    recounts = bool(form.sure.errors or form.sure.data)
    if found is not None and status == 422 and not form.errors:
        recounts = is_recounted(db.session(), found, form.details())
    page = render_template(
        "manage/kinds/form.html",
        form=form,
        kind=found,
        use=kind_use(db.session(), found.code) if found else None,
        programme=[(part, *part_words(found, part)) for part in found.activities] if found else [],
        recounts=recounts,
        **values,
    )
    return page, status


def _changed_meanwhile(form: KindForm, found: EventKind) -> ResponseReturnValue:
    """Show what the kind holds by now where it differs from what was typed; ask again."""
    held = kind_values(found)
    _offer(form, found)
    differing = [
        (form[name].label.text, shown(form[name], value))
        for name, value in held.items()
        if name != "version" and (form[name].data or "") != (value or "")
    ]
    form.version.start_again(found.version)
    change = last_change_of(db.session(), kind_subject(found.code))
    return _form_page(form, found, 409, differing=differing, change=change)


def _offer(form: KindForm, found: EventKind | None = None) -> None:
    form.reminder_hours.choices = reminder_choices(found.reminder_hours if found else ())


def _template_words(line: KindInUse) -> str:
    """The little that tells one template from another: « 9 h 30, 40 places, 3 temps »."""
    kind, words = line.kind, []
    if kind.usual_start is not None:
        words.append(wording.hour(datetime.combine(ANY_DAY, kind.usual_start)))
    if kind.capacity_onsite is not None:
        words.append(wording.count(kind.capacity_onsite, "place"))
    if line.activities:
        words.append(wording.count(line.activities, "temps", "temps"))
    return ", ".join(words) or "sans modèle"


def _stands_in(found: EventKind, family: KindFamily) -> bool:
    return found.active and found.family is family
