"""Each shell completes commands, options and values: asked in the shell itself, with the script that the program prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(sys.executable).parent

BASH = """
eval "$(telemetry-audit completion bash)"
compopt() { COMPREPLY+=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")); }  # bash does that itself when somebody types
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
$(complete -p telemetry-audit | grep -o '_[a-z_]*') telemetry-audit
printf '%s\\n' "${COMPREPLY[@]}"
"""
FISH = """
telemetry-audit completion fish | source
complete --do-complete (string join ' ' -- $argv)
"""
# zsh completes only where somebody types, so another zsh types it on a terminal of its own; what is offered goes through compadd.
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; autoload -U compinit; compinit -u -D; eval "$(telemetry-audit completion zsh)"; ours=$_comps[telemetry-audit]'
zpty -w shell 'compadd() { local -a found; builtin compadd -O found "$@"; print -r; print -rl -- "offered "$^found }'
zpty -w shell 'asked() { $ours; print -r -- "en""d" }; compdef asked telemetry-audit; print rea""dy'
zpty -r shell output $'*ready*'
zpty -w -n shell "${(j: :)@}"$'\t'
zpty -r shell output $'*end*'
print -r -- "$output"
"""
SHELLS = {
    "bash": ["bash", "--norc", "-c", BASH, "bash"],
    "zsh": ["zsh", "-f", "-c", ZSH, "zsh"],
    "fish": ["fish", "--no-config", "-c", FISH],
}


def completed(shell: str, folder: Path, *words: str) -> set[str]:
    """What the shell offers after these words in this folder."""
    program, *arguments = SHELLS[shell]
    found = shutil.which(program)
    if not found:
        pytest.skip(f"there is no {shell} here to ask")
    done = subprocess.run(
        [found, *arguments, "telemetry-audit", *words],
        cwd=folder,
        env={"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), "TERM": "dumb"},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    lines = done.stdout.replace("\r", "").splitlines()
    if shell == "zsh":
        lines = [line.removeprefix("offered ") for line in lines if line.startswith("offered ")]
    return {line.partition("\t")[0] for line in lines if line}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("ch",), {"check"}),
        (("check", "--fo"), {"--format"}),
        (("known", "b"), {"build"}),
        (("list", "ev"), {"events"}),
        (("check", "--telemetry", ""), {"on", "off", "unknown"}),
        (("explain", "no-d"), {"no-datasource-data"}),
        (("explain", "instance-s"), {"instance-start", "instance-stats"}),
        (("report", "telemetry-a"), {"telemetry-audit.journal"}),
        (("check", "--no-such"), set()),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_a_shell_completes(tmp_path: Path, shell: str, words: tuple[str, ...], offered: set[str]) -> None:
    (tmp_path / "telemetry-audit.journal").touch()
    assert completed(shell, tmp_path, *words) == offered


def test_completing_a_command_loads_none(tmp_path: Path) -> None:
    environment = {"_TELEMETRY_AUDIT_COMPLETE": "bash_complete", "COMP_WORDS": "telemetry-audit ", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", PROGRAMS / "telemetry-audit"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    assert "plain,watch" in done.stdout.splitlines()
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "telemetry_audit.cli.main" in imported
    assert (
        not {"mitmproxy", "jsonschema", "tabulate", "telemetry_audit.cli.watch", "telemetry_audit.cli.check"} & imported
    )
