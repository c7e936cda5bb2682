"""The command line's front door."""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from telemetry_audit import __version__
from telemetry_audit.cli.exit_codes import FAULT, INTERRUPTED, WRONG_CALL
from telemetry_audit.faults import where_of

_COMMANDS = {
    "accept": "Accept a finding, with a reason.",
    "addon": "Print the path of the addon for mitmproxy.",
    "canaries": "Make values to plant in a datasource.",
    "check": "Audit recorded traffic of an Appsmith instance.",
    "compare": "Say what changed between two recordings.",
    "completion": "Print the completion script of a shell.",
    "explain": "Say what a rule, a promise or an event is about.",
    "init": "Write an audit.toml to fill in.",
    "keygen": "Make a key pair to sign evidence packs with.",
    "known": "Turn known values into keyed digests.",
    "list": "List what the program knows.",
    "pack": "Put an audit and its evidence into a folder or zip.",
    "ping": "Send a canary exchange through the proxy.",
    "redact": "Copy a recording without the values found in it.",
    "report": "Report on the journal of a live audit.",
    "show": "Show the values behind a finding.",
    "verify": "Check an evidence pack, and run its audit again.",
    "watch": "Audit live, in a proxy beside an instance.",
}


class _Commands(click.Group):
    """A group that imports a command only when it is called, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        gc.disable()  # what is loaded stays: looking through it for garbage, again and again, takes a tenth of the start
        module = import_module(f"telemetry_audit.cli.{cmd_name if cmd_name != 'list' else 'listing'}")
        gc.freeze()
        gc.enable()
        command: click.Command = getattr(module, cmd_name if cmd_name != "list" else "list_")
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, without importing any, and the options."""
        commands = [CompletionItem(name, help=says) for name, says in _COMMANDS.items() if name.startswith(incomplete)]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="telemetry-audit")
def telemetry_audit() -> None:
    """Check what really leaves a self-hosted Appsmith instance against what its telemetry documents promise.

    Record the traffic with mitmproxy or a browser's developer tools, then `telemetry-audit check RECORDING`.

    \b
    Exit codes: 0 nothing wrong, 1 a breach, 2 a wrong call or unreadable file,
    3 inconclusive, 70 a fault in the program itself.
    """  # noqa: D301 - click keeps the lines behind this character as they are


def main() -> None:
    """Run the command line and leave with its exit code; a fault of the program's own says where it was and quotes nothing."""
    try:
        code = telemetry_audit.main(standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        code = WRONG_CALL
    except click.Abort:
        click.echo("Interrupted.", err=True)
        code = INTERRUPTED
    except OSError as problem:
        click.echo(f"Error: The result cannot be written: {problem.strerror}.", err=True)
        code = WRONG_CALL
    except Exception as fault:  # noqa: BLE001 - the outermost edge: said, and told by the exit code
        click.echo(f"A fault in telemetry-audit itself: {where_of(fault)}. Please report this line.", err=True)
        code = FAULT
    gc.freeze()  # nor is what is left at the end looked through for garbage
    sys.exit(code)
