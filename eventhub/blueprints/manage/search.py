"""The organisers' search: events, programmes, comptes-rendus, structures and people, by right."""

from flask import render_template, request

from eventhub.blueprints.manage import bp
from eventhub.domain.rights import AccountRole, may_see_structures
from eventhub.domain.search import clean_search
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.queries.reference import departement_total
from eventhub.queries.search import search as find
from eventhub.services.events import TIMEZONE
from eventhub.web.auth import current_actor
from eventhub.web.clock import now
from eventhub.web.search_page import read_group, search_page


@bp.get("/recherche")
def search() -> str:
    """Search; the best of each group, or a page of one."""
    actor = current_actor()
    typed = clean_search(request.args.get("q", ""))
    only = read_group(request.args.get("dans", ""))
    today = wording.local(now(), TIMEZONE).date()
    page = request.args.get("page", 1, type=int)
    session = db.session()
    results = find(session, typed, actor=actor, today=today, only=only, page=page)
    scope = ["évènements", "programmes", "comptes-rendus"]
    if may_see_structures(actor):
        scope.append("structures")
    if actor.role is not AccountRole.STAFF_FIGURES:
        scope.append("personnes")
    return render_template(
        "manage/search.html",
        scope=f"{', '.join(scope[:-1])} et {scope[-1]}",
        page=search_page(
            results,
            typed,
            endpoint="manage.search",
            actor=actor,
            today=today,
            departement_total=departement_total(session),
            only=only,
        ),
    )
