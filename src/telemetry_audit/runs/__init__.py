"""Many recordings at once: what is done with each, and the engines that do it here, in processes of their own, or on a cluster."""

from telemetry_audit.runs.engine import EngineError, Lost, Map, here
from telemetry_audit.runs.work import Identifying, Judged, Judging, Refused, secret_of

__all__ = ["EngineError", "Identifying", "Judged", "Judging", "Lost", "Map", "Refused", "here", "secret_of"]
