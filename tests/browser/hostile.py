"""A recording, a configuration and a file name in which every text that somebody else chose tries to act in a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.recordings import SEGMENT, har, request, track

EMAIL = "jane.roe@private.example"
ACTS = (
    "<script>pwned=1</script>",
    "'\"><img src=x onerror=pwned=1>",
    "</title></style></svg></code><svg onload=pwned=1>",
    "javascript:pwned=1//",
    "{{ 7 * 191 }}{% raw %}{{ self }}",
    "*/}</style><style>*{background:url(http://pwned.example/)}",
    "<a href=javascript:pwned=1>click</a><base href=http://pwned.example/>",
    "<meta http-equiv=refresh content='0;url=http://pwned.example/'>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "]]><!--<![CDATA[ &lt;script&gt; &#60;script> \\u003cscript>",
    "\u202egnp.exe\u2066 \u200b\u0007\u001b[31m\u0085\ufeff\U000e0041",
    "x" * 5_000,
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 Z\u0351\u036b\u0343\u036a",
)
"""What would act, or break the page, if it were not escaped, isolated and cut."""

NAME = "a\"><script>pwned=1<'{{ 7 * 191 }}\u202e\n<img src=x onerror=pwned=1>.har"


def recording(folder: Path) -> Path:
    """Write a HAR whose name, hosts, events, keys, ids and times are hostile, and in which promises are broken."""
    return har(
        folder / NAME, [entry | {"startedDateTime": time} for entry, time in zip(_entries(), _times(), strict=False)]
    )


def configuration(folder: Path) -> Path:
    """Write an `audit.toml` of hostile decisions, of which the first covers what the recording holds."""
    where = ({"rule": "consent", "event": act, "pointer": f"/{act}"} for act in ACTS[1:])
    covering = {"rule": "identity-hashed", "event": "*", "pointer": "/userId"}
    decisions = (each | {"reason": act, "who": act} for act, each in zip(ACTS, (covering, *where), strict=True))
    tables = (
        "\n".join(("[[accepted]]", *(f"{key} = {_toml(text)}" for key, text in each.items()))) for each in decisions
    )
    path = folder / "audit.toml"
    path.write_text("\n\n".join(tables) + "\n")
    return path


def _entries() -> Iterator[dict[str, object]]:
    for act in ACTS:
        body = track(act, {act: EMAIL, "plain": {act: [EMAIL, act]}}, userId=EMAIL, messageId=act, **{act: act})
        yield request(SEGMENT, body, {"User-Agent": act.encode("ascii", "ignore").decode(), "X-Forwarded-For": EMAIL})
        yield request(
            f"https://{''.join(each for each in act[:60] if each.isalnum())}.segment.io/v1/track?{act[:80]}", body
        )
    yield request(SEGMENT, "{broken")


def _times() -> Iterator[str]:
    yield from ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "<script>pwned=1</script>", "\u202e")
    while True:
        yield "2026-01-05T10:00:00.000Z"


def _toml(text: str) -> str:
    """A basic string of TOML."""
    return '"' + "".join(f"\\U{ord(each):08x}" for each in text) + '"'
