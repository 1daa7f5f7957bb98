"""`python -m bench [--check]`: prints one JSON object a line; --check fails on a missed target."""

import sys
from collections.abc import Iterator

from bench.event import unlimited_event
from bench.memory import memory_at_rest
from bench.result import Result
from bench.search import searches
from bench.serving import served
from bench.statements import statements
from bench.throughput import throughput
from bench.weight import first_visit

EVENT = "nec-a-venir"


def _results() -> Iterator[Result]:
    with served() as server:
        event = unlimited_event(server)
        yield from first_visit(server, EVENT)
        yield from statements(server, event)
        yield from throughput(server, event)
    yield from memory_at_rest()
    yield from searches()


def main() -> int:
    """Run every benchmark; 1 with --check where a target does not hold."""
    missed = 0
    for result in _results():
        print(result.line(), flush=True)
        missed += result.holds is False
    return 1 if missed and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
