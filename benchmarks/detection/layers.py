"""The layers in which a text hides, as senders make them, alone and one inside the other."""

from __future__ import annotations

import base64
import codecs
import gzip
import json
import quopri
import zlib
from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import quote

from detection.credentials import jwt
from detection.drawing import Draw

type Layer = Callable[[Draw, str], str]

_NAMED = 0.1
"""The share of HTML references that are written by name where there is one."""


def _base64(draw: Draw, text: str) -> str:
    made = base64.b64encode(text.encode()).decode()
    lines = base64.encodebytes(text.encode()).decode().rstrip("\n")
    return draw.one((made, made, made, made.rstrip("="), f"data:text/plain;base64,{made}", lines))


def _base64url(draw: Draw, text: str) -> str:
    made = base64.urlsafe_b64encode(text.encode()).decode()
    return draw.one((made, made.rstrip("=")))


def _hex(draw: Draw, text: str) -> str:
    made = text.encode().hex()
    return draw.one((made, made, made.upper(), f"0x{made}", f"\\x{made}"))


def _percent(draw: Draw, text: str) -> str:
    every = "".join(f"%{byte:02X}" for byte in text.encode())
    return (
        every
        if quote(text, safe="") == text
        else draw.one((quote(text, safe=""), quote(text, safe=""), every, every.lower()))
    )


def _gzip(_: Draw, text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _zlib(draw: Draw, text: str) -> str:
    made = zlib.compress(text.encode(), draw.one((1, 6, 9)))
    return draw.one((base64.b64encode(made).decode(), base64.urlsafe_b64encode(made).decode().rstrip("=")))


def _json(draw: Draw, text: str) -> str:
    key = draw.one(("v", "data", "state", "detail"))
    inside = json.dumps({key: text, "at": draw.epoch()}, ensure_ascii=draw.happens(0.7))
    return draw.one((inside, inside, json.dumps(inside), json.dumps([inside, draw.iso()])))


def _jwt(draw: Draw, text: str) -> str:
    return jwt(draw, {"sub": draw.uuid(), "ctx": text, "iat": draw.epoch() // 1000})


def _quoted_printable(draw: Draw, text: str) -> str:
    if draw.happens(0.5):
        return "".join(
            each if each.isascii() and each.isalnum() else "".join(f"={byte:02X}" for byte in each.encode())
            for each in text
        )
    made = quopri.encodestring(text.replace("@", "=40").encode(), quotetabs=True).decode().replace("=3D40", "=40")
    return made if "=" in made else "".join(f"={byte:02X}" for byte in text.encode())


def _entities(draw: Draw, text: str) -> str:
    if draw.happens(_NAMED):
        return (
            escape(text)
            .replace("@", "&commat;")
            .replace(".", "&period;")
            .replace("=", "&equals;")
            .replace("+", "&plus;")
            .replace("-", "&#45;")
        )
    form = draw.one(("&#{};", "&#x{:x};", "&#X{:02X};"))
    every = draw.happens(0.5) or text.isalnum()
    return "".join(form.format(ord(each)) if every or not each.isalnum() else each for each in text)


def _escapes(draw: Draw, text: str) -> str:
    every = draw.happens(0.5) or all(each.isalnum() for each in text)
    units = (text.encode("utf-16-be")[at : at + 2] for at in range(0, len(text.encode("utf-16-be")), 2))
    return "".join(
        unit.decode("utf-16-be") if not every and unit[0] == 0 and chr(unit[1]).isalnum() else f"\\u{unit.hex()}"
        for unit in units
    )


def _base32(draw: Draw, text: str) -> str:
    made = base64.b32encode(text.encode()).decode()
    return draw.one((made, made.rstrip("="), made.lower()))


def _ascii85(_: Draw, text: str) -> str:
    return base64.a85encode(text.encode(), adobe=True).decode()


def _of_no_width(draw: Draw, text: str) -> str:
    unseen = draw.one(("\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff"))
    return "".join(each + unseen if draw.happens(0.2) else each for each in text) + unseen


def _reversed(_: Draw, text: str) -> str:
    return text[::-1]


def _rot13(_: Draw, text: str) -> str:
    return codecs.encode(text, "rot13")


LAYERS: dict[str, Layer] = {
    "base64": _base64,
    "base64url": _base64url,
    "hex": _hex,
    "percent-encoding": _percent,
    "gzip in base64": _gzip,
    "zlib in base64": _zlib,
    "JSON in a string": _json,
    "JWT": _jwt,
    "quoted-printable": _quoted_printable,
    "HTML references": _entities,
    "escapes": _escapes,
    "base32": _base32,
    "Ascii85": _ascii85,
    "characters of no width": _of_no_width,
}
"""What any text may be written in."""

EXACT_ONLY: dict[str, Layer] = {"reversed": _reversed, "ROT13": _rot13}
"""What undoes to something else whatever it is applied to, and therefore counts only around what has an exact form."""


def hide(draw: Draw, text: str, names: Sequence[str]) -> str:
    """`text` in these layers, the innermost first."""
    layers = LAYERS | EXACT_ONLY
    for name in names:
        text = layers[name](draw, text)
    return text


def chosen(draw: Draw, *, exact: bool, depth: int) -> tuple[str, ...]:
    """Names of layers, the innermost first; compression and a JWT's signature grow a text, so each stands at most once."""
    names = [*LAYERS, *(EXACT_ONLY if exact else ())]
    picked: list[str] = []
    while len(picked) < depth:
        name = draw.one(names)
        if name not in picked or name in {"base64", "percent-encoding", "hex"}:
            picked.append(name)
    return tuple(picked)
