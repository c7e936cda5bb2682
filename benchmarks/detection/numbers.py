"""Check digits, and numbers of states' registers that Faker does not make."""

from __future__ import annotations

from detection.drawing import Draw


def check_digit(digits: str) -> str:
    """The digit that Luhn's formula appends (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)


def nino(draw: Draw) -> str:
    """A British national insurance number (HMRC manual NIM39110)."""
    return f"{draw.one('ABCEGHJKLMPRSTWXYZ')}{draw.one('ABCEGHJKLMPRSTWXZ')} {draw.digits(2)} {draw.digits(2)} {draw.digits(2)} {draw.one('ABCD')}"


_VERHOEFF = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4))


def aadhaar(draw: Draw) -> str:
    """An Indian Aadhaar number with its check digit (Verhoeff, 1969)."""
    digits = f"{draw.randint(2, 9)}{draw.digits(10)}"
    permutations: list[tuple[int, ...]] = [_VERHOEFF[0]]
    for _ in range(7):
        permutations.append(tuple(_VERHOEFF[1][each] for each in permutations[-1]))
    check = 0
    for place, digit in enumerate(reversed(digits), 1):
        check = _times(check, permutations[place % 8][int(digit)])
    whole = digits + str(next(each for each in range(10) if _times(check, each) == 0))
    return f"{whole[:4]} {whole[4:8]} {whole[8:]}"


def _times(left: int, right: int) -> int:
    """The product of two elements of the dihedral group of the pentagon."""
    turned = (left + right) % 5 if left < 5 else (left - right) % 5  # noqa: PLR2004 - the five rotations, then the five reflections
    return turned + 5 * ((left >= 5) != (right >= 5))  # noqa: PLR2004 - as above
