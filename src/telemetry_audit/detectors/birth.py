"""Days of birth, where the name of the field or the sentence says that one stands there: any other day is no one's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY = (
    r"(?:19|20)[0-9]{2}[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12][0-9]|3[01])(?:T[0-9:.]+Z?)?"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:19|20)?[0-9]{2}|(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01])[-/.](?:19|20)?[0-9]{2}"
    rf"|[0-3]?[0-9](?:\.|st|nd|rd|th)? {_MONTH},? (?:19|20)[0-9]{{2}}|{_MONTH} [0-3]?[0-9](?:st|nd|rd|th)?,? (?:19|20)[0-9]{{2}}"
)
_WHOLE = re.compile(_DAY, re.ASCII)
_BORN = r"(?:\b(?:born(?: on)?|(?:date of birth|birth ?da(?:y|te)|d\.?o\.?b\.?)(?: is| was)?)[:, ]{1,3})"
_SAID = re.compile(
    rf"{_BORN}(?P<after>{_DAY})(?![0-9])|(?<![0-9])(?P<before>{_DAY}),? is (?:my|his|her|their|the) birthday",
    re.IGNORECASE | re.ASCII,
)


def _find_birth(text: str) -> Iterator[Shape]:
    if _WHOLE.fullmatch(text.strip()):
        yield Shape("birth", text)


def _find_said(text: str) -> Iterator[Shape]:
    for match in _SAID.finditer(text):
        yield Shape("birth", match["after"] or match["before"])


_NAMES = {"birth": "a day of birth"}

BIRTH = Detector(
    id="birth",
    says="A day of birth, where the name of the field says that one stands there.",
    names=_NAMES,
    triggers=tuple("0123456789"),
    find=_find_birth,
    hints=frozenset(("birth",)),
    examples=(
        *(
            Example(text, ("birth",))
            for text in ("1985-04-12", "12.04.1985", "4/12/85", "12 Apr 1985", "April 12, 1985", "Apr. 12th, 1985")
        ),
        *(Example(text, ()) for text in ("1760000000000", "1985", "12:30")),
    ),
)

SAID_BIRTH = Detector(
    id="birth-in-words",
    says="A day of birth in a sentence that says so.",
    names=_NAMES,
    triggers=("born", "Born", "irth", "DOB", "dob", "d.o.b", "D.O.B"),
    find=_find_said,
    examples=(
        *(
            Example(text, ("birth",))
            for text in (
                "I was born 15th June 1991",
                "My date of birth is 17/06/1976.",
                "Jane Roe, DOB 04/12/1985, Bern",
                "the claimant's d.o.b. is 4 June 1976",
                "1985-01-01 is my birthday.",
            )
        ),
        *(
            Example(text, ())
            for text in ("born in the cloud", "birthday_reminder ran 2024-05-17", "date of birth: invalid")
        ),
    ),
)
