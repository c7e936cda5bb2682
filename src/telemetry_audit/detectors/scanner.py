"""One look at a text with every detector, remembered, because telemetry says the same things over and over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from telemetry_audit.detectors.asking import Asking
from telemetry_audit.detectors.budget import Budget
from telemetry_audit.detectors.detector import Detector
from telemetry_audit.detectors.hints import NO_HINTS, OPAQUE
from telemetry_audit.detectors.known import TAINT, KnownValues, Match
from telemetry_audit.detectors.known.words import folded
from telemetry_audit.detectors.layers import ROT13, View, views
from telemetry_audit.shapes import characters

_REMEMBERED = 65_536
_REMEMBERED_LENGTH = 256
_WINDOW = 65_536
_OVERLAP = 4096
_BARE_CARDS = (15, 16)
_CHINESE = 18
_TIME_BACKWARDS = re.compile(r"[4-9]1\Z", re.ASCII)
_HEX_TURNED = re.compile(r"[0-9a-f]+|[0-9n-s]+", re.ASCII)
"""An id in hex digits backwards, or in ROT13 with that."""

_PLAIN = re.compile(
    r"(?!key-)(?:[a-z]{1,5}-){0,2}(?!(?:[2-7][0-9a-f])+\Z|(?:[0-9a-f][2-7])+\Z|78(?:01|5e|9c|da)|1f8b08)(?:[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{64})"
    r"|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}Z|phc_[A-Za-z0-9]{43}",
    re.ASCII,
)
"""Exact shapes that hold nothing: a UUID, a time, PostHog's public key, and an id or digest, perhaps after a word or two.

Its bytes are no text, forwards or backwards, and nothing compressed.
"""

_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9_ -]{0,7}+|[0-9_ .-]{1,6}+|[A-Za-z_ ]{0,11}+", re.ASCII)
"""A word or two and small numbers, which only the name of their place can make a person's."""


class Sighting(NamedTuple):
    """Something seen in a text: the kind of shape, the thing itself (never for an output), its words, and the layers around it, the outermost first.

    `which` tells the known values of one list apart.
    """

    kind: str
    text: str
    name: str
    layers: tuple[str, ...] = ()
    whole: bool = False
    which: str = ""

    @property
    def says(self) -> str:
        """The shape in words, from the inside out: "an e-mail address, 17 characters, in JSON, in base64"."""
        return ", ".join((self.name, characters(self.text), *(f"in {layer}" for layer in reversed(self.layers))))


