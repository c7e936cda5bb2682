"""Many recordings at once: how they are found, and that the report is the same however many processes judge them."""

from __future__ import annotations

import gzip
import json
import os
import pty
import random
import signal
import sys
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry_audit.catalog import load
from telemetry_audit.deployment import Deployment
from telemetry_audit.formats import json_report
from telemetry_audit.model import InstanceBrief, Side
from telemetry_audit.readers import Copies, NotARecording, exchanges, identify_recording
from telemetry_audit.report import report
from telemetry_audit.runs import Judged, Judging, secret_of
from telemetry_audit.tally import MOST_INSTANCES, Instance, Instances, Tally
from telemetry_audit.terms import terms
from tests.conftest import Run
from tests.family import is_there, readers_of, running, started
from tests.live.waiting import until
from tests.recordings import CLICK, SEGMENT, USER, export, har, request, track

REPOSITORY = Path(__file__).parents[1]

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads of processes in /proc")

INSTANCE, OTHER = "64f0c9a1b2c3d4e5f6a7b8c9", "74f0c9a1b2c3d4e5f6a7b8c9"
BREACH = track("login_USER", {"ip": "198.51.100.7", "instanceId": INSTANCE}, userId="jane@example.com")
NAMED = track("APPLICATIONS_PAGE_LOAD", {"instanceId": OTHER}, userId=USER)
LONG = 1_000


def some(folder: Path) -> Path:
    """A folder of recordings of every kind: telling, ignored, damaged, packed, in folders below."""
    (folder / "deep" / "er").mkdir(parents=True)
    har(folder / "a.har", [request(SEGMENT, CLICK), request("https://www.example.com/"), request(SEGMENT, "{broken")])
    export(folder / "deep" / "b.json", [CLICK, BREACH, NAMED])
    lines = b"".join(json.dumps(track("x", {"n": number})).encode() + b"\n" for number in range(50))
    (folder / "deep" / "c.jsonl.gz").write_bytes(gzip.compress(lines)[:-9])
    har(folder / "deep" / "er" / "d.har", [request(SEGMENT, BREACH)] * 5)
    return folder


def long(path: Path) -> Path:
    """A recording that takes a while to judge, no two of whose events are the same."""
    entries = [
        request(SEGMENT, track("login_USER", {"new": number, "at": f"{number}@example.com"}, userId=f"u{number}"))
        for number in range(LONG)
    ]
    return har(path, entries)


def names(data: dict[str, list[dict[str, object]]]) -> list[object]:
    return [each["name"] for each in data["inputs"]]


