"""Numbers in Korean: Sino-Korean, native, digit by digit, decimals."""

from __future__ import annotations

from num2words import num2words

from emotts.errors import TextError
from emotts.text.patterns import plain_number

__all__ = ["decimal", "digits", "fitting", "native", "sino", "whole"]

_DIGITS = "영일이삼사오육칠팔구"
_LONGEST = 24
_NATIVE_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def sino(number: int) -> str:
    """Read a whole number in Sino-Korean: 15000 -> 만오천.

    Raises:
        TextError: if the number is negative or has more than 24 digits.
    """
    if number < 0 or number >= 10**_LONGEST:
        raise TextError(f"number {number} cannot be read", wanted="a number from 0 to 24 digits")
    return str(num2words(number, lang="ko")).replace(" ", "")


def native(number: int) -> str:
    """Read a number as it stands before a counter: 3 -> 세, 20 -> 스무; from 100 upwards in Sino-Korean."""
    if not 1 <= number <= 99:
        return sino(number)
    if number == 20:
        return "스무"
    tens, ones = divmod(number, 10)
    return _NATIVE_TENS[tens] + _NATIVE_ONES[ones]


def digits(text: str, *, zero: str = "공") -> str:
    """Read digit by digit: 010 -> 공일공."""
    return "".join(zero if digit == "0" else _DIGITS[int(digit)] for digit in text)


def fitting(particle: str, before: str) -> str:
    """Return the form of a particle that fits the syllable before it: 이 or 가, 은 or 는, 을 or 를, 과 or 와."""
    pair = next((pair for pair in ("이가", "은는", "을를", "과와") if particle in pair), particle * 2)
    last = before.rstrip()[-1:]
    has_final = "가" <= last <= "힣" and (ord(last) - ord("가")) % 28 != 0
    return pair[0] if has_final else pair[1]


def decimal(whole: str, fraction: str) -> str:
    """Read a decimal: 3, 14 -> 삼 점 일사."""
    return f"{sino(int(whole))} 점 {digits(fraction, zero='영')}"


def whole(number: str) -> str:
    """Read a whole number that may have commas; one of more than 24 digits digit by digit."""
    plain = plain_number(number)
    return sino(int(plain)) if len(plain) <= _LONGEST else digits(plain)
