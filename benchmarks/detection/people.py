"""Personal data as they leak: what Faker makes, and numbers with check digits and telephone numbers of our own making."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from ipaddress import ip_address

from faker import Faker

from detection.drawing import Draw
from detection.numbers import check_digit

_POOL = 120
_INTERNATIONAL = ("müller.de", "bücher.com", "xn--mller-kva.de", "почта.рф", "example.みんな")
_LOCALES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "pt_BR", "pl_PL", "sv_SE", "nl_NL", "tr_TR", "en_IN")
_OTHER_SCRIPTS = ("hi_IN", "ru_RU", "ja_JP", "zh_CN", "el_GR", "ar_EG")
_BANKS = ("de_DE", "fr_FR", "en_GB", "es_ES", "it_IT", "nl_NL", "de_AT", "de_CH", "pl_PL", "tr_TR", "no_NO", "fi_FI")
_PHONES = (
    ("49", "151{8}", "0"),
    ("44", "7400{6}", "0"),
    ("1", "2125{6}", ""),
    ("33", "612{6}", "0"),
    ("91", "98{8}", "0"),
    ("34", "61{7}", ""),
    ("39", "347{7}", ""),
    ("31", "61{7}", "0"),
    ("81", "901{7}", "0"),
    ("55", "119{8}", "0"),
    ("61", "41{7}", "0"),
    ("41", "79{7}", "0"),
    ("48", "51{7}", ""),
    ("46", "70{7}", "0"),
    ("86", "138{8}", ""),
    ("27", "82{7}", "0"),
)
"""Country calling code, the start and further digits of a mobile number, and the prefix of its national form."""

_TOPS = (
    "com",
    "org",
    "net",
    "io",
    "de",
    "co.uk",
    "fr",
    "com.br",
    "edu",
    "gov",
    "ai",
    "museum",
    "travel",
    "info",
    "app",
    "dev",
    "xyz",
    "com.au",
    "co.jp",
    "berlin",
)
_RESERVED = ("127.", "0.", "203.0.113.", "169.254.", "198.51.100.", "192.0.2.")


class People:
    """Personal data out of pools, which are filled once, since Faker takes its time."""

    def __init__(self, draw: Draw) -> None:
        """The pools follow from the seed of `draw`."""
        self.draw = draw
        self.fakers = {locale: Faker(locale) for locale in {*_LOCALES, *_OTHER_SCRIPTS, *_BANKS, "en_CA"}}
        for faker in sorted(self.fakers):
            self.fakers[faker].seed_instance(draw.getrandbits(32))

    def _pool[T](self, locales: tuple[str, ...], make: Callable[[Faker], T]) -> list[T]:
        return [make(self.fakers[locales[number % len(locales)]]) for number in range(_POOL)]

    @cached_property
    def names(self) -> list[tuple[str, str]]:
        """First and last names, one in ten in another script than the Latin."""
        latin = self._pool(_LOCALES, lambda faker: (faker.first_name(), faker.last_name()))
        return latin + self._pool(_OTHER_SCRIPTS, lambda faker: (faker.first_name(), faker.last_name()))[: _POOL // 10]

    @cached_property
    def emails(self) -> list[str]:
        """Addresses at reserved, free and company domains."""
        made = self._pool(_LOCALES, lambda faker: faker.email())
        made += self._pool(_LOCALES, lambda faker: faker.company_email())
        return made + self._pool(_LOCALES, lambda faker: faker.free_email())

    @cached_property
    def ibans(self) -> list[str]:
        """IBANs of a dozen countries."""
        return self._pool(_BANKS, lambda faker: faker.iban())

    @cached_property
    def notes(self) -> list[str]:
        """Sentences, as they stand in a column for remarks."""
        return self._pool(("en_US", "de_DE", "fr_FR"), lambda faker: faker.sentence())

    @cached_property
    def cities(self) -> list[str]:
        """Cities."""
        return self._pool(_LOCALES, lambda faker: faker.city())

    def full_name(self) -> str:
        """A first and a last name."""
        return " ".join(self.draw.one(self.names))

    def email(self) -> str:
        """An e-mail address in one of its everyday forms."""
        draw, plain = self.draw, self.draw.one(self.emails)
        name, _, domain = plain.partition("@")
        first, last = draw.one(self.names[:_POOL])
        return draw.one(
            (
                plain,
                plain,
                plain.upper(),
                f"{name}+{draw.letters(4)}@{domain}",
                f"{first[0].lower()}{draw.digits(3)}@{draw.letters(6).lower()}.{draw.one(_TOPS)}",
                f"{first}.{last}@{draw.letters(5).lower()}-{draw.letters(4).lower()}.{draw.one(_TOPS)}".replace(
                    " ", ""
                ),
                f"{name}@mail.{domain}",
                f"mailto:{plain}?subject=Hello",
                f'"{first} {last}" <{plain}>',
                f"{name}@{draw.one(_INTERNATIONAL)}",
                f"{name.replace('.', '_')}-{draw.digits(2)}@{domain}",
            )
        )

    def phone(self, *, international: bool = True) -> str:
        """A mobile number as people type it: with the country's code, or in its national form."""
        draw = self.draw
        code, form, prefix = draw.one(_PHONES)
        start, _, count = form.rstrip("}").partition("{")
        number = start + draw.digits(int(count))
        groups = (number[:3], number[3:6], number[6:])
        separator = draw.one((" ", "-", " ", "."))
        if not international:
            return draw.one((prefix + number, prefix + separator.join(groups)))
        mark = draw.one(("+", "+", "+", "00", "tel:+"))
        return draw.one(
            (
                f"{mark}{code}{number}",
                f"{mark}{code} {separator.join(groups)}",
                f"+{code} ({number[:3]}) {number[3:6]}-{number[6:]}",
            )
        )

    def card(self) -> str:
        """A payment card's number with its check digit, without separators."""
        draw = self.draw
        mastercard, newer, jcb = draw.randint(51, 55), draw.randint(2221, 2720), draw.randint(3528, 3589)
        amex, diners = draw.one(("34", "37")), "36"
        start = draw.one(("4", "4", f"{mastercard}", f"{newer}", amex, "6011", "65", f"{jcb}", diners, "62"))
        length = {amex: 15, diners: 14}.get(start, 16)
        digits = start + draw.digits(length - len(start) - 1)
        return digits + check_digit(digits)

    def address(self, *, private: bool) -> str:
        """A client's IPv4 address, with numbers that no version has."""
        draw = self.draw
        while True:
            first = draw.one((10, 172, 192)) if private else draw.randint(60, 223)
            second = {172: draw.randint(16, 31), 192: 168}.get(first, draw.randint(100, 250))
            address = f"{first}.{second}.{draw.randint(0, 255)}.{draw.randint(1, 254)}"
            if private == ip_address(address).is_private and not address.startswith(_RESERVED):
                return address

    def address6(self, *, private: bool) -> str:
        """A client's IPv6 address: unique local if private, else global."""
        draw = self.draw
        groups = [f"{draw.getrandbits(16):x}" for _ in range(6)]
        if private:
            return f"fd{draw.getrandbits(8):02x}:{groups[0]}:{groups[1]}::{groups[2]}"
        return draw.one(
            (
                f"2a02:{':'.join(groups)}:{draw.getrandbits(12):x}",
                f"2607:f8b0:{groups[0]}::{groups[1]}",
                f"2A01:CB1D:{groups[0].upper()}::{groups[1].upper()}",
            )
        )
