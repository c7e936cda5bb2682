"""Messages in which a database quotes the row, or the value of a row, that it refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_MASK = r"(?![*?x.•]{1,16}[\"')}]|<?(?:redacted|masked|hidden)>?[\"')])"
_FORMS = tuple(  # compiled by what looks for one, since few recordings hold any
    (mark, pattern + _MASK)
    for mark, pattern in (
        ("Key (", r"\bKey \([^)=]{1,200}\)=\("),
        ("Failing row contains (", r"\bFailing row contains \("),
        ("input syntax for ", r"\binvalid input syntax for (?:type )?[a-z ]{2,40}: \""),
        ("input value for ", r"\binvalid input value for enum [^:\n]{1,80}: \""),
        ("malformed ", r"\bmalformed (?:array|record|range) literal: \""),
        ('out of range: "', r"\b(?:field value|date|timestamp) out of range: \""),
        ("is out of range for type", r"\bvalue (?=\"[^\"\n]{1,200}\" is out of range for type)\""),
        ("COPY ", r"\bCOPY \w{1,63}, line [0-9]{1,10}, column \w{1,63}: \""),
        ("arameters: $1", r"\b[Pp]arameters: \$1 = '"),
        ("Duplicate entry '", r"\bDuplicate entry '"),
        ("Incorrect ", r"\bIncorrect [a-z]{2,20} value: '"),
        ("Truncated incorrect ", r"\bTruncated incorrect [A-Za-z()0-9,]{2,24} value: '"),
        ("dup key: {", r"\bdup key: \{"),
        ("duplicate key value is (", r"\bThe duplicate key value is \("),
        ("Conversion failed when converting", r"\bConversion failed when converting the [a-z]{2,20} value '"),
        ("Truncated value: '", r"\bTruncated value: '"),
        (
            "is not recognized",
            r"\b(?:Numeric|Boolean|Date|Time|Timestamp|Float) value (?=['\"][^'\"\n]{1,200}['\"] is not recognized)['\"]",
        ),
        ("is not recognized", r"\b(?:Date|Timestamp|Time) (?='[^'\n]{1,200}' is not recognized)'"),
        ("column values (", r"\bcolumn values \("),
        ("For input string: ", r"\bFor input string: \""),
        ("with values (", r"\bcolumns? \([^)\n]{1,200}\) with values? \("),
        ("Preview of field's value: '", r"\bPreview of field's value: '"),
        ("Could not ", r"\bCould not (?:parse|cast literal) (?=['\"][^'\"\n]{1,200}['\"] (?:as|to) )['\"]"),
        ("Cannot cast '", r"\bCannot cast (?='[^'\n]{1,200}' to [A-Za-z])'"),
        ("ORA-01722", r"\bORA-01722: [^'\n]{0,80}'"),
        ("Bad ", r"\bBad (?:int64|double|bool|date|timestamp|datetime) value: "),
        ("Cannot parse ", r"\bCannot parse (?:string|input): ?(?:expected [^:\n]{1,60}: )?['\"]"),
        ("Cannot parse string '", r"\bCannot parse string '"),
        ("Cast to ", r"\bCast to \w{2,20} failed for value \"?"),
        ("a foreign key constraint", r"\(`?\w{1,63}`?\) ?= ?\("),
        ("parameters: [", r"\bparameters: \[(?=['\"0-9])"),
        ("value violates", r"\bnew row for relation [^\n]{1,200}DETAIL: {1,2}Failing row contains \("),
        ("could not execute statement", r"\[(?:insert into|update|delete from) (?=[^\]\n]{1,400}\])"),
    )
)


def _find(text: str) -> Iterator[Shape]:
    for mark, form in _FORMS:
        if mark in text and (match := re.search(form, text, re.ASCII)):
            yield Shape("row-in-error", match.group())
            return


_MESSAGES = """
Key (email)=(jane) already exists.
Failing row contains (7, Jane, null).
invalid input syntax for type integer: "Jane"
invalid input value for enum mood: "jane"
COPY users, line 3, column age: "jane"
Duplicate entry 'jane' for key 'name'
Incorrect string value: 'Jane' for column
Truncated incorrect DOUBLE value: 'jane'
E11000 duplicate key error collection: a.b index: c dup key: { name: "Jane" }
Cannot insert duplicate key row. The duplicate key value is (Jane).
Conversion failed when converting the nvarchar value 'Jane' to data type int.
Truncated value: 'Jane'.
Numeric value 'Jane' is not recognized
ORA-00001: unique constraint (A.B) violated on table A.T columns (NAME) with values (Jane)
failed to parse field [age] of type [long]. Preview of field's value: 'Jane'
Cast to ObjectId failed for value "jane" (type string)
Could not parse 'Jane' as INT64
Cannot cast 'Jane' to INTEGER
ORA-01722: unable to convert string value containing 'Jane' to a number
"""

_OTHERS = """
Key not found
Connection refused
Key (email)=(****) already exists.
Duplicate entry '***' for key 'name'
ORA-00001: unique constraint (A.B) violated
UNIQUE constraint failed: users.email
duplicate key value violates unique constraint "users_email_key"
Incorrect datetime value
ORA-01722: invalid number
Cannot cast object to INTEGER
"""

ROW_ERROR = Detector(
    id="row-error",
    says=(
        "An error message that quotes a value of a row: as PostgreSQL, MySQL, MongoDB, SQL Server, Oracle, Snowflake, BigQuery, ClickHouse, "
        "Elasticsearch and Mongoose word it. A mask in its place is none."
    ),
    names={"row-in-error": "an error message that quotes a row"},
    triggers=tuple(dict.fromkeys(mark for mark, _ in _FORMS)),
    find=_find,
    exact=True,
    examples=(
        *(Example(text, ("row-in-error",)) for text in _MESSAGES.strip().splitlines()),
        *(Example(text, ()) for text in _OTHERS.strip().splitlines()),
    ),
)
