"""The Internet, as far as the senders can tell: a mitmdump that answers every request itself, and writes down what reached it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.e2e import planted
from tests.e2e.processes import free_port, is_open, running

_HERE = Path(__file__).parent
PAGES = "https://app.initech.example"
"""Where the browser finds the application."""

_SCRIPTS = {
    "segment": _HERE / "node_modules/@segment/analytics-next/dist/umd",
    "mixpanel": _HERE / "node_modules/mixpanel-browser/dist",
}
_SETTINGS = {"integrations": {"Segment.io": {"apiKey": planted.SEGMENT_KEY}}, "plan": {}, "metrics": {"sampleRate": 0}}
_ANSWER = {"status": 1, "success": True}
_ALLOWED = {
    "access-control-allow-origin": PAGES,
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": "authorization, content-type",
}


class Internet(NamedTuple):
    """Where it is reached, the CA that it vouches with, and the HAR that it writes when it ends."""

    proxy: str
    ca: Path
    har: Path


@contextmanager
def internet(folder: Path) -> Iterator[Internet]:
    """It answers in `folder`, to requests that are sent to it as to a proxy; the HAR is there once it has ended."""
    (folder / "answer.json").write_text(json.dumps(_ANSWER))
    (folder / "settings.json").write_text(json.dumps(_SETTINGS))
    (folder / "planted.json").write_text(planted.as_json())
    answers = (
        (f"{PAGES}/planted.json", folder / "planted.json"),
        *((f"{PAGES}/{name}/", path) for name, path in _SCRIPTS.items() if path.is_dir()),
        (f"{PAGES}/", _HERE / "senders/pages"),
        ("https://cdn.segment.com/v1/projects/", folder / "settings.json"),
        ("", folder / "answer.json"),
    )
    port, har = free_port(), folder / "internet.har"
    options = [
        f"confdir={folder / 'internet'}",
        "listen_host=127.0.0.1",
        f"listen_port={port}",
        "connection_strategy=lazy",  # with map_local: nothing is sent on
        *(f"map_local=|^{re.escape(beginning)}|{path}" for beginning, path in answers),
        *(f"modify_headers=|~s|{name}|{value}" for name, value in _ALLOWED.items()),
        f"hardump={har}",
    ]
    command = [str(Path(sys.executable).with_name("mitmdump")), "--quiet"]
    for option in options:
        command += ["--set", option]
    with running(command, folder / "internet", lambda: is_open(port)):
        yield Internet(f"http://127.0.0.1:{port}", folder / "internet" / "mitmproxy-ca-cert.pem", har)
