"""One look at a text with every detector, remembered, because telemetry says the same things over and over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from telemetry_audit.detectors.detector import Detector
from telemetry_audit.detectors.known import KnownValues
from telemetry_audit.detectors.layers import views

_CACHED = 65_536
_CACHED_LENGTH = 256
_WINDOW = 65_536
_OVERLAP = 512
_PLAIN = re.compile(
    r"[A-Za-z_ ]{0,12}|[0-9a-f]{24}|[0-9a-f]{64}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}Z",
    re.ASCII,
)
"""Exact shapes that are no shape of a detector's: a word, an object id, a digest, a UUID, a time."""


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
    _remember: Callable[[str], tuple[Sighting, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Give each scanner a memory of its own."""
        object.__setattr__(self, "_remember", lru_cache(_CACHED)(self._look))

    def see(self, text: str) -> tuple[Sighting, ...]:
        """All sightings in `text` and in the layers that it hides, each once."""
        if len(text) <= _CACHED_LENGTH:
            return self._remember(text)
        return self._look(text)

    def holds_known(self, text: str) -> bool:
        """Whether a known value stands in `text`."""
        return any(True for _ in self.known.find(text))

    def _look(self, text: str) -> tuple[Sighting, ...]:
        found = dict.fromkeys(self._known(text))
        if _PLAIN.fullmatch(text):
            return tuple(found)
        for window in _windows(text):
            for view in views(window):
                found.update(dict.fromkeys(self._detected(view.text, view.layers)))
                if view.layers and self.known:
                    found.update(dict.fromkeys(self._known(view.text, view.layers)))
        return tuple(found)

    def _known(self, text: str, layers: tuple[str, ...] = ()) -> Iterator[Sighting]:
        for match in self.known.find(text):
            inner = layers if match.how == "plain" else (*layers, match.how)
            yield Sighting(match.source, text, f"a known value of the operator's ({match.source})", inner, match.whole)

    def _detected(self, text: str, layers: tuple[str, ...]) -> Iterator[Sighting]:
        for detector in self.detectors:
            if not detector.triggers or any(trigger in text for trigger in detector.triggers):
                for shape in detector.find(text):
                    yield Sighting(shape.kind, shape.text, detector.names[shape.kind], layers, whole=shape.text == text)


def _windows(text: str) -> Iterator[str]:
    """A long text in overlapping parts, so that a detector's work is bounded and nothing on an edge is lost."""
    if len(text) <= _WINDOW:
        yield text
        return
    for start in range(0, len(text), _WINDOW - _OVERLAP):
        yield text[start : start + _WINDOW]
