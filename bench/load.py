"""A load generator: N clients on kept connections, one request after the other each."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Request = tuple[str, bytes]
"""The path, and the JSON body of a POST."""

MakeRequest = Callable[[int], Request]
"""Makes the n-th request of a run; n is unique over all clients."""


@dataclass(slots=True)
class Run:
    """What one run of the load came to."""

    seconds: float = 0.0
    answers: dict[int, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        """Answers of any status per second."""
        return sum(self.answers.values()) / self.seconds if self.seconds else 0.0


def run_load(port: int, clients: int, seconds: float, make: MakeRequest, token: str = "") -> Run:
    """Send requests to 127.0.0.1:`port` for about `seconds` and count the answers by status."""
    return asyncio.run(_run(port, clients, seconds, make, token))


async def _run(port: int, clients: int, seconds: float, make: MakeRequest, token: str) -> Run:
    run = Run()
    numbers = iter(range(1_000_000_000))
    start = time.perf_counter()
    end = start + seconds
    await asyncio.gather(
        *(_client(port, end, lambda: make(next(numbers)), token, run) for _ in range(clients))
    )
    run.seconds = time.perf_counter() - start
    return run


async def _client(port: int, end: float, make: Callable[[], Request], token: str, run: Run) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    while time.perf_counter() < end:
        path, body = make()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"{authorization}Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        status = await _read_answer(reader)
        run.answers[status] = run.answers.get(status, 0) + 1
    writer.close()
    await writer.wait_closed()


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    await reader.readexactly(length)
    return int(lines[0].split()[1])
