"""The tab « Inscriptions »: the list, one person, and what is done by hand."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import (
    AlreadyRegistered,
    EventFull,
    InvalidInput,
    NotFound,
    StateForbids,
)
from eventhub.domain.event import EventState
from eventhub.domain.registration import (
    ATTENDANCE_MODE_LABELS,
    EMAIL_MAX,
    LIVE_STATES,
    NAME_MAX,
    REGISTRATION_ROLE_LABELS,
    STRUCTURE_NAME_MAX,
    AttendanceMode,
    RegistrationRequest,
    RegistrationRole,
    RegistrationState,
    modes_of,
)
from eventhub.domain.rights import may_edit_event
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.registration import Registration
from eventhub.queries import reference
from eventhub.queries.registration_list import (
    RegistrationFilter,
    registration_details,
    registration_list,
)
from eventhub.queries.registration_pages import registration_of_event
from eventhub.services import registration_care
from eventhub.web.auth import (
    current_account,
    current_actor,
    departement_codes,
    event_for_editing,
    event_for_names,
)
from eventhub.web.clock import now
from eventhub.web.forms import Form, LineField
from eventhub.web.transactions import write_transaction

FILTER_LABELS = {
    RegistrationFilter.ALL: "Toutes",
    RegistrationFilter.CONFIRMED: "Confirmées",
    RegistrationFilter.WAITING: "En attente",
    RegistrationFilter.INVITED: "Invitations",
    RegistrationFilter.CANCELLED: "Désistements",
    RegistrationFilter.EXCUSED: "Excusées",
    RegistrationFilter.LOOK_ALIKES: "À vérifier",
}
_ALWAYS_SHOWN = frozenset({RegistrationFilter.ALL, RegistrationFilter.CONFIRMED})
_CLOSED_TO_STAFF = frozenset({EventState.DRAFT, EventState.CANCELLED})


class HandForm(Form):
    """Someone registered by a colleague. Only a name is needed."""

    given_name = LineField("Prénom", [InputRequired(), Length(max=NAME_MAX)])
    family_name = LineField("Nom", [InputRequired(), Length(max=NAME_MAX)])
    email = LineField("Courriel", [Optional(), Length(max=EMAIL_MAX), Email()])
    category = SelectField("Cette personne est", default="")
    structure = LineField("Structure", [Length(max=STRUCTURE_NAME_MAX)])
    departement = SelectField("Département", default="")
    mode = RadioField("Cette personne vient")
    role = SelectField(
        "Son rôle",
        choices=[SelectChoice(key.value, text) for key, text in REGISTRATION_ROLE_LABELS.items()],
        default=RegistrationRole.PARTICIPANT.value,
    )
    beyond_capacity = BooleanField("L’inscrire quand même, au-delà du nombre de places")

    def offer(self, event: Event) -> None:
        """Fill the lists to choose from."""
        session = db.session()
        nothing = SelectChoice("", "Non renseigné")
        self.category.choices = [
            nothing,
            *(
                SelectChoice(item.code, item.label)
                for item in reference.categories_on_offer(session)
            ),
        ]
        self.departement.choices = [
            nothing,
            *(SelectChoice(item.code, item.name) for item in reference.departements(session)),
        ]
        modes = modes_of(event.mode)
        self.mode.choices = [
            SelectChoice(mode.value, ATTENDANCE_MODE_LABELS[mode]) for mode in modes
        ]
        if self.mode.data is None:
            self.mode.data = modes[0].value

    def request(self) -> RegistrationRequest:
        """What was typed, once `validate` has said yes."""
        return RegistrationRequest(
            given_name=self.given_name.data,
            family_name=self.family_name.data,
            email=self.email.data or None,
            category=self.category.data or None,
            structure=self.structure.data,
            departement=self.departement.data or None,
            mode=AttendanceMode(self.mode.data),
            role=RegistrationRole(self.role.data),
        )


class WithdrawForm(Form):
    """Whether someone who withdraws is noted excused."""

    excused = BooleanField("Noter excusé·e", default=True)


@bp.get("/evenements/<slug>/inscriptions")
def registrations(slug: str) -> ResponseReturnValue:
    """List the registrations: searched, filtered, by pages."""
    event = event_for_names(slug)
    words = request.args.get("q", "").strip()
    chosen = _chosen_filter()
    found = registration_list(
        db.session(),
        event.id,
        words=words,
        chosen=chosen,
        page=request.args.get("page", 1, type=int),
    )

    def address(**changes: Any) -> str:
        asked = {"q": words or None, "etat": chosen.value or None} | changes
        return url_for("manage.registrations", slug=slug, **asked)

    return render_template(
        "manage/registrations.html",
        event=event,
        found=found,
        rows=found.rows,
        words=words,
        chosen=chosen,
        filters=[
            (label, address(etat=key.value or None), key is chosen, found.counts.get(key, 0))
            for key, label in FILTER_LABELS.items()
            if key in _ALWAYS_SHOWN or key is chosen or found.counts.get(key, 0)
        ],
        page_url=lambda page: address(page=page),
        may_edit=_may_edit(event),
        may_add=event.state not in _CLOSED_TO_STAFF,
    )


@bp.get("/evenements/<slug>/inscriptions/ajouter")
def register_by_hand(slug: str) -> ResponseReturnValue:
    """Show the form to register someone."""
    event = event_for_editing(slug)
    if event.state in _CLOSED_TO_STAFF:
        raise StateForbids
    return _hand_page(event, HandForm(formdata=None))


@bp.post("/evenements/<slug>/inscriptions/ajouter")
def add_registration(slug: str) -> ResponseReturnValue:
    """Register someone."""
    event = event_for_editing(slug)
    form = HandForm()
    form.offer(event)
    if not form.validate():
        return _hand_page(event, form, 422)
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            outcome = registration_care.register_by_hand(
                session,
                event,
                form.request(),
                now(),
                account=current_account(),
                beyond_capacity=form.beyond_capacity.data,
            )
    except InvalidInput as error:
        form.take_errors(error)
    except AlreadyRegistered:
        form.take_errors(
            InvalidInput({"family_name": "Cette personne est déjà inscrite à cet évènement."})
        )
    except EventFull:
        form.take_errors(
            InvalidInput({"beyond_capacity": "C’est complet. Cochez pour l’inscrire quand même."})
        )
    else:
        name = f"{form.given_name.data} {form.family_name.data}"
        if outcome.state is RegistrationState.WAITING:
            flash(f"{name} est sur la liste d’attente, au rang {outcome.rank}.", "warning")
        else:
            flash(f"{name} est inscrit·e.", "success")
        return redirect(
            url_for("manage.registration", slug=slug, registration_id=outcome.registration_id),
            code=303,
        )
    return _hand_page(event_for_editing(slug), form, 422)


@bp.get("/evenements/<slug>/inscriptions/<uuid:registration_id>")
def registration(slug: str, registration_id: uuid.UUID) -> ResponseReturnValue:
    """Show one registration."""
    event = event_for_names(slug)
    details = registration_details(db.session(), event.id, registration_id)
    if details is None:
        raise NotFound
    return render_template(
        "manage/registration.html",
        event=event,
        details=details,
        registration=details.registration,
        row=_as_row(details.registration),
        live=details.registration.state in LIVE_STATES,
        may_edit=_may_edit(event),
        role_labels=REGISTRATION_ROLE_LABELS,
        mode_labels=ATTENDANCE_MODE_LABELS,
    )


@bp.post("/evenements/<slug>/inscriptions/<uuid:registration_id>/renvoyer")
def mail_link(slug: str, registration_id: uuid.UUID) -> ResponseReturnValue:
    """Mail the person their link again."""
    with write_transaction() as session:
        found = _registration(slug, registration_id)
        address = registration_care.mail_link(session, found, now())
    flash(f"Le lien part à {address}.", "success")
    return _back(slug, registration_id)


@bp.post("/evenements/<slug>/inscriptions/<uuid:registration_id>/excuser")
def excuse(slug: str, registration_id: uuid.UUID) -> ResponseReturnValue:
    """Note the person excused, or take it back."""
    excused = request.form.get("excused") == "1"
    act = registration_care.excuse if excused else registration_care.unexcuse
    with write_transaction() as session:
        found = _registration(slug, registration_id)
        act(session, found, now(), account=current_account())
    flash("C’est noté : excusé·e." if excused else "L’excuse est retirée.", "success")
    return _back(slug, registration_id)


@bp.get("/evenements/<slug>/inscriptions/<uuid:registration_id>/desister")
def withdraw(slug: str, registration_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before a registration is withdrawn."""
    found = _registration(slug, registration_id)
    if found.state not in LIVE_STATES:
        return _back(slug, registration_id)
    return render_template(
        "manage/withdraw.html", event=found.event, registration=found, form=WithdrawForm(None)
    )


