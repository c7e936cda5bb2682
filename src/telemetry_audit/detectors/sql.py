"""SELECT statements, told from sentences that hold their words, and the parts of which SQL is made."""

from __future__ import annotations

import re

NAME = r"(?:[\w.$\"`\[\]]++|\{\{[^{}]{1,100}\}\})"
CONDITION = (
    r"WHERE\s++[(\s]*+(?:NOT\s++)?[\w.$\"`\[\]]++\s*+"
    r"(?:[=<>!~]|(?:NOT\s++)?(?:LIKE|ILIKE|IN|BETWEEN|EXISTS)\b|IS\s++(?:NOT\s++)?NULL\b)"
)
_KEYWORD = r"(?:WHERE|SET|JOIN|INNER|LEFT|RIGHT|FULL|CROSS|NATURAL|ORDER|GROUP|LIMIT|UNION|FETCH)\b"
_JOIN = rf"(?:(?:INNER|LEFT|RIGHT|FULL|CROSS|OUTER|NATURAL)\s++){{0,3}}+JOIN\s++{NAME}"
_ORDER = r"(?:ORDER|GROUP)\s++BY\s|LIMIT\s++[0-9$?:{]|FETCH\s++FIRST\b|UNION\s"
ALIAS = rf"(?:\s++(?:AS\s++)?(?!{_KEYWORD})\w++)?"
_ARTICLE = r"(?:the|an?|your|our|my|its|their|this|that|these|those|any|all|each|every|here|one)\s"
# These two are compiled by what looks for one: it takes long, and few recordings hold any SQL.
_TABLES = (
    rf"\s++(?!{_ARTICLE}){NAME}{ALIAS}(?:\s*+,\s*+{NAME}{ALIAS}){{0,16}}+\s*+"
    rf"(?:(?P<clause>{CONDITION}|{_JOIN}|{_ORDER})|(?P<end>[;)}}\"\\]|\Z))?"
)
_ITEM = r"(?:\*|[\w.$\"`\[\]:]++(?:\*|\([^()]{0,200}\))?)(?:\s++AS\s++[\w\"`]++)?"
_COLUMNS = rf"\s++(?:(?:DISTINCT|ALL|TOP\s++[0-9]++)\s++)?{_ITEM}(?:\s*+,\s*+{_ITEM})*+\s*+"
_SELECT = re.compile(r"\b(?:SELECT|FROM)\b", re.IGNORECASE)
_LONGEST_COLUMNS = 2000


def select_in(text: str) -> int:
    """Where the first SELECT with its FROM begins, or -1; each FROM is held against the SELECT before it, so the time is linear."""
    select: re.Match[str] | None = None
    for word in _SELECT.finditer(text):
        if word.group().lower() == "select":
            select = word
        elif select and word.start() - select.end() <= _LONGEST_COLUMNS:
            if _is_statement(text, select, word):
                return select.start()
            columns = text[select.end() : word.start()]
            if columns.count("(") <= columns.count(")"):  # else as in SELECT EXTRACT(YEAR FROM born) FROM people
                select = None
    return -1


def _is_statement(text: str, select: re.Match[str], origin: re.Match[str]) -> bool:
    """Whether SELECT, what stands between, FROM and what follows are SQL.

    Columns must look like columns, and a table must not be "the list". A clause with its operands then makes it a statement, and so do both keywords
    in capitals. In small letters without a clause, it takes more than one column, a function or a star, and the end right after the table.
    """
    tables = re.compile(_TABLES, re.IGNORECASE).match(text, origin.end())
    if tables is None:
        return False
    words = select.group() + origin.group()
    columns = text[select.end() : origin.start()]
    several = any(mark in columns for mark in ",*(")
    listed = re.fullmatch(_COLUMNS, columns, re.IGNORECASE) is not None
    if tables["clause"] or words.isupper():
        return listed or several
    return listed and several and words.islower() and tables["end"] is not None
