"""Levels, texts and files as SARIF has them: messages without placeholders or links, and relative URIs."""

from __future__ import annotations

import re
from urllib.parse import quote

from telemetry_audit.formats.escape import shown
from telemetry_audit.model import Level

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Level.BREACH: "error", Level.DRIFT: "warning", Level.NOTE: "note"}

_BRACE = re.compile(r"([{}])")
_BRACKET = re.compile(r"([\\\[\]])")


def message(text: str) -> dict[str, str]:
    """A message that says `text` itself: braces, which mean placeholders, are doubled, brackets, which mean links, escaped (3.11.5, 3.11.6)."""
    return {"text": _BRACKET.sub(r"\\\1", _BRACE.sub(r"\1\1", shown(text)))}


def relative_uri(name: str) -> str:
    """The name of a file as a relative reference (RFC 3986, 4.2), without what leads to a root or to a parent; never empty."""
    steps = [step for step in name.split("/") if step not in {"", ".", ".."}]
    return "/".join(quote(step, safe="", errors="surrogatepass") for step in steps) or "recording"