@dataclass(frozen=True, slots=True)
class Scanner:
    """Applies detectors and known values to texts of any length."""

    detectors: Sequence[Detector]
    known: KnownValues
    memory: dict[str | tuple[str, frozenset[str]], tuple[Sighting, ...]] = field(default_factory=dict, repr=False)
    _asking: Asking = field(init=False, repr=False)
    _knowing: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Put the triggers of all detectors together."""
        object.__setattr__(self, "_asking", Asking.of(self.detectors))
        object.__setattr__(self, "_knowing", bool(self.known))

    def see(self, text: str, hints: frozenset[str] = NO_HINTS, budget: Budget | None = None) -> tuple[Sighting, ...]:
        """All sightings in `text` and in the layers that it hides, each once; what was seen in a short text is kept in `memory`.

        `hints` are those of the name of the text's place. `budget` is the event's: only long texts are charged to it, so that what was seen never
        depends on what was remembered; a short one has a budget of its own, which bounds its layers well.
        """
        key = (text, hints) if hints else text
        found = self.memory.get(key)
        if found is not None:
            return found
        short = len(text) <= _REMEMBERED_LENGTH
        if _PLAIN.fullmatch(text) or ((not hints or hints is OPAQUE) and _SHORT.fullmatch(text)):
            found = self._known(text)
        else:
            own = Budget() if short or budget is None else budget
            found = self._look(text, hints, own)
            if own.exhausted:
                if budget is not None:
                    budget.exhausted = True
                return found
        if short and not (found and any(sighting.kind == TAINT for sighting in found)):
            if len(self.memory) >= _REMEMBERED:  # what an answer held is forgotten some time
                self.memory.clear()
            self.memory[key] = found
        return found

    def _look(self, text: str, hints: frozenset[str], budget: Budget) -> tuple[Sighting, ...]:
        seen: dict[tuple[str, str, str], Sighting] = {}
        for view in views(text, budget, hints):
            for sighting in self._in_view(view):
                key = (sighting.kind, sighting.text, sighting.which)
                before = seen.get(key)
                if before is None or sighting.layers == (*before.layers, "JSON"):
                    seen[key] = sighting
        return tuple(seen.values())

    def _in_view(self, view: View) -> Iterator[Sighting]:
        if not view.twisted:  # known values are known backwards and in ROT13 too
            yield from self._known(view.text, view.layers)
        elif self.known.taint is not None:
            yield from _matched(self.known.tainted(folded(view.text)), view.text, view.layers)
        asking, hints, layers = self._asking, view.hints, view.layers
        for window in _windows(view.text) if len(view.text) > _WINDOW else (view.text,):
            if view.twisted:
                exact = (each for each in asking.for_text(window) if each.exact and each.unless not in hints)
                yield from _detected_twisted(exact, window, layers)
                continue
            for detector in asking.for_text(window):
                if detector.unless not in hints:
                    yield from _detected(detector, window, layers)
            for detector in asking.for_hints(hints):
                yield from _detected(detector, window, layers)

    def _known(self, text: str, layers: tuple[str, ...] = ()) -> tuple[Sighting, ...]:
        matches = self.known.find(text) if self._knowing else ()
        return tuple(_matched(matches, text, layers)) if matches else ()


def _detected_twisted(detectors: Iterable[Detector], text: str, layers: tuple[str, ...]) -> Iterator[Sighting]:
    for detector in detectors:
        for sighting in _detected(detector, text, layers):
            if _is_telling_twisted(sighting, text):
                yield sighting


def _is_telling_twisted(sighting: Sighting, text: str) -> bool:
    """Whether what was found in a text read another way is no chance: of bare digits only the usual cards, no time (`14…` to `19…`) turned round.

    ROT13 leaves digits as they are, and JSON's members are read backwards each by itself, with what their names say.
    """
    digits = sighting.text
    if sighting.layers[-1] == ROT13 and not any(map(str.isalpha, digits)):
        return False
    match sighting.kind:
        case "email":
            telling = digits.isascii()
        case "phone":
            telling = digits.startswith("+")
        case "iban":
            telling = not _HEX_TURNED.fullmatch(digits)
        case "address" | "address-in-text" | "address-in-url":
            telling = False
        case "card" if digits.isdigit():
            usual = len(digits) in _BARE_CARDS and digits[0] in "345" and not digits.endswith("00")
            telling = usual and not text.endswith(("{", "[")) and not _TIME_BACKWARDS.search(digits)
        case _:
            telling = not digits.isdigit() or len(digits) == _CHINESE
    return telling


def _matched(matches: Iterable[Match], text: str, layers: tuple[str, ...]) -> Iterator[Sighting]:
    for match in matches:
        inner = layers if match.how == "plain" else (*layers, match.how)
        yield Sighting(match.source, text, match.name, inner, match.whole, match.which)


def _detected(detector: Detector, text: str, layers: tuple[str, ...]) -> Iterator[Sighting]:
    for shape in detector.find(text):
        yield Sighting(shape.kind, shape.text, detector.names[shape.kind], layers, whole=shape.text == text)


def _windows(text: str) -> Iterator[str]:
    """A long text in overlapping parts, so that a detector's work is bounded and nothing on an edge is lost."""
    for start in range(0, len(text), _WINDOW - _OVERLAP):
        yield text[start : start + _WINDOW]
