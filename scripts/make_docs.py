"""Writes what the program prints into the documentation: the tables between markers, and a page for each rule.

A table stands between `<!-- telemetry-audit list rules -->` and `<!-- end -->`. `python scripts/make_docs.py` renews all of it; tests/test_docs.py
holds the documentation to it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from telemetry_audit.cli.explanation import EVERY_RULE
from telemetry_audit.cli.main import telemetry_audit

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
RULE_PAGES = DOCS / "rules"
_TABLE = re.compile(r"(<!-- telemetry-audit (?P<call>[a-z -]+) -->\n)(?P<table>.*?)(<!-- end -->)", re.DOTALL)
_INDEX = "README.md"


def written() -> Iterator[tuple[Path, str]]:
    """Every file that the program has a part in, and what is to stand in it."""
    for page in (ROOT / "README.md", *sorted(DOCS.glob("*.md"))):
        yield page, _TABLE.sub(_filled, page.read_text("utf-8"))
    for rule in EVERY_RULE:
        yield RULE_PAGES / f"{rule.id}.md", said("explain", rule.id, "--format", "markdown")
    yield RULE_PAGES / _INDEX, _index()


def stale() -> list[Path]:
    """Pages of rules that are no more."""
    return sorted(set(RULE_PAGES.glob("*.md")) - {path for path, _ in written()})


def said(*arguments: str) -> str:
    """What the program prints."""
    done = CliRunner().invoke(telemetry_audit, arguments, prog_name="telemetry-audit", catch_exceptions=False)
    if done.exit_code:
        sys.exit(f"telemetry-audit {' '.join(arguments)} failed: {done.output}")
    return done.output


def _filled(found: re.Match[str]) -> str:
    return f"{found[1]}{said(*found['call'].split(), '--format', 'markdown')}{found[4]}"


def _index() -> str:
    lines = (f"* [{rule.id}]({rule.id}.md): {rule.title}" for rule in EVERY_RULE)
    return "\n".join(("# Rules", "", "`telemetry-audit explain RULE` prints these pages.", "", *lines, ""))


def main() -> None:
    """Write every file anew that is not as it should be, and take pages away that belong to no rule."""
    RULE_PAGES.mkdir(parents=True, exist_ok=True)
    for path, text in written():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"{path.relative_to(ROOT)} is written anew.")
    for path in stale():
        path.unlink()
        print(f"{path.relative_to(ROOT)} belongs to no rule and is gone.")


if __name__ == "__main__":
    main()
