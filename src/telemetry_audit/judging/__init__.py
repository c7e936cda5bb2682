"""An exchange under the rules: what they say of its events becomes an observation."""

from telemetry_audit.judging.judge import Judge

__all__ = ["Judge"]
