"""What the live benchmark sends: each kind of traffic as an endless row of requests, no two the same, and the same for the same seed."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from make_recording import JAVA, Asked, compact, hexadecimal, json_headers, mixpanel, moment, ordinary, server_event

_MIXED = 5
"""One request in so many is telemetry."""

_LARGE = 16 * 1024 * 1024 - 1024
"""Bytes of a batch that is still judged whole."""


class Request(NamedTuple):
    """A request as it is written to a connection; over HTTPS, the connection leads to `host`."""

    host: str
    content: bytes


def requests(kind: str, scheme: str, seed: int = 1) -> Iterator[Request]:
    """The requests of a kind, over `http` or `https`."""
    chance = random.Random(seed)
    instance = hexadecimal(chance, 24)
    number = 0
    while True:
        yield _written(_KINDS[kind](chance, instance, number), scheme)
        number += 1


def _batch(count: int) -> Callable[[random.Random, str, int], Asked]:
    def batch(chance: random.Random, instance: str, _: int) -> Asked:
        return _segment([server_event(chance, instance) for _ in range(count)], chance)

    return batch


def _segment(events: list[dict[str, object]], chance: random.Random) -> Asked:
    batch = {"batch": events, "sentAt": moment(chance), "writeKey": "k" * 32}
    return "POST", "https://api.segment.io/v1/import/", json_headers(JAVA), compact(batch)


def _mixed(chance: random.Random, instance: str, number: int) -> Asked:
    if number % _MIXED:
        return ordinary(chance)
    (sort,) = chance.choices((_batch(1), _batch(7), lambda chance, instance, _: mixpanel(chance, instance)))
    return sort(chance, instance, number)


def _large(chance: random.Random, instance: str, _: int) -> Asked:
    """As many events as can be judged in one request; the first differs, so that the request does."""
    method, url, headers, body = _segment([server_event(chance, instance)], chance)
    event = b"," + compact(server_event(chance, instance))
    start, end = body.split(b"}]", 1)
    return method, url, headers, start + b"}" + event * ((_LARGE - len(body)) // len(event)) + b"]" + end


def _bomb(chance: random.Random, instance: str, number: int) -> Asked:
    """The same, packed, so that some 60 KB stand for it."""
    method, url, headers, body = _large(chance, instance, number)
    return method, url, headers | {"content-encoding": "gzip"}, gzip.compress(body, 6)


_KINDS: Mapping[str, Callable[[random.Random, str, int], Asked]] = {
    "other": lambda chance, _instance, _number: ordinary(chance),
    "1 event": _batch(1),
    "10 events": _batch(10),
    "250 events": _batch(250),
    "form": lambda chance, instance, _number: mixpanel(chance, instance),
    "mixed": _mixed,
    "16 MB": _large,
    "bomb": _bomb,
}


def _written(asked: Asked, scheme: str) -> Request:
    method, url, headers, body = asked
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    place = path if scheme == "https" else f"http://{parts.hostname}{path}"
    lines = [f"{method} {place} HTTP/1.1", f"host: {parts.hostname}", *(f"{n}: {v}" for n, v in headers.items())]
    if body:
        lines.append(f"content-length: {len(body)}")
    return Request(str(parts.hostname), "\r\n".join([*lines, "", ""]).encode() + body)
