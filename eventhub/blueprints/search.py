"""The public search, over events, programmes and comptes-rendus."""

from flask import Blueprint, render_template, request

from eventhub.domain.search import clean_search
from eventhub.exports import wording
from eventhub.extensions import db, limiter
from eventhub.queries.reference import departement_total
from eventhub.queries.search import search
from eventhub.web.clock import now
from eventhub.web.search_page import read_group, search_page

bp = Blueprint("search", __name__)

TIMEZONE = "Europe/Paris"
"""Where « today » is, as in the agenda."""


@bp.get("/recherche")
@limiter.limit("60 per minute; 600 per hour")  # a workshop's whole room may share one address
def index() -> str:
    """Search; the best of each group, or a page of one."""
    typed = clean_search(request.args.get("q", ""))
    only = read_group(request.args.get("dans", ""))
    today = wording.local(now(), TIMEZONE).date()
    page = request.args.get("page", 1, type=int)
    session = db.session()
    results = search(session, typed, actor=None, today=today, only=only, page=page)
    return render_template(
        "search/index.html",
        page=search_page(
            results,
            typed,
            endpoint="search.index",
            actor=None,
            today=today,
            departement_total=departement_total(session),
            only=only,
        ),
    )
