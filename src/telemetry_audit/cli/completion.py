"""`telemetry-audit completion`: the script by which a shell completes commands, options and their values."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from telemetry_audit.cli.output import say

_PROGRAM = "telemetry-audit"
_VARIABLE = "_TELEMETRY_AUDIT_COMPLETE"
_SHELLS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command()
@click.argument("shell", type=click.Choice(list(_SHELLS)), metavar="SHELL")
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script by which bash, zsh or fish completes telemetry-audit.

    \b
    bash: eval "$(telemetry-audit completion bash)"                  in ~/.bashrc
    zsh:  eval "$(telemetry-audit completion zsh)"                   in ~/.zshrc, after compinit
    fish: telemetry-audit completion fish > ~/.config/fish/completions/telemetry-audit.fish
    """  # noqa: D301 - click keeps the lines behind this character as they are
    say(_SHELLS[shell](ctx.find_root().command, {}, _PROGRAM, _VARIABLE).source())
