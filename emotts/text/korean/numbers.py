"""Numbers in Korean: Sino-Korean, native, digit by digit, decimals."""

from __future__ import annotations

from emotts.errors import TextError

__all__ = ["decimal", "digits", "native", "sino"]

_DIGITS = "영일이삼사오육칠팔구"
_PLACES = ("", "십", "백", "천")
_GROUPS = ("", "만", "억", "조", "경", "해")
_NATIVE_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def sino(number: int) -> str:
    """Read a whole number in Sino-Korean: 15000 -> 만오천.

    Raises:
        TextError: if the number is negative or has more than 24 digits.
    """
    if number < 0 or number >= 10 ** (4 * len(_GROUPS)):
        raise TextError(f"number {number} cannot be read", wanted="a number from 0 to 24 digits")
    if number == 0:
        return _DIGITS[0]
    words = []
    group = 0
    while number:
        number, low = divmod(number, 10_000)
        if low:
            # 만 for ten thousand, but 일억, 일조
            words.append(("" if low == 1 and group == 1 else _four(low)) + _GROUPS[group])
        group += 1
    return "".join(reversed(words))


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


def decimal(whole: str, fraction: str) -> str:
    """Read a decimal: 3, 14 -> 삼 점 일사."""
    return f"{sino(int(whole))} 점 {digits(fraction, zero='영')}"


def _four(number: int) -> str:
    words = []
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words.append(("" if digit == 1 and place else _DIGITS[digit]) + _PLACES[place])
    return "".join(words)
