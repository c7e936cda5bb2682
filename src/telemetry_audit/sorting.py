"""What becomes of an exchange: ignored by name, unread, or opened for the rules."""

from __future__ import annotations

from typing import NamedTuple

from telemetry_audit.catalog import Destination, Destinations
from telemetry_audit.catalog.destinations import TELEMETRY
from telemetry_audit.decoders import Opened, Undecodable, Unreadable, bears_marks, decoded, recognise
from telemetry_audit.deployment import Deployment
from telemetry_audit.model import Exchange

NOT_RECORDED = "the recording does not hold the body"
UNLISTED, STORED = "unlisted", "stored-events"
"""The destinations that no catalogue lists: hosts told by the shape of what they get, and exports."""

TUNNELLED = "a tunnel was opened, and what went through it was not intercepted"

_STORED = Destination(
    STORED, "", ("*",), TELEMETRY, "An export of events that the vendor's store holds.", decoder="segment"
)


class Sorted(NamedTuple):
    """An exchange's destination, the exchange opened if it is to be judged, and why it cannot be read if so.

    Neither opened nor unread means ignored: the destination says that it is no telemetry. Opened and unread means that a part is missing.
    """

    destination: Destination
    opened: Opened | None = None
    unread: str = ""


def destinations(listed: tuple[Destination, ...], deployment: Deployment) -> Destinations:
    """The operator's own hosts, then the destinations of the catalogue, whose last takes every exchange that is left."""
    own = (
        Destination(
            f"own:{host.name}",
            host.name,
            (host.name.lower(),),
            TELEMETRY,
            "Named by the operator.",
            decoder=host.decoder,
        )
        for host in deployment.hosts
    )
    return Destinations((*own, *listed))


def sort(exchange: Exchange, known: Destinations) -> Sorted:
    """Decide on one exchange; the last rule of `known` is the one for hosts that no list knows."""
    if exchange.stored:
        return Sorted(_STORED, Opened(exchange, exchange.body or b""))
    destination = known.of(exchange)
    unlisted = destination is known.rules[-1]
    if not (destination.judged or unlisted):
        return Sorted(destination)
    if exchange.method == "CONNECT":
        return Sorted(destination, None if unlisted else Opened(exchange, b""), TUNNELLED)
    if unlisted:
        return _by_shape(exchange, destination)
    return _opened(exchange, destination)


def _opened(exchange: Exchange, destination: Destination) -> Sorted:
    """Telemetry by its destination: opened in any case, so that at least its URL and headers are judged."""
    if exchange.body is None:
        return Sorted(destination, Opened(exchange, b""), NOT_RECORDED)
    try:
        return Sorted(destination, Opened(exchange, decoded(exchange.body, _codings(exchange))))
    except Undecodable as problem:
        return Sorted(destination, Opened(exchange, b""), str(problem))


def _by_shape(exchange: Exchange, unlisted: Destination) -> Sorted:
    """A host that no list knows: telemetry if it, or a message on its WebSocket, looks like telemetry, else ordinary traffic.

    What cannot be looked at might be either, hence unread; but a file that somebody uploads as it is, in no content coding and without a word of
    any framing, is ordinary.
    """
    if exchange.body is None:
        return Sorted(unlisted, None, NOT_RECORDED)
    if not exchange.body and not exchange.messages and "?" not in exchange.target:
        return Sorted(unlisted)
    encoding = _codings(exchange)
    try:
        opened = Opened(exchange, decoded(exchange.body, encoding))
        decoder = recognise(opened)
        if decoder is None and exchange.messages:
            inside = (recognise(Opened(exchange, message)) for message in exchange.messages)
            decoder = next(filter(None, inside), None)
    except Undecodable as problem:
        return Sorted(unlisted, None, str(problem) if encoding or bears_marks(exchange.body) else "")
    except Unreadable as problem:
        return Sorted(unlisted, None, str(problem))
    if decoder is None:
        return Sorted(unlisted)
    return Sorted(told_by_shape(decoder.id), opened)


def told_by_shape(decoder: str) -> Destination:
    """The destination of telemetry at a host that no list knows, whose framing is that of the decoder with this id."""
    says = "Telemetry by its shape, at a host that no list knows."
    return Destination(UNLISTED, decoder, (), TELEMETRY, says, decoder=decoder)


def _codings(exchange: Exchange) -> str:
    """The content codings of all headers that name some, in order (RFC 9110, section 5.3)."""
    return ",".join([value for name, value in exchange.headers if name == "content-encoding"])
