"""JSON as people print it: with comments and trailing commas."""

from __future__ import annotations

import json
import re

STRING = rb'"(?:[^"\\]++|\\.)*+"'
COMMENT = rb"//[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
UNENDED = rb'"(?:[^"\\]++|\\(?:.|\Z))*+\Z|/\*(?:[^*]++|\*(?!/))*+\Z'
"""A string or a comment that does not end: one match to the text's end, where a search would begin anew at each quotation mark in it."""

_COMMENT = re.compile(rb"(" + STRING + rb"|" + UNENDED + rb")|" + COMMENT, re.DOTALL)
_COMMA = re.compile(rb"(" + STRING + rb"|" + UNENDED + rb")|,(?=[ \t\r\n]*+[}\]])", re.DOTALL)
_LONG = 400
_VISIBLE = re.compile(rb"[^\r\n]")


def tidy(text: bytes) -> bytes:
    """The UTF-8 text with `//` and `/* */` comments and trailing commas blanked out, and nothing else touched.

    It stays as long as it was, so that offsets in it remain true; JSON without those comes back as it is.
    """
    if b"/" in text:
        text = _COMMENT.sub(lambda found: found[1] or _VISIBLE.sub(b" ", found[0]), text)
    return _COMMA.sub(lambda found: found[1] or b" ", text)


def parse(text: bytes) -> object:
    """The value of a tidy UTF-8 text: control characters, NaN, lone surrogates and long numbers pass.

    A byte that is no UTF-8 becomes a lone surrogate (PEP 383). Raises ValueError for what is no JSON, and for what is
    nested too deeply to be read.
    """
    try:
        value: object = json.loads(text.decode("utf-8", "surrogateescape"), strict=False, parse_int=_integer)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def _integer(digits: str) -> int | float:
    # int() refuses more than 4,300 digits, which is no reason to refuse what stands around them.
    return int(digits) if len(digits) < _LONG else float(digits)
