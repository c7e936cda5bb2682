"""`telemetry-audit watch`: a proxy beside an instance, with the audit in it."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from telemetry_audit.catalog import load
from telemetry_audit.cli.acceptance_options import acceptance_options, baseline_option, let_pass
from telemetry_audit.cli.deployment_options import deployment_of, deployment_options
from telemetry_audit.cli.exit_codes import FAULT, INCONCLUSIVE
from telemetry_audit.cli.output import Stop, tell, write
from telemetry_audit.cli.reporting import Wanted, deliver, reporting_options
from telemetry_audit.formats.escape import shown
from telemetry_audit.journal import JournalError, files_of, journal_report, open_journal
from telemetry_audit.live.options import OptionRefused, refuse_others
from telemetry_audit.live.proxy import CERTIFICATE, CannotListen, Place, Served, serve
from telemetry_audit.live.settings import DEFAULT_JOURNAL, FORWARD, KILL, Settings

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_FOR_ALL = 0o644


class _Address(click.ParamType[tuple[str, int]]):
    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        host, colon, port = str(value).rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65_535:  # noqa: PLR2004 - the highest port
            self.fail("write HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080", param, ctx)
        return host.strip("[]"), int(port)


@click.command()
@click.option(
    "--listen",
    type=_Address(),
    metavar="HOST:PORT",
    default="127.0.0.1:8080",
    show_default=True,
    help="Where the proxy listens.",
)
@click.option("--upstream", metavar="URL", default="", help="Send everything on through this proxy, http://HOST:PORT.")
@click.option(
    "--ca",
    type=_FOLDER,
    default=Path(click.get_app_dir("telemetry-audit")) / "ca",
    help="The folder of the proxy's CA, made if it is not there. Whoever reads its key can read the traffic.",
)
@click.option(
    "--certificate", type=_FILE, help="Write the CA's public certificate to this file (PEM), for the instance to trust."
)
@click.option(
    "--journal",
    type=_FILE,
    default=DEFAULT_JOURNAL,
    show_default=True,
    help="The file to which every observation is written.",
)
@click.option(
    "--record", type=_FILE, help="Keep the raw traffic too, as a mitmproxy dump, mode 0600. It holds everything."
)
@click.option(
    "--record-before-forward", is_flag=True, help="Hold each telemetry request until its observation is on disk."
)
@click.option(
    "--on-failure",
    type=click.Choice([FORWARD, KILL]),
    default=FORWARD,
    show_default=True,
    help="What becomes of telemetry requests while the journal cannot be written.",
)
@click.option(
    "--taint",
    is_flag=True,
    help="Remember for an hour what answers on their way to the instance hold: none of it may leave in telemetry.",
)
@click.option(
    "--set",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of mitmproxy that neither hides traffic nor changes it. Repeatable.",
)
@deployment_options
@acceptance_options
@baseline_option
@reporting_options
@click.pass_context
def watch(  # noqa: PLR0913, PLR0917 - one for each option
    ctx: click.Context,
    /,
    listen: tuple[str, int],
    upstream: str,
    ca: Path,
    certificate: Path | None,
    journal: Path,
    record: Path | None,
    options: tuple[str, ...],
    *,
    record_before_forward: bool,
    on_failure: str,
    taint: bool,
    **others: Any,
) -> None:
    """Audit live, in a proxy beside an instance.

    Point the instance's HTTP_PROXY and HTTPS_PROXY at it and have it trust the CA. Each new kind of finding is told as it appears.
    Ctrl-C, SIGTERM, SIGHUP and SIGQUIT end it: it writes the report and leaves with the exit codes of `check`.
    """
    catalog = load()
    deployment, configuration, files = deployment_of(catalog, others)
    passes = let_pass(others)
    passes.refuse_other_editions(deployment.document)
    wanted = Wanted.of(others, (*files_of(journal), *((record,) if record else ()), *files, *passes.files))
    settings = Settings(
        journal,
        replace(deployment, taint=taint),
        configuration,
        record_before_forward=record_before_forward,
        kill=on_failure == KILL,
        trims=record is None,
        accepted=passes.known(),
        today=passes.today,
    )

    def ready(address: str) -> None:
        if certificate is not None:
            write(certificate, (ca / CERTIFICATE).read_text("ascii"), _FOR_ALL)
        tell(f"Listening on {address}. The certificate to trust is {certificate or ca / CERTIFICATE}. Ctrl-C ends it.")

    place = Place(*listen, _proxy(upstream), ca, record, options, ready)
    _log_to_the_terminal()
    try:
        refuse_others(options)
        served = serve(place, catalog, settings)
    except CannotListen as problem:
        raise Stop(f"The proxy cannot listen on {listen[0]}:{listen[1]}: {problem}.") from None
    except (JournalError, OptionRefused) as problem:
        raise Stop(str(problem)) from None
    except OSError as problem:
        raise Stop(f"{problem.filename} cannot be written: {problem.strerror}.") from None
    try:
        with open_journal(journal) as written:
            done = journal_report((written,), catalog)
    except JournalError as problem:
        tell(f"No report can be made: {problem}")
        ctx.exit(FAULT if served.faults else INCONCLUSIVE)
    deliver(ctx, wanted, passes.applied(done), _faults(served))


def _proxy(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise Stop("An upstream proxy is http://HOST:PORT.")
    return url


def _faults(served: Served) -> tuple[str, ...]:
    return served.faults + ((served.unrecorded,) if served.unrecorded else ())


def _log_to_the_terminal() -> None:
    """What the audit tells goes to standard error; what mitmproxy logs may quote traffic, and is left out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    logger = logging.getLogger("telemetry_audit")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return shown(record.getMessage())
