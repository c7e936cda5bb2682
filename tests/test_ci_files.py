"""What CI systems are given does what it says: its scripts are run as those systems run them, with sound and with hostile inputs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from telemetry_audit.formats import FORMATS
from tests.conftest import Run
from tests.recordings import CLICK, SEGMENT, har, request

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "reports" / "example" / "recording.flow"
BASH = shutil.which("bash") or pytest.skip("there is no bash to run the scripts with", allow_module_level=True)
PROGRAM = Path(sys.executable).with_name("telemetry-audit")


def parsed(name: str) -> Any:
    return YAML(typ="safe", pure=True).load(ROOT / name)


ACTION = parsed("ci/action.yml")
INSTALL, AUDIT = ACTION["runs"]["steps"]
(HOOK,) = parsed(".pre-commit-hooks.yaml")
JOB = parsed("ci/gitlab.yml")[".telemetry-audit"]
HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned #",
    "' ; touch pwned ; '",
    '" ; touch pwned ; "',
    "${IFS}& touch pwned",
    "--config=pwned",
    "-opwned",
]


class Step(NamedTuple):
    """What a step left behind: its exit code, what it printed, the values that it set, and the job's summary."""

    code: int
    out: str
    err: str
    outputs: Mapping[str, str]
    summary: str


type Act = Callable[..., Step]


@pytest.fixture
def act(tmp_path: Path) -> Act:
    """Run the action's audit as GitHub's runner does, with these inputs, in a folder that has the example in it."""
    shutil.copy(EXAMPLE, tmp_path)
    programs = tmp_path / "temp" / "telemetry-audit" / "bin"
    programs.mkdir(parents=True)
    (programs / PROGRAM.name).symlink_to(PROGRAM)
    script, output, summary = tmp_path / "step.sh", tmp_path / "output", tmp_path / "summary"
    script.write_text(AUDIT["run"])

    def acted(**given: str) -> Step:
        inputs = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()} | {
            name.replace("_", "-"): value for name, value in given.items()
        }
        environment = {name: _filled(value, inputs) for name, value in AUDIT["env"].items()}
        files = {"GITHUB_OUTPUT": output, "GITHUB_STEP_SUMMARY": summary, "RUNNER_TEMP": tmp_path / "temp"}
        for path in (output, summary):
            path.write_text("")
        done = subprocess.run(
            # as https://docs.github.com/actions says that `shell: bash` starts it
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], **environment, **{name: str(path) for name, path in files.items()}},
            capture_output=True,
            check=False,
            text=True,
        )
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return Step(done.returncode, done.stdout, done.stderr, outputs, summary.read_text())

    return acted


def _filled(expression: str, inputs: Mapping[str, str]) -> str:
    found = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", expression)
    assert found, expression
    return inputs[found[1]]


