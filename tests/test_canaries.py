"""`canaries new` makes values of each kind that `check` finds and names by number and kind."""

from __future__ import annotations

import csv
import json
import stat
import tomllib
from collections import Counter
from pathlib import Path

from tests.conftest import Ran, Run
from tests.recordings import SEGMENT, USER, har, request, track

KINDS = ("e-mail", "name", "phone", "card", "iban", "uuid", "token")


def made(run: Run, tmp_path: Path, *options: str) -> tuple[Ran, list[dict[str, str]]]:
    done = run("canaries", "new", *options)
    assert done.code == 0, done.err
    return done, tomllib.loads((tmp_path / "canaries.toml").read_text())["canary"]


def luhn(digits: str) -> int:
    doubled = [int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits))]
    return sum(sum(divmod(each, 10)) for each in doubled) % 10


def iban(text: str) -> int:
    return int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97


def test_there_is_one_of_each_kind_and_its_check_digits_are_right(run: Run, tmp_path: Path) -> None:
    _, canaries = made(run, tmp_path, "-n", "5")
    assert Counter(each["kind"] for each in canaries) == dict.fromkeys(KINDS, 5)
    assert len({each["value"] for each in canaries}) == len(canaries)
    values = {kind: [each["value"] for each in canaries if each["kind"] == kind] for kind in KINDS}
    assert all(value.endswith(".example") for value in values["e-mail"])
    assert {luhn(value) for value in values["card"]} == {0}
    assert {iban(value) for value in values["iban"]} == {1}
    assert all(value[5:9] == "5550" for value in values["phone"])


def test_they_are_remembered_for_nobody_else_and_never_replaced_unasked(run: Run, tmp_path: Path) -> None:
    _, first = made(run, tmp_path)
    assert stat.S_IMODE((tmp_path / "canaries.toml").stat().st_mode) == 0o600
    assert run("canaries", "new").code == 2
    assert made(run, tmp_path, "--force")[1] != first


def test_only_a_seed_makes_the_same_ones_again(run: Run, tmp_path: Path) -> None:
    assert made(run, tmp_path, "--seed", "7")[1] == made(run, tmp_path, "--seed", "7", "--force")[1]


def test_what_is_printed_plants_all_of_them(run: Run, tmp_path: Path) -> None:
    done, canaries = made(run, tmp_path, "-n", "2")
    values = [each["value"] for each in canaries]
    sql, _, rest = done.out.partition("\nJSON\n")
    in_json, _, in_csv = rest.partition("\nCSV\n")
    assert [value for value in values if f"'{value}'" not in sql] == []
    assert [value for row in json.loads(in_json) for value in row.values()] == values
    assert [value for row in list(csv.reader(in_csv.split()))[1:] for value in row] != []


def test_check_finds_each_and_names_its_number_and_kind_and_not_the_value(run: Run, tmp_path: Path) -> None:
    _, canaries = made(run, tmp_path)
    entries = [request(SEGMENT, track("x", {"a": each["value"].upper()}, userId=USER)) for each in canaries]
    done = run("check", har(tmp_path / "r", entries), "--canaries", "canaries.toml", "--format", "json")
    (finding,) = [each for each in done.report["findings"] if each["rule"] == "canary"]
    assert [place["shape"] for place in finding["places"]] == [
        f"canary {number} ({kind})" for number, kind in enumerate(KINDS, 1)
    ]
    said = (done.out + done.err).casefold()
    assert not [each["value"] for each in canaries if each["value"].casefold() in said]


def test_a_file_of_canaries_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    recording = har(tmp_path / "r", [request(SEGMENT, track("x", userId=USER))])
    for text in ("", "canary = 1", "[[canary]]\nkind = 'jane.roe'", "= jane.roe", "[[canary]]\nvalue = ''"):
        (tmp_path / "c.toml").write_text(text)
        done = run("check", recording, "--canaries", "c.toml")
        assert done.code == 2
        assert "jane.roe" not in done.err
