"""`check` as a user types it: verdicts, exit codes, places, and nothing of a payload in any output."""

from __future__ import annotations

import base64
import gzip
import json
import stat
import zlib
from pathlib import Path
from typing import Any

import brotli
import jsonschema
import pytest
import zstandard

from tests.conftest import Run
from tests.recordings import CLICK, SEGMENT, USER, export, har, request, track

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "report.schema.json").read_text())
EMAIL = "jane.roe@private.example"


def places(report: dict[str, Any], level: str = "breach") -> list[tuple[str, int, str]]:
    return sorted(
        (finding["rule"], place["exchange"], place["where"])
        for finding in report["findings"]
        if finding["level"] == level
        for place in finding["places"]
    )


def verdicts(report: dict[str, Any]) -> dict[str, str]:
    return {promise["id"]: promise["verdict"] for promise in report["promises"]}


def checked(run: Run, recording: Path, *arguments: str | Path) -> dict[str, Any]:
    done = run("check", recording, "--format", "json", *arguments)
    assert done.code in {0, 1, 3}, done.err
    jsonschema.validate(done.report, SCHEMA)
    seen = done.report["coverage"]
    assert (
        seen["exchanges"]
        == seen["judged"] + seen["ignored"] + seen["unread"]
        == sum(each["exchanges"] for each in done.report["inputs"])
    )
    return done.report