def test_no_input_of_the_action_is_put_into_its_shell() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in (INSTALL, AUDIT):
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
    used = {value for step in (INSTALL, AUDIT) for value in step["env"].values()}
    assert used == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}
    assert {each["value"] for each in ACTION["outputs"].values()} == {
        f"${{{{ steps.check.outputs.{name} }}}}" for name in ACTION["outputs"]
    }


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("ci/action.yml", ["vendor.github-actions"]),
        ("ci/gitlab.yml", ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
    ],
)
def test_the_file_is_what_its_system_takes(name: str, schema: list[str]) -> None:
    done = subprocess.run(
        [PROGRAM.with_name("check-jsonschema"), "--builtin-schema", *schema, ROOT / name],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_every_input_and_output_of_the_action_is_described() -> None:
    for each in (*ACTION["inputs"].values(), *ACTION["outputs"].values()):
        assert each["description"].endswith(".")


def test_the_action_reports_on_the_example(act: Act, tmp_path: Path) -> None:
    done = act(recordings="recording.flow\n")
    assert (done.code, done.outputs["exit-code"]) == (1, "1"), done.err
    reports = sorted(path.name for path in Path(done.outputs["reports"]).iterdir())
    assert reports == sorted(
        f"telemetry{suffix}" for suffix in (".md", ".sarif", ".annotations.txt", ".json", ".junit.xml", ".html")
    )
    assert Path(done.outputs["sarif"]).is_file()
    assert "no-datasource-data" in done.summary
    stop, _, after = done.out.partition("\n")
    token = stop.removeprefix("::stop-commands::")
    assert len(token) == 32
    assert after.partition(f"::{token}::\n")[2].startswith("::")
    assert not list(tmp_path.glob("telemetry*"))


def test_the_action_ends_with_the_codes_of_check(act: Act, tmp_path: Path) -> None:
    har(tmp_path / "clean.har", [request(SEGMENT, CLICK)])
    har(tmp_path / "nothing.har", [request("https://www.example.com/")])
    for inputs, code in (
        ({"recordings": "clean.har"}, 0),
        ({"recordings": "clean.har", "fail_on": "drift,unread"}, 0),
        ({"recordings": "nothing.har"}, 3),
        ({"recordings": "recording.flow", "fail_on": "none"}, 3),
        ({"recordings": "missing.har"}, 2),
        ({"recordings": "clean.har", "config": "missing.toml"}, 2),
        ({"recordings": " \n\n"}, 2),
    ):
        done = act(**inputs)
        assert (done.code, done.outputs["exit-code"]) == (code, str(code)), done.err


def test_a_pattern_names_several_recordings(act: Act, tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    for name in ("one.har", "two.har"):
        har(tmp_path / "a folder" / name, [request(SEGMENT, CLICK)])
    done = act(recordings="a folder/*.har\r\n")
    assert done.code == 0, done.err
    written = (Path(done.outputs["reports"]) / "telemetry.json").read_text()
    assert '"a folder/one.har"' in written
    assert '"a folder/two.har"' in written


@pytest.mark.parametrize("text", HOSTILE)
def test_no_input_of_the_action_is_run(act: Act, tmp_path: Path, text: str) -> None:
    done = act(recordings=f"recording.flow\n{text}", config=text, fail_on=text)
    assert (done.code, set(done.outputs)) == (2, {"exit-code", "reports"}), done.err
    assert not (tmp_path / "pwned").exists()


def test_a_recordings_name_is_no_command_to_the_runner(act: Act, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "recording.flow", tmp_path / "::set-output name=a::b")
    done = act(recordings="::set-output name=a::b")
    assert done.code == 1, done.err
    token = done.out.partition("\n")[0].removeprefix("::stop-commands::")
    commands = [line for line in done.out.partition(f"::{token}::\n")[2].splitlines() if line]
    assert commands
    assert [line for line in commands if not re.match(r"::(?:error|warning|notice) ", line)] == []


def gitlab(folder: Path, shell: str, part: int, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run one of the job's scripts as GitLab's runner does, in a folder where the program is installed."""
    programs = folder / ".telemetry-audit-venv" / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    (programs / PROGRAM.name).unlink(missing_ok=True)
    (programs / PROGRAM.name).symlink_to(PROGRAM)
    return subprocess.run(
        [shell, "-e", "-c", JOB["script"][part]],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **JOB["variables"], **variables},
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_job_for_gitlab_reports_on_the_example(tmp_path: Path, shell: str) -> None:
    shutil.copy(EXAMPLE, tmp_path / "a recording.flow")
    har(tmp_path / "clean.har", [request(SEGMENT, CLICK)])
    done = gitlab(tmp_path, shell, 1, TELEMETRY_RECORDINGS="a recording.flow\nclean.har\n")
    assert done.returncode == 1, done.stderr
    for path in (JOB["artifacts"]["reports"]["junit"], *JOB["artifacts"]["paths"]):
        assert (tmp_path / path).exists()
    assert gitlab(tmp_path, shell, 1, TELEMETRY_RECORDINGS="clean.har").returncode == 0
    assert gitlab(tmp_path, shell, 1).returncode == 2


def test_the_job_for_gitlab_says_what_it_needs(tmp_path: Path) -> None:
    done = gitlab(tmp_path, "sh", 0)
    assert (done.returncode, "TELEMETRY_AUDIT_SOURCE" in done.stderr) == (2, True)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_variable_of_the_job_for_gitlab_is_run(tmp_path: Path, text: str) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    recordings = f"recording.flow\n{text}"
    done = gitlab(tmp_path, "sh", 1, TELEMETRY_RECORDINGS=recordings, TELEMETRY_CONFIG=text, TELEMETRY_FAIL_ON=text)
    assert done.returncode == 2, done.stderr
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("script", [AUDIT["run"], *JOB["script"]])
def test_what_is_written_has_a_format(script: str) -> None:
    written = re.findall(
        r"(?<= )\.[a-z]+(?:\.[a-z]+)?(?=[ ;])", script.partition("for suffix in")[2].partition("\n")[0]
    )
    assert [suffix for suffix in written if not any(suffix in each.suffixes for each in FORMATS)] == []


def test_the_hook_takes_recordings_and_leaves_other_files_alone(run: Run, tmp_path: Path) -> None:
    assert (HOOK["id"], HOOK["language"]) == ("telemetry-audit", "python")
    names = ["a.flow", "b/c.har", "d.mitm", "e.flow.txt", "har", "f.json", "flow.py"]
    assert [name for name in names if re.search(HOOK["files"], name)] == names[:3]
    program, *command = shlex.split(HOOK["entry"])
    assert program == PROGRAM.name
    shutil.copy(EXAMPLE, tmp_path / "a.flow")
    assert run(*command, "a.flow").code == 1
    assert run(*command, har(tmp_path / "c.har", [request(SEGMENT, CLICK)])).code == 0
