"""Merging two structures that are one, and taking that back: both ask first."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.structures import standing_structure
from eventhub.domain.errors import Forbidden, NotFound
from eventhub.domain.registration import STRUCTURE_NAME_MAX
from eventhub.domain.rights import may_edit_structures
from eventhub.extensions import db
from eventhub.models.structure import Structure, StructureMerge
from eventhub.queries import reference
from eventhub.queries.structure_merges import later_merge, merge_by_id, what_moves
from eventhub.queries.structures import probable_doubles
from eventhub.services.structure_merge import merge_structures, undo_merge
from eventhub.services.structures import find_structure
from eventhub.web.auth import current_account, current_actor
from eventhub.web.clock import now
from eventhub.web.forms import Form
from eventhub.web.transactions import write_transaction

ID_MAX = 2_147_483_647


class MergeForm(Form):
    """Into which structure."""

    into = IntegerField("Structure", [InputRequired(), NumberRange(1, ID_MAX)])


@bp.get("/structures/<int(max=2147483647):structure_id>/reunir")
def merge_structure(structure_id: int) -> ResponseReturnValue:
    """Ask with which structure, then show what would move."""
    _require_editing()
    found = standing_structure(structure_id)
    typed = " ".join(request.args.get("avec", "").replace("\0", " ").split())
    if not typed:
        return _choice_page(found)
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0
    into = db.session.get(Structure, number) if number and request.args.get("par") else None
    into = into or find_structure(db.session(), typed[:STRUCTURE_NAME_MAX])
    if into is None or into.merged_into_id is not None:
        problem = "Aucune structure du répertoire ne porte ce nom."
        return _choice_page(found, typed, problem, 422)
    if into.id == found.id:
        return _choice_page(found, typed, "C’est la même structure : choisissez-en une autre.", 422)
    return render_template(
        "manage/structures/merge.html",
        structure=found,
        into=into,
        moving=what_moves(db.session(), found.id, found.name),
        form=MergeForm(formdata=None, data={"into": into.id}),
    )


@bp.post("/structures/<int(max=2147483647):structure_id>/reunir")
def merge_structure_now(structure_id: int) -> ResponseReturnValue:
    """Merge."""
    _require_editing()
    form = MergeForm()
    if not form.validate():
        return _choice_page(standing_structure(structure_id), "", "Choisissez une structure.", 422)
    with write_transaction() as session:
        merge = merge_structures(
            session, structure_id, form.into.data, now(), account=current_account()
        )
        kept_id, name = merge.kept_id, merge.merged.name
    flash(f"« {name} » est réunie à cette structure. Cela peut se défaire.", "success")
    return redirect(url_for("manage.structure", structure_id=kept_id), code=303)


@bp.get("/structures/reunions/<int(max=2147483647):merge_id>/defaire")
def part_structures(merge_id: int) -> ResponseReturnValue:
    """Say what undoing a merge gives back."""
    _require_editing()
    merge = _merge(merge_id)
    return render_template(
        "manage/structures/part.html", merge=merge, later=later_merge(db.session(), merge)
    )


@bp.post("/structures/reunions/<int(max=2147483647):merge_id>/defaire")
def part_structures_now(merge_id: int) -> ResponseReturnValue:
    """Undo a merge."""
    _require_editing()
    merged_id = _merge(merge_id).merged_id
    with write_transaction() as session:
        undo_merge(session, merge_id, now(), account=current_account())
    flash("La réunion est défaite : cette structure est de nouveau à part.", "success")
    return redirect(url_for("manage.structure", structure_id=merged_id), code=303)


def _require_editing() -> None:
    if not may_edit_structures(current_actor()):
        raise Forbidden


def _merge(merge_id: int) -> StructureMerge:
    found = merge_by_id(db.session(), merge_id)
    if found is None:
        raise NotFound
    return found


def _choice_page(
    found: Structure, typed: str = "", problem: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "manage/structures/merge_choice.html",
        structure=found,
        typed=typed,
        problem=problem,
        doubles=probable_doubles(db.session(), found),
        names=reference.structure_names(db.session()),
    )
    return page, status
