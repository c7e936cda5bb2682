"""What a URL says beyond the page that it names: tokens among its parameters, and hosts that stand inside a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.hints import words_of
from telemetry_audit.detectors.word_set import word_set

_PARAMETER = re.compile(r"[?&#;](?P<name>[A-Za-z_][\w.\[\]-]{0,48})=(?P<value>[^&#\s\"'<>;]{8,2048})")
_CARRIES = word_set("""
token accesstoken authtoken idtoken refreshtoken apikey apitoken code auth authorization secret signature sig sessionid sid session sso ticket
jwt invitetoken resettoken key password pwd bearer
""")
_OPAQUE = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/_.~=:%-]{16,}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{24}", re.ASCII)
_HOST = re.compile(
    r"(?<![A-Za-z0-9+.-])(?P<scheme>[a-z][a-z0-9+.-]{1,20}):(?:[a-z]{2,12}:)?//(?:[^\s/?#@\"'<>]{0,128}@)?(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})"
)
_INSIDE = re.compile(
    r"(?:[A-Za-z0-9_-]{1,63}\.){1,8}(?:local|localdomain|internal|intranet|intra|lan|corp|private|home|svc|cluster\.local|home\.arpa)"
    r"|[A-Za-z][A-Za-z0-9_-]{0,62}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<![A-Za-z0-9._@/-])(?:[A-Za-z0-9_-]{1,63}\.){1,8}(?:internal|intranet|lan|corp|svc|cluster\.local|localdomain|intra)(?::[0-9]{2,5})?(?![A-Za-z0-9_.(-])"
)
_ENDINGS = (".internal", ".intranet", ".lan", ".corp", ".svc", ".cluster.local", ".localdomain", ".intra")
_NOBODYS = frozenset(
    ("localhost", "host.docker.internal", "example", "none", "null", "undefined", "about", "data", "blob")
)
_SCHEMES_OF_CODE = frozenset(
    (
        "webpack",
        "webpack-internal",
        "chrome-extension",
        "moz-extension",
        "safari-web-extension",
        "file",
        "blob",
        "data",
        "about",
        "app",
        "capacitor",
        "node",
        "ng",
        "urn",
        "arn",
        "pkg",
    )
)


def _find_token(text: str) -> Iterator[Shape]:
    if "=" not in text:
        return
    for match in _PARAMETER.finditer(text):
        words = words_of(match["name"])
        if (
            words
            and ("".join(words) in _CARRIES or words[-1] in {"token", "secret", "signature", "apikey"})
            and _is_opaque(match["value"])
        ):
            yield Shape("url-token", match.group()[1:])
            return


def _is_opaque(value: str) -> bool:
    return _OPAQUE.fullmatch(value) is not None and not _DIGEST.fullmatch(value) and len(set(value)) >= 8  # noqa: PLR2004 - a token is mixed


def _find_host(text: str) -> Iterator[Shape]:
    seen = set()
    for match in _HOST.finditer(text) if "://" in text else ():
        host = match["host"].strip("[]").rstrip(".")
        if match["scheme"] not in _SCHEMES_OF_CODE and host.lower() not in _NOBODYS and _is_inside(host):
            seen.add(host.lower())
            yield Shape("internal-host", host)
    for match in _NAMED.finditer(text) if any(map(text.__contains__, _ENDINGS)) else ():
        host = match.group().partition(":")[0]
        if host.lower() not in _NOBODYS and host.lower() not in seen:
            yield Shape("internal-host", host)


def _is_inside(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return _INSIDE.fullmatch(host) is not None
    return address.is_private and not (address.is_loopback or address.is_unspecified)


URL_TOKEN = Detector(
    id="url-token",
    says="A token among the parameters of a URL: an opaque value under a name such as `token`, `code` or `signature`.",
    names={"url-token": "a token in a URL"},
    triggers=("?", "&", "#"),
    find=_find_token,
    examples=(
        Example("https://app.example.com/reset?token=a8Fk29dLq0Zx71mN55vB", ("url-token",)),
        Example("?embed=true&access_token=a8Fk29dLq0Zx71mN55vB", ("url-token",)),
        Example("https://app.example.com/cb#id_token=a8Fk29dLq0Zx71mN55vB", ("url-token",)),
        Example("?pageId=64a1f2b3c4d5e6f708192a3b&key=orders&code=200&token=64a1f2b3c4d5e6f708192a3b", ()),
        Example("https://app.example.com/app/orders?branch=feature-2024-orders-page", ()),
    ),
)

INTERNAL_HOST = Detector(
    id="internal-host",
    says="A host inside a network: without a dot, under a name that no registry gives out (RFC 6762, RFC 8375), or a private address.",
    names={"internal-host": "the name of an internal host"},
    triggers=("://", *_ENDINGS),
    find=_find_host,
    examples=(
        Example("http://orders-db:5432/x", ("internal-host",)),
        Example("https://appsmith.corp.internal/app", ("internal-host",)),
        Example("getaddrinfo ENOTFOUND mongo-0.mongo.prod.svc", ("internal-host",)),
        Example("jdbc:postgresql://10.0.3.7/orders", ("internal-host",)),
        Example("https://app.example.com/, http://localhost:8080, webpack://app/src/x.js, http://127.0.0.1/", ()),
        Example("store.internal(), module.private, a.local", ()),
    ),
)
