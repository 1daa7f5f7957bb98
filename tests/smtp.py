"""A real SMTP server for tests, that answers as it is told and remembers what it has taken."""

import email
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as policy
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = str
TAKEN = "250 taken"


@dataclass
class Inbox:
    """What the server has taken, and what it does meanwhile.

    `on_recipient` and `on_data` are called with the address, before the answer that they return.
    """

    port: int
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    on_recipient: Callable[[str], Answer] = lambda _address: TAKEN
    on_data: Callable[[str], Answer] = lambda _address: TAKEN

    @property
    def url(self) -> str:
        """The address of the server, as a setting."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        """To whom mails were taken, in order."""
        return [address for address, _ in self.taken]

    def messages(self) -> list[EmailMessage]:
        """The mails taken, in order."""
        return [email.message_from_bytes(data, policy=policy) for _, data in self.taken]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: Any
    ) -> Any:
        """Count the connections."""
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> Answer:
        """Take or refuse a recipient."""
        answer = self.on_recipient(address)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> Answer:
        """Take or refuse a mail."""
        (address,) = envelope.rcpt_tos
        answer = self.on_data(address)
        if answer == TAKEN:
            self.taken.append((address, bytes(cast(bytes, envelope.original_content))))
        return answer


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def smtp_server(port: int | None = None) -> Iterator[Inbox]:
    """Run a server for the length of a block."""
    inbox = Inbox(port or free_port())
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()
