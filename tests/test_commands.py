"""Every command is documented, answers --help, and does what the README says of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from telemetry_audit.catalog import load
from telemetry_audit.cli.check import check
from telemetry_audit.cli.exit_codes import EXIT_CODES, INCONCLUSIVE
from telemetry_audit.cli.listing import list_
from telemetry_audit.cli.main import telemetry_audit
from telemetry_audit.cli.show import show
from telemetry_audit.rules import RULES
from tests.conftest import Run
from tests.recordings import CLICK, SEGMENT, har, request, track

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
OPTIONS = (ROOT / "docs" / "commands.md").read_text()
COMMANDS = telemetry_audit.list_commands(click.Context(telemetry_audit))
CATALOG = load()


def rows(heading: str, page: str = README) -> list[list[str]]:
    """The cells of a page's table whose first line begins with `heading`."""
    lines = page.partition(f"\n| {heading} |")[2].splitlines()[2:]
    table = lines[: next(number for number, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in table]


def options(command: click.Command) -> Iterator[str]:
    for option in command.params:
        if isinstance(option, click.Option):
            yield max(option.opts, key=len)


def answered(*arguments: str) -> str:
    """What a command prints, run inside this process and to an end without complaint."""
    done = CliRunner().invoke(telemetry_audit, arguments, prog_name="telemetry-audit")
    assert done.exit_code == 0, done.output
    return done.output


def test_the_readme_names_every_command_with_its_purpose(run: Run) -> None:
    helped = run("--help").out.partition("Commands:\n")[2]
    told = dict(line.split(None, 1) for line in helped.splitlines())
    assert sorted(told) == sorted(COMMANDS)
    assert {row[0].strip("`").split()[0]: row[1] for row in rows("command")} == told


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    helped = answered(command, "--help")
    assert helped.startswith(f"Usage: telemetry-audit {command} ")
    assert helped.count("\n  -h, --help ") == 1


def test_every_option_of_check_is_documented() -> None:
    documented = {re.findall(r"--[a-z-]+", row[0])[0] for row in rows("option", OPTIONS)}
    assert documented == set(options(check))
    assert documented - set(options(show)) == {
        *("--accepted", "--as-of", "--baseline", "--format", "--output", "--fail-on"),
        *("--jobs", "--engine", "--scheduler", "--progress"),
    }
    helped = answered("check", "--help")
    assert [name for name in documented if name not in helped] == []


def test_the_readme_has_the_exit_codes_of_the_program() -> None:
    assert tuple((int(row[0]), row[1]) for row in rows("code")) == EXIT_CODES


@pytest.mark.parametrize("command", ["", "check"])
def test_help_tells_the_exit_codes(run: Run, command: str) -> None:
    helped = run(*command.split(), "--help").out
    assert "\\b" not in helped  # the mark by which click leaves lines as they are
    told = re.sub(r"\s+", " ", helped.partition("Exit codes:")[2].partition("Options:")[0])
    assert [code for code, _ in EXIT_CODES if not re.search(rf"\b{code}\b", told)] == []


def test_help_answers_without_the_slow_imports() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "telemetry_audit", "--help"],
        capture_output=True,
        check=True,
        text=True,
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "click" in imported
    assert not imported & {
        "mitmproxy",
        "jsonschema",
        "jsonschema_rs",
        "tabulate",
        "jinja2",
        "cryptography",
        "tomlkit",
        "distributed",
    }


LISTS = next(each.type.choices for each in list_.params if isinstance(each.type, click.Choice))


@pytest.mark.parametrize("what", LISTS)
def test_every_list_prints_a_table(what: str) -> None:
    heading, rule, *entries = answered("list", what).splitlines()
    assert heading.strip()
    assert set(rule) == {"-", " "}
    assert entries


def test_the_readme_names_every_list() -> None:
    assert [what for what in LISTS if f"`{what}`" not in README and f"`list {what}`" not in README] == []


IDS = [
    *(rule.id for rule in RULES),
    *(promise.id for promise in CATALOG.promises),
    *(contract.id for contract in (*CATALOG.events, *CATALOG.families)),
]


@pytest.mark.parametrize("name", IDS)
def test_every_rule_promise_and_event_is_explained(name: str) -> None:
    first, *rest = answered("explain", name).splitlines()
    assert f" {name}: " in first
    assert len("".join(rest)) > 100


def test_an_event_is_explained_by_its_name_too() -> None:
    assert "execute-action-triggered" in answered("explain", "execute_ACTION_TRIGGERED")


