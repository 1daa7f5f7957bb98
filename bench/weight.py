"""What a first visit costs over the wire: bytes and requests."""

import gzip
import re
import urllib.request
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bench.result import Result
from bench.serving import Served

MOST_KILOBYTES = 100
MOST_REQUESTS = 10
_LINKED = re.compile(
    r"<(?:link\b[^>]*\brel=\"(?:stylesheet|icon|preload)\"[^>]*|script\b[^>]*|img\b[^>]*|use\b[^>]*)>"
)
_ADDRESS = re.compile(r"(?:href|src)=\"([^\"#]+)")
_CSS_ADDRESS = re.compile(r"url\([\"']?([^)\"']+)")


def first_visit(server: Served, event: str) -> Iterator[Result]:
    """The agenda and an event page, each with an empty cache."""
    for name, path in (("agenda", "/"), ("event", f"/evenements/{event}")):
        weight, requests = _visit(f"http://127.0.0.1:{server.port}{path}")
        yield Result(f"first_visit.{name}", weight / 1000, "kB", target=MOST_KILOBYTES)
        yield Result(f"first_visit.{name}.requests", requests, "requests", target=MOST_REQUESTS)


def _visit(address: str) -> tuple[int, int]:
    weight, page = _fetch(address)
    waiting = {
        urljoin(address, found) for tag in _LINKED.findall(page) for found in _ADDRESS.findall(tag)
    }
    seen: set[str] = set()
    while waiting:
        linked = waiting.pop()
        if linked in seen or urlsplit(linked).netloc != urlsplit(address).netloc:
            continue
        seen.add(linked)
        size, text = _fetch(linked)
        weight += size
        if linked.endswith(".css"):
            waiting |= {
                urljoin(linked, found)
                for found in _CSS_ADDRESS.findall(text)
                if not found.startswith("data:")
            }
    return weight, 1 + len(seen)


def _fetch(address: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        body = answer.read()
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        if answer.headers.get("Content-Encoding") == "gzip":
            return len(body) + head, gzip.decompress(body).decode("utf-8", "replace")
    return len(body) + head, body.decode("utf-8", "replace")
