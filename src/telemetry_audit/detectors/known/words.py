"""A text as the words in it, so that one value is found whatever stands between its words and around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase
from unicodedata import east_asian_width

from telemetry_audit.detectors.spelling import normal

_ASCII = re.compile(r"[a-z0-9]+")
_ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters of scripts that put no spaces between words (Thai, Lao, Burmese, Khmer, Chinese, Japanese) or glue endings on (Korean): a word each."""

_ANY = rf"[{_ALONE}]|[^\W_{_ALONE}]+"
"""Compiled by what looks for one, since it is slow to compile and seldom needed."""

_NUMBER = re.compile(r"[0-9](?:[ ./()+-]{0,3}[0-9]){6,47}", re.ASCII)
_GROUP = re.compile(r"[0-9]+", re.ASCII)
_ROT13 = str.maketrans(
    f"{ascii_lowercase}{ascii_uppercase}",
    "".join(f"{letters[13:]}{letters[:13]}" for letters in (ascii_lowercase, ascii_uppercase)),
)
FEWEST_DIGITS = 7
"""Digits of a number that is looked for whatever separates them."""

_MOST_GROUPS = 8


def folded(text: str) -> str:
    """`text` in normal form NFKC and without regard to case; a lone surrogate becomes a question mark."""
    if not text.isascii():
        text = normal(text.encode("utf-8", "replace").decode())
    return text.casefold()


def words(text: str) -> list[str]:
    """The words of a folded text: runs of letters and digits."""
    return _ASCII.findall(text) if text.isascii() else re.findall(_ANY, text)


def numbers(text: str) -> Iterator[str]:
    """The digits of groups of digits that follow each other in `text` with separators between, of all of them and of some."""
    for run in _NUMBER.findall(text):
        groups = _GROUP.findall(run)
        if len(groups) > 1:
            for first in range(len(groups)):
                digits = groups[first]
                for group in groups[first + 1 : first + _MOST_GROUPS]:
                    digits += group
                    if len(digits) >= FEWEST_DIGITS:
                        yield digits.lstrip("0")


def turned(text: str) -> str:
    """`text` in ROT13."""
    return text.translate(_ROT13)


def digits_only(text: str) -> str:
    """The digits of a value that is a number with separators, such as a telephone's; "" for any other."""
    found = _NUMBER.fullmatch(text.strip().lstrip("+("))
    return "".join(_GROUP.findall(found[0])).lstrip("0") if found else ""


def width(text: str) -> int:
    """How much a text tells by its length: its characters, those of Chinese, Japanese and Korean counted twice."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
