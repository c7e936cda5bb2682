"""Evidence packs: what an audit found, of which bytes and under which terms, in a folder or zip that a signature can vouch for."""

from telemetry_audit.evidence_pack.manifest import MANIFEST, SIGNATURE

__all__ = ["MANIFEST", "SIGNATURE"]
