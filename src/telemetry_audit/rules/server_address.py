"""An address in an event must be the server's, never that of a person who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors import Address, parse_address
from telemetry_audit.model import Form, Hit, Leaf, Level, Side
from telemetry_audit.rules.rule import NOTHING, Claim, Example, Judgement, Rule, Subject

_NEVER = frozenset({"user-agent", "version", "library", "time", "datasource-content"})
_STORE_SET = "set-by-store"
_SAYS = "holds an address that is not the server's"


def _check(subject: Subject) -> Judgement:
    if not subject.sightings:
        return NOTHING
    looked_at = 0
    hits: list[Hit] = []
    claims: list[Claim] = []
    for leaf, address, in_text in _addresses(subject):
        looked_at += 1
        shape = _shape(address)
        if (
            subject.event.form is Form.STORE
            and subject.contract.side is Side.BROWSER
            and leaf.where.endswith("/context/ip")
        ):
            says = "holds the end user's address, which the vendor's store took from the connection; it was not sent"
            hits.append(Hit(leaf.where, str(address), Level.NOTE, _STORE_SET, says, shape))
        elif address.is_loopback or address.is_unspecified or address.is_link_local:
            hits.append(
                Hit(
                    leaf.where,
                    str(address),
                    Level.NOTE,
                    "local-address",
                    "holds an address that means the machine itself",
                    shape,
                )
            )
        elif in_text and not address.is_global:
            hits.append(
                Hit(
                    leaf.where,
                    str(address),
                    Level.NOTE,
                    "private-in-text",
                    "holds an address of a private network inside a text",
                    shape,
                )
            )
        elif subject.deployment.server_addresses:
            if not any(address in network for network in subject.deployment.server_addresses):
                hits.append(Hit(leaf.where, str(address), Level.BREACH, "foreign-address", _SAYS, shape))
        else:
            claims.append(
                Claim(
                    _teaches(subject, in_text=in_text),
                    Hit(leaf.where, str(address), Level.BREACH, "foreign-address", _SAYS, shape),
                )
            )
    return Judgement(looked_at, tuple(hits), tuple(claims))


def _addresses(subject: Subject) -> Iterator[tuple[Leaf, Address, bool]]:
    """Every address in the event, and whether it stands inside a longer text."""
    for leaf, sightings in subject.sightings:
        if leaf.kind in _NEVER or "version" in leaf.where.rpartition("/")[2].lower():
            continue
        for sighting in sightings:
            address = parse_address(sighting.text) if sighting.kind in {"address", "address-in-text"} else None
            if address is not None:
                yield leaf, address, sighting.kind == "address-in-text" and leaf.kind != "address"


def _teaches(subject: Subject, *, in_text: bool) -> bool:
    return subject.contract.teaches_server_address and not in_text


def _shape(address: Address) -> str:
    scope = (
        "loopback"
        if address.is_loopback
        else "public"
        if address.is_global
        else "private"
        if address.is_private
        else "reserved"
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
        Example("a version", {"type": "track", "event": "x", "properties": {"version": "1.9.56.2"}}, (), _KNOWN),
    ),
)
