"""Where mails go: an SMTP server, or files in a folder until there is one."""

import contextlib
import os
import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from config import SettingError, Settings

TIMEOUT_SECONDS = 30


class Refused(Exception):
    """This mail will never be taken: its recipient or its content is refused (5xx)."""


class TryLater(Exception):
    """This mail was not taken now, another one may be (4xx)."""


class Unreachable(Exception):
    """No mail can be sent at the moment: no server, no sign-in, a sender that is refused."""


class Transport(Protocol):
    """Hands one mail over. Returns once it is taken; else raises one of the three above."""

    def send(self, message_id: str, sender: str, recipient: str, data: bytes) -> None: ...  # noqa: D102 - its name says it

    def close(self) -> None: ...  # noqa: D102 - its name says it


def transport_for(settings: Settings) -> Transport:
    """The transport that the settings ask for. Raises SettingError for an unusable SMTP_URL."""
    if not settings.smtp_url:
        return FolderTransport(settings.instance_path / "mail")
    return SmtpTransport(parse_smtp_url(settings.smtp_url))


class FolderTransport:
    """Writes each mail as `<message id>.eml`; writing it again replaces it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message_id: str, sender: str, recipient: str, data: bytes) -> None:
        """Write the file in one step, so that nobody sees half of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{message_id}.part"
        try:
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.folder / f"{message_id}.eml")
        except OSError as error:
            raise Unreachable(f"cannot write to {self.folder}: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is kept open."""


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """What an SMTP_URL says."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False


def parse_smtp_url(url: str) -> SmtpAddress:
    """Read `smtp://user:password@host:port?starttls=1` or `smtps://…`. Raises SettingError.

    Ports by default: 25, 587 with starttls, 465 for smtps.
    """
    problem = SettingError(
        "EVENTHUB_SMTP_URL must look like smtp://user:password@host:port?starttls=1 or smtps://…"
    )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise problem from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path not in {"", "/"}:
        raise problem
    tls = parts.scheme == "smtps"
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] in {"1", "true", "yes"}
    return SmtpAddress(
        host=parts.hostname,
        port=port or (465 if tls else 587 if starttls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=starttls and not tls,
    )


class SmtpTransport:
    """One connection, kept from one mail to the next.

    The steps of a mail are taken one by one, since what a refusal means depends on the step.
    Source: RFC 5321 §4.2 (replies), §4.5.4.1 (what was not answered must be tried again).
    """

    def __init__(self, address: SmtpAddress) -> None:
        self.address = address
        self._connection: smtplib.SMTP | None = None

    def send(self, message_id: str, sender: str, recipient: str, data: bytes) -> None:
        """Hand one mail over; returns when the server has answered 250 to its last line."""
        try:
            connection = self._begin(sender, len(data))
            self._name_recipient(connection, recipient)
            try:
                self._judge(connection, *connection.data(data))
            except smtplib.SMTPDataError as error:
                self._judge(connection, error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unreachable(_reason(error)) from error

    def close(self) -> None:
        """Say goodbye to the server."""
        if self._connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
        self._drop()

    def _begin(self, sender: str, size: int) -> smtplib.SMTP:
        """Name the sender, on the connection kept or, where the server has let it go, a new one."""
        kept = self._connection
        if kept is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                code, _ = kept.mail(sender, _mail_options(kept, size))
                if code == 250:
                    return kept
            self._drop()
        connection = self._connect()
        code, reply = connection.mail(sender, _mail_options(connection, size))
        if code != 250:
            self._drop()
            raise Unreachable(f"sender refused: {_answer(code, reply)}")
        return connection

    def _name_recipient(self, connection: smtplib.SMTP, recipient: str) -> None:
        code, reply = connection.rcpt(recipient)
        if code not in {250, 251}:
            self._judge(connection, code, reply)

    def _judge(self, connection: smtplib.SMTP, code: int, reply: bytes | str) -> None:
        """Turn an answer into its meaning, and make the connection ready for the next mail."""
        if code == 250:
            return
        answer = _answer(code, reply)
        if code == 421:
            self._drop()
            raise Unreachable(answer)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.rset()
        if 500 <= code < 600:
            raise Refused(answer)
        raise TryLater(answer)

    def _connect(self) -> smtplib.SMTP:
        address = self.address
        if address.tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                address.host,
                address.port,
                timeout=TIMEOUT_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            connection = smtplib.SMTP(address.host, address.port, timeout=TIMEOUT_SECONDS)
        self._connection = connection
        if address.starttls:
            connection.starttls(context=ssl.create_default_context())
        if address.user:
            connection.login(address.user, address.password)
        connection.ehlo_or_helo_if_needed()
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _mail_options(connection: smtplib.SMTP, size: int) -> list[str]:
    return [f"SIZE={size}"] if connection.does_esmtp and connection.has_extn("size") else []


def _answer(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"[:500]


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return (str(error) or type(error).__name__)[:500]
