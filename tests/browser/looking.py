"""What a real browser makes of a page, and why it cannot be asked here, if so."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

_HERE = Path(__file__).parent
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable")
_OLDEST_NODE = 20
_PATIENCE = 300


class Made(NamedTuple):
    """What a page is made of: names of elements and attributes, the text that a reader sees, links that lead nowhere in it, ids that stand twice."""

    elements: list[str]
    attributes: list[str]
    text: str
    astray: list[str]
    twice: list[str]


class Look(NamedTuple):
    """What happened in the browser, at each width and in each scheme of colours.

    What was asked for over the network or from disk, dialogs, messages of the console and errors; pages that were opened; what scripts left behind;
    how far the page overflows, in pixels, and what axe-core objects to, by view; how many rules it checked; whether the style sheet was taken and the
    page's policy holds; and the first bytes of what it prints.
    """

    asked: list[str]
    dialogs: list[str]
    said: list[str]
    opened: int
    pwned: list[Any]
    overflow: dict[str, int]
    violations: dict[str, list[str]]
    made: Made
    styled: bool
    printed: str
    checked: int
    policed: bool


def look(page: Path) -> Look:
    """Open the page in a headless Chromium."""
    command = [str(shutil.which("node")), str(_HERE / "look.mjs"), str(_browser()), str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    return Look(**{**seen, "made": Made(**seen["made"])})


def missing() -> str:
    """Why no browser can be asked here; "" if one can."""
    node = shutil.which("node")
    if node is None:
        return "Node is not installed"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").partition(".")[0]) < _OLDEST_NODE:
        return f"Node is older than version {_OLDEST_NODE}"
    if not (_HERE / "node_modules").is_dir():
        return "node_modules is missing in tests/browser: run `npm ci` there"
    return "" if _browser() else "Chromium is not installed"


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, _CHROMIUM)), None)
