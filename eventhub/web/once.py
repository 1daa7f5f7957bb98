"""Forms that make one thing, however often their button is pressed."""

import re
import uuid
from datetime import datetime

from flask import request
from sqlalchemy.orm import Session
from wtforms import HiddenField

from eventhub.services.idempotency import claim_key, keep_answer
from eventhub.web.auth import current_account
from eventhub.web.forms import Form

_SHEET = re.compile(r"[0-9a-f]{32}", re.ASCII)


class OnceForm(Form):
    """A form that carries the id of the sheet on which it was shown."""

    sheet = HiddenField(default=lambda: uuid.uuid4().hex)


def earlier_location(session: Session, form: OnceForm, now: datetime) -> str | None:
    """Where this very sheet led when it was sent before; None, and claimed, for the first time.

    Of several clicks at once the later ones wait for the first one's commit. A sheet that is
    refused is given back with its transaction. Without an id that was made here nothing is claimed.
    """
    if not _has_sheet(form):
        return None
    kept = claim_key(session, _scope(), str(form.sheet.data), request.path.encode(), now)
    return None if kept is None else str(kept[1]["location"])


def keep_location(session: Session, form: OnceForm, location: str) -> None:
    """Keep where the claimed sheet leads."""
    if _has_sheet(form):
        keep_answer(session, _scope(), str(form.sheet.data), 303, {"location": location})


def _has_sheet(form: OnceForm) -> bool:
    return bool(_SHEET.fullmatch(form.sheet.data or ""))


def _scope() -> str:
    return f"sheet:{current_account().id}"
