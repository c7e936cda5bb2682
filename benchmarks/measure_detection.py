"""Measures detection on the labelled benchmark: recall of leaks by kind, layer and place, and false breaches in benign payloads.

What is seen in bulk goes through `Audit.see`; a sample goes through `telemetry-audit check` on a HAR too.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from detection.judging import ENCODED, PLAIN, Score, audit_of, judge
from detection.recording import CONFIGURATION, Checked, check, write_har
from detection.row import Row
from detection.rows import Rows
from detection.table import table, wrong

SHORTEST = 10
"""Characters of a planted value that is looked for in what was printed."""


def checked(folder: Path, name: str, rows: list[Row]) -> Checked:
    """What `check` says of these rows."""
    write_har(folder / f"{name}.har", rows)
    return check(folder / f"{name}.har", folder / CONFIGURATION)


def printed(rows: list[Row], found: Checked) -> int:
    """How many planted values stand in what `check` printed; a word or a short number may stand there for another reason."""
    values = (row.example.partition(": ")[2] for row in rows)
    return sum(value in found.printed for value in values if len(value) >= SHORTEST)


def main() -> None:
    """Makes the rows, shows them to an audit, and prints what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=10_000, help="benign payloads")
    parser.add_argument("--leaks", type=int, default=5_000, help="payloads with a leak")
    parser.add_argument("--check", type=int, default=100, help="as many of each through the command line")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print the figures alone")
    parser.add_argument(
        "--examples", type=Path, help="write what was judged wrongly to this file, with the made-up values"
    )
    options = parser.parse_args()
    score, rows = Score(), Rows(options.seed)
    started = time.process_time()
    with tempfile.TemporaryDirectory() as temporary:
        audit = audit_of(rows.known, Path(temporary))
        judge(audit, rows.benign(options.rows), score)
        judge(audit, rows.leaks(options.leaks), score)
        seconds = time.process_time() - started
        benign = checked(Path(temporary), "benign", list(rows.benign(options.check)))
        planted = list(rows.leaks(options.check))
        leaks = checked(Path(temporary), "leaks", planted)
    if options.examples:
        options.examples.write_text("\n".join(wrong(score, options.seed, examples=True)) + "\n", "utf-8")
    if options.json:
        codes = {"check_benign": benign.code, "check_leaks": leaks.code, "printed_values": printed(planted, leaks)}
        recall = {"plain": score.recall(PLAIN), "encoded": score.recall(ENCODED)}
        print(json.dumps(recall | codes | {"benign": score.benign, "false": score.false}))
        return
    print("\n".join((*table(score), "", *wrong(score, options.seed, examples=False), "")))
    print(
        f"`check` ended with {benign.code} on {options.check} benign payloads, {len(benign.breached)} of them with a breach,"
    )
    print(f"and with {leaks.code} on {options.check} leaks, {len(leaks.breached)} of them with a breach.")
    print(f"{seconds:.0f} s of CPU time for {options.rows + options.leaks:,} payloads, making them included")


if __name__ == "__main__":
    main()