class TestExitCodes:
    def test_0_where_nothing_is_wrong(self, run: Run, tmp_path: Path) -> None:
        done = run("check", har(tmp_path / "r", [request(SEGMENT, CLICK)]))
        assert done.code == 0, done.out
        assert "No promise was seen broken" in done.out

    def test_1_on_a_breach(self, run: Run, tmp_path: Path) -> None:
        assert run("check", har(tmp_path / "r", [request(SEGMENT, track("x", userId=EMAIL))])).code == 1

    def test_2_on_a_file_that_is_no_recording(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "r").write_text(f"hello {EMAIL}")
        done = run("check", "r")
        assert done.code == 2
        assert "r" in done.err
        assert EMAIL not in done.err + done.out

    @pytest.mark.parametrize(
        "arguments", [(), ("missing",), ("--no-such-option",), ("r", "--fail-on", "everything"), ("r", "r")]
    )
    def test_2_on_a_wrong_call(self, run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        har(tmp_path / "r", [request(SEGMENT, CLICK)])
        assert run("check", *arguments).code == 2

    def test_3_where_no_telemetry_was_seen(self, run: Run, tmp_path: Path) -> None:
        done = run("check", har(tmp_path / "r", [request("https://www.example.com/?q=1")]))
        assert done.code == 3
        assert "Inconclusive" in done.out

    def test_3_where_something_is_unread(self, run: Run, tmp_path: Path) -> None:
        assert run("check", har(tmp_path / "r", [request(SEGMENT, CLICK), request(SEGMENT, "{broken")])).code == 3

    def test_fail_on_chooses(self, run: Run, tmp_path: Path) -> None:
        drift = har(tmp_path / "drift", [request(SEGMENT, track("Brand New", userId=USER))])
        assert run("check", drift).code == 0
        done = run("check", drift, "--fail-on", "breach,drift")
        assert done.code == 1
        assert done.err.endswith("The exit code is 1 because of --fail-on: there is drift.\n")
        unread = har(tmp_path / "unread", [request(SEGMENT, "{broken")])
        done = run("check", unread, "--fail-on", "unread")
        assert done.code == 1
        assert done.err.endswith("The exit code is 1 because of --fail-on: there is an exchange that is unread.\n")
        breach = har(tmp_path / "breach", [request(SEGMENT, track("x", userId=EMAIL))])
        assert run("check", breach, "--fail-on", "none").code == 0


class TestNothingIsLost:
    @pytest.mark.parametrize(
        ("coding", "encode"),
        [
            ("gzip", gzip.compress),
            ("deflate", zlib.compress),
            ("br", brotli.compress),
            ("zstd", zstandard.compress),
            ("identity", bytes),
        ],
    )
    @pytest.mark.parametrize("says", ["the truth", "nothing", "gzip", "br"])
    def test_every_content_coding_is_undone_whatever_the_header_says(
        self, run: Run, tmp_path: Path, coding: str, encode: Any, says: str
    ) -> None:
        header = {"the truth": coding, "nothing": ""}.get(says, says)
        body = encode(json.dumps(track("x", userId=EMAIL)).encode())
        report = checked(
            run, har(tmp_path / "r", [request(SEGMENT, body, {"Content-Encoding": header} if header else {})])
        )
        if coding == "br" and says in {"nothing", "gzip"}:  # brotli has no mark of its own to be told by
            assert report["coverage"]["unread"] == 1
        else:
            assert places(report) == [("identity-hashed", 0, "body#/userId")]

    def test_a_bomb_is_unread(self, run: Run, tmp_path: Path) -> None:
        bombs = [(gzip.compress(bytes(40_000_000)), "gzip"), (zstandard.compress(bytes(40_000_000)), "zstd")]
        report = checked(
            run, har(tmp_path / "r", [request(SEGMENT, body, {"Content-Encoding": coding}) for body, coding in bombs])
        )
        assert report["coverage"]["unread"] == 2
        assert all("16 MiB" in each["reason"] for each in report["unread"])

    @pytest.mark.parametrize("depth", [150, 300, 100_000])
    def test_what_nests_too_deep_is_unread_and_never_silent(self, run: Run, tmp_path: Path, depth: int) -> None:
        body = (
            '{"type":"track","event":"x","userId":"'
            + USER
            + '","properties":{"a":'
            + "[" * depth
            + f'"{EMAIL}"'
            + "]" * depth
            + "}}"
        )
        report = checked(run, har(tmp_path / "r", [request(SEGMENT, body)]))
        assert report["coverage"]["unread"] == (0 if depth == 150 else 1)
        assert verdicts(report)["anonymous-users"] == "broken"

    def test_both_values_of_a_repeated_key_are_judged(self, run: Run, tmp_path: Path) -> None:
        body = f'{{"type":"track","event":"x","userId":"{EMAIL}","userId":"{USER}"}}'
        assert places(checked(run, har(tmp_path / "r", [request(SEGMENT, body)]))) == [
            ("identity-hashed", 0, "body#/userId")
        ]

    def test_a_hidden_batch_is_judged(self, run: Run, tmp_path: Path) -> None:
        hidden = json.dumps([track("x", {"a": EMAIL})])
        report = checked(
            run, har(tmp_path / "r", [request("https://api.segment.io/v1/batch", f'{{"batch":{hidden},"batch":[]}}')])
        )
        assert verdicts(report)["anonymous-users"] == "broken"

    @pytest.mark.parametrize(
        "body",
        [
            b"\xef\xbb\xbf" + json.dumps(track("x", userId=EMAIL)).encode(),
            json.dumps(track("x", userId=EMAIL)).encode("utf-16"),
            json.dumps(track("x", {"n": float("nan"), "big": 10**300, "s": "\ud800"}, userId=EMAIL)).encode(),
            ('{"type":"track","event":"x","userId":"' + EMAIL + '","properties":{"n":' + "9" * 6_000 + "}}").encode(),
            b'{"type":"track","event":"x","properties":{"b":"\xff\xfe"},"userId":"' + EMAIL.encode() + b'"}',
        ],
        ids=["BOM", "UTF-16", "NaN and a lone surrogate", "an integer of 6,000 digits", "invalid UTF-8"],
    )
    def test_odd_json_is_read(self, run: Run, tmp_path: Path, body: bytes) -> None:
        assert ("identity-hashed", 0, "body#/userId") in places(
            checked(run, har(tmp_path / "r", [request(SEGMENT, body)]))
        )

    def test_a_batch_of_any_length_is_read_to_its_end(self, run: Run, tmp_path: Path) -> None:
        batch = [CLICK] * 3_000 + [track("x", userId=EMAIL)]
        report = checked(
            run, har(tmp_path / "r", [request("https://api.segment.io/v1/import", {"batch": batch, "sentAt": "x"})])
        )
        assert report["coverage"]["events"] == 3_001
        assert places(report) == [("identity-hashed", 0, "body#/batch/3000/userId")]

    def test_ordinary_traffic_is_counted_and_never_judged(self, run: Run, tmp_path: Path) -> None:
        private = {"email": EMAIL, "rows": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}
        entries = [
            request("https://crm.example.com/contacts", private),
            request(f"https://www.example.com/?mail={EMAIL}"),
            request("https://cs.appsmith.com/api/v1/actions/execute", private),
        ]
        report = checked(run, har(tmp_path / "r", entries))
        assert (report["coverage"]["ignored"], report["findings"]) == (3, [])
        assert {each["destination"] for each in report["ignored"]} == {"other-traffic", "appsmith-actions"}

    def test_telemetry_at_a_host_that_no_list_knows_is_told_by_its_shape(self, run: Run, tmp_path: Path) -> None:
        data = base64.b64encode(
            json.dumps({"event": "x", "properties": {"token": "t", "distinct_id": EMAIL}}).encode()
        ).decode()
        entries = [
            request(
                "https://t1.example.com/v1/batch", {"batch": [track("x", userId=EMAIL, messageId="m")], "writeKey": "k"}
            ),
            request("https://t2.example.com/track", f"data={data}"),
            request(
                "https://t3.example.com/batch/",
                {"api_key": "k", "batch": [{"event": "e", "distinct_id": EMAIL, "properties": {}}]},
            ),
            request(
                "https://t4.example.com/2/httpapi", {"api_key": "k", "events": [{"event_type": "e", "user_id": EMAIL}]}
            ),
            request(
                "https://t5.example.com/api/7/envelope/?sentry_key=k",
                '{"sent_at":"x"}\n{"type":"event"}\n{"user":{"email":"' + EMAIL + '"}}',
            ),
        ]
        report = checked(run, har(tmp_path / "r", entries))
        assert [(rule, number) for rule, number, _ in places(report)] == [
            ("identity-hashed", number) for number in range(5)
        ]
        drift = [finding["event"] for finding in report["findings"] if finding["rule"] == "undocumented-destination"]
        assert drift == [f"t{number}.example.com" for number in range(1, 6)]

    def test_an_own_host_is_judged_by_its_name(self, run: Run, tmp_path: Path) -> None:
        recording = har(tmp_path / "r", [request("https://collect.example.com/x", {"who": EMAIL})])
        assert checked(run, recording)["coverage"]["ignored"] == 1
        assert places(checked(run, recording, "--telemetry-host", "collect.example.com")) == [
            ("personal-data", 0, "body#/who")
        ]


class TestVerdicts:
    def test_the_documents_own_samples_break_no_promise(self, run: Run, tmp_path: Path) -> None:
        events = Path(__file__).parents[1] / "schemas" / "events"
        samples = [each for path in sorted(events.glob("*.samples.json")) for each in json.loads(path.read_text())]
        documented = [
            each["payload"]
            for each in samples
            if each["form"] == "store" and each["title"].startswith("as the document")
        ]
        assert len(documented) >= 6
        report = checked(run, export(tmp_path / "r", documented))
        assert places(report) == []
        assert {rule for rule, _, _ in places(report, "drift")} <= {"identity-hashed", "undocumented-event"}

    def test_a_name_in_the_clear_breaks_anonymity_too(self, run: Run, tmp_path: Path) -> None:
        found = verdicts(checked(run, har(tmp_path / "r", [request(SEGMENT, track("x", userId="jane"))])))
        assert (found["user-names-hashed"], found["anonymous-users"]) == ("broken", "broken")

    def test_nothing_is_kept_that_was_not_looked_at(self, run: Run, tmp_path: Path) -> None:
        found = verdicts(checked(run, har(tmp_path / "r", [request("https://www.example.com/")])))
        assert set(found.values()) == {"not seen", "not testable"}

    def test_an_address_is_learnt_from_pings_and_the_report_says_so(self, run: Run, tmp_path: Path) -> None:
        ping = {
            "type": "track",
            "event": "Instance Active",
            "userId": "203.0.113.7",
            "context": {"ip": "203.0.113.7"},
            "properties": {},
        }
        foreign = track("login_USER", {"ip": "198.51.100.4"}, userId=USER)
        report = checked(run, har(tmp_path / "r", [request(SEGMENT, foreign), request(SEGMENT, ping)]))
        assert places(report) == [("server-address-only", 0, "body#/properties/ip")]
        assert report["deployment"]["server_addresses"] == "learnt"

    def test_an_address_that_nobody_can_judge_keeps_no_promise(self, run: Run, tmp_path: Path) -> None:
        report = checked(
            run, har(tmp_path / "r", [request(SEGMENT, track("login_USER", {"ip": "198.51.100.4"}, userId=USER))])
        )
        assert verdicts(report)["server-address-only"] == "undecided"

    def test_two_addresses_in_pings_decide_nothing(self, run: Run, tmp_path: Path) -> None:
        pings = [
            track("Instance Active", userId=address, context={"ip": address})
            for address in ("203.0.113.7", "198.51.100.4")
        ]
        report = checked(run, har(tmp_path / "r", [request(SEGMENT, ping) for ping in pings]))
        assert verdicts(report)["server-address-only"] == "undecided"

    def test_one_new_property_on_many_events_is_one_finding(self, run: Run, tmp_path: Path) -> None:
        batch = [track("login_USER", {"novelty": number}, userId=USER) for number in range(2_000)]
        report = checked(run, har(tmp_path / "r", [request("https://api.segment.io/v1/batch", {"batch": batch})]))
        (finding,) = [each for each in report["findings"] if each["pointer"] == "/properties/novelty"]
        assert (finding["count"], finding["level"]) == (2_000, "drift")
        assert len(finding["places"]) + finding["places_omitted"] == 2_000

    def test_an_edition_is_held_to_what_it_promises(self, run: Run, tmp_path: Path) -> None:
        recording = har(tmp_path / "r", [request(SEGMENT, track("x", {"ip": "198.51.100.4"}, userId=USER))])
        assert "server-address-only" in verdicts(checked(run, recording, "--server-address", "203.0.113.7"))
        old = checked(run, recording, "--server-address", "203.0.113.7", "--document", "self-hosted-2021")
        assert "server-address-only" not in verdicts(old)
        assert places(old) == []

    def test_ids_do_not_depend_on_recording_order_or_place_in_a_batch(self, run: Run, tmp_path: Path) -> None:
        alone = checked(run, har(tmp_path / "a", [request(SEGMENT, track("x", userId=EMAIL))]))
        inside = checked(
            run,
            har(
                tmp_path / "b",
                [request("https://api.segment.io/v1/batch", {"batch": [CLICK, track("x", userId=EMAIL)]})],
            ),
        )
        stored = checked(run, export(tmp_path / "c", [CLICK, track("x", userId=EMAIL)]))
        ids = [
            {finding["id"] for finding in report["findings"] if finding["level"] == "breach"}
            for report in (alone, inside, stored)
        ]
        assert ids[0] == ids[1] == ids[2]


class TestNoValueLeaves:
    SECRETS = (EMAIL, "CANARY-7f3a91", "jane.roe", "203.0.113.99", "Jane Roe", "s3cr3t-pass")

    def hostile(self) -> list[dict[str, Any]]:
        canary = "CANARY-7f3a91"
        return [
            request(
                SEGMENT,
                track(
                    f"event of {EMAIL}",
                    {EMAIL: 1, canary: {"x": canary}, "a": "Jane Roe"},
                    userId=EMAIL,
                    messageId=canary,
                ),
            ),
            request(
                SEGMENT, track("x", {"ip": "203.0.113.99", "dsn": "postgres://app:s3cr3t-pass@db/x"}, userId="jane.roe")
            ),
            request(
                f"https://{canary}.example.com/v1/t?mail={EMAIL}",
                track("x", userId=EMAIL, messageId="m"),
                {"Cookie": canary, EMAIL: "x"},
            ),
            request(SEGMENT, f'{{"broken": "{EMAIL} {canary}'),
            request(f"https://api-js.mixpanel.com/track/{canary}?data=%%%{EMAIL}", "data=jane.roe"),
            request(
                "https://o1.ingest.sentry.io/api/1/envelope/",
                f'{{"a":1}}\n{{"type":"{canary}"}}\n{{"user":{{"username":"jane.roe"}}}}',
            ),
            request("https://api-iam.intercom.io/messenger/web/ping", f"email={EMAIL}&name=Jane+Roe"),
        ]

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_no_planted_value_is_in_any_output(self, run: Run, tmp_path: Path, form: str) -> None:
        (tmp_path / "canaries").write_text("CANARY-7f3a91\n")
        (tmp_path / "users").write_text(f"{EMAIL}\njane.roe\nJane Roe\n")
        recording = har(tmp_path / "r", self.hostile())
        words = ("--canaries", "canaries", "--known-users", "users", "--server-address", "192.0.2.1", "--format", form)
        printed = run("check", recording, *words)
        written = run("check", recording, *words, "-o", "out")
        assert printed.code == written.code == 1, printed.err
        everything = printed.out + printed.err + written.out + written.err + (tmp_path / "out").read_text()
        assert [secret for secret in self.SECRETS if secret.lower() in everything.lower()] == []

    def test_control_characters_do_not_reach_the_terminal(self, run: Run, tmp_path: Path) -> None:
        evil = "\x1b]0;owned\x07\x1b[2J\u202e\n"
        entries = [
            request(SEGMENT, track(evil, {evil: evil}, userId=evil)),
            request(f"https://{evil.encode().hex()}.example.com/v1/t", track(evil, messageId=evil, userId="x")),
        ]
        name = "r\x1b[31m"
        done = run("check", har(tmp_path / name, entries))
        assert done.code == 1
        assert not [
            character for character in done.out + done.err if not (character.isprintable() or character == "\n")
        ]


class TestOutput:
    def test_a_report_file_is_private_and_replaces_no_link(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").write_text("mine")
        (tmp_path / "out.json").symlink_to(tmp_path / "elsewhere")
        done = run("check", har(tmp_path / "r", [request(SEGMENT, CLICK)]), "-o", "out.json")
        assert (done.code, done.out) == (0, "")
        assert (tmp_path / "elsewhere").read_text() == "mine"
        assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o600
        jsonschema.validate(json.loads((tmp_path / "out.json").read_text()), SCHEMA)

    def test_the_same_recording_gives_the_same_bytes(self, run: Run, tmp_path: Path) -> None:
        recording = har(tmp_path / "r", [request(SEGMENT, track("x", {"new": 1}, userId=EMAIL))])
        assert run("check", recording, "--format", "json").out == run("check", recording, "--format", "json").out

    def test_standard_input_is_a_recording(self, run: Run, tmp_path: Path) -> None:
        recording = har(tmp_path / "r", [request(SEGMENT, CLICK)])
        done = run("check", "-", "--format", "json", stdin=recording.read_bytes())
        assert done.code == 0
        assert done.report["inputs"][0]["name"] == "-"

    def test_many_recordings_are_one_report(self, run: Run, tmp_path: Path) -> None:
        first, second = (
            har(tmp_path / "a", [request(SEGMENT, CLICK)]),
            export(tmp_path / "b", [track("x", userId=EMAIL)]),
        )
        report = run("check", first, second, "--format", "json").report
        assert [each["exchanges"] for each in report["inputs"]] == [1, 1]
        assert [
            place["input"]
            for finding in report["findings"]
            if finding["level"] == "breach"
            for place in finding["places"]
        ] == [str(second)]

    def test_no_colour_where_there_is_no_terminal(self, run: Run, tmp_path: Path) -> None:
        assert "\x1b" not in run("check", har(tmp_path / "r", [request(SEGMENT, CLICK)])).out


class TestConfiguration:
    def test_a_file_says_what_the_options_say(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "users.txt").write_text("jane.roe\n")
        (tmp_path / "audit.toml").write_text(
            'telemetry = "off"\nserver_addresses = ["203.0.113.0/24"]\nknown_users = "users.txt"\n'
            '[[host]]\nname = "t.example.com"\n'
        )
        entries = [
            request(SEGMENT, track("login_USER", {"ip": "203.0.113.8", "page": "of jane.roe"}, userId=USER)),
            request("https://t.example.com/x", {"a": 1}),
        ]
        recording = har(tmp_path / "r", entries)
        implicit, explicit = checked(run, recording), checked(run, recording, "--config", "audit.toml")
        assert implicit == explicit
        assert {rule for rule, _, _ in places(implicit)} == {"sent-while-off", "known-user"}
        assert "sent-while-off" not in {rule for rule, _, _ in places(checked(run, recording, "--telemetry", "on"))}

    @pytest.mark.parametrize(
        "text",
        ["telemetry = 1", "telemetry = 'perhaps'", "no_such_key = 'jane.roe'", "= jane.roe", "server_addresses = ['jane.roe']", "document = 'jane.roe'",
         "canaries = 'jane.roe'", "[[host]]\nname = 'x'\ndecoder = 'jane.roe'"],
    )  # fmt: skip
    def test_a_wrong_file_is_refused_in_a_sentence(self, run: Run, tmp_path: Path, text: str) -> None:
        (tmp_path / "audit.toml").write_text(text)
        done = run("check", har(tmp_path / "r", [request(SEGMENT, CLICK)]))
        assert done.code == 2
        assert done.err.startswith("Error: ")
        assert "Traceback" not in done.err

    def test_a_list_of_values_that_cannot_be_used_is_refused_without_quoting_it(self, run: Run, tmp_path: Path) -> None:
        recording = har(tmp_path / "r", [request(SEGMENT, CLICK)])
        (tmp_path / "empty").write_text("\n")
        (tmp_path / "binary").write_bytes(b"\xff\xfejane.roe\xff")
        for name in ("empty", "binary", "missing"):
            done = run("check", recording, "--canaries", name)
            assert done.code == 2
            assert "jane.roe" not in done.err
