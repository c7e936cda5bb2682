"""Stands for a server that reports its errors with Sentry's library for Python.

Run as a script behind a proxy, with one argument, as `instance.py` is. Sentry is in no document, so what is sent with `documented`
is as harmless as it can be.
"""

from __future__ import annotations

import sys

import requests
import sentry_sdk

from tests.e2e.planted import CANARY_IN_A_FRAME, CONTACT, DEBTOR, PERSON, SENTRY_KEY, USER_NAME


def start() -> None:
    """Set the library up as a server would, all of its integrations included."""
    sentry_sdk.init(f"https://{SENTRY_KEY}@o64.ingest.sentry.io/42", release="v1.84.2.1", server_name="appsmith-0")


def report_a_message() -> None:
    """Tell that something ended, and for whom: a hash."""
    sentry_sdk.set_user({"id": PERSON})
    sentry_sdk.capture_message("The nightly work has ended", level="info")


def report_an_error() -> None:
    """Work for a contact, fail, and report it; the library adds the person, the requests before, and the variables of every frame."""
    sentry_sdk.set_user({"id": PERSON, "username": USER_NAME})
    requests.get("https://crm.initech.example/api/contacts", params={"to": CONTACT["email"]}, timeout=10)
    try:
        remind(f"{CANARY_IN_A_FRAME}, 12 items")
    except LookupError as problem:
        sentry_sdk.capture_exception(problem)


def remind(row: str) -> None:
    """Fail with a row in hand, and name a customer in the message."""
    msg = f"no open orders of {DEBTOR} in {len(row)} characters"
    raise LookupError(msg)


if __name__ == "__main__":
    start()
    if sys.argv[1] == "documented":
        report_a_message()
    else:
        report_an_error()
    sentry_sdk.flush()
