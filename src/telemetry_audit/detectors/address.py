"""IPv4 and IPv6 addresses, and none of the versions that look like them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.versions import is_version

type Address = IPv4Address | IPv6Address

_QUAD = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_V4 = re.compile(
    r"[0-9](?<![0-9A-Za-z._][0-9])[0-9]{0,2}\.(?:[0-9]{1,3}\.){2}[0-9]{1,3}(?![0-9A-Za-z_-]|\.[0-9])", re.ASCII
)
_V6 = re.compile(
    r"(?<![0-9A-Za-z:.])(?:[23f][0-9a-f]{3}(?::{1,2}[0-9a-f]{1,4}){1,7}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7})(?![0-9A-Za-z]|:[0-9a-f:])",
    re.ASCII | re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"(?P<plain>{_QUAD}|[0-9A-Fa-f:]{{2,39}}|[0-9A-Fa-f:]{{2,30}}{_QUAD})(?:%[0-9A-Za-z]{{1,16}})?"
    rf"|\[(?P<boxed>[0-9A-Fa-f:.]{{2,45}})(?:%[0-9A-Za-z]{{1,16}})?\](?::[0-9]{{1,5}})?|(?P<v4>{_QUAD}):[0-9]{{1,5}}",
    re.ASCII,
)
_URL = re.compile(r"://(?:[^\s/?#@\"'<>]{0,64}@)?\[?\Z")
_PEER = re.compile(
    r"(?:\b(?:from|peer|client|visitor|user|login failed for|remote(?: address| host| addr)?|forwarded[ -]for|real[ -]ip|ip address|ip|by)"
    r"|[a-z](?:Ip|IP)|[a-z]_ip|[Aa]ddr(?:ess)?)"
    r"[\"']?\s{0,2}[:=(@]?\s{0,2}[\"']?\Z",
    re.ASCII | re.IGNORECASE,
)
_CONTEXT = 96


def parse_address(text: str) -> Address | None:
    """The address that `text` is as a whole, without port, brackets or zone, an IPv4-mapped one as IPv4; None if it is none.

    Nor is one of the IPv6 addresses that IANA has not given out, other than loopback and unspecified, unless it is written in full with four digits
    in some part: `a::b` and `::face` are code, `00:1a:2b:3c:4d:5e:6f:70` is a device.
    """
    match = _WHOLE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        address = ip_address(match["plain"] or match["boxed"] or match["v4"])
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    usable = (
        not address.is_reserved or address.is_loopback or address.is_unspecified or "." in text or _is_full(match[0])
    )
    return address.ipv4_mapped or (address if usable else None)


def _is_full(written: str) -> bool:
    parts = written.lstrip("[").partition("]")[0].split(":")
    return len(parts) == 8 and max(map(len, parts)) == 4  # noqa: PLR2004 - the parts of an IPv6 address, and the digits of one


def _find(text: str) -> Iterator[Shape]:
    if parse_address(text) is not None:
        yield Shape("address", text.strip())
        return
    if text.count(".") > 2:  # noqa: PLR2004 - the dots of an IPv4 address
        for match in _V4.finditer(text):
            before = text[max(0, match.start() - _CONTEXT) : match.start()]
            kind = "address-in-url" if before.endswith(("/", "@")) and _URL.search(before) else "address-in-text"
            if kind == "address-in-text" and is_version(before, match.group(), text, match.end()):
                continue
            if parse_address(match.group()) is not None:
                yield Shape(
                    "address-of-peer" if kind == "address-in-text" and _PEER.search(before) else kind, match.group()
                )
    if "::" in text or text.count(":") > 6:  # noqa: PLR2004 - the colons of an IPv6 address
        for match in _V6.finditer(text):
            if parse_address(match.group()) is not None and any(map(str.isdigit, match.group())):
                before = text[max(0, match.start() - _CONTEXT) : match.start()]
                kind = "address-in-url" if _URL.search(before) else "address-in-text"
                yield Shape(
                    "address-of-peer" if kind == "address-in-text" and _PEER.search(before) else kind, match.group()
                )


ADDRESS = Detector(
    id="address",
    says="An IP address: a whole value, inside a text, or as the host of a URL (RFC 791, RFC 4291).",
    names={
        "address": "an IP address",
        "address-in-text": "an IP address inside a text",
        "address-of-peer": "an IP address inside a text, of one who connects",
        "address-in-url": "an IP address as the host of a URL",
    },
    triggers=(".", ":"),
    find=_find,
    exact=True,
    examples=(
        *(Example(text, ("address",)) for text in ("203.0.113.9", "203.0.113.9:54321", "::ffff:203.0.113.9", "::1")),
        *(Example(text, ("address",)) for text in ("[2001:db8::1]:443", "2001:db8::17", "fe80::1", "fe80::1%eth0")),
        Example("connection from 203.0.113.9 refused", ("address-of-peer",)),
        Example("db.internal/198.51.100.4:5432", ("address-in-text",)),
        Example("no route to /198.51.100.4:54321", ("address-in-text",)),
        Example("client 198.51.100.4, host:10.0.0.5", ("address-of-peer", "address-in-text")),
        Example("no ::ffff:203.0.113.9 there", ("address-in-text",)),
        Example("peer 2001:db8::17: gone", ("address-of-peer",)),
        Example("peer 684d:1111:222:3333:4444:5555:6:77 left", ("address-of-peer",)),
        Example("684D:1111:222:3333:4444:5555:6:77", ("address",)),
        Example("00:1a:2b:3c:4d:5e:6f:70 and ratio 1:2:3:4:5:6:7:8", ()),
        Example("http://10.0.0.5:8080/app", ("address-in-url",)),
        Example("http://[2001:db8::5]/", ("address-in-url",)),
        Example("Mozilla/5.0 Chrome/86.0.4240.111 Safari/537.36 Edge/18.0.0.1", ()),
        Example('"Chromium";v="120.0.0.0"', ()),
        Example("v1.8.10.2 and version 12.1.0.2 and appVersion: 1.9.56.2", ()),
        Example("appsmith-client@1.9.56.2 and appsmith/appsmith-ce:1.9.56.2", ()),
        Example("PostgreSQL 14.2.3.4, MySQL 8.0.33.1, Java 17.0.1.2, Electron 28.0.0.0, Appsmith 1.9.56.2", ()),
        Example("https://example.com/releases/1.9.56.2/lib-1.2.3.4.jar", ()),
        Example("oid 1.3.6.1 and 1.2.3.4.5", ()),
        Example("999.1.1.1", ()),
        Example("12:34:56", ()),
        Example("std::vector, dead::beef, x ::face", ()),
        *(Example(text, ()) for text in ("a::b", "::face", "::ffff", "::1%jane@x")),
    ),
)
