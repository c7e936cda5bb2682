"""Secrets without a form of their own: cookies of sessions, and what stands behind `password=` or in a field of such a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from telemetry_audit.detectors.detector import Detector, Example, Shape

_COOKIE = re.compile(
    r"(?<![\w.-])(?:connect\.sid|JSESSIONID|PHPSESSID|ASP\.NET_SessionId|ASPSESSIONID[A-Z]{8}|SESSION|SESSIONID|sessionid|session_id|laravel_session|_session|_gitlab_session"
    r"|ci_session|koa\.sess|express\.sid|csrftoken|XSRF-TOKEN|remember_token|auth_session|user_session|[a-z_]{1,24}_session|__Secure-[\w.-]{1,40}|__Host-[\w.-]{1,40})"
    r"=(?P<value>[A-Za-z0-9%+/=_.~:|-]{16,512})"
)
_OPAQUE = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])")
_MASKS = re.compile(
    r"[*•.xX#?_-]+|\$\w+|\$?\{.*\}|<.*>|\[.*\]|%[a-z]|:\w+|(?:null|none|undefined|true|false|redacted|masked|hidden|removed|filtered|secret|password|passwd|changeme|string|text"
    r"|required|invalid|missing|empty|expired|wrong|incorrect|reset|forgot|basic|oauth2?|saml|ldap|your[_-]?\w+|example|placeholder|unset|unknown|n/?a|yes|no|on|off|encrypted)",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"[!-~\w]+")
"""What people and programs write as a secret: neither blanks nor lines, which random bytes hold, nor signs beyond ASCII's."""

_CODE = re.compile(
    r"[A-Za-z_.]{3,}\(.*"
    r"|(?:this|self|process|config|settings|options|opts|props|state|params|args|req|request|res|event|form|values|user|data|env|os|appsmith|secrets|vars?|local)"
    r"(?:\??\.[A-Za-z_$][A-Za-z_$]*)+",
    re.ASCII,
)
"""An expression of a program: `this.apiKey`, `getToken(user)`."""

_SHORTEST = 4
_LONGEST = 512
_MIXED = 2


def _find_cookie(text: str) -> Iterator[Shape]:
    for match in _COOKIE.finditer(text):
        if _OPAQUE.match(match["value"]):
            yield Shape("session-cookie", match.group())
            return


def _find_secret(text: str) -> Iterator[Shape]:
    value = text.strip()
    if (
        not _SHORTEST <= len(value) <= _LONGEST
        or _MASKS.fullmatch(value)
        or not _WRITTEN.fullmatch(value)
        or value.isdecimal()
    ):
        return
    if _CODE.fullmatch(value):
        return
    if value.startswith("phc_") or value.lower() in {"password", "secret"}:
        return
    kinds = sum(
        any(map(test, value))
        for test in (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
    )
    if kinds >= _MIXED:
        yield Shape("secret", text)


SESSION_COOKIE = Detector(
    id="session-cookie",
    says="The cookie of a session, by the names that servers give it, with an opaque value (RFC 6265).",
    names={"session-cookie": "a session's cookie"},
    triggers=(
        "connect.sid=",
        "SESS",
        "essionid=",
        "_session",
        "essionId=",
        "ci_session",
        "koa.sess",
        "express.sid",
        "csrftoken=",
        "XSRF-TOKEN=",
        "remember_token=",
        "__Secure-",
        "__Host-",
    ),
    find=_find_cookie,
    exact=True,
    examples=(
        Example("connect.sid=s%3AjDq8Zy1Xb7Kf3mP0.aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5", ("session-cookie",)),
        Example("Cookie: theme=dark; JSESSIONID=1A530637289A03B07199A44E8D531427", ("session-cookie",)),
        Example("SESSION=8d0e3c1a-5b7f-4e2d-9c61-0f3a7b5d2e48", ("session-cookie",)),
        Example("session=true; SESSION_TIMEOUT=3600; max_sessions=1000000000000000000", ()),
        Example("PHPSESSID=", ()),
    ),
)

SECRET = Detector(
    id="secret",
    says="A secret, where the name of the field or parameter says so (`password`, `clientSecret`, `access_token`): nothing masked, no single word.",
    names={"secret": "a secret"},
    triggers=("",),
    find=_find_secret,
    hints=frozenset(("secret",)),
    examples=(
        *(Example(text, ("secret",)) for text in ("s3cret", "Tr0ub4dor&3", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")),
        *(
            Example(text, ())
            for text in (
                "****",
                "",
                "true",
                "required",
                "hunter",
                "{{password}}",
                "<hidden>",
                "12",
                "is not correct",
                "this.apiKey",
                "process.env.API_KEY",
                "getToken(user)",
                "phc_a1B2c3D4",
            )
        ),
    ),
)
