"""Audits what passes through mitmdump, mitmweb or mitmproxy: `mitmdump -s "$(telemetry-audit addon)"`.

Here are the options; everything else is in the package telemetry_audit, which must be installed beside mitmproxy.
https://docs.mitmproxy.org/stable/addons-overview/
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mitmproxy import addonmanager, ctx, exceptions

# mitmproxy puts this file's folder first on the path, where this file would pass for the package of the same name.
sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != Path(__file__).resolve().parent]

try:
    from telemetry_audit.catalog import load as load_catalog
    from telemetry_audit.configuration import ConfigurationError
    from telemetry_audit.journal import JournalError
    from telemetry_audit.live.addon import LiveAudit
    from telemetry_audit.live.settings import DEFAULT_JOURNAL, FORWARD, KILL, Settings, described
except ModuleNotFoundError as problem:
    raise ImportError(
        "telemetry-audit is not installed in the environment of this mitmproxy. "
        "Use the mitmdump that stands beside the command telemetry-audit, or `telemetry-audit watch`."
    ) from problem

_OPTIONS = (
    (
        "config",
        str,
        "",
        "The audit.toml that describes the deployment; by default the one in the current folder, if there is one.",
        None,
    ),
    ("journal", str, DEFAULT_JOURNAL, "The file to which every observation is written.", None),
    ("record_before_forward", bool, False, "Hold each telemetry request until its observation is on disk.", None),
    (
        "on_failure",
        str,
        FORWARD,
        "What becomes of telemetry requests while the journal cannot be written.",
        (FORWARD, KILL),
    ),
    (
        "taint",
        bool,
        False,
        "Remember for an hour what answers on their way to the instance hold: none of it may leave in telemetry.",
        None,
    ),
)
_NAMES = frozenset(f"telemetry_audit_{name}" for name, *_ in _OPTIONS)


def load(loader: addonmanager.Loader) -> None:
    """Add the options, and refuse what was set for them if it is wrong."""
    for name, kind, default, says, choices in _OPTIONS:
        loader.add_option(f"telemetry_audit_{name}", kind, default, says, choices)
    try:
        ctx.options.process_deferred()
    except exceptions.OptionsError as problem:
        # mitmproxy would let the proxy run on without the addon.
        raise ValueError(str(problem)) from None


def configure(updated: set[str]) -> None:
    """Begin the audit, once; what is wrong is refused, which stops a proxy that is about to start."""
    unknown = [name for name in ctx.options.deferred if name.startswith("telemetry_audit")]
    if unknown:
        raise exceptions.OptionsError(
            f"The telemetry audit has no option {unknown[0]}; it has {', '.join(sorted(_NAMES))}."
        )
    running = ctx.master.addons.get(LiveAudit.name)
    if running is None:
        try:
            ctx.master.addons.add(LiveAudit(ctx.master, load_catalog(), _settings(), leaves=True))
        except (ConfigurationError, JournalError) as problem:
            raise exceptions.OptionsError(str(problem)) from None
    elif updated & _NAMES and _settings() != running.session.settings:
        raise exceptions.OptionsError(
            "The options of the telemetry audit are read when it begins. Start the proxy anew with others."
        )


def running() -> None:
    """Begin at once where the addon was added to a proxy that runs already."""
    ctx.master.addons.get(LiveAudit.name).running()


def _settings() -> Settings:
    options = ctx.options
    if options.telemetry_audit_on_failure not in {FORWARD, KILL}:
        raise exceptions.OptionsError(f"telemetry_audit_on_failure is {FORWARD} or {KILL}.")
    deployment, configuration, accepted = described(load_catalog(), options.telemetry_audit_config)
    return Settings(
        Path(options.telemetry_audit_journal),
        replace(deployment, taint=options.telemetry_audit_taint),
        configuration,
        record_before_forward=options.telemetry_audit_record_before_forward,
        kill=options.telemetry_audit_on_failure == KILL,
        accepted=accepted,
        today=datetime.now(UTC).date(),
    )
