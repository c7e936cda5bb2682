"""The picture of who can be told apart: people, fields, pairs of fields and joins over a whole recording, and no value."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.recordings import SEGMENT, har, request, track

type Picture = dict[str, Any]

ZONES = ("Europe/Berlin", "Asia/Tokyo")
TONGUES = ("de-DE", "en-GB")
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


def person(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def seen(name: str, zone: str = ZONES[0], tongue: str = TONGUES[0], browser: str = "") -> dict[str, Any]:
    """A click of somebody whose browser says where and in which tongue; `browser` is its id."""
    context = {"timezone": zone, "locale": tongue, "userAgent": BROWSER, "library": {"name": "analytics.js"}}
    return track("APPLICATIONS_PAGE_LOAD", userId=person(name), context=context, anonymousId=browser or f"b-{name}")


@pytest.fixture
def picture(run: Run, tmp_path: Path) -> Callable[[Iterable[dict[str, Any]]], Picture]:
    def drawn(events: Iterable[dict[str, Any]]) -> Picture:
        recording = har(tmp_path / "r.har", [request(SEGMENT, event) for event in events])
        done = run("check", str(recording), "--format", "json")
        assert BROWSER not in done.out
        found: Picture = done.report["anonymity"]
        return found

    return drawn


def test_a_field_singles_out_whom_its_value_was_seen_with_and_nobody_else(picture: Callable[..., Picture]) -> None:
    found = picture([seen("ann"), seen("ann"), seen("bob"), seen("cat", zone=ZONES[1])])
    fields = {each["pointer"]: each for each in found["fields"]}
    assert found["people"] == 3
    assert fields["/context/timezone"] == {
        "pointer": "/context/timezone",
        "kind": "locale",
        "events": 4,
        "values": 2,
        "most_shared": 3,
        "singled_out": 1,
    }
    assert fields["/context/userAgent"]["singled_out"] == 0
    assert fields["/userId"]["singled_out"] == 3


def test_a_pair_of_fields_is_told_only_if_it_singles_out_more_than_each(picture: Callable[..., Picture]) -> None:
    everywhere = [seen(f"{zone}{tongue}", zone, tongue) for zone in ZONES for tongue in TONGUES]
    pairs = {tuple(each["pointers"]): each["singled_out"] for each in picture(everywhere)["pairs"]}
    assert pairs == {("/context/locale", "/context/timezone"): 4}
    assert picture([seen("ann"), seen("bob", *(ZONES[1], TONGUES[1]))])["pairs"] == []


def test_what_joins_server_and_browser_is_told(picture: Callable[..., Picture]) -> None:
    server = track("login_USER", userId=person("ann"), context={"library": {"name": "analytics-java"}})
    joins = picture([server, seen("ann"), seen("bob")])["joins"]
    assert joins == [{"server": "/userId", "browser": "/userId", "values": 1}]
    assert picture([seen("ann"), seen("bob")])["joins"] == []


def test_a_browser_with_two_identities_is_counted(picture: Callable[..., Picture]) -> None:
    assert picture([seen("ann", browser="same"), seen("bob", browser="same")])["shared_browsers"] == 1
    assert picture([seen("ann"), seen("bob")])["shared_browsers"] == 0


def test_users_of_a_list_who_stand_under_several_ids_are_counted_across_events(run: Run, tmp_path: Path) -> None:
    users = tmp_path / "users.txt"
    users.write_text("ann\tann@example.com\nbob\tbob@example.com\ncat\n")
    events = [seen("ann"), seen("ann@example.com"), seen("bob"), seen("bob"), seen("dan")]
    recording = har(tmp_path / "r.har", [request(SEGMENT, event) for event in events])
    found = run("check", str(recording), "--known-users", str(users), "--format", "json").report["anonymity"]
    assert (found["listed_users"], found["listed_users_with_several_ids"]) == (2, 1)
    assert {field["kind"] for field in found["fields"]} == {"person", "anonymous-id", "locale", "user-agent"}
    assert (
        "by more than one, so that their ids can be put together: 1."
        in run("check", str(recording), "--known-users", str(users)).out
    )
    unlisted = run("check", str(recording), "--format", "json").report["anonymity"]
    assert (unlisted["listed_users"], unlisted["listed_users_with_several_ids"]) == (0, 0)


def test_of_one_person_nothing_can_be_compared_and_that_is_said(picture: Callable[..., Picture]) -> None:
    found = picture([seen("ann"), seen("ann")])
    assert found["people"] == 1
    assert all(each["singled_out"] == 0 for each in found["fields"])
    assert found["limits"] == ["it takes 2 people to compare, and 1 could be told"]
