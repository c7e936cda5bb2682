"""What a destination is called, in one spelling."""

from __future__ import annotations

import re
from functools import lru_cache

_PORT = re.compile(r":[0-9]*\Z")


@lru_cache(maxsize=1024)
def host_name(authority: str) -> str:
    """The host of `[user@]host[:port]`: lower case, without port, brackets and the trailing dot.

    A bare IPv6 address is taken as it is (RFC 3986, 3.2.2, wants brackets; recorders do not always write them).
    """
    name = authority.strip().lower()
    if "@" in name:
        name = name.rpartition("@")[2]
    if name.startswith("["):
        return name[1:].partition("]")[0]
    if name.count(":") == 1:
        name = _PORT.sub("", name)
    return name.removesuffix(".")


def further_names(host: str, *others: str) -> tuple[str, ...]:
    """Those of `others` that name something else than `host`, each once and in order; "" names nothing."""
    names = dict.fromkeys(map(host_name, others))
    names.pop(host, None)
    names.pop("", None)
    return tuple(names)