def test_a_folder_stands_for_all_recordings_in_it_and_below(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    ran = run("check", "rec", "--format", "json")
    assert names(ran.report) == ["rec/a.har", "rec/deep/b.json", "rec/deep/c.jsonl.gz", "rec/deep/er/d.har"]
    assert (ran.err, ran.code) == ("", 1)


def test_a_pattern_that_the_shell_left_stands_for_what_it_matches(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    assert names(run("check", "rec/**/*.har", "--format", "json").report) == ["rec/a.har", "rec/deep/er/d.har"]
    assert names(run("check", "r?c/deep", "rec/[a].har", "--format", "json").report)[0] == "rec/a.har"
    assert names(run("check", str(tmp_path / "rec" / "*.har"), "--format", "json").report) == [
        str(tmp_path / "rec" / "a.har")
    ]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(run: Run, tmp_path: Path) -> None:
    har(tmp_path / "[ab].har", [request(SEGMENT, CLICK)])
    har(tmp_path / "a.har", [request(SEGMENT, CLICK)])
    assert names(run("check", "[ab].har", "--format", "json").report) == ["[ab].har"]


def test_what_is_no_recording_in_a_folder_is_named_with_the_reason(run: Run, tmp_path: Path) -> None:
    folder = some(tmp_path / "rec")
    (folder / "notes.txt").write_text("hunter2")
    (folder / "empty").touch()
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    ran = run("check", "rec", "--format", "json")
    assert len(names(ran.report)) == 4
    assert ran.err.splitlines() == [
        "Skipped rec/dangling: it is a link to nothing.",
        "Skipped rec/empty: it is empty.",
        "Skipped rec/notes.txt: it looks like text of another shape.",
        "Skipped rec/pipe: it is a pipe, a socket or a device.",
    ]


def test_of_very_many_skipped_files_it_is_said_how_many(run: Run, tmp_path: Path) -> None:
    folder = some(tmp_path / "rec")
    for number in range(30):
        (folder / f"note {number}").write_text("note")
    ran = run("check", "rec", "--format", "json")
    assert len(ran.err.splitlines()) == 21
    assert "10 more files were skipped" in ran.err


@pytest.mark.parametrize("argument", ["empty", "notes", "none/*.har", "a**b/*"])
def test_a_call_that_leads_to_no_recording_is_wrong(run: Run, tmp_path: Path, argument: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("a note")
    ran = run("check", argument)
    assert ran.code == 2
    assert argument in ran.err
    assert "Traceback" not in ran.err


def test_a_file_that_is_reached_twice_counts_once_and_a_circle_of_links_ends(run: Run, tmp_path: Path) -> None:
    folder = some(tmp_path / "rec")
    once = run("check", "rec", "--format", "json")
    (folder / "round").symlink_to(".")
    (folder / "deep" / "round").symlink_to("..")
    (folder / "other.har").symlink_to("a.har")
    twice = run("check", "rec", "rec/deep", "rec/**", "--format", "json")
    assert names(twice.report) == names(once.report)
    assert "rec/other.har is rec/a.har once more, and counts once." in twice.err
    assert "Skipped rec/round: it leads to a folder that was looked through already." in twice.err
    assert twice.report["coverage"] == once.report["coverage"]


def test_a_file_that_is_named_beside_its_folder_counts_once_in_either_order(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    for arguments in (("rec", "rec/a.har"), ("rec/a.har", "rec")):
        ran = run("check", *arguments, "--format", "json")
        assert "rec/a.har was found twice, and counts once." in ran.err
        assert names(ran.report).count("rec/a.har") == 1


@pytest.mark.parametrize("again", ["rec/a.har", "./rec/a.har", "rec/other.har"])
def test_a_recording_that_is_named_twice_is_a_wrong_call(run: Run, tmp_path: Path, again: str) -> None:
    (some(tmp_path / "rec") / "other.har").symlink_to("a.har")
    ran = run("check", "rec/a.har", again)
    assert ran.code == 2
    assert "counted twice" in ran.err


def test_a_recording_that_cannot_be_opened_is_no_reason_to_skip_it(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    (tmp_path / "rec" / "self").symlink_to("self")  # a link to itself is a link to nothing
    assert run("check", "rec", "--format", "json").code == 1
    ran = run("check", "rec", "rec/missing.har")
    assert ran.code == 2
    assert "rec/missing.har cannot be read" in ran.err


def test_the_report_is_byte_for_byte_the_same_with_any_number_of_processes(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    long(tmp_path / "rec" / "long.har")
    piped = json.dumps([CLICK, BREACH]).encode()
    one = run("check", "rec", "-", "--format", "json", stdin=piped)
    assert one.report["coverage"]["unread"] == 2
    for jobs in ("2", "7", "auto"):
        many = run("check", "rec", "-", "--format", "json", "--jobs", jobs, stdin=piped)
        assert (many.out, many.err, many.code) == (one.out, one.err, one.code)


@pytest.mark.parametrize("jobs", ["-1", "many", "1.5", ""])
def test_a_number_of_processes_is_a_number(run: Run, jobs: str) -> None:
    ran = run("check", "a.har", "--jobs", jobs)
    assert ran.code == 2
    assert "--jobs" in ran.err


@on_linux
def test_a_process_that_is_killed_once_changes_nothing(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    path = long(tmp_path / "rec" / "long.har")
    one = run("check", "rec", "--format", "json")
    with started(tmp_path, "check", "rec", "--format", "json", "--jobs", "2") as process:
        (victim,) = until(lambda: readers_of(path, process.pid))
        os.kill(victim, signal.SIGKILL)
        out, err = process.communicate()
    assert (out, err, process.returncode) == (one.out, one.err, one.code)


@on_linux
def test_a_recording_that_kills_two_processes_is_unread_and_a_fault(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    one = run("check", "rec", "--format", "json")
    path = long(tmp_path / "rec" / "long.har")
    with started(tmp_path, "check", "rec", "--format", "json", "--jobs", "2") as process:
        (first,) = until(lambda: readers_of(path, process.pid))
        os.kill(first, signal.SIGKILL)
        (second,) = until(lambda: [each for each in readers_of(path, process.pid) if each != first])
        os.kill(second, signal.SIGKILL)
        out, err = process.communicate()
    data = json.loads(out)
    assert process.returncode == 70
    assert "A fault in telemetry-audit itself, once" in err
    assert [each["input"] for each in data["unread"] if "process" in each["reason"]] == ["rec/long.har"]
    assert data["coverage"]["judged"] == one.report["coverage"]["judged"]
    assert {*names(data)} == {*names(one.report), "rec/long.har"}


@on_linux
def test_an_interrupt_ends_all_processes_without_a_traceback(tmp_path: Path) -> None:
    path = long(some(tmp_path / "rec") / "long.har")
    other = long(tmp_path / "rec" / "longer.har")
    with started(tmp_path, "check", "rec", "--jobs", "2") as process:
        workers = until(lambda: (*readers_of(path, process.pid), *readers_of(other, process.pid)))
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err.strip()) == (130, "", "Interrupted.")
    until(lambda: not any(map(is_there, workers)))


@on_linux
def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    told = tmp_path / "worker"
    with running(REPOSITORY, "-m", "tests.endless", told) as process:
        until(told.exists)
        worker = int(told.read_text())
        assert is_there(worker)
        process.kill()
        until(lambda: not is_there(worker))


def test_any_order_and_grouping_of_recordings_gives_the_same_report(tmp_path: Path) -> None:
    catalog = load()
    folder = some(tmp_path)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    recordings = [identify_recording(path.name, str(path)) for path in files]
    work = Judging(Deployment(), secret_of(recordings), catalog)
    answers = [work(recording, lambda _: None) for recording in recordings]
    judged = [answer.tally for answer in answers if isinstance(answer, Judged)]

    def rendered(order: list[int], edges: list[int]) -> str:
        total = Tally()
        for start, stop in pairwise(edges):
            part = Tally()
            for number in order[start:stop]:
                part.merge(judged[number])
            total.merge(part)
        return json_report.render(report(total, (), catalog, terms(catalog, Deployment())))

    count = len(judged)
    whole = rendered(list(range(count)), [0, count])

    @settings(max_examples=30, deadline=None)
    @given(st.permutations(range(count)), st.lists(st.integers(0, count), max_size=3))
    def holds(order: list[int], cuts: list[int]) -> None:
        assert rendered(order, [0, *sorted(cuts), count]) == whole

    holds()


def test_a_recording_that_grew_is_judged_as_it_was_and_one_that_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    line = json.dumps(CLICK).encode() + b"\n"
    path.write_bytes(3 * line)
    recording = identify_recording("events", str(path))
    path.write_bytes(4 * line)
    assert len(list(exchanges(recording))) == 3
    path.write_bytes(line.replace(b"t", b"x") + 3 * line)
    with pytest.raises(NotARecording, match="it changed"):
        list(exchanges(recording))
    path.write_bytes(line)
    with pytest.raises(NotARecording, match="it became shorter"):
        list(exchanges(recording))


def test_recordings_in_an_archive_are_found_and_judged_at_their_addresses(run: Run, tmp_path: Path) -> None:
    folder = some(tmp_path / "rec")
    with zipfile.ZipFile(tmp_path / "rec.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
        archive.writestr("deep/notes.txt", "notes")
    files = run("check", "rec", "--format", "json").report
    ran = run("check", "zip://deep/**::rec.zip", "zip://a.har::rec.zip", "--format", "json", "--jobs", "2")
    assert ran.err == "Skipped zip://deep/notes.txt::rec.zip: it looks like text of another shape.\n"
    assert "zip://deep/b.json::rec.zip" in names(ran.report)
    assert ran.report["coverage"] == files["coverage"]
    assert {each["sha256"] for each in ran.report["inputs"]} == {each["sha256"] for each in files["inputs"]}
    found = [[(each["id"], each["count"]) for each in data["findings"]] for data in (files, ran.report)]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "address",
    [
        "s3://key:hunter2@bucket/a.har",
        "https://example.com/a.har?X-Amz-Signature=hunter2",
        "nonsense://hunter2",
        "zip://a.har::hunter2.zip",
    ],
)
def test_an_address_that_cannot_be_read_is_a_wrong_call(run: Run, address: str) -> None:
    ran = run("check", address)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "hunter2" not in ran.err.replace("hunter2.zip", "")


@pytest.mark.parametrize(("option", "shown"), [("--progress", True), ("--no-progress", False)])
def test_a_terminal_shows_how_far_it_is(tmp_path: Path, option: str, *, shown: bool) -> None:
    some(tmp_path / "rec")
    arguments = [sys.executable, "-m", "telemetry_audit", "check", "rec", option, "-o", "report.json"]
    here = Path.cwd()
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(tmp_path)
        os.execv(sys.executable, arguments)  # noqa: S606 - the program itself, with a terminal
    told = b""
    while piece := _read(terminal):
        told += piece
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    assert (b"4 of 4 recordings" in told) is shown
    assert here == Path.cwd()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end of a terminal is closed
        return b""


def test_nothing_is_shown_where_there_is_no_terminal(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    assert run("check", "rec").err == ""


def test_the_order_of_arguments_makes_no_difference_to_a_byte(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    arguments = ["rec/a.har", "rec/deep/b.json", "rec/deep/er"]
    one = run("check", *arguments, "--format", "json").out
    random.Random(2).shuffle(arguments)  # noqa: S311 - a seeded order, no secret
    assert run("check", *arguments, "--format", "json", "--jobs", "2", TZ="Asia/Tokyo", LC_ALL="C").out == one


def test_help_says_what_travels_to_a_cluster(run: Run) -> None:
    told = " ".join(run("check", "--help").out.split())
    assert "travel to its workers: use TLS" in told


def test_each_instance_has_a_section(run: Run, tmp_path: Path) -> None:
    some(tmp_path / "rec")
    told = run("check", "rec", "--format", "json").report["instances"]
    assert [(each["events"], each["sides"]) for each in sorted(told, key=lambda each: int(each["events"]))] == [
        (1, [{"side": "browser", "events": 1}]),
        (6, [{"side": "server", "events": 6}]),
    ]
    (one, other) = sorted(told, key=lambda each: int(each["events"]))
    assert (one["breaches"], one["broken"], one["recordings"]) == (0, [], ["rec/deep/b.json"])
    assert (other["breaches"] > 0, "user-names-hashed" in other["broken"]) == (True, True)
    assert other["recordings"] == ["rec/deep/b.json", "rec/deep/er/d.har"]
    assert other["first"] == other["last"] == "2026-01-05T10:00:00.000Z"
    assert INSTANCE not in json.dumps(told)
    text = run("check", "rec").out
    assert "Instances: 2 named themselves" in text
    assert other["fingerprint"] in text
    assert "Instances:" not in run("check", "rec/deep/er").out


def test_of_very_many_instances_the_first_are_kept_whatever_the_order() -> None:
    briefs = [InstanceBrief(f"{number:016x}", Side.SERVER, 1, float(number)) for number in range(3 * MOST_INSTANCES)]

    def kept(order: list[InstanceBrief], cut: int) -> tuple[tuple[Instance, ...], bool]:
        total = Instances()
        for part in (order[:cut], order[cut:]):
            some_of_them = Instances()
            for each in part:
                some_of_them.add("r", (each,))
            total.merge(some_of_them)
        return total.first(), total.complete

    whole, complete = kept(briefs, 0)
    assert [each.fingerprint for each in whole] == [each.instance for each in briefs[:MOST_INSTANCES]]
    assert not complete
    random.Random(3).shuffle(briefs)  # noqa: S311 - a seeded order, no secret
    assert kept(briefs, 700) == (whole, False)


def test_what_only_the_whole_shows_of_an_instance_stands_in_its_section(run: Run, tmp_path: Path) -> None:
    releases = f"https://cs.appsmith.com/api/v1/releases?instanceId={INSTANCE}&version=v1.60&edition=CE"

    def told(number: int, *, off: bool) -> dict[str, Any]:
        said = {"instanceId": OTHER, "disable-telemetry": off, "subscribe-marketing": False}
        message = f"6f1c8a52-2f0e-4c0b-9d57-3a1f5b7e9c1{number}"
        return track("Installation Setup Complete", said, userId=OTHER, messageId=message)

    person = {"isInstance": True, "instanceId": OTHER, "email": "jane@example.com"}
    identify = {"type": "identify", "userId": OTHER, "traits": person}
    sent = [told(1, off=False), told(2, off=True), identify, NAMED]
    pings = [request(releases) | {"startedDateTime": f"2026-01-05T1{hour}:00:00.000Z"} for hour in range(6)]
    later = [
        request(SEGMENT, message) | {"startedDateTime": f"2026-01-05T10:0{minute}:00.000Z"}
        for minute, message in enumerate(sent)
    ]
    har(tmp_path / "one.har", pings)
    har(tmp_path / "two.har", later)
    done = run("check", "one.har", "two.har", "--format", "json").report
    of_one, of_two = sorted(done["instances"], key=lambda each: list(each["recordings"]))
    assert (of_one["breaches"], of_one["broken"]) == (5, ["keep-alive-interval"])
    assert {"setup-ping-once", "consent"} <= set(of_two["broken"])
    assert of_two["drift"] == sum(
        each["count"] for each in done["findings"] if each["level"] == "drift" and each["event"] != "releases"
    )
    for form in ("text", "markdown", "html"):
        lines = run("check", "one.har", "two.har", "--format", form).out.replace("<wbr>", "").splitlines()
        assert [line for line in lines if of_one["fingerprint"] in line and "keep-alive-interval" in line], form


def at_an_address(path: str, entries: int) -> Any:
    """A HAR in the memory of this process, where fsspec finds it, and that file system."""
    import fsspec  # noqa: PLC0415 - an extra

    files = fsspec.filesystem("memory")
    content = {"log": {"version": "1.2", "entries": [request(SEGMENT, CLICK)] * entries}}
    files.pipe(path, json.dumps(content).encode())
    return files


def test_what_was_fetched_to_identify_it_is_not_fetched_again() -> None:
    files = at_an_address("/once.har", 3)
    recording = identify_recording("once", "memory://once.har", Copies())
    files.rm("/once.har")
    assert len(list(exchanges(recording))) == 3
    assert len(list(exchanges(recording))) == 3


@pytest.mark.parametrize("room", [Copies(bytes=100), Copies(files=0)])
def test_what_has_no_room_on_disk_is_fetched_again_and_must_be_the_same(room: Copies) -> None:
    files = at_an_address("/again.har", 3)
    recording = identify_recording("again", "memory://again.har", room)
    assert len(list(exchanges(recording))) == 3
    at_an_address("/again.har", 4)
    with pytest.raises(NotARecording, match="changed"):
        list(exchanges(recording))
    files.rm("/again.har")
    with pytest.raises(OSError, match="no such file"):
        list(exchanges(recording))


def test_a_copy_of_what_is_no_recording_is_let_go_of() -> None:
    import fsspec  # noqa: PLC0415 - an extra

    fsspec.filesystem("memory").pipe("/notes.txt", b"notes")
    with pytest.raises(NotARecording, match="text of another shape"):
        identify_recording("notes", "memory://notes.txt", Copies())


def test_copies_share_their_room() -> None:
    files = at_an_address("/a.har", 3)
    room = Copies(bytes=files.size("/a.har") * 3 // 2)
    one, two = (identify_recording("a", "memory://a.har", room) for _ in range(2))
    files.rm("/a.har")
    assert len(list(exchanges(one))) == 3
    with pytest.raises(OSError, match="no such file"):
        list(exchanges(two))
