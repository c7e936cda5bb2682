"""What of a payload may be named in an output, and how the rest is told apart without being told."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import lru_cache

from telemetry_audit.locator import token

_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]{0,63}", re.ASCII)
_EVENT = re.compile(r"[A-Za-z_$\[][A-Za-z0-9_$ :\[\]-]{0,79}", re.ASCII)
_PROGRAM = re.compile(
    r"@?[A-Za-z][A-Za-z0-9_-]{0,39}(?:/[A-Za-z][A-Za-z0-9_-]{0,39})?(?:\.js)?(?:: [a-z][a-z-]{0,39})?", re.ASCII
)
"""As libraries and programs call themselves: `analytics-java`, `analytics.js`, `@segment/analytics-next`."""

_MESSAGE_ID = re.compile(r"(?:[a-z]{2,9}-){0,3}(?:[0-9a-fA-F-]{8,64}|(?=[A-Za-z]*[0-9])[0-9A-Za-z]{20,40})", re.ASCII)
"""As the SDKs make them: words of the SDK's own, then hex digits or a long mixed token."""

_HOST = re.compile(r"[a-z0-9._:\[\]-]{1,253}", re.ASCII)
_MANY_DIGITS = re.compile(r"[0-9](?:[ _:-]?[0-9]){5}", re.ASCII)
_HEX = re.compile(r"(?=[a-fA-F]*[0-9])[0-9a-fA-F]{16}")
"""Part of a digest or of an id, which may be somebody's."""

_CACHED = 65_536
_CACHED_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Discretion:
    """Decides on names that stand in payloads (keys, events, message ids, hosts) and fingerprints values.

    `secret` keys the fingerprints (16 to 64 bytes). `vocabulary` holds the names that the catalogue knows. `suspicious` tells whether a
    text holds something that must not be repeated.
    """

    secret: bytes
    vocabulary: Collection[str]
    suspicious: Callable[[str], bool]
    fingerprint: Callable[[object], str] = field(init=False, repr=False)
    key: Callable[[str], str] = field(init=False, repr=False)
    event: Callable[[str], str] = field(init=False, repr=False)
    host: Callable[[str], str] = field(init=False, repr=False)
    program: Callable[[str], str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Give each instance caches of its own, since telemetry repeats itself."""
        object.__setattr__(self, "fingerprint", _cached(self._fingerprint))
        object.__setattr__(self, "key", _cached(self._key))
        object.__setattr__(self, "host", _cached(self._host))
        object.__setattr__(self, "event", _cached(self._event))
        object.__setattr__(self, "program", _cached(self._program))

    def _fingerprint(self, value: object) -> str:
        """16 hex digits that are equal for equal values within one audit (keyed BLAKE2b, RFC 7693)."""
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self.secret, digest_size=8)
        return digest.hexdigest()

    def _key(self, key: str) -> str:
        """A JSON key as a pointer token, or its fingerprint in braces where the key itself may be data."""
        name = token(key)
        if name in self.vocabulary or (_KEY.fullmatch(name) and not self._telling(name)):
            return name
        return f"{{{self.fingerprint(name)}}}"

    def _event(self, name: str) -> str:
        """An event's name, or its fingerprint in braces where the name itself may be data."""
        if not name or name in self.vocabulary or (_EVENT.fullmatch(name) and not self._telling(name)):
            return name
        return f"{{{self.fingerprint(name)}}}"

    def _program(self, name: str) -> str:
        """The name of a library or program, or its fingerprint in braces where it is not of such a form or may be data."""
        if not name or (_PROGRAM.fullmatch(name) and not self._telling(name)):
            return name
        return f"{{{self.fingerprint(name)}}}"

    def message_id(self, value: object) -> str | None:
        """A message id of the usual form, the fingerprint of another one, or None where there is none."""
        if not isinstance(value, str) or not value:
            return None
        if _MESSAGE_ID.fullmatch(value) and not self.suspicious(value):
            return value
        return f"{{{self.fingerprint(value)}}}"

    def _host(self, name: str) -> str:
        """A host name, or its fingerprint in braces where it is not of a host name's form or holds a known value."""
        if not name or (_HOST.fullmatch(name) and not self.suspicious(name)):
            return name
        return f"{{{self.fingerprint(name)}}}"

    def _telling(self, name: str) -> bool:
        return bool(_MANY_DIGITS.search(name) or _HEX.search(name)) or self.suspicious(name)


def _cached[Value](function: Callable[[Value], str]) -> Callable[[Value], str]:
    """Cache `function` for short texts only: 1 and True are equal as keys, and long texts would fill the memory."""
    short = lru_cache(_CACHED)(function)

    def cached(value: Value) -> str:
        return short(value) if isinstance(value, str) and len(value) <= _CACHED_LENGTH else function(value)

    return cached
