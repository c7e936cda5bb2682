"""Which headers of a telemetry request are looked at, and what kind of data each holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from telemetry_audit.model import Leaf, Status

_KINDS = {
    "user-agent": "user-agent",
    "referer": "url",
    "origin": "url",
    "forwarded": "",
    "x-forwarded-for": "address",
    "x-real-ip": "address",
    "x-client-ip": "address",
    "true-client-ip": "address",
    "accept-language": "locale",
}
_NOT_LOOKED_AT = frozenset(
    [
        "accept",
        "accept-encoding",
        "accept-charset",
        "authorization",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "expect",
        "host",
        "if-modified-since",
        "if-none-match",
        "keep-alive",
        "pragma",
        "priority",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
"""What makes the request work and says nothing of anybody; the vendor's own key in Authorization is never kept."""


def header_leaves(headers: Iterable[tuple[str, str]]) -> Iterator[Leaf]:
    """The headers of interest as leaves; `headers` are pairs of lower-case name and value. The parts of a list of addresses stand alone."""
    for name, value in headers:
        if name in _NOT_LOOKED_AT or name.startswith(("sec-", "access-control-")):
            continue
        kind = _KINDS.get(name, "")
        values = value.split(",") if kind == "address" else (value,)
        for part in values:
            yield Leaf(f"header:{_shown(name)}", part.strip(), kind, Status.TRANSPORT)


def _shown(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() and len(name) <= 64 else "{odd}"  # noqa: PLR2004 - longer than any real header's name
