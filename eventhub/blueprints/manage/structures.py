"""The directory of structures: list, one structure, adding, editing, its logo."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import (
    Forbidden,
    InvalidInput,
    LogoRefused,
    NotFound,
    StructureChanged,
)
from eventhub.domain.event import PARTNERSHIP_ROLE_LABELS
from eventhub.domain.registration import STRUCTURE_NAME_MAX
from eventhub.domain.rights import may_edit_structures, may_see_names, may_see_structures
from eventhub.domain.structure_details import WEBSITE_MAX, StructureDetails
from eventhub.domain.typologies import TYPOLOGIE_LABELS, typologie_label
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.structure import Structure
from eventhub.queries import reference
from eventhub.queries.changes import last_change_of
from eventhub.queries.structure_merges import merges_of
from eventhub.queries.structures import (
    DirectoryFilter,
    EventOfStructure,
    directory,
    event_total,
    events_of_structure,
    people_of_structure,
    probable_doubles,
    structure_by_id,
)
from eventhub.services.logos import LOGO_BYTES_MAX, remove_logo, set_logo
from eventhub.services.structure_directory import (
    change_structure,
    create_structure,
    names_taken,
    structure_subject,
)
from eventhub.web.auth import current_account, current_actor, departement_codes
from eventhub.web.clock import now
from eventhub.web.forms import Form, LineField, LinesField, OptionalSelectField, VersionField
from eventhub.web.once import OnceForm, earlier_location, keep_location
from eventhub.web.transactions import write_transaction

ALIASES_MAX = 8000


class StructureForm(OnceForm):
    """What is written of a structure, and the version that was read."""

    version = VersionField()
    name = LineField("Nom", [InputRequired(), Length(max=STRUCTURE_NAME_MAX)])
    typologie = SelectField("Type de structure", default="")
    departement_code = OptionalSelectField("Département")
    website = LineField("Site", [Length(max=WEBSITE_MAX)])
    aliases = LinesField("Autres noms", [Length(max=ALIASES_MAX)])

    def offer(self, kept_typologie: str = "") -> None:
        """Fill the lists; a code that the standard does not know stays where it is."""
        known = dict(TYPOLOGIE_LABELS)
        if kept_typologie not in {"", *known}:
            known[kept_typologie] = kept_typologie
        self.typologie.choices = [SelectChoice("", "Non renseigné")] + [
            SelectChoice(code, text)
            for code, text in sorted(known.items(), key=lambda item: item[1].casefold())
        ]
        self.departement_code.choices = [SelectChoice("", "Aucun, ou plusieurs")] + [
            SelectChoice(item.code, f"{item.name} ({item.code})")
            for item in reference.departements(db.session())
        ]

    def details(self) -> StructureDetails:
        """What was typed."""
        lines = (line.strip() for line in (self.aliases.data or "").split("\n"))
        return StructureDetails(
            name=self.name.data or "",
            typologie=self.typologie.data or "",
            departement_code=self.departement_code.data,
            website=self.website.data or "",
            aliases=tuple(line for line in lines if line),
        )


class LogoForm(Form):
    """A picture to be drawn again."""

    logo = FileField("Fichier du logo")


@bp.get("/structures")
def structures() -> ResponseReturnValue:
    """List the structures, by name."""
    _require_directory()
    chosen = DirectoryFilter(
        request.args.get("q", "").strip(),
        request.args.get("type", ""),
        request.args.get("departement", ""),
    )
    found = directory(db.session(), chosen, request.args.get("page", 1, type=int))
    kept: dict[str, Any] = {
        "q": chosen.words,
        "type": chosen.typologie,
        "departement": chosen.departement,
    }
    kept = {name: value for name, value in kept.items() if value}

    def address(page: int) -> str:
        return url_for("manage.structures", page=page, **kept)

    return render_template(
        "manage/structures/index.html",
        found=found,
        chosen=chosen,
        filtered=bool(kept),
        departements=reference.departements(db.session()),
        page_url=address,
        **_words(),
    )


@bp.get("/structures/nouvelle")
def new_structure() -> ResponseReturnValue:
    """Show the form of a new structure."""
    _require_editing()
    values = {"name": request.args.get("nom", "")[:STRUCTURE_NAME_MAX]}
    return _form_page(StructureForm(formdata=None, data=values), None)


@bp.post("/structures/nouvelle")
def create_structure_now() -> ResponseReturnValue:
    """Add a structure."""
    _require_editing()
    form = StructureForm()
    form.offer()
    if not form.validate():
        return _form_page(form, None, 422)
    try:
        with write_transaction() as session:
            made_before = earlier_location(session, form, now())
            if made_before:
                return redirect(made_before, code=303)
            made = create_structure(session, form.details(), now(), account=current_account())
            location = url_for("manage.structure", structure_id=made.id)
            keep_location(session, form, location)
    except InvalidInput as error:
        form.take_errors(error)
        return _form_page(form, None, 422)
    flash("La structure est dans le répertoire.", "success")
    return redirect(location, code=303)


@bp.get("/structures/<int(max=2147483647):structure_id>")
def structure(structure_id: int) -> ResponseReturnValue:
    """Show one structure; one that was merged leads to the one that stays."""
    _require_directory()
    found = structure_or_404(structure_id)
    if found.merged_into_id is not None:
        flash(f"« {found.name} » est maintenant réunie à cette structure.", "info")
        return redirect(url_for("manage.structure", structure_id=found.merged_into_id), code=303)
    return _structure_page(found, LogoForm(formdata=None))


@bp.get("/structures/<int(max=2147483647):structure_id>/modifier")
def edit_structure(structure_id: int) -> ResponseReturnValue:
    """Show what is written of a structure, to change it."""
    _require_editing()
    found = standing_structure(structure_id)
    return _form_page(StructureForm(formdata=None, data=_values(found)), found)


@bp.post("/structures/<int(max=2147483647):structure_id>/modifier")
def change_structure_now(structure_id: int) -> ResponseReturnValue:
    """Change a structure, unless someone else did since the form was shown."""
    _require_editing()
    found = standing_structure(structure_id)
    form = StructureForm()
    form.offer(found.typologie)
    if not form.validate():
        return _form_page(form, found, 422)
    try:
        with write_transaction() as session:
            changed = change_structure(
                session,
                structure_id,
                form.details(),
                form.version.number,
                now(),
                account=current_account(),
            )
    except InvalidInput as error:
        form.take_errors(error)
        return _form_page(form, standing_structure(structure_id), 422)
    except StructureChanged:
        return _changed_meanwhile(form, standing_structure(structure_id))
    flash("C’est enregistré." if changed else "Rien n’a changé.", "success")
    return redirect(url_for("manage.structure", structure_id=structure_id), code=303)


@bp.post("/structures/<int(max=2147483647):structure_id>/logo")
def set_structure_logo(structure_id: int) -> ResponseReturnValue:
    """Give the structure a logo."""
    _require_editing()
    found = standing_structure(structure_id)
    form = LogoForm()
    sent = request.files.get("logo")
    if not form.validate():
        return _structure_page(found, form, 422)
    if sent is None or not sent.filename:
        form.take_errors(InvalidInput({"logo": "Choisissez un fichier."}))
        return _structure_page(found, form, 422)
    picture = sent.read(LOGO_BYTES_MAX + 1)
    sent.close()
    try:
        with write_transaction() as session:
            set_logo(session, structure_id, picture, now(), account=current_account())
    except LogoRefused as error:
        form.take_errors(error)
        return _structure_page(standing_structure(structure_id), form, 422)
    flash("Le logo est enregistré.", "success")
    return redirect(url_for("manage.structure", structure_id=structure_id), code=303)


@bp.get("/structures/<int(max=2147483647):structure_id>/logo/retirer")
def remove_structure_logo(structure_id: int) -> ResponseReturnValue:
    """Ask before a logo is taken away."""
    _require_editing()
    found = standing_structure(structure_id)
    if found.logo is None:
        raise NotFound
    return render_template("manage/structures/remove_logo.html", structure=found)


@bp.post("/structures/<int(max=2147483647):structure_id>/logo/retirer")
def remove_structure_logo_now(structure_id: int) -> ResponseReturnValue:
    """Take the logo away."""
    _require_editing()
    with write_transaction() as session:
        remove_logo(session, structure_id, now(), account=current_account())
    flash("Le logo est retiré.", "success")
    return redirect(url_for("manage.structure", structure_id=structure_id), code=303)


def structure_or_404(structure_id: int) -> Structure:
    """The structure, merged or not. Raises NotFound."""
    found = structure_by_id(db.session(), structure_id)
    if found is None:
        raise NotFound
    return found


def standing_structure(structure_id: int) -> Structure:
    """The structure, unless it was merged into another. Raises NotFound."""
    found = structure_or_404(structure_id)
    if found.merged_into_id is not None:
        raise NotFound
    return found


def _require_directory() -> None:
    if not may_see_structures(current_actor()):
        raise Forbidden


def _require_editing() -> None:
    if not may_edit_structures(current_actor()):
        raise Forbidden


def _words() -> dict[str, Any]:
    return {
        "typologie_label": typologie_label,
        "may_edit": may_edit_structures(current_actor()),
    }


def _values(found: Structure) -> dict[str, Any]:
    return {
        "version": str(found.version),
        "name": found.name,
        "typologie": found.typologie,
        "departement_code": found.departement_code or "",
        "website": found.website,
        "aliases": "\n".join(alias.name for alias in found.aliases),
    }


def _structure_page(found: Structure, form: LogoForm, status: int = 200) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    events = events_of_structure(session, found.id, actor)

    def names_of(event: Event) -> bool:
        return may_see_names(actor, event.id, departement_codes(event))

    named = {line.event.id for line in events if names_of(line.event)}
    attended = [line for line in events if line.registered or line.present]
    people = people_of_structure(session, found.id, named)
    edits = may_edit_structures(actor)
    departements = {item.code: item.name for item in reference.departements(session)}
    page = render_template(
        "manage/structures/structure.html",
        structure=found,
        departement=departements.get(found.departement_code or "", ""),
        events=[(line, _roles(line)) for line in events],
        event_total=event_total(session, found.id),
        attended=attended,
        named=named,
        people=people,
        doubles=probable_doubles(session, found) if edits else [],
        merges=merges_of(session, found.id),
        form=form,
        **_words(),
    )
    return page, status


def _roles(line: EventOfStructure) -> str:
    """« Partenaire, accueille un temps »."""
    said = [PARTNERSHIP_ROLE_LABELS[role] for role in line.roles]
    hosting = ["Accueille un temps du programme"] if line.hosts else []
    first, *others = [*said, *hosting] or [""]
    return ", ".join([first, *(word[:1].lower() + word[1:] for word in others)])


def _changed_meanwhile(form: StructureForm, found: Structure) -> ResponseReturnValue:
    """Show what the structure holds by now where it differs from what was typed; ask again."""
    values = _values(found)
    departements = {item.code: item.name for item in reference.departements(db.session())}
    said = values | {
        "typologie": typologie_label(found.typologie),
        "departement_code": departements.get(found.departement_code or "", ""),
        "aliases": ", ".join(alias.name for alias in found.aliases),
    }
    differing = [
        (field.label.text, said[field.name] or "rien")
        for field in (form.name, form.typologie, form.departement_code, form.website, form.aliases)
        if (field.data or "") != values[field.name]
    ]
    form.version.start_again(found.version)
    change = last_change_of(db.session(), structure_subject(found.id))
    return _form_page(form, found, 409, change=change, differing=differing)


def _form_page(
    form: StructureForm, found: Structure | None, status: int = 200, **values: Any
) -> ResponseReturnValue:
    form.offer(found.typologie if found else "")
    details = form.details()
    taken: dict[int, Structure] = {}
    if status == 422:
        names = (details.name, *details.aliases)
        others = names_taken(db.session(), names, found.id if found else None)
        taken = {other.id: other for other in others.values()}
    page = render_template(
        "manage/structures/form.html",
        form=form,
        structure=found,
        taken=list(taken.values()),
        **values,
    )
    return page, status
