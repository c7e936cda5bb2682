"""The addon in mitmproxy's own programs: `mitmdump`, `mitmweb` and the console."""

from __future__ import annotations

import gzip
import json
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
import requests
from mitmproxy.io import FlowReader

from tests.conftest import Run
from tests.e2e.processes import free_port, is_open, running
from tests.live.waiting import until

BIN = Path(sys.executable).parent
ADDON = Path(__file__).parents[2] / "addons" / "telemetry_audit.py"
JANE = "jane.roe@initech.example"
LOGIN = {"type": "track", "event": "login_USER", "userId": JANE, "properties": {}}
ACCEPTED = """[[accepted]]
rule = "identity-hashed"
event = "login_USER"
pointer = "/userId"
reason = "a test account"
who = "J\\u0007"
"""
SEGMENT = "http://api.segment.io/v1/track"


class Proxy(NamedTuple):
    """A proxy with the addon: its folder and how to send through it."""

    folder: Path
    port: int

    def send(self, url: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        way = {"http": f"http://127.0.0.1:{self.port}"}
        assert requests.post(url, body, headers=headers, proxies=way, timeout=30).status_code == 200


def command(tool: str, folder: Path, port: int, *options: str) -> list[str]:
    """A program of mitmproxy's with the addon, that answers everything itself."""
    (folder / "answer.json").write_text("{}")
    set_to = {
        "confdir": f"{folder / 'confdir'}",
        "listen_host": "127.0.0.1",
        "listen_port": f"{port}",
        "connection_strategy": "lazy",
        "map_local": f"|.*|{folder / 'answer.json'}",
        "telemetry_audit_journal": f"{folder / 'audit.journal'}",
        **dict(option.split("=", 1) for option in options),
    }
    settings = (word for name, value in set_to.items() for word in ("--set", f"{name}={value}"))
    return [str(BIN / tool), "-s", str(ADDON), *settings]


@contextmanager
def proxy(
    tool: str, folder: Path, *options: str, ready: int | None = None
) -> Iterator[tuple[Proxy, subprocess.Popen[bytes]]]:
    port = free_port()
    with running(command(tool, folder, port, *options), folder / "proxy", lambda: is_open(ready or port)) as process:
        yield Proxy(folder, port), process


def test_the_command_says_where_the_addon_is(run: Run) -> None:
    assert Path(run("addon").out.strip()).read_text() == ADDON.read_text()


class TestInMitmdump:
    def test_what_passes_is_in_the_journal_and_in_the_log_without_its_values(self, run: Run, tmp_path: Path) -> None:
        with proxy("mitmdump", tmp_path) as (through, process):
            through.send(SEGMENT, json.dumps(LOGIN).encode())
            through.send("http://www.example.com/", b"{}")
        assert process.returncode == 0
        report = run("report", tmp_path / "audit.journal", "--format", "json").report
        assert (report["coverage"]["judged"], report["coverage"]["ignored"]) == (1, 1)
        (breach,) = (each for each in report["findings"] if each["level"] == "breach")
        log = (tmp_path / "proxy.out").read_text()
        assert f"{breach['id']} breach: login_USER /userId" in log
        assert JANE not in log + (tmp_path / "proxy.err").read_text()
        assert "events: 1; breaches: 1, drift: 0, notes: 0" in log

    def test_an_accepted_breach_is_told_as_accepted(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "audit.toml").write_text(ACCEPTED)
        config, recording = f"telemetry_audit_config={tmp_path / 'audit.toml'}", tmp_path / "seen.mitm"
        with proxy("mitmdump", tmp_path, config, f"save_stream_file={recording}") as (through, _):
            through.send(SEGMENT, json.dumps(LOGIN).encode())
        (told,) = (line for line in (tmp_path / "proxy.out").read_text().splitlines() if "login_USER /userId" in line)
        assert told.endswith("; accepted by J\\x07: a test account")
        with recording.open("rb") as file:
            (flow,) = FlowReader(file).stream()
        assert flow.marked == ""
        assert flow.comment.endswith("; accepted by J\\x07: a test account")
        assert run("report", tmp_path / "audit.journal").code == 0  # of the same folder, where audit.toml lies

    def test_a_recording_can_be_audited_in_it(self, run: Run, tmp_path: Path) -> None:
        example = Path(__file__).parents[2] / "reports" / "example" / "recording.flow"
        done = subprocess.run(
            [*command("mitmdump", tmp_path, free_port()), "-n", "-r", str(example)],
            check=True,
            timeout=60,
            capture_output=True,
        )
        assert done.returncode == 0
        live = run("report", tmp_path / "audit.journal", "--format", "json").report
        checked = run("check", example, "--format", "json").report
        assert {(each["id"], each["count"]) for each in live["findings"]} == {
            (each["id"], each["count"]) for each in checked["findings"]
        }

    @pytest.mark.parametrize(
        ("option", "says"),
        [
            ("telemetry_audit_journal=/nowhere/audit.journal", "there is no folder /nowhere"),
            ("telemetry_audit_config=nowhere.toml", "nowhere.toml cannot be read"),
            ("telemetry_audit_on_failure=explode", "telemetry_audit_on_failure is forward or kill"),
            ("telemetry_audit_record_before_forward=perhaps", "boolean must be"),
            ("telemetry_audit_jornal=x", "no option telemetry_audit_jornal"),
        ],
    )
    def test_a_wrong_option_stops_it_at_the_start(self, tmp_path: Path, option: str, says: str) -> None:
        done = subprocess.run(
            command("mitmdump", tmp_path, free_port(), option),
            cwd=tmp_path,
            check=False,
            timeout=60,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert says in done.stdout + done.stderr


class Web(NamedTuple):
    """mitmweb's interface, as a browser uses it."""

    address: str
    browser: requests.Session

    @classmethod
    def at(cls, port: int) -> Web:
        web = cls(f"http://127.0.0.1:{port}", requests.Session())
        web.browser.cookies["_mitmproxy_xsrf"] = "0" * 32  # as its pages do
        web.get("/?token=secret")
        return web

    def get(self, path: str) -> requests.Response:
        answer = self.browser.get(f"{self.address}{path}", timeout=30)
        answer.raise_for_status()
        return answer

    def call(self, name: str, *arguments: str) -> Any:
        url, headers = f"{self.address}/commands/{name}", {"X-XSRFToken": "0" * 32}
        return self.browser.post(url, json={"arguments": arguments}, headers=headers, timeout=30).json()

    def flows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/flows").json()
        return found

    def content(self, flow: dict[str, Any], view: str) -> dict[str, str]:
        shown: dict[str, str] = self.get(f"/flows/{flow['id']}/request/content/{quote(view)}.json").json()
        return shown


@pytest.fixture(scope="class")
def browsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, Web]]:
    folder, port = tmp_path_factory.mktemp("web"), free_port()
    options = ("web_open_browser=false", f"web_port={port}", "web_password=secret")
    with proxy("mitmweb", folder, *options, ready=port) as (through, _):
        through.send(SEGMENT, json.dumps(LOGIN).encode())
        many = gzip.compress(json.dumps({"batch": [LOGIN] * 50}).encode())
        through.send("http://api.segment.io/v1/import", many, {"Content-Encoding": "gzip"})
        through.send("http://www.example.com/", b"{}")
        yield through, Web.at(port)


