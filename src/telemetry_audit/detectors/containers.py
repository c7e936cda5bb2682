"""The values inside of a text that is a container, each with what its name says of it: JSON, `key=value`, XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote, unquote_plus

from telemetry_audit.detectors.hints import NO_HINTS, OPAQUE, hints_of

_JSON_START = re.compile(r"[{\[]\s*+(?:[\"{\[\]}]|-?[0-9]|true\b|false\b|null\b)|\"(?=[\[{]{1,3}\\\")")
_MEMBER = re.compile(
    r"\\{0,3}\"(?P<name>[A-Za-z_][\w .-]{0,48})\\{0,3}\"\s?:\s?(?:\\{0,3}\"(?P<text>[^\"\\]{1,200})|(?P<number>[0-9]{6,20}))"
)
_PAIR = re.compile(
    r"(?:(?<![\w.-])|(?<=[ \"']-D)|(?<=[ \"']--)|(?<=\A-D)|(?<=\A--))(?P<name>[A-Za-z_][\w.\[\]-]{0,48}) ?= ?"
    r"(?:\"(?P<quoted>[^\"]{1,200})\"|'(?P<single>[^']{1,200})'|(?P<value>[^&#\"'<>,;)}\]\n]{1,200}))"
)
_ELEMENT = re.compile(
    r"<(?P<name>[A-Za-z_][\w.:-]{0,48})(?: [^<>]{0,200})?>\s{0,8}(?P<value>[^<>\s][^<>]{0,199})</(?P=name)>"
)
_LABELLED = re.compile(
    r"(?<![\w.-])(?P<name>(?:[A-Za-z]{1,16}[ _-]){0,2}[A-Za-z]{2,28}):[ \t]{1,2}[\"']?(?=(?P<value>[^\s,;\"'{}\[\]()][^,;\"'\n{}\[\]()]{2,60}))"
)
_PIECE = re.compile(r"(?:(?P<name>[A-Za-z_][\w.\[\]-]{0,48})=)?(?P<value>[^/?&#=;\s\"'<>]{6,}=*)")
_LOWER = re.compile(r" (?=[a-z(])")
_DECODER = json.JSONDecoder()
_LONGEST = 1 << 20
_MOST_VALUES = 50_000
_MOST_STARTS = 8
_MOST_DEPTH = 64


def values_inside(text: str, around: frozenset[str] = NO_HINTS) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The name of the container, a value in it, and its hints; plain values are given only if their name says something of them.

    `around` are the hints of the text's own place, which hold in it where the names in it say nothing.
    """
    if '":' in text or '" :' in text or (text[:1] in '["' and '"' in text):
        yield from _json(text, around)
    if "=" in text or "%" in text:
        yield from _pieces(text)
    if "=" in text:
        yield from _hinted("a parameter", _PAIR, text)
    if "</" in text:
        yield from _hinted("XML", _ELEMENT, text)
    if ": " in text:
        for name, value, hints in _hinted("a parameter", _LABELLED, text):
            if hints is not OPAQUE:
                yield name, value, hints
                if (first := _LOWER.split(value)[0]) != value:
                    yield name, first, hints


def _hinted(name: str, form: re.Pattern[str], text: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The values that a pattern gives names, if their names say something of them."""
    for match in form.finditer(text):
        hints = hints_of((match["name"],))
        if hints:
            value = next(filter(None, match.groups()[1:])).strip()
            yield name, unquote(value) if form is _PAIR else value, hints
            if "secret" in hints and " " in value:
                yield name, value.split()[0], hints


def _pieces(text: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The values of a URL's or form's parameters, and its segments where something is encoded in them, each by itself."""
    if not ("://" in text or "%" in text or text[:1] in "/?" or "&" in text):
        return
    for piece in _PIECE.finditer(text):
        value = piece["value"]
        if piece["name"] or "%" in value:
            hints = hints_of((piece["name"],)) if piece["name"] else NO_HINTS
            plain = unquote_plus(value) if piece["name"] else unquote(value)
            if plain != text and (plain != value or hints or plain[0] in "0123456789+["):
                yield "a URL", plain, hints


def _json(text: str, around: frozenset[str]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The values of the JSON in a text, or where it is cut off or broken, of the members that can still be told."""
    found = False
    for value in _parsed(text) if len(text) <= _LONGEST else ():
        found = True
        for count, (path, leaf) in enumerate(islice(_leaves(value, ()), _MOST_VALUES), 1):
            found = count < _MOST_VALUES
            if leaf != text:
                yield "JSON", leaf, hints_of(path, around) if path else NO_HINTS
    if not found:
        yield from _hinted("JSON", _MEMBER, text)


def _parsed(text: str) -> Iterator[Any]:
    """The JSON values that stand in a text, one after the other."""
    at = 0
    for _ in range(_MOST_STARTS):
        start = _JSON_START.search(text, at)
        if start is None:
            return
        try:
            value, at = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            at = start.start() + 1
        else:
            yield value


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts and numbers of a JSON value with the names on their way, and names that may be data themselves."""
    if isinstance(value, (dict, list)):
        if len(path) < _MOST_DEPTH:
            named = value.items() if isinstance(value, dict) else (("0", inner) for inner in value)
            for key, inner in named:
                if not key.isalnum():
                    yield (), key
                yield from _leaves(inner, (*path, key))
    elif isinstance(value, str):
        yield path, value
    elif type(value) in {int, float} and hints_of(path) is not NO_HINTS:
        yield path, str(value)
