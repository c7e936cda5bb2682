"""E-mail addresses: every one under a domain that exists, and none of the packages, releases and logins that look like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_audit.detectors.email import EMAIL
from telemetry_audit.detectors.top_level import TOP_LEVEL

LOCAL = st.from_regex(r"[a-z][a-z0-9+_-]{0,20}(?:\.[a-z0-9+_-]{1,20}){1,2}", fullmatch=True)
DOMAIN = st.builds(
    lambda labels, top: ".".join((*labels, top)),
    st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,15}", fullmatch=True), min_size=1, max_size=3),
    st.sampled_from(sorted(TOP_LEVEL - {"py"})),
)
AROUND = st.sampled_from(["", " ", '"', "'", "<>", "()", "\n", "=&", ":,", "//", "/?", "{}", "; ", "\t", "\x00"])


def seen(text: str) -> list[str]:
    return [shape.text for shape in EMAIL.find(text)]


@given(LOCAL, DOMAIN, AROUND)
def test_an_address_is_found_whatever_stands_around_it(local: str, domain: str, around: str) -> None:
    assert seen(f"{around[:1]}{local}@{domain}{around[-1:]}") == [f"{local}@{domain}"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://app.example.com,jane@x.example.com", ["jane@x.example.com"]),
        ('{"url":"https://app.example.com","email":"jane@example.com"}', ["jane@example.com"]),
        ("https://app.example.com\x01jane@example.com", ["jane@example.com"]),
        ("https://jane@corp.com:pw@git.example.com/", ["jane@corp.com"]),
        ("jane.roe@example.com:denied", ["jane.roe@example.com"]),
        ("jane@empresa.com.py", ["jane@empresa.com.py"]),
        ("jane@müller.de", ["jane@müller.de"]),
        ("jürgen@müller.de", ["jürgen@müller.de"]),
        ("иван@пример.рф", ["иван@пример.рф"]),
        ("jane@xn--mller-kva.xn--p1ai", ["jane@xn--mller-kva.xn--p1ai"]),
        ('"jane roe"@example.com', ['"jane roe"@example.com']),
        ('"a@b"@example.com', ['"a@b"@example.com']),
        ("jane@example.com.Thanks", ["jane@example.com"]),
        ("jane@example.comです", ["jane@example.com"]),
        ("jane@163.com", ["jane@163.com"]),
    ],
)
def test_an_address_is_found_as_far_as_it_goes(text: str, found: list[str]) -> None:
    assert seen(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("foo\n@example.com/pkg", "@example.com", "@types/node", "x@", "a@b"),
        *(
            "react@latest.next",
            "pkg@npm.io",
            "node@lts.alpine",
            "branch@origin.main",
            "Button1@onClick.run",
            "lodash@4.17.21.min",
        ),
        *("app@index.py", "icon@2x.png", "lib@bundle.js"),
        *(
            "git@example.com:acme/x.git",
            "git@example.com:x.git",
            "deploy@example.com:acme/x",
            "ssh://git@example.com/x",
        ),
        *(
            "https://key@sentry.example.com/5",
            "https://jane:pw@example.com/",
            "postgres://app:pw@db.example.com:5432/x",
        ),
    ],
)
def test_what_only_looks_like_an_address_is_left_alone(text: str) -> None:
    assert not seen(text)
