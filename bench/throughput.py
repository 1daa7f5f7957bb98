"""Registrations and check-ins per second, beside the floor of the same run."""

import json
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.load import MakeRequest, Request, Run, run_load
from bench.result import Result
from bench.serving import Served

CLIENTS = (1, 8, 64)
SECONDS = 4.0
ROUNDS = 3
AT_LEAST_OF_FLOOR = 0.5


def throughput(server: Served, event: str) -> Iterator[Result]:
    """Registrations and check-ins at 1, 8 and 64 clients; medians of interleaved rounds."""
    token = server.eventhub(
        "token", "add", "bench", "--scope", "registrations:write", "--scope", "registrations:read"
    ).split()[-1]
    device = server.eventhub("door", "add", event, "--name", "Banc").split()[-1]
    for clients in CLIENTS:
        floors, registrations, scans = [], [], []
        for _ in range(ROUNDS):
            floors.append(_checked(run_load(server.port, clients, SECONDS, _floor), 200))
            registrations.append(
                _checked(run_load(server.port, clients, SECONDS, _registration(event), token), 201)
            )
            tickets = _tickets(server, event, token)
            scans.append(
                _checked(
                    run_load(server.port, clients, SECONDS, _scan(server, device, tickets), device),
                    200,
                )
            )
        floor = _median(floors)
        for name, values in (("registrations", registrations), ("check_ins", scans)):
            yield Result(
                f"{name}.clients_{clients}", _median(values), "1/s", floor, AT_LEAST_OF_FLOOR
            )


def _checked(run: Run, status: int) -> float:
    if set(run.answers) != {status}:
        raise RuntimeError(f"answers other than {status}: {run.answers}")
    return run.per_second


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _floor(_number: int) -> Request:
    return "/bench/floor", b"{}"


def _registration(event: str) -> MakeRequest:
    run = uuid.uuid4().hex[:8]

    def make(number: int) -> Request:
        body = {
            "given_name": "Camille",
            "family_name": f"Essai {run} {number}",
            "email": f"essai-{run}-{number}@example.org",
            "category": "mediateur",
            "structure": "Hub-Lo",
            "departement": "45",
            "mode": "onsite",
        }
        return f"/api/v1/events/{event}/registrations", json.dumps(body).encode()

    return make


def _tickets(server: Served, event: str, token: str) -> list[str]:
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        address = f"http://127.0.0.1:{server.port}/api/v1/events/{event}/registrations"
        request = urllib.request.Request(  # noqa: S310 - loopback
            address + (f"?cursor={cursor}" if cursor else ""),
            headers={"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            page = json.load(answer)
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
    return found


def _checkpoint(server: Served, device: str) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/api/v1/door/snapshot",
        headers={"Authorization": f"Bearer {device}"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        return str(json.load(answer)["checkpoints"][0]["id"])


def _scan(server: Served, device: str, registrations: list[str]) -> MakeRequest:
    checkpoint = _checkpoint(server, device)

    def make(number: int) -> Request:
        moment = datetime.now(UTC).isoformat()
        scan = {
            "id": str(uuid.uuid4()),
            "checkpoint": checkpoint,
            "kind": "arrival",
            "registration": registrations[number % len(registrations)],
            "scanned_at": moment,
            "shown": "accepted",
        }
        return "/api/v1/door/scans", json.dumps({"sent_at": moment, "scans": [scan]}).encode()

    return make
