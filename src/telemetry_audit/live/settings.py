"""What an operator says of a live audit, in one place for mitmproxy's options and the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from telemetry_audit import configuration
from telemetry_audit.accepted import decision
from telemetry_audit.catalog import Catalog
from telemetry_audit.configuration import Configuration
from telemetry_audit.decoders import DECODERS
from telemetry_audit.deployment import Deployment
from telemetry_audit.model import Acceptance, Statement

DEFAULT_JOURNAL = "telemetry-audit.journal"
FORWARD, KILL = "forward", "kill"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to audit live.

    `record_before_forward` holds each telemetry request until its observation is on disk; with `kill` no telemetry is forwarded while the
    journal cannot be written. `trims` lets go of what mitmproxy would pile up of raw connections and WebSockets. What is `accepted` as of `today`,
    the day on which the run begins, is told as such while it runs; the journal has it as everything else.
    """

    journal: Path
    deployment: Deployment
    configuration: str = ""
    record_before_forward: bool = False
    kill: bool = False
    trims: bool = False
    accepted: tuple[Acceptance, ...] = ()
    today: date = field(default=date.min, compare=False)

    def decided(self, statement: Statement) -> Acceptance | None:
        """What lets pass what a statement says, None if nothing does."""
        return decision(statement, self.accepted, self.today)


def described(catalog: Catalog, file: str) -> tuple[Deployment, str, tuple[Acceptance, ...]]:
    """The deployment of `file`, or of `audit.toml` in the current folder, the name of that file, and what is accepted. Raises ConfigurationError."""
    name = file or (configuration.DEFAULT_FILE if Path(configuration.DEFAULT_FILE).is_file() else "")
    found = configuration.read(Path(name)) if name else Configuration()
    return (
        configuration.deployment(found, catalog, (decoder.id for decoder in DECODERS)),
        name,
        configuration.all_accepted(found),
    )
