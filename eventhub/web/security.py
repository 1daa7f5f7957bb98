"""Security headers of every answer; a strict Content-Security-Policy."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from eventhub.domain.errors import NotFound

_POLICY = "; ".join(
    (
        "default-src 'self'",
        # 'wasm-unsafe-eval' compiles WebAssembly (the QR decoder) and allows no eval.
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}


class SessionsKeptPrivate(SecureCookieSessionInterface):
    """Sessions whose cookie never goes out with an answer that caches may give to others."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Renew the session's cookie, except beside a public answer, which is for everyone.

        Nor does such an answer vary with cookies. Source: RFC 9111 §7.3.
        """
        if not response.cache_control.public:
            super().save_session(app, session, response)


def init_security(app: Flask) -> None:
    """Set the headers on every answer; a view may have set a stricter one before."""

    app.session_interface = SessionsKeptPrivate()

    @app.before_request
    def refuse_null_characters() -> None:
        """No address holds a null character, and PostgreSQL refuses to look one up."""
        if "\x00" in request.path:
            raise NotFound

    https = app.config["SETTINGS"].base_url.startswith("https://")

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault(
                "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
            )
        if request.cookies or "Set-Cookie" in response.headers:
            # What one signed-in person sees must not stay in a shared or a local cache.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
