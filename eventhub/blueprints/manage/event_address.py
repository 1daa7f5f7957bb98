"""« Adresse de la page »: changing it; the former one leads to the new one."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired, ValidationError

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import InvalidInput
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.former_addresses import former_slugs
from eventhub.services.event_addresses import change_slug, why_not_a_slug
from eventhub.web.auth import current_account, event_for_editing
from eventhub.web.clock import now
from eventhub.web.forms import Form, LineField
from eventhub.web.transactions import write_transaction


class AddressForm(Form):
    """The end of the address of an event's pages."""

    slug = LineField("Adresse de la page", [InputRequired("Donnez une adresse.")])

    def validate_slug(self, field: Any) -> None:
        """Refuse what cannot be an address."""
        problem = why_not_a_slug(field.data)
        if problem:
            raise ValidationError(problem)


@bp.get("/evenements/<slug>/adresse")
def address(slug: str) -> ResponseReturnValue:
    """Show the address of the event's pages, to change it."""
    event = event_for_editing(slug)
    return _page(event, AddressForm(formdata=None, data={"slug": event.slug}))


@bp.post("/evenements/<slug>/adresse")
def change_address(slug: str) -> ResponseReturnValue:
    """Change the address; the former one leads to the new one for ever."""
    form = AddressForm()
    event = event_for_editing(slug)
    if not form.validate():
        return _page(event, form, 422)
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            change_slug(session, event, str(form.slug.data), now(), account=current_account())
            held = event.slug
    except InvalidInput as error:
        form.take_errors(error)
        return _page(event_for_editing(slug), form, 422)
    flash("L’adresse est changée. L’ancienne mène toujours ici.", "success")
    return redirect(url_for("manage.settings", slug=held), code=303)


def _page(event: Event, form: AddressForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "manage/address.html",
        event=event,
        form=form,
        former=former_slugs(db.session(), event.id),
    )
    return page, status
