"""Audits a recording, prints the report, and says with which code `telemetry-audit check` ended and why."""

from __future__ import annotations

import subprocess
import sys

from telemetry_audit.cli.exit_codes import EXIT_CODES, FAILED, INCONCLUSIVE, NOTHING_WRONG

REASONS = {
    NOTHING_WRONG: "Telemetry was seen, all of it could be read, and none of it breaks a promise.",
    FAILED: "The report names each breach and where it stands; in CI this code would stop the build.",
    INCONCLUSIVE: "That is no clean bill: the report says above what was not seen or could not be read.",
}
"""Why `check` ends with a code after it did its work; any other code is a fault."""


def main(recording: str) -> int:
    """Run the audit; 0 if it did its work, whatever it found, else 1."""
    code = subprocess.run([sys.executable, "-m", "telemetry_audit", "check", recording], check=False).returncode
    meaning = dict(EXIT_CODES).get(code, "not one of its exit codes")
    reason = REASONS.get(code, "It did not do its work.")
    print(f"\n`telemetry-audit check` ended with exit code {code}: {meaning}. {reason}", flush=True)
    return 0 if code in REASONS else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the script and the recording
        raise SystemExit("usage: demo.py RECORDING")
    raise SystemExit(main(sys.argv[1]))
