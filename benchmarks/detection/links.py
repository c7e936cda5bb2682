"""URLs that name a person or hold a token, and paths of files with an account's name."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

from detection.people import People

_BASES = (
    "https://crm.example.com/customers",
    "https://apps.example.org/app/orders/detail-65f0c2a1b2c3d4e5f6071829",
    "https://example.net/share",
)
_TOKENS = (
    "https://apps.example.com/user/resetPassword?token={secret}",
    "https://apps.example.com/callback#access_token={secret}&token_type=bearer&expires_in=3600",
    "https://api.example.com/v1/items?access_token={secret}",
    "https://api.example.com/v1/items?limit=5&api_key={secret}",
    "https://files.example.com/r.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature={digest}",
    "https://acme.blob.core.windows.net/c/r.csv?sv=2023-01-03&sp=r&sig={signature}",
)
_PATHS = (
    "/home/{user}/appsmith/docker-compose.yml",
    "/Users/{user}/Documents/export.json",
    "C:\\Users\\{user}\\Desktop\\orders.xlsx",
    "ENOENT: no such file or directory, open '/home/{user}/appsmith/stacks/configuration/docker.env'",
    "file:///C:/Users/{user}/Downloads/app.json",
)
_ACCOUNTS = frozenset({"node", "root", "ubuntu", "runner"})


def url_with_person(people: People) -> str:
    """A URL that names a person in a parameter, its path or its fragment."""
    draw = people.draw
    base, email, (first, last) = draw.one(_BASES), people.email(), draw.one(people.names)
    return base + draw.one(
        (
            f"?email={quote(email)}",
            f"?mode=VIEW&customerEmail={quote_plus(email)}&tab=1",
            f"?phone={quote(people.phone())}",
            f"?firstName={quote(first)}&lastName={quote_plus(last)}",
            f"/{quote(email)}/edit",
            f"#user={quote(email)}",
        )
    )


def url_with_token(people: People) -> str:
    """A URL with a token that lets its reader in."""
    draw = people.draw
    secret = draw.one((draw.hexadecimal(40), draw.letters(43), draw.hexadecimal(64)))
    return draw.one(_TOKENS).format(secret=secret, digest=draw.hexadecimal(64), signature=quote(draw.letters(43) + "="))


def user_path(people: People) -> str:
    """A file's path with the name of a person's account."""
    draw = people.draw
    while True:
        first, last = draw.one(people.names)
        user = draw.one((f"{first}.{last}", f"{first[0]}{last}", first)).lower().replace(" ", "").replace("'", "")
        if user.isascii() and user not in _ACCOUNTS:
            return draw.one(_PATHS).format(user=user)
