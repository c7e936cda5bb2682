"""What the name of a field makes personal: a person's name, login, postal address. None of them has a form of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape
from telemetry_audit.detectors.digest import kind_of_identity
from telemetry_audit.detectors.word_set import word_set

_LETTER = r"(?>[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0dff\u0e00-\u0eff])"
"""A letter, or a mark that belongs to one, without which nothing is written in India, Thailand or Laos, and vowels in Arabic and Hebrew.

Atomic, since a letter of India is both, and a run of them would else be tried in every combination.
"""

_WORD = rf"['\u2019]?[^\W\d_]{_LETTER}{{0,24}}(?:['\u2019-]{_LETTER}{{1,24}}){{0,3}}\.?"
_TITLE = r"[A-Z][A-Za-z]{0,6}(?:\.-?[A-Za-z][a-z]{0,6}){1,3}\.?"
"""A degree, a title or initials: `B.Sc.`, `Univ.Prof.`, `Dipl.-Ing.`, `J.R.R.`"""

_NAME = re.compile(rf"(?:(?:{_TITLE}|{_WORD}),? ){{0,6}}(?:{_TITLE}|{_WORD})")
_NO_NAMES = word_set("""
a active actions add admin administrator agent all an anon anonymous any anyone api app application array auto beta blue bot button by card chart
checkbox client column company container control customer data database date default custom dark delete demo description developer device dev disabled
dropdown edit editor email empty enabled error event everyone external false field file filter first foo form free full get go google graph green
group guest header help home icon id image index info input instance integer internal item javascript json key label last layout light link list
loading local main manager map me menu message middle mobile modal model module mongo mysql n/a na name new nil no nobody none not null number
object of off old on open operator order organization other owner page panel password phone picker plugin post postgres preview primary private
product production public put query quick read red redis reporting request reset rest root row save search secondary select self send server
service settings shared snowflake source staff standard start state status string submit super sql switch system tab table tabs tag template
tenant test tester text the theme to total true type undefined unknown unset update upload url user username users value version view viewer
visitor widget window with workspace write x xyz yes you your administration android apple asana auth0 aws azure bigquery chrome engineer
engineering facebook firefox firestore github gitlab hubspot intercom ios java jira linux macos node oauth oracle python react s3 safari saml
slack stripe twilio windows zendesk appsmith support sales marketing finance hr legal design desktop browser server-side novice beginner expert
advanced student personal work
""")
_PARTICLES = word_set(
    "al bin d da das de del den der di dos du e el la le ter van vom von y zu zum zur pan pani пан пані тов. cô ông bà"
)
_MASK = re.compile(r"[*•x._-]{2,}|<[^<>]*>|\{\{.*\}\}|\[[\w ]+\]|redacted|masked", re.IGNORECASE)
_LOGIN = re.compile(r"[^\W\d_](?:[\w.+-]{1,60})(?:\\[\w.-]{1,60})?|[A-Za-z0-9-]{2,20}\\[\w.-]{2,60}")
_STREET = re.compile(
    rf"(?=[\s\S]{{0,80}}\d)(?=[\s\S]{{0,80}}(?:{_LETTER}){{3}})(?!.*(?:\b[0-9]+(?:\.[0-9]+){{3}}|\bports?\b|\bline [0-9]|\b0x[0-9a-f]))"
    r"[\w\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff .,:;'\"\u2019#/&+()\n〒°ºª\u200c\u200d\u2013-]{5,160}+"
)
_CAMEL = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]|^[A-Z]{5,}$", re.ASCII)
_TWO = 2
_LONGEST = 80


def is_name(text: str) -> bool:
    """Whether a text looks as a person's name does: one to five words of letters, not one of them a word of programs."""
    text = text.strip()
    if not (_TWO <= len(text) <= _LONGEST or (text and not text.isascii())) or not _NAME.fullmatch(text):
        return False
    words = re.split(r"[ ,]+", text)
    if text.isupper() and len(words) >= _TWO:
        return not any(word.lower().rstrip(".") in _NO_NAMES.difference(("a", "an", "do", "x", "y")) for word in words)
    if any(
        word.lower().rstrip(".") in _NO_NAMES
        or (
            word.isascii()
            and not word.endswith((".", "PhD"))
            and _CAMEL.search(word)
            and not word.startswith(("Mc", "Mac", "De", "Di", "Le", "La", "Van", "O'"))
        )
        for word in words
    ):
        return len(words) > _TWO and text.istitle() and sum(word.lower() in _NO_NAMES for word in words) == 0
    lower = [word for word in words if word[:1].islower() and word.lower() not in _PARTICLES]
    return not lower or (len(lower) == len(words) and len(words) <= _TWO + 1)


