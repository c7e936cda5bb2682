"""What the senders say, in every language: whom it is about, and what must not leave, each planted once.

The senders for Node and the browser get these values as the JSON that `as_json` gives.
"""

from __future__ import annotations

import base64
import hashlib
import json

SERVER = "203.0.113.7"
INSTANCE = "659cf0bd504813315c336bf7"
USER_NAME = "jane.roe@initech.example"
PERSON = hashlib.sha256(USER_NAME.encode()).hexdigest()
DOMAIN = hashlib.sha256(b"initech.example").hexdigest()

SEGMENT_KEY = "a0b1c2d3e4f5"
MIXPANEL_TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - nobody's
SENTRY_KEY = "5f2c1d0e9b8a7f6e5d4c3b2a19080706"

# In ordinary traffic, where it is nobody's business.
CONTACT = {"name": "Milton Waddams", "email": "milton.waddams@personal.example", "phone": "+49 30 901820"}

# By the instance
CUSTOMER = "bill.lumbergh@customer.example"
ROWS = '[{"iban": "DE02120300000000202051"}, {"iban": "DE02500105170137075030"}]'
CLIENT = "198.51.100.23"
CANARY = "CANARY-7f3a9c51e2"

# By the watch for errors
DEBTOR = "peter.gibbons@customer.example"
CANARY_IN_A_FRAME = "CANARY-c41d07be93"

# By the backend
QUERY = "SELECT salary FROM staff WHERE surname = 'Bolton'"
SUBSCRIBER = "michael.bolton@customer.example"
VISITOR = "198.51.100.77"

# By the browser
SOUGHT = "samir.nagheenanajar@customer.example"
CANARY_ON_A_PAGE = "CANARY-02be6f5ad8"

CANARIES = (CANARY, CANARY_IN_A_FRAME, CANARY_ON_A_PAGE)
VALUES = (
    *(USER_NAME, PERSON, DOMAIN, SEGMENT_KEY, MIXPANEL_TOKEN, SENTRY_KEY, *CONTACT.values()),
    *(CUSTOMER, ROWS, CLIENT, DEBTOR, QUERY, SUBSCRIBER, VISITOR, SOUGHT, *CANARIES),
)


def spellings() -> list[str]:
    """Every value as it may stand in an output, in lower case: whole, its longer words, percent-encoded, and in base64."""
    words = [word for value in VALUES for word in value.replace('"', " ").replace("'", " ").split() if len(word) >= 8]
    plain = dict.fromkeys((*VALUES, *words))
    told = [*plain, *(value.replace("@", "%40") for value in plain)]
    return [text.lower() for text in (*told, *(base64.b64encode(value.encode()).decode() for value in plain))]


def as_json() -> str:
    """The values that the senders of other languages use."""
    return json.dumps(
        {
            "instance": INSTANCE,
            "person": PERSON,
            "segmentKey": SEGMENT_KEY,
            "mixpanelToken": MIXPANEL_TOKEN,
            "userName": USER_NAME,
            "query": QUERY,
            "subscriber": SUBSCRIBER,
            "visitor": VISITOR,
            "sought": SOUGHT,
            "canary": CANARY_ON_A_PAGE,
        }
    )
