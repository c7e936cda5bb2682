"""Which headers a copy keeps, and what of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.headers import HEADERS, headers_of_interest
from telemetry_audit.model import Exchange
from telemetry_audit.redaction.found import LEFT_OUT
from telemetry_audit.redaction.values import Values

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; ?charset=[a-z0-9-]+)?", re.IGNORECASE)
_PERSONAL = frozenset({"credential", "address"})
_KEYS = frozenset({"cookie", "set-cookie", "x-api-key"})


def kept_headers(item: Exchange, values: Values) -> Iterator[tuple[str, str]]:
    """The headers that an audit looks at, and the type of the body; what the others hold nobody has seen."""
    for name, value in item.headers:
        if name == "content-type" and (kind := _MEDIA_TYPE.match(value)):
            yield name, kind[0]
        elif headers_of_interest([(name, value)]) and values.key(name) == name:
            where = f"header:{values.discretion.key(name)}"
            listed = any(place == where or place.startswith(f"{where}/") for place in values.places)
            yield name, LEFT_OUT if listed or _is_personal(name) else values.text(value, where)


def _is_personal(name: str) -> bool:
    """Whether a header tells who sent it, by what it is for: credentials, cookies and addresses of clients."""
    field = HEADERS.members.get(name)
    return name in _KEYS or (field is not None and field.kind in _PERSONAL)