class TestInMitmweb:
    def test_a_flow_with_a_breach_is_marked_and_says_which_and_where_without_the_value(
        self, browsed: tuple[Proxy, Web]
    ) -> None:
        until(lambda: browsed[1].flows()[1]["marked"])  # it is judged in another process
        one, many, other = browsed[1].flows()
        assert one["marked"]
        assert one["comment"].startswith("breach of user-names-hashed: body#/userId holds an e-mail address")
        assert "body#/batch/0/userId and 49 more places" in many["comment"]
        assert JANE not in one["comment"] + many["comment"]
        assert (other["marked"], other["comment"]) == ("", "")

    def test_the_content_view_shows_the_events_with_their_findings(self, browsed: tuple[Proxy, Web]) -> None:
        one, many, other = browsed[1].flows()
        shown = browsed[1].content(one, "Telemetry audit")["text"]
        assert '- event: "login_USER" (track, segment, documented)' in shown
        assert "breach: body#/userId holds an e-mail address" in shown
        assert JANE in shown  # whoever looks at a flow sees what is in it
        assert browsed[1].content(many, "Telemetry audit")["text"].count("- event:") == 50
        assert browsed[1].content(other, "Telemetry audit")["text"] == "Not telemetry: other-traffic"

    def test_it_is_the_first_choice_for_telemetry_alone(self, browsed: tuple[Proxy, Web]) -> None:
        one, _, other = browsed[1].flows()
        assert browsed[1].content(one, "Auto")["view_name"] == "Telemetry audit"
        assert browsed[1].content(other, "Auto")["view_name"] != "Telemetry audit"

    def test_commands_tell_the_totals_and_write_the_report(self, browsed: tuple[Proxy, Web]) -> None:
        through, web = browsed
        until(lambda: "exchanges: 3" in web.call("audit.summary")["value"])
        assert "2 judged + 1 ignored + 0 unread; events: 51; breaches: 51" in web.call("audit.summary")["value"]
        written = through.folder / "report.json"
        web.call("audit.report", str(written))
        until(written.exists)
        assert json.loads(written.read_text())["coverage"]["events"] == 51

    def test_other_options_are_refused_while_it_runs(self, browsed: tuple[Proxy, Web]) -> None:
        browsed[1].call("set", "telemetry_audit_on_failure", "kill")
        options = browsed[1].get("/options").json()
        assert options["telemetry_audit_on_failure"]["value"] == "forward"


def test_it_runs_in_the_console(run: Run, tmp_path: Path) -> None:
    port = free_port()
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (24, 80))
    process = subprocess.Popen(
        command("mitmproxy", tmp_path, port),
        stdin=its,
        stdout=its,
        stderr=its,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    os.close(its)
    try:
        until(lambda: is_open(port) or process.poll())
        Proxy(tmp_path, port).send(SEGMENT, json.dumps(LOGIN).encode())
        process.terminate()
        with suppress(OSError):  # the terminal is gone when the program is
            while os.read(ours, 65_536):
                pass
        assert process.wait(60) == 0
    finally:
        process.kill()
        os.close(ours)
    report = run("report", tmp_path / "audit.journal", "--format", "json").report
    assert report["coverage"]["events"] == 1
