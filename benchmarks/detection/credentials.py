"""Secrets of many vendors' forms, put together at random so that none of them opens anything."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

from detection.drawing import Draw
from detection.row import SECRET, Leak
from detection.vendors import BASE64, URL_SAFE, vendor_keys

_KEYS = ("config", "settings", "env", "credential", "details", "options")
_HOSTS = (
    "db.internal",
    "postgres",
    "10.4.0.12",
    "cluster0.ab1cd.example.net",
    "localhost",
    "rds.eu-west-1.example.com",
)
_COOKIES = (
    "connect.sid",
    "SESSION",
    "JSESSIONID",
    "PHPSESSID",
    "sessionid",
    "ASP.NET_SessionId",
    "__Secure-next-auth.session-token",
    "laravel_session",
)


def connection_string(draw: Draw) -> str:
    """A connection string with a password, in one of the forms that drivers take."""
    password = quote(draw.letters(draw.randint(8, 20), URL_SAFE + "!$.#"), safe="!$.#")
    user, host, name = (
        draw.one(("app", "root", "admin", "svc_reports", "sa")),
        draw.one(_HOSTS),
        draw.one(("crm", "orders", "prod")),
    )
    scheme = draw.one(
        (
            "postgres",
            "postgresql",
            "mysql",
            "mongodb",
            "mongodb+srv",
            "amqps",
            "mariadb",
            "clickhouse",
            "https",
            "ftp",
            "mssql",
        )
    )
    return draw.one(
        (
            f"{scheme}://{user}:{password}@{host}/{name}",
            f"{scheme}://{user}:{password}@{host}:5432/{name}?sslmode=require",
            f"redis://:{password}@{host}:6379/0",
            f"jdbc:oracle:thin:{user}/{password}@//{host}:1521/{name}",
            f"jdbc:postgresql://{host}:5432/{name}?user={user}&password={password}",
            f"jdbc:mysql://{user}:{password}@{host}:3306/{name}",
            f"jdbc:sqlserver://{host}:1433;databaseName={name};user={user};password={password};",
            f"Server={host};Database={name};User Id={user};Password={password};",
            f"host={host} port=5432 dbname={name} user={user} password={password}",
        )
    )


def private_key(draw: Draw) -> str:
    """A private key in PEM (RFC 7468), its bytes random."""
    kind = draw.one(("RSA ", "EC ", "", "OPENSSH ", "ENCRYPTED ", "DSA "))
    if draw.happens(0.1):
        return json.dumps(
            {"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\n" + draw.letters(200, BASE64)}
        )
    if draw.happens(0.1):
        armour = "PGP PRIVATE KEY BLOCK-----"
        return f"-----BEGIN {armour}\n\n{draw.letters(200, BASE64)}\n-----END {armour}"
    if draw.happens(0.1):
        body = f"Private-Lines: 14\n{draw.letters(64, BASE64)}"
        return f"PuTTY-User-Key-File-{draw.one('23')}: ssh-rsa\nEncryption: none\nComment: key\n{body}"
    body = "\n".join(draw.letters(64, BASE64) for _ in range(draw.randint(3, 12)))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"


def jwt(draw: Draw, claims: object = None) -> str:
    """A JWT (RFC 7519) with these claims and a signature of random bytes."""
    header = {"alg": draw.one(("HS256", "RS256", "ES256")), "typ": "JWT"}
    said = claims or {"sub": draw.uuid(), "iat": draw.epoch() // 1000, "exp": draw.epoch() // 1000}
    parts = [json.dumps(each, separators=(",", ":")).encode() for each in (header, said)] + [draw.randbytes(32)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def authorization(draw: Draw) -> str:
    """The value of an Authorization header (RFC 7617, RFC 6750), at times with the header's name."""
    basic = base64.b64encode(f"{draw.one(('admin', 'app', 'jane'))}:{draw.letters(12)}".encode()).decode()
    bearer = draw.one((draw.hexadecimal(40), draw.letters(48, URL_SAFE), draw.letters(32)))
    value = draw.one((f"Basic {basic}", f"Bearer {bearer}", f"bearer {bearer}", f"Token {draw.hexadecimal(40)}"))
    return draw.one(
        (
            f"Authorization: {value}",
            f"Authorization: {value}",
            value if not value.startswith("Token") else f"Authorization: {value}",
        )
    )


def session_cookie(draw: Draw) -> str:
    """A session's cookie, as a Cookie or Set-Cookie header has it."""
    name = draw.one(_COOKIES)
    value = (
        f"s%3A{draw.letters(32, URL_SAFE)}.{draw.letters(43)}"
        if name == "connect.sid"
        else draw.one((draw.uuid(), draw.hexadecimal(32), draw.letters(26)))
    )
    return draw.one(
        (
            f"{name}={value}",
            f"Cookie: {name}={value}; theme=dark",
            f"Set-Cookie: {name}={value}; Path=/; HttpOnly",
            f"lang=en; {name}={value}",
        )
    )


def password_text(draw: Draw) -> str:
    """A password in a text that says that it is one: an environment, a configuration, a command."""
    secret = draw.letters(draw.randint(12, 40), URL_SAFE)
    return draw.one(
        (
            f"DB_HOST=db\nDB_PASSWORD={secret}\nPORT=80",
            f"export AWS_SECRET_ACCESS_KEY={draw.letters(40, BASE64)}",
            f"aws_secret_access_key = {draw.letters(40, BASE64)}",
            json.dumps({"host": "db.internal", "user": "app", "password": secret}),
            f"host: db\nuser: app\npassword: {secret}\n",
            f"curl -u admin:{secret} https://api.example.com/v1/items",
            f"spring.datasource.password={secret}",
            f"mysql -h db -u app -p{secret} crm < dump.sql",
            f"redis-cli -h cache -a {secret} PING",
            f"GET /v1 HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: Bearer {secret}0aB1cD2e\r\n\r\n",
            f'client_secret: "{secret}"',
        )
    )


def secret_leaks(draw: Draw) -> dict[str, Callable[[], Leak]]:
    """A maker for each kind of secret."""
    vendors = vendor_keys(draw)

    def of_vendor(vendor: str) -> Callable[[], Leak]:
        return lambda: Leak(f"key, {vendor}", vendors[vendor](), SECRET, _KEYS, exact=True)

    def password() -> Leak:
        keys = (
            "password",
            "dbPassword",
            "db_password",
            "clientSecret",
            "client_secret",
            "secretAccessKey",
            "refresh_token",
            "passwd",
        )
        value = draw.letters(draw.randint(10, 32), URL_SAFE + "!$%")
        return Leak("password with a hint", value, SECRET, keys, hinted=True)

    return {
        **{f"key, {vendor}": of_vendor(vendor) for vendor in vendors},
        "connection string": lambda: Leak("connection string", connection_string(draw), SECRET, _KEYS),
        "private key": lambda: Leak("private key", private_key(draw), SECRET, _KEYS),
        "jwt": lambda: Leak("jwt", jwt(draw), SECRET, _KEYS),
        "authorization": lambda: Leak("authorization", authorization(draw), SECRET, _KEYS),
        "session cookie": lambda: Leak("session cookie", session_cookie(draw), SECRET, _KEYS),
        "password with a hint": password,
        "password in a text": lambda: Leak("password in a text", password_text(draw), SECRET, _KEYS),
    }
