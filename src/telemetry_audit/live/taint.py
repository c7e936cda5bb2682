"""An answer to the values in it that are worth remembering: JSON, tables, forms, XML and plain text (RFC 8259, 4180; WHATWG URL, section 5)."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from fnmatch import translate
from functools import lru_cache
from html import unescape
from http import HTTPStatus
from ipaddress import ip_address
from itertools import islice
from mimetypes import types_map
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from telemetry_audit.audit import Audit
from telemetry_audit.catalog import Destination
from telemetry_audit.decoders.content import Undecodable, decoded
from telemetry_audit.detectors.known import Trace, folded, traces, width, words
from telemetry_audit.lists import is_telling, telling

LARGEST = 1 << 20
"""Bytes of an answer, decoded, that are looked at: in a second, whatever they are."""

MOST_TRACES = 50_000
"""Digests of one answer that are remembered: half of all, so that no answer alone drives out what others held."""

TOO_LARGE = "larger than 1 MiB"
NOT_READ = "in a form that is not read"
TOO_MANY = "only in part, since they hold too many values"

_SHORTEST = 8
_FEWEST_DIGITS = 9
_LEAST_TELLING = 5
_MOST_COMMON = 3
"""Words up to which a value without a digit is a name if the first and the last have a capital (`Jane Roe`), else a phrase (`in progress`)."""

_NAME = re.compile(r"[A-Za-z]+(?:[._-][A-Za-z]+)*", re.ASCII)
_LEAST_OF_A_NAME = 15
"""Letters of a name as programs form it (`erika_mustermann`)."""

_CONSTANT = re.compile(r"[A-Z]+(?:_[A-Z]+)*_?[A-Z]?[0-9]{0,2}", re.ASCII)
_MIXED = re.compile(r"[0-9@]")
_LIMITS = frozenset(str(2**bits - less) for bits in (31, 32, 53, 63, 64) for less in (0, 1))
_STOCK = frozenset((*(status.phrase.casefold() for status in HTTPStatus), *types_map.values()))
_TEXT = re.compile(r">([^<>]{8,})<")
_DELIMITERS = ",;\t|"
_DEEPEST = 64
_BINARY = re.compile(
    r"(?:image|audio|video|font)/|text/(?:html|css|javascript)|application/(?:javascript|octet-stream|pdf|zip|wasm)"
)


class Answer(NamedTuple):
    """What of an answer is looked at: its host, the values of its headers Content-Type and Content-Encoding, and its body as it came."""

    host: str
    kind: str
    coding: str
    body: bytes


class Learnt(NamedTuple):
    """What to remember of an answer, and why not all of it, "" where it is all."""

    traces: list[Trace]
    skipped: str = ""


def learn(audit: Audit, answer: Answer) -> Learnt:
    """What to remember of an answer, by the digests of an audit that remembers."""
    if audit.taint is None:
        return Learnt([])
    try:
        body = decoded(answer.body, answer.coding)
    except Undecodable:
        return Learnt([], NOT_READ)
    if len(body) > LARGEST:
        return Learnt([], TOO_LARGE)
    if _BINARY.match(answer.kind.lower()):
        return Learnt([], NOT_READ)
    columns: dict[str, Counter[str]] = {}
    skipped = ""
    try:
        for column, value in _cells(_text(body), answer.kind.lower()):
            columns.setdefault(column, Counter())[value.strip()] += 1
    except (ValueError, RecursionError, csv.Error):
        skipped = NOT_READ  # what came before is remembered
    key, own, names = audit.taint.key, answer.host.lower(), audit.catalog.vocabulary
    hosts = _hosts(audit.destinations.rules)
    kept = dict.fromkeys(value for counter in columns.values() for value in _uncommon(counter))
    told = (value for value in kept if value.lower() != own and _is_distinctive(value, names, hosts))
    found = list(islice((trace for value in told for trace in traces(key, value)), MOST_TRACES + 1))
    return Learnt(found[:MOST_TRACES], skipped or (TOO_MANY if len(found) > MOST_TRACES else ""))


def _uncommon(column: Counter[str]) -> Iterator[str]:
    """The values that tell something; words alone only if they are rare in their column: one customer's address stands in all their orders."""
    rare = frozenset(telling(column))
    return (value for value in column if value in rare or (_MIXED.search(value) and is_telling(value)))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode(json.detect_encoding(body) if b"\0" in body[:4] else "latin-1", "replace")


def _cells(text: str, kind: str) -> Iterator[tuple[str, str]]:
    """Pairs of a name for what is alike (the names on the way to a value, or a table's column) and a value."""
    if "urlencoded" in kind:
        return iter(parse_qsl(text))
    start = text.lstrip()[:1]
    if start in {"{", "[", '"'} and "csv" not in kind:
        return _document(text)
    if "xml" in kind or start == "<":
        return (("", unescape(found[1])) for found in _TEXT.finditer(text))
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    return ((str(column), cell) for row in rows for column, cell in enumerate(row))


def _document(text: str) -> Iterator[tuple[str, str]]:
    """The texts and numbers of a JSON document, or of one in each line; numbers as they are written, and keys that are more than names."""
    try:
        yield from _leaves(json.loads(text, parse_int=str), "", 0)
    except ValueError:
        for line in text.splitlines():
            with suppress(ValueError):
                yield from _leaves(json.loads(line, parse_int=str), "", 0)


def _leaves(value: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, float):
        yield name, str(value)
    elif isinstance(value, (dict, list)) and depth < _DEEPEST:
        inner: Iterable[tuple[str, object]] = (
            value.items() if isinstance(value, dict) else (("", each) for each in value)
        )
        for key, each in inner:
            if key and not key.replace("_", "a").isalnum():
                yield f"{name}.", key
            yield from _leaves(each, f"{name}.{key}" if key else name, depth + 1)


def _is_distinctive(text: str, vocabulary: Collection[str], hosts: re.Pattern[str]) -> bool:
    """Whether a value that tells something is long enough, and nothing that programs say of themselves and of each other.

    It is looked for by its words, so it is these that count: `./browser` is one word of seven letters.
    """
    said = words(folded(text))
    letters = "".join(said)
    if width(text) < _SHORTEST or text.casefold() in _STOCK or text in vocabulary:
        return False
    if letters.isdigit():
        few = len(letters) < _FEWEST_DIGITS or len(letters.rstrip("0")) < _LEAST_TELLING
        return not (few or letters in _LIMITS or _is_address(text))
    if letters.isascii() and letters.isalpha() and len(said) <= _MOST_COMMON:
        parts = text.split()
        named = len(parts) > 1 and parts[0][0].isupper() and parts[-1][0].isupper()
        formed = len(letters) >= _LEAST_OF_A_NAME and _NAME.fullmatch(text) is not None
        return (named or formed) and not text.isupper()
    if width(letters) < _SHORTEST or _CONSTANT.fullmatch(text):
        return False
    return not (_is_address(text) or _is_front_page(text) or hosts.fullmatch(text.lower()))


def _is_address(text: str) -> bool:
    """Whether it is an address, which another rule judges wherever it came from."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_front_page(text: str) -> bool:
    """Whether it is a URL that leads to all of a host."""
    if "://" not in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.path in {"", "/"} and not parts.query and not parts.username


@lru_cache(8)
def _hosts(rules: tuple[Destination, ...]) -> re.Pattern[str]:
    """The hosts that are known by name, in lower case."""
    return re.compile("|".join(translate(glob) for rule in rules for glob in rule.hosts if glob != "*"))
