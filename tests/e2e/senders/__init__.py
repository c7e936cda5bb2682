"""Who sends: each a program of its own, with the vendors' own libraries, that knows of nothing but its proxy."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.e2e.internet import PAGES
from tests.e2e.planted import SOUGHT

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]
_MODULES = _HERE.parent / "node_modules"
_OLDEST_NODE = 18
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable")
_NOWHERE = "http://127.0.0.1:9"  # the loopback interface is never reached through the proxy
_HEADLESS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
)
_SILENT = (  # else the browser asks its maker for this and that
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-features=NetworkTimeServiceQuerying",
    "--disable-sync",
    f"--component-updater=url-source={_NOWHERE}",
    f"--gaia-url={_NOWHERE}",
)


class Errand(NamedTuple):
    """What a sender is started for: `documented` or `planted`; a folder of its own; its proxy, and the CA to trust."""

    phase: str
    folder: Path
    proxy: str
    ca: Path


class Sender(NamedTuple):
    """A program that sends: the command for an errand, and why it cannot be started here, if so."""

    name: str
    command: Callable[[Errand], list[str]]
    missing: Callable[[], str] = str

    def start(self, errand: Errand) -> subprocess.Popen[bytes]:
        """Send it on `errand`; what it prints is in the file `output` of its folder."""
        errand.folder.mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(errand.folder),
            "HTTPS_PROXY": errand.proxy,
            "HTTP_PROXY": errand.proxy,
            "REQUESTS_CA_BUNDLE": str(errand.ca),
            "NODE_EXTRA_CA_CERTS": str(errand.ca),
        }
        with (errand.folder / "output").open("wb") as output:
            return subprocess.Popen(
                self.command(errand), cwd=_ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
            )


def _python(script: str) -> Callable[[Errand], list[str]]:
    return lambda errand: [sys.executable, "-m", f"{__name__}.{script}", errand.phase]


def _node(errand: Errand) -> list[str]:
    planted = errand.folder.with_name("planted.json")
    return [str(shutil.which("node")), str(_HERE / "backend.mjs"), errand.phase, str(planted)]


def _chromium(errand: Errand) -> list[str]:
    query = f"?to={SOUGHT.replace('@', '%40')}" if errand.phase == "planted" else ""
    return [
        str(_browser()),
        *_HEADLESS,
        *_SILENT,
        f"--proxy-server={errand.proxy}",
        f"--ignore-certificate-errors-spki-list={_fingerprint(errand.ca)}",
        f"--user-data-dir={errand.folder / 'profile'}",
        f"{PAGES}/orders.html{query}",
    ]


def _fingerprint(ca: Path) -> str:
    """What Chromium knows a key by that it is to trust: the SHA-256 of its SubjectPublicKeyInfo, in base64."""
    key = x509.load_pem_x509_certificate(ca.read_bytes()).public_key()
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(encoded).digest()).decode()


def _no_libraries() -> str:
    return "" if _MODULES.is_dir() else "node_modules is missing in tests/e2e: run `npm ci` there"


@cache
def _no_node() -> str:
    node = shutil.which("node")
    if node is None:
        return "Node is not installed"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"v(\d+)", version)
    if found is None or int(found[1]) < _OLDEST_NODE:
        return f"Node is older than version {_OLDEST_NODE}"
    return _no_libraries()


def _no_chromium() -> str:
    return _no_libraries() if _browser() else "Chromium is not installed"


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, _CHROMIUM)), None)


SENDERS = (
    Sender("instance", _python("instance")),
    Sender("errors", _python("errors")),
    Sender("backend", _node, _no_node),
    Sender("browser", _chromium, _no_chromium),
)
