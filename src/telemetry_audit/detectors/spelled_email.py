"""E-mail addresses whose at sign or dots are written out: `jane (at) example (dot) com`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.top_level import COMMON, TOP_LEVEL

_AT = r"(?:at|AT|At)"
_DOT = r"(?:dot|DOT|Dot)"
_MARKED_DOT = rf"\s?[\[({{<]\s?(?:{_DOT}|\.)\s?[\])}}>]\s?"
_LABEL = r"[A-Za-z0-9][A-Za-z0-9-]{0,62}"
_LOCAL = r"(?<![\w.+-])(?P<local>[A-Za-z0-9_][\w.+-]{0,63}"
_MARKED = re.compile(
    rf"{_LOCAL})\s?[\[({{<]\s?(?:{_AT}|@)\s?[\])}}>]\s?{_LABEL}(?:(?:\.|{_MARKED_DOT}|\s{_DOT}\s){_LABEL}){{0,3}}"
    rf"(?:\.|{_MARKED_DOT}|\s{_DOT}\s)(?P<top>[A-Za-z]{{2,24}})(?![\w-])",
    re.ASCII,
)
"""The at sign between brackets, and dots in whatever way."""

_DOTTED = re.compile(
    rf"{_LOCAL})(?:\s?@\s?|\s{_AT}\s){_LABEL}(?:(?:\.|{_MARKED_DOT}|\s{_DOT}\s){_LABEL}){{0,3}}"
    rf"(?:{_MARKED_DOT}|\s{_DOT}\s)(?P<top>[A-Za-z]{{2,24}})(?![\w-])",
    re.ASCII,
)
"""The last dot written out or between brackets, and the at sign in whatever way."""

_PROVIDED = re.compile(
    rf"{_LOCAL})\s{_AT}\s(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|gmx|aol|protonmail)\.(?P<top>[a-z]{{2,3}}(?:\.[a-z]{{2}})?)(?![\w-])",
    re.ASCII,
)
"""A word for the at sign in front of one who gives mailboxes to everybody."""

_JOINED = re.compile(rf"{_LOCAL}?)_at_[A-Za-z0-9-]{{1,63}}_dot_(?P<top>[a-z]{{2,4}})(?![\w-])", re.ASCII)
_FORMS = (_MARKED, _DOTTED, _PROVIDED, _JOINED)
_PHRASE = re.compile(r"\s(?:at|AT|At)\s(?:the|an?|this|that|each|every|one|your|my)\s", re.ASCII)
_MAILED = TOP_LEVEL.difference(("cc", "md", "pl", "ps", "py", "rs", "sh", "so"))
"""Domains but those of countries that are endings of files too.

Without a bracket or an at sign only the common ones count, because of `the dot in the middle`.
"""


def _find(text: str) -> Iterator[Shape]:
    for form in _FORMS:
        for match in form.finditer(text):
            written = match.group()
            marked = form is _PROVIDED or any(mark in written for mark in "@[({<")
            known = _MAILED if marked else COMMON
            if match["top"].lower().rpartition(".")[2] in known and not _PHRASE.search(written):
                yield Shape("email", written)
                return


SPELLED_EMAIL = Detector(
    id="email-in-words",
    says="An e-mail address with its at sign or its dots in words or between brackets, as people write them against harvesters.",
    names={"email": "an e-mail address"},
    triggers=(
        *(f"{left}{word}{right}" for left, right in ("()", "[]", "{}", "<>") for word in ("at", "AT", " at ", "@")),
        *(f"{left}{word}{right}" for left, right in ("()", "[]", "{}", "<>") for word in ("dot", "DOT", " dot ", ".")),
        " dot ",
        " DOT ",
        "_dot_",
        *(f"at {name}." for name in ("gmail", "googlemail", "yahoo", "hotmail", "outlook", "icloud", "gmx", "aol")),
    ),
    find=_find,
    examples=(
        *(
            Example(text, ("email",))
            for text in (
                "jane (at) example (dot) com",
                "mail jane.roe[at]example.org now",
                "jane [at] mail [dot] example [dot] co [dot] uk",
                "jane at example dot com",
                "JANE AT EXAMPLE DOT COM",
                "jane@example[.]com",
                "jane@example dot de",
                "my email is jane at gmail.com",
                "jane_at_example_dot_com",
            )
        ),
        *(
            Example(text, ())
            for text in (
                "look at the dot in the middle, at the dot com",
                "listening at example.com",
                "items[at].value, list[at] = x.y",
                "failed (at) server.rs, lib (at) index.py",
                "a dot b, x.y",
                "^[a-z]+@[a-z]+[.][a-z]+$",
                "meet at noon (dot dot dot)",
            )
        ),
    ),
)
