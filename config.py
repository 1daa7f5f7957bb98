"""Settings: read from the environment under the prefix `EVENTHUB_`.

Each is documented in docs/configuration.md.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PREFIX = "EVENTHUB_"


class SettingError(ValueError):
    """A setting is missing or cannot be used; the message is one line for the operator."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an installation may choose; see docs/configuration.md."""

    instance_path: Path
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8000"
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "Hub-Lo <ne-pas-repondre@example.org>"
    ratelimit_url: str = "memory://"
    hub_name: str = "Hub-Lo"
    hub_tagline: str = "Centre-Val de Loire"
    hub_region: str = "Centre-Val de Loire"
    hub_contact_email: str = "bonjour@example.org"
    hub_publisher: str = ""
    hub_host: str = ""
    hub_structure: str = "Hub-Lo"
    hub_color: str = "#0a4a73"
    hub_accent: str = "#f6bd4a"
    retention_months: int = 25
    trusted_proxies: int = 0
    log_level: str = "INFO"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingError for one that is missing or unusable.

    Effects: reads `instance/secret_key` where EVENTHUB_SECRET_KEY is not set.
    """
    env = os.environ if environ is None else environ

    def text(name: str, default: str = "") -> str:
        return env.get(PREFIX + name, "").strip() or default

    def whole(name: str, default: int) -> int:
        raw = text(name)
        if not raw:
            return default
        if not raw.isdecimal():
            raise SettingError(f"{PREFIX}{name} must be a whole number of at least 0, not {raw!r}")
        return int(raw)

    instance = Path(text("INSTANCE_PATH", str(ROOT / "instance"))).resolve()
    defaults = Settings(instance_path=instance, secret_key="", database_url="")
    return Settings(
        instance_path=instance,
        secret_key=text("SECRET_KEY") or _secret_key_file(instance),
        database_url=_database_url(text("DATABASE_URL"), instance),
        base_url=text("BASE_URL", defaults.base_url).rstrip("/"),
        smtp_url=text("SMTP_URL"),
        mail_from=text("MAIL_FROM", defaults.mail_from),
        ratelimit_url=text("RATELIMIT_URL", defaults.ratelimit_url),
        hub_name=text("HUB_NAME", defaults.hub_name),
        hub_tagline=text("HUB_TAGLINE", defaults.hub_tagline),
        hub_region=text("HUB_REGION", defaults.hub_region),
        hub_contact_email=text("HUB_CONTACT_EMAIL", defaults.hub_contact_email),
        hub_publisher=text("HUB_PUBLISHER"),
        hub_host=text("HUB_HOST"),
        hub_structure=text("HUB_STRUCTURE", defaults.hub_structure),
        hub_color=text("HUB_COLOR", defaults.hub_color),
        hub_accent=text("HUB_ACCENT", defaults.hub_accent),
        retention_months=whole("RETENTION_MONTHS", defaults.retention_months),
        trusted_proxies=whole("TRUSTED_PROXIES", defaults.trusted_proxies),
        log_level=text("LOG_LEVEL", defaults.log_level).upper(),
    )


def _secret_key_file(instance: Path) -> str:
    path = instance / "secret_key"
    try:
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = ""
    if not key:
        raise SettingError(
            "EVENTHUB_SECRET_KEY is not set and instance/secret_key does not exist: "
            "`make run` makes one"
        )
    return key


def _database_url(raw: str, instance: Path) -> str:
    if not raw:
        return f"sqlite:///{instance / 'eventhub.sqlite3'}"
    # The scheme that hosting services hand out, and the driver that we ship.
    for scheme in ("postgres://", "postgresql://"):
        if raw.startswith(scheme):
            return "postgresql+psycopg://" + raw.removeprefix(scheme)
    return raw
