"""An address in an event must be the server's, never that of a person who uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network

from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import Address, parse_address
from telemetry_audit.model import Form, Hit, Leaf, Level, Side, Status
from telemetry_audit.rules.rule import NOTHING, Claim, Example, Judgement, Rule, Subject

_NEVER = frozenset({"user-agent", "version", "library", "time", "datasource-content", "host-name"})
_OF_ADDRESSES = frozenset({"address", "person"})
_VERSION = re.compile(
    r"(?:[/_-]v|[a-z]V)ersions?$|(?:[/_-]f|[a-z]F)irmware$|(?:[/_-]b|[a-z]B)uild$|/v(?:er)?$", re.ASCII
)
_KINDS = frozenset({"address", "address-in-text", "address-of-peer"})
_SET_BY_STORE = frozenset({"ip", "$ip"})
_HINT = re.compile(
    r"(?:[/$:_-](?:ips?|addr|address|host|client|remote|peer|forwarded|via)|(?:Ips?|IPs?|Addr|Address|Host|Client|Remote|Peer))(?=$|[A-Z_-])"
    r"[A-Za-z_-]{0,64}$",
    re.ASCII,
)
_NUMBERS = re.compile(r"(?:/[0-9]+)+$", re.ASCII)
_PRIVATE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10"))
)
_OWN = ip_network("fe80::/120")
"""Addresses of one link that count up from 1, as routers have, and a machine towards itself; others are made from a device's own number."""

_FOREIGN = "holds an address that is not the server's"


def _check(subject: Subject) -> Judgement:
    if not subject.sightings:
        return NOTHING
    hits: list[Hit] = []
    claims: list[Claim] = []
    places = list(_addresses(subject))
    for leaf, address, kind in places:
        note = _innocent(subject, leaf, address, kind)
        if note:
            hits.append(Hit(leaf.where, str(address), Level.NOTE, *note, _shape(address)))
            continue
        foreign = Hit(leaf.where, str(address), Level.BREACH, "foreign-address", _FOREIGN, _shape(address))
        if not subject.deployment.server_addresses:
            claims.append(Claim(_teaches(subject, leaf, whole=kind == "address"), foreign))
        elif not any(address in network for network in subject.deployment.server_addresses):
            hits.append(foreign)
    notes = sum(hit.level is Level.NOTE for hit in hits)
    return Judgement(len(places) - notes, tuple(hits), tuple(claims))


def _addresses(subject: Subject) -> Iterator[tuple[Leaf, Address, str]]:
    """Every address in the event, and the word of its detector for how it stands there."""
    for leaf, sightings in subject.sightings:
        if leaf.kind in _NEVER or _VERSION.search(leaf.where):
            continue
        for sighting in sightings:
            address = parse_address(sighting.text) if sighting.kind in _KINDS else None
            if address is not None:
                yield leaf, address, sighting.kind


def _innocent(subject: Subject, leaf: Leaf, address: Address, kind: str) -> tuple[str, str] | None:
    """A word and a sentence where an address is worth knowing and no client's, else None."""
    browser = Side.BROWSER in {subject.contract.side, subject.event.side}
    if subject.event.form is Form.STORE and browser and leaf.where.rpartition("/")[2] in _SET_BY_STORE:
        return (
            "set-by-store",
            "holds the end user's address, which the vendor's store took from the connection; it was not sent",
        )
    if (
        address.is_loopback
        or address.is_unspecified
        or (address.is_link_local and (isinstance(address, IPv4Address) or address in _OWN))
    ):
        return "local-address", "holds an address that means the machine itself"
    named = kind == "address-of-peer" or leaf.kind in _OF_ADDRESSES or bool(_HINT.search(_NUMBERS.sub("", leaf.where)))
    if not (kind == "address" or named) and any(address in network for network in _PRIVATE):
        return "private-in-text", "holds an address of a private network inside a text"
    if not named and _may_be_version(address):
        return "maybe-version", "holds four numbers that are an address or a version"
    return None


def _may_be_version(address: Address) -> bool:
    """Whether four small numbers, or a zero at the end, look more like `1.9.56.2` than like an address."""
    first, *others = numbers = address.packed
    small = (first < 20 and max(others) < 100) or max(numbers) < 32  # noqa: PLR2004 - as versions are
    return isinstance(address, IPv4Address) and (small or numbers[-1] == 0)


def _teaches(subject: Subject, leaf: Leaf, *, whole: bool) -> bool:
    """Whether an address is the server's own by its documents: in a field of such an event that the schema knows."""
    return (
        subject.contract.teaches_server_address
        and whole
        and leaf.kind in _OF_ADDRESSES
        and leaf.status is not Status.UNKNOWN
    )


def _shape(address: Address) -> str:
    scope = (
        "loopback"
        if address.is_loopback
        else "private"
        if any(address in network for network in _PRIVATE)
        else "public"
    )
    return f"an IPv{address.version} address, {scope}"


_KNOWN = Deployment(server_addresses=(ip_network("203.0.113.0/24"), ip_network("2001:db8::7")))

SERVER_ADDRESS = Rule(
    id="server-address-only",
    promise="server-address-only",
    title="No address but the server's",
    says=(
        "Every address in an event, its headers included, is compared with the server's. Those that the operator gives decide; without them "
        "the pings that by their documents carry the server's own address teach it, and the report says so. What a store took from a "
        "browser's connection was not sent and is a note. Versions, such as those in a user agent, and hosts of URLs are no addresses of persons."
    ),
    check=_check,
    examples=(
        Example(
            "a client's",
            {"type": "track", "event": "x", "context": {"ip": "198.51.100.4"}},
            (("body#/context/ip", "breach"),),
            _KNOWN,
        ),
        Example(
            "a private one",
            {"type": "track", "event": "x", "context": {"ip": "10.0.0.9"}},
            (("body#/context/ip", "breach"),),
            _KNOWN,
        ),
        Example(
            "as a user",
            {"type": "track", "event": "x", "userId": "198.51.100.4"},
            (("body#/userId", "breach"),),
            _KNOWN,
        ),
        Example(
            "from the store",
            {"type": "track", "event": "APPLICATIONS_PAGE_LOAD", "context": {"ip": "198.51.100.4"}},
            (("body#/context/ip", "note"),),
            _KNOWN,
            Form.STORE,
        ),
        Example("the server's", {"type": "track", "event": "x", "context": {"ip": "203.0.113.200"}}, (), _KNOWN),
        Example(
            "the server's, mapped", {"type": "track", "event": "x", "context": {"ip": "::ffff:203.0.113.2"}}, (), _KNOWN
        ),
        Example("the server's IPv6", {"type": "track", "event": "x", "context": {"ip": "2001:db8::7"}}, (), _KNOWN),
        Example(
            "a browser's version",
            {"type": "page", "context": {"userAgent": "Mozilla/5.0 Chrome/86.0.4240.111 Safari/537.36"}},
            (),
            _KNOWN,
        ),
        Example(
            "what may be a version",
            {"type": "track", "event": "x", "properties": {"release": "1.9.56.2"}},
            (("body#/properties/release", "note"),),
            _KNOWN,
        ),
        Example(
            "in a message",
            {"type": "track", "event": "x", "properties": {"error": "refused by 198.51.100.4"}},
            (("body#/properties/error", "breach"),),
            _KNOWN,
        ),
        Example("a version", {"type": "track", "event": "x", "properties": {"version": "1.9.56.2"}}, (), _KNOWN),
        Example("a device's", {"type": "track", "event": "x", "properties": {"firmware": "12.1.0.198"}}, (), _KNOWN),
    ),
)