def _find_name(text: str) -> Iterator[Shape]:
    if is_name(text):
        yield Shape("person-name", text)


def _find_login(text: str) -> Iterator[Shape]:
    plain = text.strip()
    if (
        2 < len(plain) <= _LONGEST  # noqa: PLR2004 - shorter ones say nothing
        and (_LOGIN.fullmatch(plain) or is_name(plain))
        and plain.lower() not in _NO_NAMES
        and not _MASK.fullmatch(plain)
        and kind_of_identity(plain) == "plain"
    ):
        yield Shape("login", text)


def _find_postal(text: str) -> Iterator[Shape]:
    if (
        (" " in text or "\n" in text or not text.isascii())
        and _STREET.fullmatch(text.strip())
        and not _MASK.fullmatch(text.strip())
    ):
        yield Shape("postal", text)


_ANY = ("",)

PERSON_NAME = Detector(
    id="person-name",
    says=(
        "A person's name, where the name of the field says that one stands there (`firstName`, `customer_name`, `name` under `users`); words of "
        "programs and answers from closed sets are none."
    ),
    names={"person-name": "a person's name"},
    triggers=_ANY,
    find=_find_name,
    hints=frozenset(("name",)),
    examples=(
        *(
            Example(text, ("person-name",))
            for text in (
                "Jane",
                "Jane Roe",
                "ROE, Jane",
                "Jean-Luc O'Neil",
                "Ludwig van der Berg",
                "李 小龙",
                "पद्मावती भटनागर",
                "Tijs van 't Riet",
                "Jane A. Roe",
                "Univ.Prof. Jane Roe B.Sc.",
                "صلاح الدّين",
                "MICHAEL JOHNSON",
                "NGUYEN VAN AN",
            )
        ),
        Example("jane roe", ("person-name",)),
        *(
            Example(text, ())
            for text in (
                "Table1",
                "Admin",
                "",
                "unknown",
                "REST API",
                "Appsmith",
                "MODAL WINDOW",
                "API Editor",
                "getUsers",
                "New Page",
                "jane@example.com",
                "****",
            )
        ),
        *(
            Example(text, ())
            for text in ("1f7c2a90b3d8", "true", "Anonymous User", "It was not found in the list of all")
        ),
    ),
)

LOGIN = Detector(
    id="login",
    says="A person's login, where the name of the field says that one stands there: a word that is no digest, id or role.",
    names={"login": "a person's login"},
    triggers=_ANY,
    find=_find_login,
    hints=frozenset(("login",)),
    examples=(
        *(Example(text, ("login",)) for text in ("jane.roe", "jroe42", r"CORP\jroe", "Jane Roe")),
        *(Example(text, ()) for text in ("admin", "anonymousUser", "64a1f2b3c4d5e6f708192a3b", "****", "", "{{user}}")),
    ),
)

POSTAL = Detector(
    id="postal",
    says="A postal address, where the name of the field says that one stands there: words and a number.",
    names={"postal": "a postal address"},
    triggers=tuple("0123456789"),
    find=_find_postal,
    hints=frozenset(("postal",)),
    examples=(
        *(
            Example(text, ("postal",))
            for text in (
                "Hauptstraße 17, 10115 Berlin",
                "742 Evergreen Terrace",
                "〒100-0001 東京都千代田区千代田1-1",
                "Borgo Achille, 69 Piano 7\n25074, Idro (BS)",
            )
        ),
        *(Example(text, ()) for text in ("203.0.113.9", "true", "12", "main", "0x7ffd12 (heap 3)")),
    ),
)
