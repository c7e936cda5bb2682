"""Secrets that open something: connection strings with a password, private keys, tokens of well-known makers."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

from telemetry_audit.detectors.detector import Detector, Example, Shape

_USERINFO = re.compile(
    r"://[^\s:/?#\"'<>{}(),;\\]{0,64}+:(?![0-9]{1,5}[,;)#])(?P<password>[^\s/?@\"'<>{}\\]{1,128}+)@[A-Za-z0-9\[]"
)
_ORACLE = re.compile(r"\bjdbc:oracle:(?:thin|oci8?):[\w$#.-]{1,64}/(?P<password>[^\s/@\"'<>{}\\]{1,128})@", re.ASCII)
"""The thin driver's URL, which has the password before the `@` and no `://`."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}\Z", re.ASCII)
_PLACEHOLDER = re.compile(
    r"[*x•.]+|\$[A-Z_]+|\$\w+\$|\[[\w -]+\]|<[^<>]*>|\$?\{.*\}|%[a-z]|(?:redacted|masked|hidden|removed|your[_-]?password)",
    re.IGNORECASE,
)
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[0-9]: ")
_JWT_REST = re.compile(r"\.eyJ[A-Za-z0-9_-]{8,}+(?=(?P<signature>\.[A-Za-z0-9_-]{8,}+)?)")
_JWT_HEADER = re.compile(r"eyJ[A-Za-z0-9_-]{8,}")
_AUTHORIZATION = re.compile(
    r"\b(?:(?P<basic>[Bb]asic)|[Bb]earer"
    r"|[Aa]uthorization[\"']{0,2}:? ?[\"']?(?:token|apikey|api-key|key|sso|ssws|digest|negotiate)) (?P<value>[A-Za-z0-9._~+/=-]{6,})",
    re.ASCII | re.IGNORECASE,
)
_KEY_WORDS = re.compile(r"(?<![A-Za-z])(?:[Pp]assword|PASSWORD|[Pp]wd|PWD)=(?P<password>[^;&\s\"'<>]{2,128})", re.ASCII)
_BESIDE_PASSWORD = re.compile(
    r"(?:server|host|data source|database|initial catalog|user id|uid|user|username|driver|dbname|jdbc:\w+)\s{0,2}[=:]",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"[A-Za-z_.]+\)+[,.]?", re.ASCII)
"""The end of a call, as in `login(user=user, password=password)`."""

_BESIDE = 200
_COMMAND = re.compile(
    r"\bcurl [^\n]{0,400}?(?:-u|--user)[ =][\"']?[\w.@+-]{1,64}:(?P<curl>[^\s\"']{3,128})"
    r"|\b(?:mysql|mysqldump|mariadb) [^\n|;]{0,200}?(?<= )-p[\"']?(?P<mysql>[^\s\"']{6,128})"
    r"|(?<![\w.+-])[\w.+-]{1,64}:(?P<go>[^\s:@/]{1,128})@(?:tcp|unix)\("
    r"|\bredis-cli [^\n|;]{0,200}?(?<= )-a [\"']?(?P<redis>[^\s\"']{6,128})|\bsshpass -p ?[\"']?(?P<ssh>[^\s\"']{4,128})"
)
_COMMANDS = ("curl ", "mysql ", "mysqldump ", "mariadb ", "redis-cli ", "sshpass ", "@tcp(", "@unix(")
_LONGEST_HEADER = 4096
_SHORTEST_TOKEN = 16
_OPAQUE_TOKEN = 20
_FEWEST_DIGITS = 3


def _find(text: str) -> Iterator[Shape]:
    if "://" in text:
        yield from _connection_string(text)
    if "jdbc:oracle:" in text and (match := _ORACLE.search(text)) and not _PLACEHOLDER.fullmatch(match["password"]):
        yield Shape("connection-string", match.group())
    if ("-----BEGIN" in text or "PuTTY" in text) and (match := _PRIVATE_KEY.search(text)):
        yield Shape("private-key", match.group())
    if ".eyJ" in text:
        yield from _token(text)
    if "asic " in text or "earer " in text or "uthorization" in text:
        yield from _authorization(text)
    if (
        any(each in text for each in _COMMANDS)
        and (match := _COMMAND.search(text))
        and not _PLACEHOLDER.fullmatch(match[match.lastgroup or 0])
    ):
        yield Shape("connection-string", match.group())
    if "assword=" in text or "PWD=" in text or "Pwd=" in text or "pwd=" in text:
        yield from _key_words(text)


def _connection_string(text: str) -> Iterator[Shape]:
    for match in _USERINFO.finditer(text):
        scheme = _SCHEME.search(text, max(0, match.start() - 21), match.start())
        if scheme and not _PLACEHOLDER.fullmatch(unquote(match["password"])):
            yield Shape("connection-string", scheme.group() + match.group())
            return


def _key_words(text: str) -> Iterator[Shape]:
    """A connection string of key words, as ODBC, ADO.NET and JDBC write them: a server or user beside a password."""
    for match in _KEY_WORDS.finditer(text):
        beside = text[max(0, match.start() - _BESIDE) : match.end() + _BESIDE]
        password = match["password"].strip()
        if _BESIDE_PASSWORD.search(beside) and not (_PLACEHOLDER.fullmatch(password) or _VARIABLE.fullmatch(password)):
            yield Shape("connection-string", match.group())
            return


