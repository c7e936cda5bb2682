"""Where JSON values begin and end in place, without building them.

The quick way lets msgspec skip a value in C: its complaint says at which byte the next one begins. Where the complaint
says nothing of the kind, or the JSON is not strict, a scanner of strings, brackets and comments finds the end.
"""

from __future__ import annotations

import mmap
import re

import msgspec

from telemetry_audit.readers.loose_json import COMMENT, STRING, UNENDED

_SKIP = msgspec.json.Decoder(msgspec.Raw).decode
_TRAILING = re.compile(r"trailing characters \(byte ([0-9]+)\)")
_WINDOW = 1 << 18
_SPACE = re.compile(rb"(?:[ \t\r\n]++|" + COMMENT + rb")*+", re.DOTALL)
_BETWEEN = re.compile(rb"(?:[ \t\r\n,]++|" + COMMENT + rb")*+", re.DOTALL)
_TOKEN = re.compile(STRING + rb"|" + COMMENT + rb"|" + UNENDED + rb"|[{}\[\]]", re.DOTALL)
_SCALAR = re.compile(STRING + rb'|[^\s,\]}\[{:"/]++', re.DOTALL)
_KEY = re.compile(STRING, re.DOTALL)

type Content = bytes | mmap.mmap


def skip_space(content: Content, at: int) -> int:
    """Where the next thing that is neither white space nor a comment begins."""
    found = _SPACE.match(content, at)
    return found.end() if found else at


def skip_between(content: Content, at: int) -> int:
    """Where the next thing that is neither white space nor a comment nor a comma begins."""
    found = _BETWEEN.match(content, at)
    return found.end() if found else at


def value_end(content: Content, at: int) -> int:
    """Where the value that begins at `at` ends, -1 where it does not end."""
    if content[at : at + 1] not in (b"{", b"["):
        scalar = _SCALAR.match(content, at)
        return scalar.end() if scalar else -1
    end = strict_end(content, at, len(content))
    return end if end >= 0 else loose_end(content, at, len(content))


def strict_end(content: Content, at: int, stop: int) -> int:
    """The end of the strict JSON object or list at `at`, -1 if there is none before `stop`; linear in its length."""
    window = _WINDOW
    while True:
        complaint = _complaint(content, at, min(at + window, stop))
        if not complaint:
            return _without_space(content, at, min(at + window, stop))
        trailing = _TRAILING.search(complaint)
        if trailing:
            return _without_space(content, at, at + int(trailing[1]) - 1)
        if at + window >= stop or "truncated" not in complaint:
            return -1
        window *= 4


def loose_end(content: Content, at: int, stop: int) -> int:
    """The end of the object or list at `at` by its brackets outside strings, -1 if they do not close before `stop`."""
    depth = 0
    for token in _TOKEN.finditer(content, at, stop):
        sort = token[0]
        if sort in (b"{", b"["):
            depth += 1
        elif sort in (b"}", b"]"):
            depth -= 1
            if depth == 0:
                return token.end()
    return -1


def member(content: Content, at: int, name: bytes) -> tuple[int, int]:
    """Where the value of the key `name` (with its quotes) begins, -1 without one, and where the search ended.

    `at` is where a key is looked for: just behind the opening brace or behind an earlier value.
    """
    while True:
        at = skip_between(content, at)
        key = _KEY.match(content, at)
        if key is None:
            return -1, at
        colon = skip_space(content, key.end())
        if content[colon : colon + 1] != b":":
            return -1, colon
        value = skip_space(content, colon + 1)
        if key[0] == name:
            return value, value
        at = value_end(content, value)
        if at < 0:
            return -1, len(content)


def keys(head: bytes, at: int) -> set[bytes]:
    """The keys (with their quotes) of the object that begins at `at`, as far as `head` reaches."""
    found: set[bytes] = set()
    at = skip_space(head, at + 1)
    while (key := _KEY.match(head, at)) is not None:
        found.add(key[0])
        at = skip_space(head, key.end())
        if head[at : at + 1] != b":" or (at := value_end(head, skip_space(head, at + 1))) < 0:
            break
        at = skip_between(head, at)
    return found


def _complaint(content: Content, at: int, stop: int) -> str:
    with memoryview(content) as view, view[at:stop] as piece:
        try:
            _SKIP(piece)
        except msgspec.DecodeError as error:
            return str(error)
        except RecursionError:
            return "nested too deeply"
    return ""


def _without_space(content: Content, at: int, stop: int) -> int:
    while stop > at and content[stop - 1 : stop] in (b" ", b"\t", b"\r", b"\n"):
        stop -= 1
    return stop
