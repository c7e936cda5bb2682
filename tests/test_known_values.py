"""What the operator knows is found however it is written, what only resembles it is not, and no value of a list reaches an output or a disk."""

from __future__ import annotations

import base64
import codecs
import gzip
import hashlib
import json
import pickle
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_audit.detectors import CANARY, USER, VALUE, KnownValue, KnownValues
from telemetry_audit.detectors.known import MISSING, Index
from tests.conftest import Ran, Run
from tests.recordings import CLICK, SEGMENT, har, request, track
from tests.recordings import USER as HASHED

VALUES = (
    "Erika.Mustermann@Customer.example",
    "+49 30 901820-17",
    "Käthe Ünlü-Weiß",
    "ZX-4471-KPQ9-0081",
    "4000002621299724",
)
ALGORITHMS = (
    *("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512"),
    *("blake2b", "blake2s", *(() if MISSING else ("ripemd160",))),
)
type Coding = Callable[[str], str]
CODINGS: dict[str, Coding] = {
    "as it is": str,
    "in a sentence": lambda text: f"Key (a)=({text}) exists",
    "in capitals": str.upper,
    "percent-encoding": lambda text: quote(text, safe=""),
    "a form": lambda text: f"a=1&q={quote_plus(text)}&b=2",
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(f"<{text}>".encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
    "gzip in base64": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "JSON": lambda text: json.dumps({"row": {"a": text}}),
    "JSON in base64": lambda text: base64.b64encode(json.dumps([text]).encode()).decode(),
    "hex in base64": lambda text: base64.b64encode(text.encode().hex().encode()).decode(),
    "backwards": lambda text: text[::-1],
    "ROT13": lambda text: codecs.encode(text, "rot13"),
}


def digests(text: str, algorithms: Iterable[str] = ALGORITHMS) -> Iterator[tuple[str, bytes]]:
    for name in algorithms:
        yield name, hashlib.new(name, text.encode()).digest()


def ways(value: str, *, every_chain: bool = True) -> Iterator[tuple[str, str]]:
    """Every way of writing a value that is looked for, by name."""
    for name, coding in CODINGS.items():
        yield name, coding(value)
    for spelling in (value, value.lower(), value.upper()):
        for name, digest in digests(spelling):
            yield name, digest.hex()
            yield f"{name} in capitals", digest.hex().upper()
            yield f"{name} in base64", base64.b64encode(digest).decode()
            yield f"{name} in a URL", f"https://example.com/u/{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
    inner = ALGORITHMS if every_chain else ("md5", "sha1", "sha256", "sha512")
    for first, digest in digests(value, inner):
        for second, outer in digests(digest.hex(), inner):
            yield f"{second} of {first}", outer.hex()


def events(texts: Iterable[object]) -> list[dict[str, Any]]:
    """An event for each text; a report keeps a thousand places of one finding, so that not all can be at the same place."""
    return [
        request(SEGMENT, track("x", {f"a{number // 900}": text}, userId=HASHED)) for number, text in enumerate(texts)
    ]


def found(ran: Ran, rule: str) -> set[int]:
    assert ran.code in {0, 1}, ran.err
    places = (place for each in ran.report["findings"] if each["rule"] == rule for place in each["places"])
    return {place["exchange"] for place in places}


def check_silence(ran: Ran) -> None:
    """No known value stands in what was printed, whatever its case."""
    said = (ran.out + ran.err).casefold()
    assert not [value for value in VALUES if value.casefold() in said]


@pytest.mark.parametrize(
    ("option", "rule"), [("--canaries", "canary"), ("--known-users", "known-user"), ("--known-values", "known-value")]
)
def test_every_value_is_found_in_every_coding_and_as_every_digest(
    run: Run, tmp_path: Path, option: str, rule: str
) -> None:
    (tmp_path / "list.txt").write_text("\n".join(VALUES))
    written = [(name, text) for value in VALUES for name, text in ways(value)]
    done = run(
        "check", har(tmp_path / "r", events(text for _, text in written)), option, "list.txt", "--format", "json"
    )
    missed = set(range(len(written))) - found(done, rule)
    assert not {written[number] for number in missed}
    check_silence(done)


def test_a_number_is_found_with_other_separators_and_as_a_number(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("phone,card\n+49 30 901820-17,4000 0026 2129 9724\n")
    written = [
        "+49 (30) 90182017",
        "0049-30-90182017",
        493090182017,
        "call 49.30.901820.17!",
        4000002621299724,
        "4000-0026-2129-9724",
    ]
    done = run("check", har(tmp_path / "r", events(written)), "--known-values", "list.csv", "--format", "json")
    assert found(done, "known-value") == set(range(len(written)))


def test_a_canary_is_found_inside_words_and_by_its_checksum_and_named_by_its_number(run: Run, tmp_path: Path) -> None:
    canary = "Zq7-Vexlord"
    (tmp_path / "list").write_text(f"unlike-any-other-1\n{canary}\n")
    checksum = zlib.crc32(canary.encode())
    glued = base64.b64encode(b"\xff\xfe\x01" + canary.encode() + b"\xfa\xfb\x02").decode()
    written = [f"xx{canary}yy", f"{checksum:08x}", f"{checksum:08X}", checksum, str(checksum), glued]
    done = run("check", har(tmp_path / "r", events(written)), "--canaries", "list", "--format", "json")
    assert found(done, "canary") == set(range(len(written)))
    shapes = {
        place["shape"] for each in done.report["findings"] if each["rule"] == "canary" for place in each["places"]
    }
    assert shapes == {"canary 2", "canary 2, in CRC-32", "canary 2, in base64"}
    inside = run(
        "check", har(tmp_path / "r", events([f"trace {checksum:08x} end"])), "--canaries", "list", "--format", "json"
    )
    assert found(inside, "canary") == set()


EXPORTS = {
    "a.csv": 'name,email,city\n"Roe, Jane",jane.roe@customer.example,Port of Spain\n',
    "b.csv": "name;email;city\nRoe, Jane;jane.roe@customer.example;Port of Spain\n",
    "c.tsv": "name\temail\tcity\nRoe, Jane\tjane.roe@customer.example\tPort of Spain\n",
    "d.json": '[{"name":"Roe, Jane","email":"jane.roe@customer.example","city":"Port of Spain"}]',
    "e.json": '{"data":{"rows":[{"name":"Roe, Jane","contact":{"email":["jane.roe@customer.example"]},"city":"Port of Spain"}]}}',
    "f.jsonl": '{"name":"Roe, Jane","email":"jane.roe@customer.example"}\n{"city":"Port of Spain"}\n',
    "g": '\ufeff[{"name":"Roe, Jane","email":"jane.roe@customer.example","city":"Port of Spain"}]',
    "h": '{"name":"Roe, Jane","email":"jane.roe@customer.example"}\n{"city":"Port of Spain"}\n',
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_whatever_its_form_and_columns_are_chosen(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(EXPORTS[name])
    recording = har(tmp_path / "r", events(["by roe jane", "jane.roe@customer.example", "Port-of-Spain"]))
    for columns, places in (("", {0, 1, 2}), (":email", {1}), (":Email,city", {1, 2})):
        done = run("check", recording, "--known-values", f"{name}{columns}", "--format", "json")
        assert found(done, "known-value") == places, done.err


def test_what_is_short_or_common_is_left_out_and_counted(run: Run, tmp_path: Path) -> None:
    kept = ["Erika Mustermann", "QX-88-17-40", "5550123456"]
    left = ["Bob", "12345", "2024-05-06T07:08:09Z", "05/06/2024", "1767225600000", "Springfield", "SHIPPED", "true"]
    rows = [*kept, *left, *["in progress"] * 4]
    (tmp_path / "list.csv").write_text("\n".join(("a", *rows)))
    done = run("check", har(tmp_path / "r", events([*kept, *left, "in progress"])), "--known-values", "list.csv")
    assert "9 of the 12 values of the export are too short or too common to be looked for" in " ".join(done.out.split())
    done = run("check", tmp_path / "r", "--known-values", "list.csv", "--format", "json")
    assert found(done, "known-value") == {0, 1, 2}
    assert done.report["deployment"]["known_values"] == 3
    assert done.report["deployment"]["known_values_left_out"] == 9
    (tmp_path / "list.csv").write_text("\n".join(("a", "Bob", *kept)))
    done = run("check", tmp_path / "r", "--known-values", "list.csv")
    assert "1 of the 4 values of the export is too short or too common to be looked for" in " ".join(done.out.split())


class TestStored:
    def build(self, run: Run, tmp_path: Path) -> tuple[Path, Path]:
        (tmp_path / "list.txt").write_text("\n".join((*VALUES, "Bob")))
        (tmp_path / "users.txt").write_text("jane.roe\tjane.roe@example.com\n")
        done = run("known", "build", "list.txt", "--users", "users.txt")
        assert done.code == 0, done.err
        assert f" {len(VALUES)} values, 1 user, 1 left out as too short or too common." in " ".join(done.err.split())
        check_silence(done)
        return tmp_path / "audit.known", tmp_path / "audit.known.key"

    def test_digests_on_disk_find_what_the_values_find(self, run: Run, tmp_path: Path) -> None:
        self.build(run, tmp_path)
        written = [text for value in VALUES for _, text in ways(value)]
        recording = har(tmp_path / "r", events([*written, "Files of Jane Roe"]))
        (tmp_path / "list.txt").unlink()
        done = run("check", recording, "--known-values", "audit.known", "--format", "json")
        assert found(done, "known-value") == set(range(len(written)))
        assert found(done, "known-user") == {len(written)}
        told = done.report["deployment"]
        assert (told["known_users"], told["known_values"], told["known_values_left_out"]) == (1, len(VALUES), 1)
        check_silence(done)

    def test_no_value_and_no_digest_of_one_is_on_disk_and_nobody_else_reads_it(self, run: Run, tmp_path: Path) -> None:
        files = self.build(run, tmp_path)
        content = b"".join(path.read_bytes() for path in files).lower()
        for value in VALUES:
            for name, text in ways(value):
                assert text.lower().encode() not in content, name
            for name, digest in digests(value):
                assert digest[:8] not in content, name
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}

    def test_two_builds_have_nothing_in_common(self, run: Run, tmp_path: Path) -> None:
        first = [path.read_bytes() for path in self.build(run, tmp_path)]
        assert run("known", "build", "list.txt").code == 2
        assert run("known", "build", "list.txt", "--users", "users.txt", "--force").code == 0
        assert first[0][-1_000:] != (tmp_path / "audit.known").read_bytes()[-1_000:]
        assert first[1] != (tmp_path / "audit.known.key").read_bytes()

    @pytest.mark.parametrize("damage", ["no key", "another key", "cut", "no table", "a key that is none"])
    def test_damaged_files_are_refused_or_find_nothing(self, run: Run, tmp_path: Path, damage: str) -> None:
        file, key = self.build(run, tmp_path)
        match damage:
            case "no key":
                key.unlink()
            case "another key":
                key.write_text("00" * 31)
            case "cut":
                file.write_bytes(file.read_bytes()[:-5])
            case "no table":
                file.write_bytes(file.read_bytes().partition(b"\n")[0] + b"\n{}")
            case _:
                key.write_text("jane.roe")
        done = run("check", har(tmp_path / "r", [request(SEGMENT, CLICK)]), "--known-values", "audit.known")
        assert done.code == 2
        assert done.err.startswith("Error: ")
        check_silence(done)

    def test_an_export_that_is_none_is_refused_without_quoting_it(self, run: Run, tmp_path: Path) -> None:
        recording = har(tmp_path / "r", [request(SEGMENT, CLICK)])
        (tmp_path / "a.json").write_text('{"jane.roe": ')
        (tmp_path / "b.csv").write_text("name\n")
        (tmp_path / "c.csv").write_text("name\nErika Mustermann\n")
        (tmp_path / "d.csv").write_bytes(b"name\n\xff\xfejane.roe")
        for name in ("a.json", "b.csv", "c.csv:jane.roe", "d.csv", "missing.csv"):
            for call in (("check", recording, "--known-values", name), ("known", "build", name)):
                done = run(*call)
                assert done.code == 2, name
                assert "Traceback" not in done.err
                assert "jane.roe" not in done.err.replace(name, "")


class TestVerdicts:
    def verdicts(self, run: Run, recording: Path, *options: str) -> dict[str, tuple[str, list[str]]]:
        done = run("check", recording, "--format", "json", *options)
        assert done.code in {0, 3}, done.out
        return {each["id"]: (each["verdict"], each["limits"]) for each in done.report["promises"]}

    def test_without_lists_nothing_is_kept_that_takes_them_and_the_report_says_which(
        self, run: Run, tmp_path: Path
    ) -> None:
        recording = har(tmp_path / "r", [request(SEGMENT, CLICK | {"context": {"ip": "203.0.113.7"}})])
        (tmp_path / "list").write_text("zorro-77-canary\n")
        (tmp_path / "export.txt").write_text("zorro-77-value\n")
        given = {
            "no-datasource-data": [("--canaries", "list"), ("--known-values", "export.txt")],
            "user-names-hashed": [("--known-users", "list")],
            "anonymous-users": [("--known-users", "list")],
            "server-address-only": [("--server-address", "203.0.113.7")],
        }
        without = self.verdicts(run, recording)
        for promise, supplies in given.items():
            verdict, limits = without[promise]
            assert verdict == "undecided"
            for option, value in supplies:
                assert any(option in limit for limit in limits), promise
                assert self.verdicts(run, recording, option, value)[promise][0] == "kept"

    def test_what_could_not_be_read_may_break_anything(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "list").write_text("zorro-77-canary\n")
        recording = har(tmp_path / "r", [request(SEGMENT, CLICK), request(SEGMENT, "{broken")])
        verdict, limits = self.verdicts(run, recording, "--canaries", "list")["no-datasource-data"]
        assert verdict == "undecided"
        assert any(limit.startswith("1 exchange could not be read") for limit in limits)


KNOWN = KnownValues.of(
    [KnownValue(CANARY, "zorro-77-canary"), *(KnownValue(USER, value) for value in VALUES)],
    (Index.of([(VALUE, [("Ophelia Quarzwinkel-Özdemir",), ("山田太郎",)])]),),
)
TELLING = st.lists(st.text(st.characters(categories=("L", "Nd")), min_size=3, max_size=12), min_size=2, max_size=5).map(
    " ".join
)


@given(TELLING, st.sampled_from(list(CODINGS)[:2]), st.sampled_from(ALGORITHMS), st.sampled_from(ALGORITHMS))
def test_any_text_that_is_known_is_found_and_its_digests_too(text: str, coding: str, inner: str, outer: str) -> None:
    known = KnownValues.of([KnownValue(USER, text)])
    digest = hashlib.new(inner, text.encode())
    for written in (
        CODINGS[coding](text),
        digest.hexdigest(),
        hashlib.new(outer, digest.hexdigest().encode()).hexdigest(),
    ):
        assert [match.source for match in known.find(written)] != []


@given(st.text(max_size=200))
def test_a_text_in_which_no_value_stands_has_no_match(text: str) -> None:
    assert not list(KNOWN.find(text))


@given(st.binary(min_size=16, max_size=64))
def test_a_digest_of_something_else_has_no_match(data: bytes) -> None:
    for written in (data.hex(), base64.b64encode(data).decode()):
        assert not list(KNOWN.find(written))


def test_a_value_in_a_script_without_spaces_is_found_in_a_sentence() -> None:
    assert [match.source for match in KNOWN.find("担当は山田太郎さんです")] == [VALUE]


def test_what_goes_to_another_process_finds_the_same_and_holds_no_value() -> None:
    sent = pickle.dumps(KNOWN.indexes)
    assert not [value for value in VALUES if value.encode() in sent]
    again = KnownValues(pickle.loads(sent), None, ())  # noqa: S301 - our own
    assert [match.source for match in again.find("Ophelia QUARZWINKEL, Özdemir")] == [VALUE]
