"""The programme that events of a kind begin with: edited by administrators."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.kind_forms import (
    ANY_DAY,
    BASE_HOUR,
    KindActivityForm,
    kind_of,
    part_values,
)
from eventhub.domain.errors import InvalidInput, KindChanged, NotFound
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import EventKind, KindActivity
from eventhub.queries.changes import last_change_of
from eventhub.services.kinds import (
    add_kind_activity,
    change_kind_activity,
    kind_subject,
    remove_kind_activity,
)
from eventhub.web.auth import administrators_only, current_account
from eventhub.web.clock import now
from eventhub.web.once import earlier_location, keep_location
from eventhub.web.transactions import write_transaction


@bp.get("/types/<kind_code>/programme/nouveau")
@administrators_only
def new_kind_activity(kind_code: str) -> ResponseReturnValue:
    """Show the form of a new part of the programme of a kind."""
    found = kind_of(db.session(), kind_code)
    form = KindActivityForm(formdata=None, data={"version": str(found.version)})
    return _part_page(form, found, None)


@bp.post("/types/<kind_code>/programme/nouveau")
@administrators_only
def create_kind_activity(kind_code: str) -> ResponseReturnValue:
    """Add a part to the programme of a kind."""
    return _save_part(kind_code, None)


@bp.get("/types/<kind_code>/programme/<int(max=2147483647):part_id>")
@administrators_only
def kind_activity(kind_code: str, part_id: int) -> ResponseReturnValue:
    """Show one part of the programme of a kind, to change it."""
    found = kind_of(db.session(), kind_code)
    part = _part(found, part_id)
    return _part_page(KindActivityForm(formdata=None, data=part_values(found, part)), found, part)


@bp.post("/types/<kind_code>/programme/<int(max=2147483647):part_id>")
@administrators_only
def edit_kind_activity(kind_code: str, part_id: int) -> ResponseReturnValue:
    """Change a part of the programme of a kind."""
    return _save_part(kind_code, part_id)


@bp.get("/types/<kind_code>/programme/<int(max=2147483647):part_id>/supprimer")
@administrators_only
def leave_kind_activity(kind_code: str, part_id: int) -> ResponseReturnValue:
    """Ask before a part is taken out of the programme of a kind."""
    found = kind_of(db.session(), kind_code)
    return render_template("manage/kinds/remove_part.html", kind=found, part=_part(found, part_id))


@bp.post("/types/<kind_code>/programme/<int(max=2147483647):part_id>/supprimer")
@administrators_only
def remove_kind_activity_now(kind_code: str, part_id: int) -> ResponseReturnValue:
    """Take a part out of the programme of a kind."""
    with write_transaction() as session:
        found = kind_of(session, kind_code)
        remove_kind_activity(session, found, _part(found, part_id), now(), by=current_account())
    flash("Ce temps n’est plus dans le programme de départ.", "success")
    return redirect(url_for("manage.kind", kind_code=kind_code, _anchor="programme"), code=303)


def _save_part(kind_code: str, part_id: int | None) -> ResponseReturnValue:
    form = KindActivityForm()
    found = kind_of(db.session(), kind_code)
    part = _part(found, part_id) if part_id is not None else None
    status = 422
    if form.validate():
        try:
            with write_transaction() as session:
                if part_id is None and (made_before := earlier_location(session, form, now())):
                    return redirect(made_before, code=303)
                found = kind_of(session, kind_code)
                details, version, account = (
                    form.details(found),
                    form.version.number,
                    current_account(),
                )
                if part_id is None:
                    add_kind_activity(session, found, details, version, now(), by=account)
                else:
                    held = _part(found, part_id)
                    change_kind_activity(session, found, held, details, version, now(), by=account)
                location = url_for("manage.kind", kind_code=kind_code, _anchor="programme")
                if part_id is None:
                    keep_location(session, form, location)
        except InvalidInput as error:
            form.take_errors(error)
        except KindChanged:
            status = 409
        else:
            flash("C’est enregistré.", "success")
            return redirect(location, code=303)
    found = kind_of(db.session(), kind_code)
    if status == 409:
        form.version.start_again(found.version)
    return _part_page(form, found, part, status)


def _part_page(
    form: KindActivityForm, found: EventKind, part: KindActivity | None, status: int = 200
) -> ResponseReturnValue:
    changed = status == 409
    page = render_template(
        "manage/kinds/part.html",
        form=form,
        kind=found,
        part=part,
        base=wording.hour(datetime.combine(ANY_DAY, found.usual_start or BASE_HOUR)),
        changed=changed,
        change=last_change_of(db.session(), kind_subject(found.code)) if changed else None,
    )
    return page, status


def _part(found: EventKind, part_id: int) -> KindActivity:
    part = next((one for one in found.activities if one.id == part_id), None)
    if part is None:
        raise NotFound
    return part
