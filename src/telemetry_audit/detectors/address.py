"""IPv4 and IPv6 addresses, and none of the versions that look like them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from telemetry_audit.detectors.detector import Detector, Example, Shape

type Address = IPv4Address | IPv6Address

_V4 = re.compile(r"(?<![0-9A-Za-z.\-/_])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9A-Za-z_-]|\.[0-9])", re.ASCII)
_V6 = re.compile(
    r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]{0,4})(?![0-9A-Za-z:])",
    re.ASCII,
)
_VERSION = re.compile(
    r"(?:\bv|version|release|build|chrome|safari|firefox|edge?|opera)[ /:=v]*$", re.ASCII | re.IGNORECASE
)
_WITH_PORT = re.compile(
    r"\[(?P<v6>[0-9A-Fa-f:.]+)(?:%[0-9A-Za-z]+)?\](?::[0-9]{1,5})?|(?P<v4>(?:[0-9]{1,3}\.){3}[0-9]{1,3}):[0-9]{1,5}",
    re.ASCII,
)
_URL_HOST = re.compile(r"(?<=://)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?=[:/?#]|$)", re.ASCII)
_SHORTEST_V6 = 6
_COLONS_V6 = 7


def parse_address(text: str) -> Address | None:
    """The address that `text` is as a whole, without port, brackets or zone, an IPv4-mapped one as IPv4; None if it is none."""
    text = text.strip()
    if port := _WITH_PORT.fullmatch(text):
        text = port["v6"] or port["v4"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _find(text: str) -> Iterator[Shape]:
    if parse_address(text) is not None:
        yield Shape("address", text.strip())
        return
    for match in _V4.finditer(text):
        if not _VERSION.search(text, max(0, match.start() - 16), match.start()) and parse_address(match.group()):
            yield Shape("address-in-text", match.group())
    for match in _URL_HOST.finditer(text):
        if parse_address(match.group()):
            yield Shape("address-in-url", match.group())
    if text.count(":") > 1:
        for match in _V6.finditer(text):
            plausible = len(match.group()) >= _SHORTEST_V6 and (
                "::" in match.group() or match.group().count(":") == _COLONS_V6
            )
            if plausible and parse_address(match.group()):
                yield Shape("address-in-text", match.group())


ADDRESS = Detector(
    id="address",
    says="An IP address: a whole value, inside a text, or as the host of a URL (RFC 791, RFC 4291).",
    names={
        "address": "an IP address",
        "address-in-text": "an IP address inside a text",
        "address-in-url": "an IP address as the host of a URL",
    },
    triggers=(".", "::", ":"),
    find=_find,
    examples=(
        Example("203.0.113.9", ("address",)),
        Example("203.0.113.9:54321", ("address",)),
        Example("::ffff:203.0.113.9", ("address",)),
        Example("[2001:db8::1]:443", ("address",)),
        Example("connection from 203.0.113.9 refused", ("address-in-text",)),
        Example("peer 2001:db8::17 gone", ("address-in-text",)),
        Example("http://10.0.0.5:8080/app", ("address-in-url",)),
        Example("Mozilla/5.0 Chrome/86.0.4240.111 Safari/537.36", ()),
        Example("v1.8.10.2", ()),
        Example("version 12.1.0.2", ()),
        Example("1.2.3.4.5", ()),
        Example("999.1.1.1", ()),
        Example("12:34:56", ()),
        Example("std::vector", ()),
    ),
)
