"""Messages in which a database quotes the row that it refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_FORMS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"\bKey \([^)=]{1,200}\)=\(",
        r"\bFailing row contains \(",
        r"\bDuplicate entry '",
        r"\binvalid input syntax for (?:type )?[a-z ]{2,40}: \"",
        r"\bIncorrect [a-z]{2,20} value: '",
        r"\bdup key: \{",
        r"\bConversion failed when converting the [a-z]{2,20} value '",
    )
)


def _find(text: str) -> Iterator[Shape]:
    for form in _FORMS:
        if match := form.search(text):
            yield Shape("row-in-error", match.group())
            return


ROW_ERROR = Detector(
    id="row-error",
    says="An error message of PostgreSQL, MySQL, MongoDB or SQL Server that quotes a value of the row it speaks of.",
    names={"row-in-error": "an error message that quotes a row"},
    triggers=(
        *(
            "Key (",
            "Failing row contains (",
            "Duplicate entry '",
            "invalid input syntax for ",
            "Incorrect ",
            "dup key: {",
        ),
        "Conversion failed when converting the ",
    ),
    find=_find,
    examples=(
        Example("Key (email)=(jane) already exists.", ("row-in-error",)),
        Example("Duplicate entry 'jane' for key 'name'", ("row-in-error",)),
        Example('invalid input syntax for type integer: "Jane"', ("row-in-error",)),
        Example("Key not found", ()),
        Example("Connection refused", ()),
    ),
)
