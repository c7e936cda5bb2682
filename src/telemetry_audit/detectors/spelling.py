"""Characters written in another way than by themselves, and texts in one normal form."""

from __future__ import annotations

import re
from html import unescape
from quopri import decodestring
from unicodedata import normalize

_ESCAPE = re.compile(r"\\{1,4}(?:u(?P<u>[0-9A-Fa-f]{4})|x(?P<x>[0-9A-Fa-f]{2}))", re.ASCII)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});", re.ASCII)
_QUOTED = re.compile(r"=(?:[0-9A-Fa-f]{2}|\r?\n)", re.ASCII)
_PARAMETER = re.compile(r"[?&;#][\w.\[\]-]{1,48}=(?!3D)", re.ASCII)
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
"""Characters of no width, which may stand inside a word without being seen."""

_FRAGMENT = re.compile(r"[\[{]\\{1,3}\"")
_BARE_QUOTE = re.compile(r"(?<!\\)\"")
_SLASHED = re.compile(r"\\{1,3}(?=\")")
_PIECE = re.compile(r"[\x00-\x7f]*+[^\x00-\x7f]{0,512}+")


def visible(text: str) -> str:
    """`text` without characters of no width."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def normal(text: str) -> str:
    """`text` in Unicode's normal form NFKC (UAX #15), in which an umlaut is one character and a full-width at sign is `@`.

    Characters of no width are left out.

    In pieces, since a long run of combining marks takes the square of its length; a piece ends in front of an ASCII character, where none combines.
    """
    if text.isascii():
        return text
    return "".join(normalize("NFKC", piece) for piece in _PIECE.findall(visible(text)))


def spelled_plainly(text: str) -> str:
    r"""`text` without JSON's and JavaScript's escapes (`\u0040`, `\x40`), HTML's references (`&#64;`) and full-width characters.

    JSON that lost the quotation marks around it (`{\"a\":1}`) loses the reverse solidi too.
    """
    text = visible(text)
    if "\\" in text:
        text = _ESCAPE.sub(_character, text)
        if _FRAGMENT.search(text) and not _BARE_QUOTE.search(text):
            text = _SLASHED.sub("", text)
    if "&" in text:
        text = _REFERENCE.sub(lambda match: unescape(match.group()), text)
    return normal(text)


def _character(match: re.Match[str]) -> str:
    number = int(match["u"] or match["x"], 16)
    return chr(number) if not 0xD800 <= number <= 0xDFFF else "\ufffd"  # noqa: PLR2004 - the surrogates, which are no characters


def quoted_printable(text: str) -> str:
    """`text` without the escapes and soft line breaks of quoted-printable (RFC 2045, section 6.7).

    In a URL, `?a=40` is a parameter's value and no escape, but `?a=3D` is how its `=` is written.
    """
    if not _QUOTED.search(_PARAMETER.sub("", text) if "://" in text else text):
        return text
    return normal(decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace"))
