"""Which headers of a telemetry request are looked at, and what kind of data each holds."""

from __future__ import annotations

from collections.abc import Iterable

from telemetry_audit.catalog import Field
from telemetry_audit.model import Status

_KINDS = {
    "user-agent": "user-agent",
    "authorization": "credential",
    "proxy-authorization": "credential",
    "referer": "url",
    "origin": "url",
    "forwarded": "address",
    "via": "",
    "x-forwarded-for": "address",
    "x-real-ip": "address",
    "x-client-ip": "address",
    "true-client-ip": "address",
    "accept-language": "locale",
}
_PARAMETERS = {
    "distinct_id": "person",
    "user_id": "person",
    "userId": "person",
    "uid": "person",
    "username": "person",
    "$user_id": "person",
    "$device_id": "anonymous-id",
}
_NOT_LOOKED_AT = frozenset(
    [
        "accept",
        "accept-encoding",
        "accept-charset",
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
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
"""What makes the request work and says nothing of anybody."""


HEADERS = Field(
    status=Status.TRANSPORT,
    spreads=True,
    members={name: Field(kind, Status.TRANSPORT, spreads=True) for name, kind in _KINDS.items()},
)
PATH = Field("url", Status.TRANSPORT)
HOST = Field("host-name", Status.TRANSPORT)
QUERY = Field(
    status=Status.TRANSPORT,
    spreads=True,
    members={name: Field(kind, Status.TRANSPORT, spreads=True) for name, kind in _PARAMETERS.items()},
)
"""What the query of a request says beside its events: parameters of the vendor's own, and here and there a person."""


def headers_of_interest(headers: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The headers to look at by name, each with its value or, of a list of addresses or a repeated header, its values.

    `headers` are pairs of lower-case name and value.
    """
    found: dict[str, object] = {}
    for name, value in headers:
        if name in _NOT_LOOKED_AT or name.startswith(("sec-", "access-control-")):
            continue
        values: list[object] = [part.strip() for part in value.split(",")] if _KINDS.get(name) == "address" else [value]
        before = found.get(name, [])
        values = [*(before if isinstance(before, list) else [before]), *values]
        found[name] = values if len(values) > 1 else values[0]
    return found