def test_init_writes_a_file_that_check_takes_and_replaces_none(run: Run, tmp_path: Path) -> None:
    assert run("init").code == 0
    (tmp_path / "audit.toml").write_text((tmp_path / "audit.toml").read_text() + "\n# mine\n")
    done = run("check", har(tmp_path / "r", [request(SEGMENT, CLICK)]), "--format", "json")
    assert done.code == 0, done.err
    assert done.report["deployment"]["configuration"] == "audit.toml"
    assert run("init").code == 2
    assert (tmp_path / "audit.toml").read_text().endswith("# mine\n")
    assert run("init", "--force").code == 0
    assert "# mine" not in (tmp_path / "audit.toml").read_text()


def test_every_key_of_the_file_that_init_writes_is_taken(run: Run, tmp_path: Path) -> None:
    assert run("init").code == 0
    text = (tmp_path / "audit.toml").read_text()
    keys = re.compile(
        r"^# (?=(?:server_addresses|canaries|known_users|known_values|domains) =|(?:\[\[host\]\]|name|decoder)(?: =|$)"
        r"|\[\[accepted\]\]$|(?:rule|event|pointer|level|reason|who|until) =)",
        re.MULTILINE,
    )
    (tmp_path / "audit.toml").write_text(keys.sub("", text.replace("server_addresses = []", "")))
    (tmp_path / "canaries.toml").write_text('[[canary]]\nvalue = "CANARY-0c1d2e"\n')
    (tmp_path / "customers.csv").write_text("email;phone;city\na.b@example.com;+1 202 555 0123;Springfield\n")
    (tmp_path / "users.txt").write_text("jane.roe@example.com\n")
    done = run("check", har(tmp_path / "r", [request(SEGMENT, CLICK)]), "--format", "json")
    assert done.code == 0, done.err
    told = done.report["deployment"]
    assert (told["server_addresses"], told["canaries"], told["known_users"], told["own_hosts"]) == ("given", 1, 1, 1)
    assert (told["known_values"], told["domains"]) == (2, 1)
    assert [each["who"] for each in done.report["acceptances"]] == ["Jane Roe"]


def test_show_prints_the_value_escaped(run: Run, tmp_path: Path) -> None:
    name = "jane roe\x1b[2J\u202e"
    recording = har(tmp_path / "r", [request(SEGMENT, CLICK), request(SEGMENT, track("login_USER", userId=name))])
    (finding,) = [
        each for each in run("check", recording, "--format", "json").report["findings"] if each["level"] == "breach"
    ]
    done = run("show", recording, finding["id"])
    assert done.code == 0, done.err
    assert json.dumps(name) in done.out
    assert "exchange 1, body#/userId" in done.out
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


@pytest.mark.parametrize(
    "call",
    [
        ("explain", "no-such-rule"),
        ("show", "r", "TA-000000000000"),
        ("show", "missing", "TA-000000000000"),
        ("list", "no-such-list"),
        ("check", "r", "--document", "no-such-edition"),
        ("check", "r", "--telemetry-host", "t.example.com=no-such-decoder"),
        ("no-such-command",),
    ],
    ids=" ".join,
)
def test_what_is_not_known_ends_with_2_and_a_sentence(run: Run, tmp_path: Path, call: tuple[str, ...]) -> None:
    har(tmp_path / "r", [request(SEGMENT, CLICK)])
    done = run(*call)
    assert (done.code, done.out) == (2, "")
    assert "Error: " in done.err
    assert "Traceback" not in done.err


def test_the_demo_ends_with_0_whatever_check_finds_and_with_1_if_it_could_not_run(tmp_path: Path) -> None:
    script = Path(__file__).parents[1] / "scripts" / "demo.py"
    clean = har(tmp_path / "clean", [request(SEGMENT, CLICK)])
    broken = har(tmp_path / "broken", [request(SEGMENT, track("login_USER", userId="jane"))])
    nothing = har(tmp_path / "nothing", [request("https://www.example.com/")])
    for recording, code, said in ((clean, 0, 0), (broken, 0, 1), (nothing, 0, INCONCLUSIVE), (tmp_path / "no", 1, 2)):
        done = subprocess.run(
            [sys.executable, script, recording], capture_output=True, check=False, text=True, cwd=tmp_path
        )
        assert done.returncode == code, done.stderr
        assert f"exit code {said}: {dict(EXIT_CODES)[said]}" in done.stdout
