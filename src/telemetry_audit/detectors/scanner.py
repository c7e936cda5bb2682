"""One look at a text with every detector, remembered, because telemetry says the same things over and over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from telemetry_audit.detectors.detector import Detector
from telemetry_audit.detectors.known import KnownValues
from telemetry_audit.detectors.layers import views

_REMEMBERED = 65_536
_REMEMBERED_LENGTH = 256
_WINDOW = 65_536
_OVERLAP = 4096
_PLAIN = re.compile(
    r"[A-Za-z0-9_ -]{0,11}+|[A-Za-z0-9_ .-]{0,6}+"
    r"|(?:[a-z]{1,5}-){0,2}(?!(?:[2-7][0-9a-f])+\Z)(?:[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{64})"
    r"|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}Z",
    re.ASCII,
)
"""Exact shapes that hold nothing: a few letters and digits, an id or digest whose bytes are no text (perhaps after a word or two), a UUID, a time."""


class Sighting(NamedTuple):
    """Something seen in a text: the kind of shape, the thing itself (never for an output), its words, and the layers around it."""

    kind: str
    text: str
    name: str
    layers: tuple[str, ...] = ()
    whole: bool = False

    @property
    def says(self) -> str:
        """The shape in words: "an e-mail address, 17 characters, in base64"."""
        return ", ".join((self.name, f"{len(self.text)} characters", *(f"in {layer}" for layer in self.layers)))


@dataclass(frozen=True, slots=True)
class Scanner:
    """Applies detectors and known values to texts of any length."""

    detectors: Sequence[Detector]
    known: KnownValues
    memory: dict[str, tuple[Sighting, ...]] = field(default_factory=dict, repr=False)

    def see(self, text: str) -> tuple[Sighting, ...]:
        """All sightings in `text` and in the layers that it hides, each once; what was seen in a short text is kept in `memory`."""
        found = self.memory.get(text)
        if found is None:
            found = () if _PLAIN.fullmatch(text) and not self.known else self._look(text)
            if len(text) <= _REMEMBERED_LENGTH:
                if len(self.memory) >= _REMEMBERED:
                    self.memory.clear()
                self.memory[text] = found
        return found

    def _look(self, text: str) -> tuple[Sighting, ...]:
        found = tuple(self._known(text)) if self.known else ()
        if _PLAIN.fullmatch(text):
            return found
        seen = dict.fromkeys(found)
        for view in views(text):
            for window in _windows(view.text) if len(view.text) > _WINDOW else (view.text,):
                for detector in self.detectors:
                    for trigger in detector.triggers:
                        if trigger in window:
                            seen.update(dict.fromkeys(_detected(detector, window, view.layers)))
                            break
            if view.layers and self.known:
                seen.update(dict.fromkeys(self._known(view.text, view.layers)))
        return tuple(seen)

    def _known(self, text: str, layers: tuple[str, ...] = ()) -> Iterator[Sighting]:
        for match in self.known.find(text):
            inner = layers if match.how == "plain" else (*layers, match.how)
            yield Sighting(match.source, text, f"a known value of the operator's ({match.source})", inner, match.whole)


def _detected(detector: Detector, text: str, layers: tuple[str, ...]) -> Iterator[Sighting]:
    for shape in detector.find(text):
        yield Sighting(shape.kind, shape.text, detector.names[shape.kind], layers, whole=shape.text == text)


def _windows(text: str) -> Iterator[str]:
    """A long text in overlapping parts, so that a detector's work is bounded and nothing on an edge is lost."""
    for start in range(0, len(text), _WINDOW - _OVERLAP):
        yield text[start : start + _WINDOW]
