"""How texts and numbers are printed: nothing from outside reorders, hides or floods what stands around it, and everything wraps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from telemetry_audit.formats.clock import timestamp
from telemetry_audit.formats.escape import shown

_MOST_CHARACTERS = 1_000
"""Of one text; no name or pointer that says anything is as long."""

_JOINT = re.compile(r"(?<=.[\s/.:@#-])(?=[^\s/.:@#-])|(?<=[a-z0-9])(?=[A-Z])")
_SPACE = re.compile(r"(?<=\s)(?=\S)")
_LONGEST_PIECE = 24
_OPTION = re.compile(r"--[a-z]+(?:-[a-z]+)*")
_BREAK = Markup("<wbr>")


def printed(value: object) -> object:
    """What a template prints: a text that is not our own markup comes without control characters, and cut where it has no end."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    text = shown(value[: _MOST_CHARACTERS + 1])
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "…"


def wrapped(text: str, *, prose: bool = False) -> Markup:
    """A name or pointer that may be broken between its parts, or prose, between its words; and both in what is too long for a column."""
    return _BREAK.join(_pieces(str(printed(text)), _SPACE if prose else _JOINT))


def _pieces(text: str, joint: re.Pattern[str]) -> Iterator[Markup]:
    for part in joint.split(text):
        for start in range(0, len(part), _LONGEST_PIECE):
            yield escape(part[start : start + _LONGEST_PIECE])


def sentence(text: str) -> Markup:
    """A sentence of the report: with a capital letter, and with the options that it names (`--canaries`) kept whole."""
    safe = str(escape(printed(text[:1].upper() + text[1:])))
    return Markup(_OPTION.sub(lambda option: f'<code class="option">{option[0]}</code>', safe))  # noqa: S704 - escaped above


def count(number: int, noun: str = "", plural: str = "") -> str:
    """The number with commas, and with the noun in its number where there is one: `1,204 exchanges`."""
    if not noun:
        return f"{number:,}"
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def moment(time: float | None) -> str:
    """A time, in seconds since the epoch, as `2025-11-03 08:00:08`, in UTC; "" for none."""
    return (timestamp(time) or "")[:19].replace("T", " ")


def size(number: int) -> str:
    """A size in decimal units (IEC 80000-13)."""
    power = min(3, (len(str(number)) - 1) // 3)
    return f"{number / 1000**power:,.{1 if power else 0}f} {('bytes', 'kB', 'MB', 'GB')[power]}"
