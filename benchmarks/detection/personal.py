"""Leaks of personal data: what somebody's name, address, telephone, card or register number looks like in telemetry."""

from __future__ import annotations

from collections.abc import Callable

from faker import Faker

from detection.numbers import aadhaar, nino
from detection.people import People
from detection.row import ADDRESS, NAMED, Leak

_PHONE_KEYS = (
    "phone",
    "phoneNumber",
    "mobile",
    "mobile_number",
    "customerPhone",
    "contact_phone",
    "telephone",
    "homePhone",
)
_CARD_KEYS = ("card", "cardNumber", "pan", "credit_card", "ccNumber", "paymentCard")
_IBAN_KEYS = ("iban", "account", "bankAccount", "IBAN")
_FIRST_KEYS = ("firstName", "first_name", "givenName", "customerFirstName")
_LAST_KEYS = ("lastName", "last_name", "surname", "familyName", "patientLastName")
_PERSONS = ("contact", "author", "customer", "employee", "applicant", "createdBy", "participant")
_FOREIGN_KEYS = ("氏名", "姓名", "名前", "имя", "фамилия", "imię", "nazwisko", "etternavn", "kundenName")
_FOLDERS = (
    r"\\nas01\home$\{login}\report.xlsx",
    r"\\files.example.com\data\profiles\{login}\Desktop",
    r"\\PC-0417\C$\Users\{login}\x.csv",
    "smb://nas01/homes/{login}/x",
    "/home/{login}/app/x.js:7",
    "/mnt/c/Users/{login}/project",
    "/Users/{login}/Downloads/x.csv",
    r"C:\Users\{login}\AppData",
)
_FULL_KEYS = (
    "fullName",
    "full_name",
    "customerName",
    "customer_name",
    "contactName",
    "employeeName",
    "patient_name",
    "cardholderName",
    "personName",
    "billingName",
    "shipping_name",
    "nextOfKin",
    "emp_name",
)
_ADDRESS_KEYS = (
    "clientIp",
    "client_ip",
    "remoteAddr",
    "remote_address",
    "ip",
    "ipAddress",
    "userIp",
    "x-forwarded-for",
    "peerAddress",
)


def national_id(people: People) -> tuple[str, tuple[str, ...]]:
    """The number of a person in a state's register, and the names of fields that hold it."""
    draw = people.draw
    makers: tuple[tuple[str, Callable[[Faker], str], tuple[str, ...]], ...] = (
        ("en_US", lambda faker: str(faker.ssn()), ("ssn", "socialSecurityNumber", "SSN")),
        ("es_ES", lambda faker: str(faker.nif()), ("dni", "nif")),
        ("pl_PL", lambda faker: str(faker.pesel()), ("pesel",)),
        ("pt_BR", lambda faker: str(faker.cpf()), ("cpf", "cpfNumber")),
        ("it_IT", lambda faker: str(faker.ssn()), ("codiceFiscale", "codice_fiscale")),
        ("nl_NL", lambda faker: str(faker.ssn()), ("bsn",)),
        ("sv_SE", lambda faker: str(faker.ssn()), ("personnummer",)),
        ("fr_FR", lambda faker: str(faker.ssn()), ("nir", "numeroSecuriteSociale")),
        ("en_CA", lambda faker: str(faker.ssn()), ("sin", "socialInsuranceNumber")),
        ("fi_FI", lambda faker: str(faker.ssn()), ("hetu",)),
        ("zh_CN", lambda faker: str(faker.ssn()), ("idNumber", "identityCard")),
        ("en_GB", lambda _: nino(draw), ("nino", "nationalInsuranceNumber")),
        ("en_IN", lambda _: aadhaar(draw), ("aadhaar", "aadhaarNumber")),
    )
    locale, make, keys = draw.one(makers)
    return make(people.fakers[locale]), keys


def _in_object(people: People) -> Leak:
    """A name that the names around it make one: `contact.first`, `author.displayName`, `customer.name.family`, or a key in another language."""
    draw = people.draw
    first, last = draw.one(people.names)
    value = draw.one(
        (
            {"first": first, "last": last},
            {"displayName": f"{first} {last}"},
            {"name": {"given": first, "family": last}},
            {"name": f"{first} {last}".upper()},
            {draw.one(_FOREIGN_KEYS): f"{first} {last}"},
        )
    )
    return Leak("name in an object", value, NAMED, _PERSONS, hinted=True)


def _folder(people: People) -> Leak:
    draw = people.draw
    login = f"{draw.letters(1).lower()}{draw.one(('roe', 'smith', 'garcia', 'kowalski'))}{draw.digits(1)}"
    return Leak("folder of a person", draw.one(_FOLDERS).format(login=login), NAMED, ("path", "file", "source"))


def personal_leaks(people: People) -> dict[str, Callable[[], Leak]]:
    """A maker for each kind of personal data."""
    draw = people.draw

    def card() -> Leak:
        digits = people.card()
        spaced = draw.one(
            (
                digits,
                digits,
                " ".join(digits[at : at + 4] for at in range(0, len(digits), 4)),
                "-".join(digits[at : at + 4] for at in range(0, len(digits), 4)),
            )
        )
        return Leak("card", spaced, NAMED, _CARD_KEYS, number=int(digits))

    def national() -> Leak:
        value, keys = national_id(people)
        return Leak("national id", value, NAMED, keys, hinted=True)

    def name() -> Leak:
        first, last = draw.one(people.names)
        value, keys = draw.one(((first, _FIRST_KEYS), (last, _LAST_KEYS), (f"{first} {last}", _FULL_KEYS)))
        return Leak("name with a hint", value, NAMED, keys, hinted=True)

    def iban() -> Leak:
        value = draw.one(people.ibans)
        spaced = " ".join(value[at : at + 4] for at in range(0, len(value), 4))
        return Leak("iban", draw.one((value, value, spaced)), NAMED, _IBAN_KEYS, exact=True)

    def phone() -> Leak:
        value = people.phone()
        digits = "".join(filter(str.isdigit, value)).removeprefix("00")
        return Leak("phone, international", value, NAMED, _PHONE_KEYS, number=int(digits))

    def email() -> Leak:
        return Leak(
            "e-mail", people.email(), NAMED, ("email", "customerEmail", "to", "assignee", "contact"), exact=True
        )

    def address(kind: str, make: Callable[..., str]) -> Callable[[], Leak]:
        def made() -> Leak:
            private = draw.happens(0.4)
            value = make(private=private)
            with_port = (
                f"[{value}]:{draw.randint(1024, 65535)}" if ":" in value else f"{value}:{draw.randint(1024, 65535)}"
            )
            return Leak(kind, draw.one((value, value, value, with_port)), ADDRESS, _ADDRESS_KEYS, hinted=private)

        return made

    return {
        "e-mail": email,
        "phone, international": phone,
        "phone, national": lambda: Leak(
            "phone, national", people.phone(international=False), NAMED, _PHONE_KEYS, hinted=True
        ),
        "card": card,
        "iban": iban,
        "national id": national,
        "name with a hint": name,
        "name in an object": lambda: _in_object(people),
        "folder of a person": lambda: _folder(people),
        "IPv4 of a client": address("IPv4 of a client", people.address),
        "IPv6 of a client": address("IPv6 of a client", people.address6),
    }
