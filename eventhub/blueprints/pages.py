"""Standing pages, and the style sheet of the hub's colours."""

from flask import Blueprint, Response, current_app, make_response, render_template, request

bp = Blueprint("pages", __name__)


@bp.get("/accessibilite")
def accessibility() -> str:
    """Say how accessible this site is, and to whom to write."""
    return render_template("pages/accessibility.html")


@bp.get("/donnees-personnelles")
def privacy() -> str:
    """Say which personal data is kept, why, and for how long."""
    settings = current_app.config["SETTINGS"]
    return render_template("pages/privacy.html", retention_months=settings.retention_months)


@bp.get("/mentions-legales")
def legal() -> str:
    """Name the publisher and the host, or say that they are not set."""
    settings = current_app.config["SETTINGS"]
    return render_template(
        "pages/legal.html", publisher=settings.hub_publisher, host=settings.hub_host
    )


@bp.get("/theme.css")
def theme() -> Response:
    """Serve the hub's two colours."""
    response = make_response(current_app.config["THEME_CSS"])
    response.mimetype = "text/css"
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    response.add_etag()
    response.make_conditional(request)
    return response
