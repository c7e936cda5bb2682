"""The texts that a text stands for: itself, and what codings and containers in it hide, to `MAX_DEPTH` layers.

Undone are percent-encoding (RFC 3986, section 2.1), quoted-printable and base64 in lines (RFC 2045, sections 6.7 and 6.8), base64, base64url,
base32 and hex (RFC 4648), Ascii85, the segments of a JWT (RFC 7519), zlib, gzip and Brotli inside of base64 and hex (RFC 1950, 1952, 7932), the
ways of JSON and HTML to spell a character, texts read backwards and ROT13. A container gives the values in it, with what their names hint at:
JSON (RFC 8259), `key=value` as in a URL's query, and XML's elements.
"""

from __future__ import annotations

import re
from codecs import encode
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote

from telemetry_audit.detectors.budget import Budget
from telemetry_audit.detectors.containers import values_inside
from telemetry_audit.detectors.hints import NO_HINTS
from telemetry_audit.detectors.other_bases import in_other_bases
from telemetry_audit.detectors.spelling import quoted_printable, spelled_plainly
from telemetry_audit.detectors.tokens import decoded_tokens, tokens_of

MAX_DEPTH = 3
"""How many codings are undone, one inside the other. Containers do not count, since they hide nothing; `_MOST_LAYERS` bounds both together."""

BACKWARDS, ROT13 = "reversed", "ROT13"
CONTAINERS = frozenset(("JSON", "a URL", "a parameter", "XML"))

_MOST_LAYERS = 8
_MOST_VIEWS = 200_000
_PERCENTS = 4
_LEAST_TWISTED = 6
_LEAST_FOREIGN = 12
_LONGEST_TWISTED = 1 << 16
_NOT_IN_PATHS = re.compile(r"[^A-Za-z0-9/:._?-]", re.ASCII)
_MANY_DIGITS = re.compile(r"[0-9](?<![0-9A-Za-z][0-9])(?:[.-]?[0-9]){8}", re.ASCII)
_LONG_TOKEN = re.compile(r"[A-Za-z0-9+=_-]{12,}", re.ASCII)
_IDS = re.compile(
    r"(?:[A-Za-z0-9]{1,16}[_-]){0,4}(?:[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})",
    re.ASCII,
)
_SPELLED = re.compile(r"(?:[0-9a-f][2-7]){8,}", re.ASCII)
"""Hex digits that spell a text, the wrong way round."""


_BEGINNING = re.compile(r"\[?\{\s{0,8}\"[\w $.-]{1,64}\"\s?:|<(?:\?xml|table|\w{1,32}(?:><| \w{1,32}=\"))", re.ASCII)
"""How JSON and XML begin, and no text ends when it is read backwards."""


class View(NamedTuple):
    """A text, the layers that were undone to get it, the outermost first, and what the name of its place says of it."""

    text: str
    layers: tuple[str, ...]
    hints: frozenset[str] = NO_HINTS

    @property
    def twisted(self) -> bool:
        """Whether this is another reading of a text that nothing has confirmed, as the beginning of a container confirms what was reversed."""
        last = self.layers[-1] if self.layers else ""
        return last == ROT13 or (last == BACKWARDS and not _BEGINNING.match(self.text))


def views(text: str, budget: Budget, hints: frozenset[str] = NO_HINTS) -> Iterator[View]:
    """`text` itself and every plausible text inside it, breadth first, while the budget lasts."""
    budget.grant(len(text))
    waiting = [View(text, (), hints)]
    seen = {(text, hints)}
    for view in waiting:
        yield view
        if budget.exhausted or len(view.layers) >= _MOST_LAYERS:
            continue
        for name, inner, hinted in _inside(view, budget):
            if (inner, hinted) in seen:
                continue
            if len(waiting) >= _MOST_VIEWS or not budget.take(len(inner)):
                budget.exhausted = True
                break
            seen.add((inner, hinted))
            waiting.append(View(inner, (*view.layers, name), hinted))


def _inside(view: View, budget: Budget) -> Iterator[tuple[str, str, frozenset[str]]]:
    text, layers = view.text, view.layers
    for name, inner, hints in values_inside(text, view.hints):
        yield name, inner, hints
    depth = sum(layer not in CONTAINERS for layer in layers)
    if depth >= MAX_DEPTH:
        return
    for name, inner in _spellings(text):
        yield name, inner, view.hints
    tokens = tokens_of(text)
    for name, inner, is_all in chain(decoded_tokens(text, tokens, budget), in_other_bases(text, tokens)):
        yield name, inner, view.hints if is_all and _is_plausible(inner) else NO_HINTS
    if _LEAST_TWISTED < len(text) <= _LONGEST_TWISTED and _is_worth_twisting(text):
        if BACKWARDS not in layers[-1:] and layers[-2:] != (BACKWARDS, ROT13):
            yield BACKWARDS, text[::-1], view.hints
        if ROT13 not in layers[-1:]:
            yield ROT13, encode(text, "rot13"), view.hints


def _is_plausible(text: str) -> bool:
    """Whether a text that was decoded is no chance: few bytes are soon letters of some script, but seldom nearly all of them ASCII."""
    if text.isascii() or len(text) >= _LEAST_FOREIGN:
        return True
    return len(text) > _LEAST_TWISTED and sum(map(str.isascii, text)) >= len(text) - 2


def _is_worth_twisting(text: str) -> bool:
    """Whether a text read in another way could be anything: it is more than a path of words, has many digits, or a long token that is no id."""
    if _NOT_IN_PATHS.search(text) or _MANY_DIGITS.search(text):
        return True
    return any(_SPELLED.fullmatch(token) or not _IDS.fullmatch(token) for token in _LONG_TOKEN.findall(text))


def _spellings(text: str) -> Iterator[tuple[str, str]]:
    if "%" in text and (plain := _unquoted(text)) != text:
        yield "percent-encoding", plain
    if ("\\" in text or "&" in text or not text.isascii()) and (plain := spelled_plainly(text)) != text:
        yield "another spelling", plain
    if "=" in text and (plain := quoted_printable(text)) != text:
        yield "quoted-printable", plain


def _unquoted(text: str) -> str:
    """`text` without percent-encoding, however often it was applied."""
    for _ in range(_PERCENTS):
        plain = unquote(text, errors="replace")
        if plain == text:
            break
        text = plain
    return text
