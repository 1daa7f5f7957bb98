"""Builds the application: settings, extensions, blueprints, filters, headers."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from eventhub import extensions
from eventhub.blueprints import (
    accounts,
    agenda,
    api,
    door,
    feeds,
    figures,
    health,
    logos,
    manage,
    minutes,
    pages,
    registration,
    search,
)
from eventhub.web import (
    auth,
    error_pages,
    filters,
    former_addresses,
    logs,
    security,
    static,
    theme,
)


def create_app(settings: config.Settings | None = None, **overrides: Any) -> Flask:
    """Make the WSGI application from `settings` (default: the environment).

    `overrides` are Flask configuration values, for tests. Raises config.SettingError.
    """
    settings = settings or config.load()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    app = Flask("eventhub", instance_path=str(settings.instance_path), static_folder=None)
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        RATELIMIT_STORAGE_URI=settings.ratelimit_url,
        RATELIMIT_HEADERS_ENABLED=False,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        SESSION_COOKIE_NAME="eventhub",
        # Pages behind a personal link send no Referer; the token in the form is what protects.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open all day must still be sent
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_MIMETYPES=[
            "text/html",
            "application/json",
            "text/calendar",
            "application/atom+xml",
            "application/xml",
            "image/svg+xml",
        ],
    )
    app.config.from_mapping(overrides)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of the default provider
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the default provider

    extensions.db.init_app(app)
    extensions.csrf.init_app(app)
    extensions.login.init_app(app)
    extensions.limiter.init_app(app)
    extensions.mail.init_app(app)
    extensions.compress.init_app(app)

    logs.init_logs(app, settings.log_level)
    filters.init_filters(app)
    static.init_static(app)
    theme.init_theme(app, settings)
    security.init_security(app)
    error_pages.init_error_pages(app)
    auth.init_auth(app)
    former_addresses.init_former_addresses(app)
    app.jinja_env.globals["hub"] = _hub(settings)

    for module in (
        agenda,
        feeds,
        health,
        logos,
        registration,
        minutes,
        search,
        pages,
        accounts,
        manage,
        figures,
        door,
        api,
    ):
        app.register_blueprint(module.bp)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way to wrap
            app.wsgi_app,
            x_for=settings.trusted_proxies,
            x_proto=settings.trusted_proxies,
            x_host=settings.trusted_proxies,
        )
    return app


def _hub(settings: config.Settings) -> dict[str, str]:
    return {
        "name": settings.hub_name,
        "tagline": settings.hub_tagline,
        "region": settings.hub_region,
        "contact_email": settings.hub_contact_email,
        "publisher": settings.hub_publisher or settings.hub_name,
        "host": settings.hub_host,
        "base_url": settings.base_url,
    }