@bp.post("/evenements/<slug>/inscriptions/<uuid:registration_id>/desister")
def withdraw_now(slug: str, registration_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw a registration."""
    form = WithdrawForm()
    with write_transaction() as session:
        found = _registration(slug, registration_id)
        registration_care.withdraw_by_hand(
            session, found, now(), excused=form.excused.data, account=current_account()
        )
    flash("L’inscription est retirée et la place est libre.", "success")
    return _back(slug, registration_id)


@bp.get("/evenements/<slug>/inscriptions/<uuid:registration_id>/billet")
def ticket(slug: str, registration_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before a ticket is replaced."""
    found = _registration(slug, registration_id)
    if found.state is not RegistrationState.CONFIRMED:
        return _back(slug, registration_id)
    return render_template("manage/replace_ticket.html", event=found.event, registration=found)


@bp.post("/evenements/<slug>/inscriptions/<uuid:registration_id>/billet")
def replace_ticket(slug: str, registration_id: uuid.UUID) -> ResponseReturnValue:
    """Replace a ticket."""
    with write_transaction() as session:
        found = _registration(slug, registration_id)
        registration_care.replace_ticket(session, found, now(), account=current_account())
    flash("Le billet est remplacé. L’ancien sera refusé à l’accueil.", "success")
    return _back(slug, registration_id)


def _chosen_filter() -> RegistrationFilter:
    try:
        return RegistrationFilter(request.args.get("etat", ""))
    except ValueError:
        return RegistrationFilter.ALL


def _may_edit(event: Event) -> bool:
    return may_edit_event(current_actor(), event.id, departement_codes(event))


def _registration(slug: str, registration_id: uuid.UUID) -> Registration:
    """The registration, for someone who may edit its event. Raises NotFound, Forbidden."""
    event = event_for_editing(slug)
    found = registration_of_event(db.session(), event.id, registration_id)
    if found is None:
        raise NotFound
    return found


def _back(slug: str, registration_id: uuid.UUID) -> ResponseReturnValue:
    address = url_for("manage.registration", slug=slug, registration_id=registration_id)
    return redirect(address, code=303)


def _hand_page(event: Event, form: HandForm, status: int = 200) -> ResponseReturnValue:
    form.offer(event)
    page = render_template(
        "manage/register_by_hand.html",
        event=event,
        form=form,
        full=[ATTENDANCE_MODE_LABELS[mode] for mode in modes_of(event.mode) if _full(event, mode)],
        several_modes=len(modes_of(event.mode)) > 1,
    )
    return page, status


def _full(event: Event, mode: AttendanceMode) -> bool:
    """Whether someone who comes now gets no place: none is left, or others wait for it."""
    capacity = event.capacity_onsite if mode is AttendanceMode.ONSITE else event.capacity_remote
    taken = event.taken_onsite if mode is AttendanceMode.ONSITE else event.taken_remote
    waiting = event.waiting_onsite if mode is AttendanceMode.ONSITE else event.waiting_remote
    return capacity is not None and (taken >= capacity or waiting > 0)


def _as_row(registration: Registration) -> dict[str, Any]:
    """The fields of a listed registration that its state is said with."""
    return {
        "state": registration.state,
        "rank": registration.waiting_rank,
        "present": False,
        "excused": registration.excused_at is not None,
        "role": registration.role,
    }
