"""What the operator knows and the traffic does not tell."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from telemetry_audit.detectors.known import USER, VALUE, Index

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
    `canaries` and `known_users` are values that must not stand in a payload: a canary has its label at the same place of `labels`, if there is one; a
    user may have several names with tabs between. `known` are keyed digests of more users and of values out of a datasource, of which `skipped` were
    too short or too common to be looked for. `domains` are those of the operator's e-mail addresses. `taint` is whether what answers hold that
    pass is remembered and must not stand in a payload afterwards.
    """

    server_addresses: tuple[Network, ...] = ()
    telemetry: bool | None = None
    document: str | None = None
    hosts: tuple[OwnHost, ...] = ()
    canaries: tuple[str, ...] = ()
    known_users: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    known: tuple[Index, ...] = ()
    skipped: int = 0
    domains: tuple[str, ...] = ()
    taint: bool = False

    @property
    def users(self) -> int:
        """How many users are known."""
        return len(self.known_users) + sum(index.count(USER) for index in self.known)

    @property
    def values(self) -> int:
        """How many values out of a datasource are known."""
        return sum(index.count(VALUE) for index in self.known)
