"""An end-to-end suite can assert that nothing leaked: pytest with the installed plugin, started as its users start it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.journal.observed import journal, of_the_example
from tests.recordings import CLICK, SEGMENT, USER, har, request, track

pytest_plugins = ["pytester"]

EXAMPLE = Path(__file__).parents[1] / "reports" / "example" / "recording.flow"
SURNAME = "Roe-Planted"


@pytest.fixture(autouse=True)
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the suite under test lies, without what the suite around it told of itself."""
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        monkeypatch.delenv(name)
    return pytester.path


def clean(path: Path) -> Path:
    return har(path, [request(SEGMENT, CLICK)])


def leaking(path: Path) -> Path:
    return har(path, [request(SEGMENT, track("login_USER", userId=SURNAME))])


def suite(pytester: pytest.Pytester, body: str, *arguments: str | Path) -> pytest.RunResult:
    """What pytest says of a test with this body, to whose suite these arguments are given."""
    pytester.makepyfile(f"def test_it(telemetry_audit, tmp_path):\n    {body}\n")
    return pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider", *arguments)


def test_a_kept_promise_passes_under_the_configuration_of_the_folder(pytester: pytest.Pytester, folder: Path) -> None:
    clean(folder / "r.har")
    (folder / "canaries.txt").write_text("CANARY-0c1d2e\n")
    (folder / "audit.toml").write_text('canaries = "canaries.txt"\n')
    body = 'telemetry_audit.assert_no_breach(); telemetry_audit.assert_kept("no-datasource-data")'
    suite(pytester, body, "--telemetry-recording=r.har").assert_outcomes(passed=1)
    (folder / "audit.toml").rename(folder / "other.toml")
    suite(pytester, body, "--telemetry-recording=r.har").assert_outcomes(failed=1)
    suite(pytester, body, "--telemetry-recording=r.har", "--telemetry-config=other.toml").assert_outcomes(passed=1)


def test_a_breach_fails_with_its_finding_and_its_place_and_without_its_value(
    pytester: pytest.Pytester, folder: Path
) -> None:
    leaking(folder / "r.har")
    done = suite(pytester, "telemetry_audit.assert_no_breach()", "--telemetry-recording=r.har", "--showlocals")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "E*Telemetry breaks *user-names-hashed*",
            "E*TA-* identity-hashed: login_USER /userId *",
            "E*r.har, exchange 0",
        ]
    )
    assert SURNAME not in done.stdout.str() + done.stderr.str()


def test_every_verdict_but_kept_fails(pytester: pytest.Pytester, folder: Path) -> None:
    clean(folder / "r.har")
    pytester.makepyfile("""
        import pytest

        @pytest.mark.parametrize("promises", [["no-datasource-data"], ["silent-when-off"], ["use-of-data"], ["no-such-promise"], []])
        def test_it(telemetry_audit, promises):
            telemetry_audit.assert_kept(*promises)
    """)
    done = pytester.runpytest_subprocess("-W", "error", "--telemetry-recording=r.har")
    done.assert_outcomes(failed=5)
    done.stdout.fnmatch_lines(
        [
            "E*The promise no-datasource-data is not kept but undecided: *",
            "E*--canaries*",
            "E*The promise silent-when-off is not kept but not seen: *",
            "E*The promise use-of-data is not kept but not testable: *",
            "E*There is no promise 'no-such-promise' in this audit. Its promises are no-datasource-data, *",
            "E*No promise was named: *",
        ]
    )


def test_without_a_recording_a_test_fails_with_what_to_do(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "empty.flow").write_bytes(b"")
    (folder / "other.flow").write_bytes(b"no recording at all")
    pytester.makepyfile("""
        def test_none_given(telemetry_audit):
            telemetry_audit.assert_no_breach()

        def test_no_report(telemetry_audit):
            assert telemetry_audit.report

        def test_missing(telemetry_audit):
            telemetry_audit.check("missing.flow").assert_no_breach()

        def test_empty(telemetry_audit):
            assert telemetry_audit.check("empty.flow").report

        def test_other(telemetry_audit):
            telemetry_audit.check("other.flow").assert_kept("consent")
    """)
    done = pytester.runpytest_subprocess("-W", "error")
    done.assert_outcomes(failed=5)
    done.stdout.fnmatch_lines(
        [
            "E*No recording was given: start pytest with --telemetry-recording FILE, *",
            "E*No recording was given: start pytest with --telemetry-recording FILE, *",
            "E*could not audit this (exit code 2).",
            "E*Error: missing.flow cannot be read: *",
            "E*Error: empty.flow: *",
            "E*Error: other.flow: *",
        ]
    )


def test_an_inconclusive_recording_fails_and_says_what_was_unread(pytester: pytest.Pytester, folder: Path) -> None:
    har(folder / "none.har", [request("https://www.example.com/")])
    har(folder / "unread.har", [request(SEGMENT, CLICK), request(SEGMENT, "{")])
    pytester.makepyfile("""
        def test_nothing(telemetry_audit):
            telemetry_audit.check("none.har").assert_no_breach()

        def test_unread(telemetry_audit):
            telemetry_audit.check("unread.har").assert_no_breach()
    """)
    done = pytester.runpytest_subprocess("-W", "error")
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(["E*This is no clean bill: no telemetry was seen*"])
    done.stdout.fnmatch_lines(
        ["E*This is no clean bill: of 2 exchanges 1 could not be read.", "E*unread.har, exchange 1: api.segment.io: *"]
    )


