"""What an operator says of a live audit, in one place for mitmproxy's options and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from telemetry_audit import configuration
from telemetry_audit.catalog import Catalog
from telemetry_audit.configuration import Configuration
from telemetry_audit.decoders import DECODERS
from telemetry_audit.deployment import Deployment

DEFAULT_JOURNAL = "telemetry-audit.journal"
FORWARD, KILL = "forward", "kill"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to audit live.

    `record_before_forward` holds each telemetry request until its observation is on disk; with `kill` no telemetry is forwarded while the
    journal cannot be written. `trims` lets go of what mitmproxy would pile up of raw connections and WebSockets.
    """

    journal: Path
    deployment: Deployment
    configuration: str = ""
    record_before_forward: bool = False
    kill: bool = False
    trims: bool = False


def described(catalog: Catalog, file: str) -> tuple[Deployment, str]:
    """The deployment as `file` describes it, or `audit.toml` in the current folder, and the file's name. Raises ConfigurationError."""
    name = file or (configuration.DEFAULT_FILE if Path(configuration.DEFAULT_FILE).is_file() else "")
    found = configuration.read(Path(name)) if name else Configuration()
    return configuration.deployment(found, catalog, (decoder.id for decoder in DECODERS)), name