def _token(text: str) -> Iterator[Shape]:
    """A JWT, found by its second part, since a first part can begin at many places of a long text and be scanned again from each."""
    for rest in _JWT_REST.finditer(text):
        start = text.rfind("eyJ", max(0, rest.start() - _LONGEST_HEADER), rest.start() - 8)
        if (
            start >= 0
            and _JWT_HEADER.fullmatch(text, start, rest.start())
            and (rest["signature"] or _is_header(text[start : rest.start()]))
        ):
            yield Shape("token", text[start : max(rest.end(), rest.end("signature"))])
            return


def _is_header(segment: str) -> bool:
    """Whether this is the first part of a JWT, without a signature of which nothing else tells it (RFC 7519, section 6)."""
    return b'"alg"' in binascii.a2b_base64(segment.replace("-", "+").replace("_", "/")[: len(segment) // 4 * 4])


def _authorization(text: str) -> Iterator[Shape]:
    """`Basic` in front of base64 of a name, a colon and a password (RFC 7617), `Bearer` in front of what is no word (RFC 6750)."""
    for match in _AUTHORIZATION.finditer(text):
        value = match["value"]
        if _is_basic(value) if match["basic"] else _is_opaque(value):
            yield Shape("authorization", match.group())
            return


def _is_basic(value: str) -> bool:
    try:
        decoded = binascii.a2b_base64(value.rstrip(".~=") + "==").decode()
    except ValueError:
        return False
    return ":" in decoded and decoded.isprintable()


def _is_opaque(value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    mixed = digits > 0 and value != value.lower() and value != value.upper()
    return len(value) >= _SHORTEST_TOKEN and (mixed or (len(value) >= _OPAQUE_TOKEN and digits >= _FEWEST_DIGITS))


CREDENTIAL = Detector(
    id="credential",
    says=(
        "A secret in a form of its own: a URL with a password (RFC 3986, section 3.2.1), a private key, a JWT (RFC 7519), signed or not, an "
        "Authorization value."
    ),
    names={
        "connection-string": "a connection string with a password",
        "private-key": "a private key",
        "token": "a signed token",
        "authorization": "an authorization value",
    },
    triggers=(
        "://",
        "jdbc:oracle:",
        "-----BEGIN",
        "PuTTY-User",
        ".eyJ",
        "earer ",
        "asic ",
        "uthorization",
        *_COMMANDS,
        "assword=",
        "PWD=",
        "Pwd=",
        "pwd=",
    ),
    find=_find,
    exact=True,
    examples=(
        Example("postgres://app:s3cret@db.internal:5432/x", ("connection-string",)),
        Example("redis://:s3cret@cache, mysql://root:****@db", ("connection-string",)),
        Example("https://jane@corp.example.com:pw@git.example.com/", ("connection-string",)),
        Example("redis://:s3c#ret@cache:6379/0", ("connection-string",)),
        Example("jdbc:oracle:thin:hr/s3cret@//ora:1521/ORCL", ("connection-string",)),
        Example("jdbc:oracle:thin:hr/****@//ora:1521/ORCL, jdbc:oracle:thin:@//ora:1521/ORCL", ()),
        Example("http://example.com:8080#jane@example.org", ()),
        Example("-----BEGIN RSA PRIVATE KEY-----", ("private-key",)),
        Example("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", ("token",)),
        Example("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", ("token",)),
        Example("eyJwYWdlIjoxfQ.eyJ3aWRnZXQiOiJUYWJsZTEifQ, eyJhbGciOiJub25lIn0", ()),
        Example("app:s3cret@tcp(db.internal:3306)/orders?parseTime=true", ("connection-string",)),
        Example("app:****@tcp(db.internal:3306)/orders", ()),
        Example("Authorization: Bearer 0123456789abcdef0123", ("authorization",)),
        Example("Authorization: Token 24319f2cacb32a2e2439e5a2c71c595fc9c9a800", ("authorization",)),
        Example("authorization: basic amFuZTpzM2NyZXQ=", ("authorization",)),
        Example("Server=db;Database=x;User Id=sa;Password=s3cret;", ("connection-string",)),
        Example("jdbc:mysql://db.internal/x?user=app&password=s3cret", ("connection-string",)),
        Example("host=db dbname=x user=app password=s3cret", ("connection-string",)),
        Example("Server=db;Password=****;", ()),
        Example("?password=forgotten", ()),
        Example("login(username=username, password=password)", ()),
        Example("curl -u admin:s3cret https://example.com/", ("connection-string",)),
        Example("mysql -u root -pS3cretPass99 prod", ("connection-string",)),
        Example("redis-cli -h cache -a S3cretPass99", ("connection-string",)),
        Example("mysql --protocol=tcp -p ****** prod, mysql -u root -p prod", ()),
        Example('{"u":"https://app.example.com","p":"a:b","lib":"moment@2.29.4"}', ()),
        Example("https://example.com/path:8080 and https://example.com:8080?to=jane@example.org", ()),
        *(Example(f"mysql://root:{mask}@db.internal/x", ()) for mask in ("****", "<password>", "{{password}}")),
        *(Example(f"mysql://root:{mask}@db.internal/x", ()) for mask in ("${PASSWORD}", "%2A%2A%2A", "[redacted]")),
        Example("Basic settings of the page, Basic Configuration/Settings", ()),
        Example("Bearer token-authentication, bearer authentication-v2-configuration", ()),
    ),
)