def test_a_recording_that_grows_is_audited_anew_and_one_that_does_not_is_not(
    pytester: pytest.Pytester, folder: Path
) -> None:
    clean(folder / "clean.har")
    leaking(folder / "leaking.har")
    done = suite(
        pytester,
        """import shutil
    shutil.copy("clean.har", tmp_path / "r.har")
    audit = telemetry_audit.check(tmp_path / "r.har")
    results = lambda: len(list(tmp_path.parent.glob("telemetry-audit-*.json")))
    assert (results(), audit.assert_no_breach(), audit.assert_no_breach(), results()) == (0, None, None, 1)
    shutil.copy("leaking.har", tmp_path / "r.har")
    assert audit.check(f"{tmp_path}/*.har").report["coverage"] == audit.check(tmp_path).report["coverage"] == audit.report["coverage"]
    assert results() == 4
    audit.assert_no_breach()""",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([">*audit.assert_no_breach()", "E*Telemetry breaks *"])


def test_a_list_or_configuration_that_is_written_later_counts_from_then_on(
    pytester: pytest.Pytester, folder: Path
) -> None:
    har(folder / "r.har", [request(SEGMENT, track("login_USER", {"a": "CANARY-5d1f0c77"}, userId=USER))])
    pytester.makepyfile(
        """
        import pathlib, pytest

        def test_it(telemetry_audit):
            pathlib.Path("audit.toml").unlink(missing_ok=True)
            telemetry_audit.assert_no_breach()
            pathlib.Path("canaries.txt").write_text("CANARY-00000000\\n")
            pathlib.Path("audit.toml").write_text('canaries = "canaries.txt"')
            telemetry_audit.assert_no_breach()
            pathlib.Path("canaries.txt").write_text("CANARY-5d1f0c77\\n")
            with pytest.raises(pytest.fail.Exception, match="canary"):
                telemetry_audit.assert_no_breach()
        """
    )
    pytester.runpytest_subprocess("--telemetry-recording", "r.har").assert_outcomes(passed=1)


def test_a_path_is_relative_to_where_the_test_is(pytester: pytest.Pytester, folder: Path) -> None:
    clean(folder / "r.har")
    suite(
        pytester,
        """import os
    here = os.getcwd()
    os.chdir(tmp_path)
    os.link(f"{here}/r.har", "-mine.har")
    telemetry_audit.check("-mine.har").assert_no_breach()""",
    ).assert_outcomes(passed=1)


def test_workers_share_one_audit(pytester: pytest.Pytester, folder: Path) -> None:
    clean(folder / "r.har")
    pytester.makepyfile("""
        import os
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_it(telemetry_audit, number):
            telemetry_audit.assert_no_breach()
            open(os.environ["PYTEST_XDIST_WORKER"], "w").close()
    """)
    done = pytester.runpytest_subprocess(
        "-n2", "-W", "error", "--telemetry-recording=r.har", f"--basetemp={folder}/base"
    )
    done.assert_outcomes(passed=8)
    assert len(list(folder.glob("gw?"))) == 2
    assert [path.parent.name for path in folder.rglob("telemetry-audit-*.json")] == ["base"]


def test_a_journal_of_a_live_audit_is_taken_too(pytester: pytest.Pytester, folder: Path) -> None:
    journal(folder / "live.journal", of_the_example(bytes(32)))
    clean(folder / "r.har")
    body = "telemetry_audit.assert_no_breach()"
    found = suite(pytester, body, "--telemetry-recording=live.journal")
    found.stdout.fnmatch_lines(["E*Telemetry breaks *no-datasource-data*", "E*TA-2057164a2670 *"])
    mixed = suite(pytester, body, "--telemetry-recording=live.journal", "--telemetry-recording=r.har")
    mixed.stdout.fnmatch_lines(["E*Recordings and journals cannot be audited together*"])


def test_names_out_of_a_recording_cannot_act_on_the_terminal(pytester: pytest.Pytester, folder: Path) -> None:
    shutil.copy(EXAMPLE, folder / "\x1b[2J.flow")
    done = suite(pytester, "telemetry_audit.assert_no_breach()", "--telemetry-recording=\x1b[2J.flow")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["E*first in \\x1b[[]2J.flow, exchange*"])


def test_a_suite_that_asks_nothing_pays_for_nothing(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # Hypothesis and others load click
    pytester.makepyfile("""
        import sys

        def test_it():
            ours = {name for name in sys.modules if name.startswith("telemetry_audit")}
            assert ours == {"telemetry_audit", *(f"telemetry_audit.pytest_plugin{end}" for end in ("", ".audit", ".program"))}
            assert not {"click", "mitmproxy", "jsonschema", "msgspec", "tabulate"} & set(sys.modules)
    """)
    done = pytester.runpytest_subprocess("-W", "error", "-p", "telemetry_audit.pytest_plugin")
    done.assert_outcomes(passed=1)


def test_help_names_the_options(pytester: pytest.Pytester) -> None:
    helped = pytester.runpytest_subprocess("--help").stdout.str()
    assert "--telemetry-recording=FILE" in helped
    assert "--telemetry-config=FILE" in helped
    assert "\ntelemetry_audit [session scope] -- " in pytester.runpytest_subprocess("--fixtures").stdout.str()
