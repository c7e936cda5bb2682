"""Which detectors a text is for, told by all of their triggers at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import ahocorasick_rs

from telemetry_audit.detectors.detector import Detector

_CLOSE_DIGITS = re.compile(r"[0-9](?:[ ./()-]{0,3}[0-9]){7}", re.ASCII)
"""Eight digits close together, without which there is no number of a person's."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The detectors by how they are asked.

    Triggers of one character are looked for by themselves, since they are in most texts and there many times; the others together (Aho-Corasick).
    """

    words: ahocorasick_rs.AhoCorasick
    owners: tuple[Detector, ...]
    letters: tuple[tuple[str, Detector], ...]
    digits: tuple[Detector, ...]
    hinted: tuple[Detector, ...]

    @classmethod
    def of(cls, detectors: Sequence[Detector]) -> Self:
        """Sort `detectors`."""
        free = [detector for detector in detectors if not detector.hints]
        pairs = [(trigger, detector) for detector in free for trigger in detector.triggers]
        words = [pair for pair in pairs if len(pair[0]) > 1]
        return cls(
            ahocorasick_rs.AhoCorasick([trigger for trigger, _ in words]),
            tuple(detector for _, detector in words),
            tuple(pair for pair in pairs if len(pair[0]) == 1),
            tuple(detector for detector in free if not detector.triggers),
            tuple(detector for detector in detectors if detector.hints),
        )

    def for_text(self, text: str) -> Iterable[Detector]:
        """The detectors to ask of a text beside those that need a hint, each once."""
        text = text if text.isascii() else text.encode("utf-8", "replace").decode()
        found = {detector.id: detector for letter, detector in self.letters if letter in text}
        for number, _, _ in self.words.find_matches_as_indexes(text, overlapping=True):
            detector = self.owners[number]
            found[detector.id] = detector
        if _CLOSE_DIGITS.search(text):
            for detector in self.digits:
                found[detector.id] = detector
        return found.values()

    def for_hints(self, hints: frozenset[str]) -> Iterable[Detector]:
        """The detectors that one of these hints calls."""
        return [detector for detector in self.hinted if not detector.hints.isdisjoint(hints)] if hints else ()
