"""A decoded value written anew: what was found in it is replaced, and so are keys and texts in which it stands elsewhere."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

from telemetry_audit.decoders import json_text
from telemetry_audit.discretion import Discretion
from telemetry_audit.locator import REPEAT, child, token
from telemetry_audit.redaction.secrets import Secrets
from telemetry_audit.shapes import characters

_OPENING = ("{", "[")


@dataclass(frozen=True, slots=True)
class Values:
    """How the values of one exchange are written anew.

    `places` are placeholders by locator. `made` collects every placeholder, or other value of our own, that was put somewhere.
    """

    places: Mapping[str, str]
    secrets: Secrets
    discretion: Discretion
    made: set[object]

    def rewritten(self, value: object, where: str) -> object:
        """The value at a locator with all below it; truth values and nulls tell nothing and stay."""
        if value is None or isinstance(value, bool):
            return value
        if (shape := self.places.get(where)) is not None:
            return self.put(shape)
        if isinstance(value, dict):
            return self._object(value, where)
        if isinstance(value, list):
            return [self.rewritten(item, child(where, str(index))) for index, item in enumerate(value)]
        if isinstance(value, str):
            return self.text(value, where)
        return self.put("[number]") if self.secrets.in_text(str(value)) else value

    def text(self, value: str, where: str) -> str:
        """A text at a locator; one that is JSON or Base64 of it, into which a locator leads, is rewritten inside."""
        if (shape := self.places.get(where)) is not None:
            return self.put(shape)
        if any(place.startswith(where) for place in self.places) and (inside := self.inside(value, where)) is not None:
            return inside
        return self.put(f"[text, {characters(value)}]") if self.secrets.in_text(value) else value

    def key(self, key: str) -> str:
        """A key or name, or what stands for it if it may be data."""
        name = token(key)
        if self.discretion.key(key) == name and not self.secrets.in_text(name):
            return key
        return self.put(f"[name, {characters(name)}]")

    def put(self, shape: str) -> str:
        """The placeholder, remembered as one of ours."""
        self.made.add(shape)
        return shape

    def _object(self, value: Mapping[str, object], where: str) -> dict[str, object]:
        written: dict[str, object] = {}
        for key, inner in value.items():
            name, mark, number = key.partition(REPEAT)
            new = self.key(name) + mark + number
            while new in written:
                new = self.put(f"{new.partition(REPEAT)[0]}'") + mark + number
            written[new] = self.rewritten(inner, child(where, self.discretion.key(key)))
        return written

    def inside(self, value: str, where: str) -> str | None:
        """The text with the JSON in it, plain or in Base64, rewritten; None where there is none."""
        try:
            if value.lstrip()[:1] in _OPENING:
                return self._changed(value, where) or value
            digits = value.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
            plain = json_text.decode(base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True))
            changed = self._changed(plain, where)
        except (binascii.Error, ValueError):
            return None
        return value if changed is None else base64.b64encode(changed.encode("utf-8", "replace")).decode()

    def _changed(self, text: str, where: str) -> str | None:
        """The JSON text rewritten, None if nothing of it was replaced. Raises ValueError where it is none."""
        parsed = json_text.parse(text)
        written = self.rewritten(parsed, where)
        return None if written == parsed else dumped(written)


def dumped(value: object) -> str:
    """A value as JSON without spaces; each value of a repeated key stands again under that key (`json_text.parse` took them apart)."""
    if isinstance(value, dict):
        members = (f"{_scalar(name)}:{dumped(inner)}" for name, inner in _in_order(value))
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(dumped, value))}]"
    return _scalar(value)


def _in_order(value: Mapping[str, object]) -> list[tuple[str, object]]:
    """Names and values with those of a repeated key before its last one."""
    repeated = [key for key in value if REPEAT in key]
    if not repeated:
        return list(value.items())
    pairs = []
    for key, inner in value.items():
        if REPEAT not in key:
            pairs += [(key, value[each]) for each in repeated if each.partition(REPEAT)[0] == key]
            pairs.append((key, inner))
    return pairs


def _scalar(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text) else json.dumps(value)
