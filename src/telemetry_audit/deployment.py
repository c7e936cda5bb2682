"""What the operator knows and the traffic does not tell."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

type Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class OwnHost:
    """A host that the operator names as one that telemetry goes to; an empty decoder lets the payload's shape decide."""

    name: str
    decoder: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The instance under audit.

    `telemetry` is whether it is switched on, None where nobody says. `document` is the edition to hold traffic against, None for all.
    `canaries` and `known_users` are values that must not stand in a payload.
    """

    server_addresses: tuple[Network, ...] = ()
    telemetry: bool | None = None
    document: str | None = None
    hosts: tuple[OwnHost, ...] = ()
    canaries: tuple[str, ...] = ()
    known_users: tuple[str, ...] = ()
