"""What an audit was made under, as its report and its journal say it."""

from __future__ import annotations

from dataclasses import dataclass

from telemetry_audit import __version__
from telemetry_audit.catalog import Catalog
from telemetry_audit.deployment import Deployment
from telemetry_audit.detectors.known import SHORTEST_WORD


@dataclass(frozen=True, slots=True)
class Terms:
    """The program, what it holds traffic against, and what the operator told it; no value of a list stands in it.

    `catalog` is the SHA-256 of what Appsmith says. `document` is the edition that counts, "" for all. `telemetry` is whether it is switched on, None
    where nobody said. `server_addresses` is whether they were given; the numbers are of hosts and values in lists, and `too_short` of those among the
    values that are not looked for inside texts, `skipped` of those in exports that are not looked for at all. `configuration` names the file that
    told, "" without one. `taint` is whether what answers held was remembered and looked for.
    """

    tool: str
    catalog: str
    document: str
    telemetry: bool | None
    server_addresses: bool
    own_hosts: int
    canaries: int
    known_users: int
    too_short: int
    configuration: str
    known_values: int = 0
    skipped: int = 0
    domains: int = 0
    taint: bool = False


def terms(catalog: Catalog, deployment: Deployment, configuration: str = "") -> Terms:
    """The terms of an audit by this version of the program; `configuration` names the file that told of the deployment."""
    listed = (*deployment.canaries, *deployment.known_users)
    return Terms(
        tool=__version__,
        catalog=catalog.digest,
        document=deployment.document or "",
        telemetry=deployment.telemetry,
        server_addresses=bool(deployment.server_addresses),
        own_hosts=len(deployment.hosts),
        canaries=len(deployment.canaries),
        known_users=deployment.users,
        too_short=sum(len(text.strip()) < SHORTEST_WORD for text in listed),
        configuration=configuration,
        known_values=deployment.values,
        skipped=deployment.skipped,
        domains=len(deployment.domains),
        taint=deployment.taint,
    )
