"""Categories: what a person may declare to be; edited by administrators."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import CategoryChanged, InvalidInput, NotFound
from eventhub.domain.kind_template import CATEGORY_LABEL_MAX, LACOOP_LABELS, CategoryDetails
from eventhub.extensions import db
from eventhub.models.person import Category
from eventhub.queries.categories import categories_in_use, category_is_used
from eventhub.queries.changes import last_change_of
from eventhub.services.categories import (
    add_category,
    category_subject,
    change_category,
    delete_category,
    move_category,
    restore_category,
    retire_category,
)
from eventhub.web.auth import administrators_only, current_account
from eventhub.web.clock import now
from eventhub.web.forms import LineField, VersionField
from eventhub.web.once import OnceForm, earlier_location, keep_location
from eventhub.web.transactions import write_transaction


class CategoryForm(OnceForm):
    """A name, and the group of La Coop."""

    label = LineField("Nom", [InputRequired(), Length(max=CATEGORY_LABEL_MAX)])
    lacoop = RadioField("Groupe dans La Coop de la médiation numérique", default="others")
    version = VersionField()

    def offer(self, held: str = "") -> None:
        """Fill the list of groups; the one that is held stays on offer."""
        groups = LACOOP_LABELS | ({held: held} if held and held not in LACOOP_LABELS else {})
        self.lacoop.choices = [
            *(SelectChoice(code, text) for code, text in groups.items()),
            SelectChoice("", "Aucun"),
        ]

    def details(self) -> CategoryDetails:
        """What was typed, once `validate` has said yes."""
        return CategoryDetails(label=self.label.data, lacoop=self.lacoop.data or "")


@bp.get("/categories")
@administrators_only
def categories() -> ResponseReturnValue:
    """List the categories, retired ones last."""
    found = categories_in_use(db.session())
    return render_template(
        "manage/categories/index.html",
        offered=[one for one in found if one.category.active],
        retired=[one for one in found if not one.category.active],
        groups=LACOOP_LABELS,
    )


@bp.get("/categories/nouvelle")
@administrators_only
def new_category() -> ResponseReturnValue:
    """Show the form of a new category."""
    return _form_page(CategoryForm(formdata=None), None)


@bp.post("/categories/nouvelle")
@administrators_only
def create_category() -> ResponseReturnValue:
    """Add a category."""
    form = CategoryForm()
    form.offer()
    if form.validate():
        try:
            with write_transaction() as session:
                if made_before := earlier_location(session, form, now()):
                    return redirect(made_before, code=303)
                add_category(session, form.details(), now(), by=current_account())
                location = url_for("manage.categories")
                keep_location(session, form, location)
        except InvalidInput as error:
            form.take_errors(error)
        else:
            flash("La catégorie est ajoutée.", "success")
            return redirect(location, code=303)
    return _form_page(form, None, 422)


@bp.get("/categories/<category_code>")
@administrators_only
def category(category_code: str) -> ResponseReturnValue:
    """Show one category, to change it."""
    found = _category(db.session(), category_code)
    values = {"label": found.label, "lacoop": found.lacoop, "version": str(found.version)}
    return _form_page(CategoryForm(formdata=None, data=values), found)


@bp.post("/categories/<category_code>")
@administrators_only
def edit_category(category_code: str) -> ResponseReturnValue:
    """Change a category, unless someone else did since the form was shown."""
    form = CategoryForm()
    form.offer(_category(db.session(), category_code).lacoop)
    status = 422
    if form.validate():
        try:
            with write_transaction() as session:
                changed = change_category(
                    session,
                    _category(session, category_code),
                    form.details(),
                    form.version.number,
                    now(),
                    by=current_account(),
                )
        except InvalidInput as error:
            form.take_errors(error)
        except CategoryChanged:
            status = 409
        else:
            flash("C’est enregistré." if changed else "Rien n’a changé.", "success")
            return redirect(url_for("manage.categories"), code=303)
    return _form_page(form, _category(db.session(), category_code), status)


@bp.post("/categories/<category_code>/deplacer")
@administrators_only
def reorder_category(category_code: str) -> ResponseReturnValue:
    """Let a category change places with its neighbour."""
    with write_transaction() as session:
        found, up = _category(session, category_code), request.form.get("sens") == "haut"
        move_category(session, found, now(), up=up, by=current_account())
    return redirect(url_for("manage.categories", _anchor=f"categorie-{category_code}"), code=303)


@bp.get("/categories/<category_code>/retirer")
@administrators_only
def leave_category(category_code: str) -> ResponseReturnValue:
    """Ask before a category is retired or deleted."""
    found = _category(db.session(), category_code)
    return render_template(
        "manage/categories/retire.html",
        category=found,
        is_used=category_is_used(db.session(), category_code),
    )


@bp.post("/categories/<category_code>/retirer")
@administrators_only
def retire_category_now(category_code: str) -> ResponseReturnValue:
    """Offer a category no more."""
    with write_transaction() as session:
        retire_category(session, _category(session, category_code), now(), by=current_account())
    flash("La catégorie n’est plus proposée. Les inscriptions la gardent.", "success")
    return redirect(url_for("manage.categories"), code=303)


@bp.post("/categories/<category_code>/remettre")
@administrators_only
def restore_category_now(category_code: str) -> ResponseReturnValue:
    """Offer a retired category again."""
    with write_transaction() as session:
        restore_category(session, _category(session, category_code), now(), by=current_account())
    flash("La catégorie est à nouveau proposée.", "success")
    return redirect(url_for("manage.categories"), code=303)


@bp.post("/categories/<category_code>/supprimer")
@administrators_only
def delete_category_now(category_code: str) -> ResponseReturnValue:
    """Delete a category that nobody ever declared."""
    with write_transaction() as session:
        delete_category(session, _category(session, category_code), now(), by=current_account())
    flash("La catégorie est supprimée.", "success")
    return redirect(url_for("manage.categories"), code=303)


def _form_page(
    form: CategoryForm, found: Category | None, status: int = 200
) -> ResponseReturnValue:
    """Show the form; where someone else changed the category, what it holds by now."""
    form.offer(found.lacoop if found else "")
    differing, change = None, None
    if status == 409 and found is not None:
        groups = {one.value: one.label for one in form.lacoop.choices or ()}
        held = ((form.label, found.label, found.label),
                (form.lacoop, found.lacoop, groups.get(found.lacoop, "")))  # fmt: skip
        differing = [
            (field.label.text, words) for field, value, words in held if field.data != value
        ]
        change = last_change_of(db.session(), category_subject(found.code))
        form.version.start_again(found.version)
    page = render_template(
        "manage/categories/form.html",
        form=form,
        category=found,
        differing=differing,
        change=change,
    )
    return page, status


def _category(session: Session, code: str) -> Category:
    found = session.get(Category, code) if "\0" not in code else None
    if found is None:
        raise NotFound
    return found
