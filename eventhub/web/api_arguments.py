"""Filters that a caller of the API gives in the query."""

from flask import request

from eventhub.domain.errors import Forbidden, InvalidInput
from eventhub.web.api_auth import Caller


def code_argument(name: str) -> str | None:
    """The code given as `name`, None where there is none. Raises InvalidInput.

    What has invisible characters is no code, and PostgreSQL refuses to look some of them up.
    """
    value = request.args.get(name, "")
    if not value.isprintable():
        raise InvalidInput({name: "Ce code n’est pas lisible."})
    return value or None


def departement_argument(caller: Caller) -> str | None:
    """The département asked for, or else the one that the token is limited to.

    Raises Forbidden for another one than the token's.
    """
    wanted = code_argument("departement")
    if caller.departement_code is not None and wanted not in {None, caller.departement_code}:
        raise Forbidden
    return wanted or caller.departement_code
