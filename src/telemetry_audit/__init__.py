"""Checks what really leaves a self-hosted Appsmith instance against what its telemetry documents promise."""

__version__ = "0.1.0"
