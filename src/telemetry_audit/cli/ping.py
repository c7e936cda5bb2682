"""`telemetry-audit ping`: a canary exchange through the proxy."""

from __future__ import annotations

import json
import os
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import PING, load
from telemetry_audit.cli.exit_codes import FAILED
from telemetry_audit.cli.output import Stop, say, tell

_SECONDS = 30
_MOST_ANSWERED = 65_536
_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


@click.command()
@click.option(
    "--proxy",
    metavar="URL",
    help=f"The proxy, http://HOST:PORT; by default what {_VARIABLES[0]} or {_VARIABLES[2]} says.",
)
@click.option(
    "--ca",
    "certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The proxy's CA certificate (PEM). With it the canary goes over HTTPS, and proves the interception too.",
)
@click.pass_context
def ping(ctx: click.Context, /, proxy: str | None, certificate: Path | None) -> None:
    """Send a canary exchange through the proxy, and say whether the audit saw and stored it.

    Run it where the instance runs, so that it takes the instance's way. The name that it is sent to does not exist: only the audit answers.

    \b
    Exit codes:
      0   the audit saw it, and it is in the journal
      1   it was not answered by the audit, or not stored
      2   a wrong call
    """  # noqa: D301 - click keeps the lines behind this character as they are
    address = proxy or next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    if not address.startswith("http://"):
        raise Stop("Say which proxy to go through: --proxy http://HOST:PORT, or HTTPS_PROXY in the environment.")
    try:
        answer = _sent(address, certificate)
    except _NotThrough as problem:
        tell(f"The canary did not get through to {address}: {problem}.")
        ctx.exit(FAILED)
    if answer.get("seen") is True and answer.get("stored") is True:
        say(f"The audit saw it and stored it: exchange {answer.get('exchange')} of run {answer.get('run')}.")
        return
    tell(
        "The audit saw it, but its journal cannot be written."
        if answer.get("seen") is True
        else "It was answered by something else than the audit."
    )
    ctx.exit(FAILED)


class _NotThrough(OSError):
    """Nothing answered; the argument says why."""


def _sent(proxy: str, certificate: Path | None) -> dict[str, Any]:
    """What answered a canary exchange; {} for what is no answer of the audit's. Raises Stop for a certificate that is none, and _NotThrough."""
    scheme = "https" if certificate else "http"
    try:
        trust = ssl.create_default_context(cafile=str(certificate)) if certificate else None
    except (OSError, ssl.SSLError):
        raise Stop(f"{certificate} cannot be read as a CA certificate in PEM.") from None
    host = next(rule.hosts[0] for rule in load().destinations if rule.purpose == PING)
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({scheme: proxy})]
    opener = urllib.request.build_opener(*handlers, urllib.request.HTTPSHandler(context=trust))
    try:
        with opener.open(f"{scheme}://{host}/", timeout=_SECONDS) as response:
            return _answer(response.read(_MOST_ANSWERED))
    except urllib.error.HTTPError as refused:
        with refused:
            return _answer(refused.read(_MOST_ANSWERED))
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "reason", problem)
        told = (
            f"the certificate is not the proxy's ({certificate})"
            if isinstance(reason, ssl.SSLError)
            else "no answer came"
        )
        raise _NotThrough(told) from None


def _answer(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
