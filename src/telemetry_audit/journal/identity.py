"""A journal is one audit: under which terms it was begun, and how to notice that others go on with it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from telemetry_audit.deployment import Deployment
from telemetry_audit.terms import Terms

_RESPECTS = {
    "tool": "the version of telemetry-audit",
    "catalog": "what Appsmith says (the folder schemas/)",
    "document": "the edition of the documents",
    "telemetry": "whether telemetry is on",
    "server_addresses": "whether the server's addresses are given",
    "own_hosts": "how many telemetry hosts are given",
    "canaries": "how many canaries are given",
    "known_users": "how many users are given",
    "too_short": "how many values are too short",
    "known_values": "how many values of a datasource are given",
    "skipped": "how many values of a datasource are too common",
    "domains": "how many domains are given",
    "taint": "whether answers are remembered (--taint)",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """An audit's terms, what its lists come to (`lists`), and which key it has (`key`); neither tells anything without the key."""

    terms: Terms
    lists: bytes
    key: bytes


def identity(terms: Terms, deployment: Deployment, secret: bytes) -> Identity:
    """The identity of an audit under these terms, with the secret of its journal."""
    lists = json.dumps(
        [
            sorted(map(str, deployment.server_addresses)),
            sorted([host.name, host.decoder] for host in deployment.hosts),
            sorted(deployment.canaries),
            sorted(deployment.known_users),
            sorted(index.key.hex() for index in deployment.known),
            sorted(deployment.domains),
        ]
    )
    return Identity(terms, _keyed(lists.encode(), secret, b"journal's lists"), _keyed(b"", secret, b"journal's key"))


def differences(one: Identity, other: Identity) -> list[str]:
    """In which respects two audits differ; lists under different keys cannot be compared. The name of the configuration file makes no difference."""
    ours, theirs = asdict(one.terms), asdict(other.terms)
    found = [said for name, said in _RESPECTS.items() if ours[name] != theirs[name]]
    if not found and one.key == other.key and one.lists != other.lists:
        found.append("the values of canaries, users, datasources, domains, telemetry hosts or server addresses")
    return found


def _keyed(data: bytes, secret: bytes, purpose: bytes) -> bytes:
    """Keyed BLAKE2b (RFC 7693), told apart from that of fingerprints by its purpose (16 bytes at most)."""
    return hashlib.blake2b(data, key=secret, digest_size=32, person=purpose).digest()
