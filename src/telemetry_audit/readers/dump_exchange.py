"""From the parts of one flow, still as bytes, to the exchange they make."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from telemetry_audit.model import Exchange
from telemetry_audit.readers.hosts import further_names, host_name

_PORT = re.compile(rb"[0-9]{1,5}").fullmatch
_LONGEST_REMEMBERED = 512
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


class Parts(NamedTuple):
    """What of an HTTP flow tells what left, as mitmproxy stores it; "time" is a number in ASCII, b"" without one."""

    path: bytes
    authority: bytes
    scheme: bytes
    method: bytes
    port: bytes
    host: bytes
    time: bytes
    content: bytes | None
    headers: tuple[tuple[str, str], ...]
    version: bytes
    address: bytes = b""
    sni: bytes = b""
    client: bytes = b""
    messages: tuple[bytes, ...] = ()


def exchange(recording: str, number: int, parts: Parts) -> Exchange:
    """The exchange that `parts` make; its host is what it names (Host, from HTTP/2 on :authority), or where it went."""
    path, authority, scheme, method, port, host, time, content, headers, version, address, sni, client, messages = parts
    named = ""
    for name, value in headers:
        if name == "host":
            named = value
            break
    # All but its path and content is often the same in the next request, and then worked out once.
    length = len(named) + len(authority) + len(scheme) + len(method) + len(host) + len(address) + len(sni) + len(client)
    work_out = _line if length <= _LONGEST_REMEMBERED else _line.__wrapped__
    verb, protocol, destination, at_port, aliases, sender = work_out(
        named, authority, scheme, method, port, host, version, address, sni, client
    )
    return Exchange(
        recording,
        number,
        seconds(time),
        verb,
        protocol,
        destination,
        at_port,
        target(text(path)),
        headers,
        b"" if verb == "CONNECT" else content,
        aliases,
        sender,
        messages,
    )


@lru_cache(maxsize=1024)
def _line(  # noqa: PLR0913, PLR0917 - a request's parts
    named: str,
    authority: bytes,
    scheme: bytes,
    method: bytes,
    port: bytes,
    host: bytes,
    version: bytes,
    address: bytes,
    sni: bytes,
    client: bytes,
) -> tuple[str, str, str, int, tuple[str, ...], str | None]:
    """The method, scheme, host, port, aliases and client of an exchange; `named` is what its Host header says."""
    asked, connected = text(authority), text(host)
    if asked and version.startswith((b"HTTP/2", b"HTTP/3")):
        named, asked = asked, named
    destination = host_name(named) or host_name(connected)
    aliases = further_names(destination, asked, connected, text(sni), text(address))
    at_port = int(port) if _PORT(port) else 0
    return text(method).upper(), text(scheme), destination, at_port, aliases, text(client) or None


def lookup(recording: str, number: int, time: bytes, names: tuple[bytes, ...], client: bytes) -> Exchange:
    """The exchange that a DNS question for `names` is."""
    first = host_name(text(names[0])) if names else ""
    others = further_names(first, *map(text, names))
    return Exchange(
        recording, number, seconds(time), "QUERY", "dns", first, 53, "/", (), b"", others, text(client) or None
    )


def text(data: bytes) -> str:
    """UTF-8 where it is valid, else Latin-1, so that no byte is refused and no lone surrogate comes to be."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def target(path: str) -> str:
    """The path with its query, also out of the absolute form (RFC 9112, 3.2.2) that a client sends to a proxy."""
    if path.startswith("/"):
        return path
    absolute = _ABSOLUTE.match(path)
    if absolute is None:
        return path
    rest = path[absolute.end() :]
    return rest if rest.startswith("/") else "/" + rest


def seconds(number: bytes) -> float | None:
    """The number in ASCII as seconds, or None for what is no finite number."""
    try:
        value = float(number)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
