"""Numbers in English, as Americans read them: cardinal, ordinal, years, decimals, digit by digit."""

from __future__ import annotations

from emotts.errors import TextError

__all__ = ["cardinal", "decade", "decimal", "digits", "fraction", "ordinal", "year"]

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_GROUPS = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip


def cardinal(number: int) -> str:
    """Read a whole number: 15000 -> fifteen thousand.

    Raises:
        TextError: if the number is negative or has more than 21 digits.
    """
    if number < 0 or number >= 1000 ** len(_GROUPS):
        raise TextError(f"number {number} cannot be read", wanted="a number from 0 to 21 digits")
    if number == 0:
        return _SMALL[0]
    words: list[str] = []
    for name in _GROUPS:
        number, low = divmod(number, 1000)
        if low:
            words[:0] = [*_three(low), name] if name else _three(low)
    return " ".join(words)


def ordinal(number: int) -> str:
    """Read an ordinal: 21 -> twenty first."""
    *before, last = cardinal(number).split()
    regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return " ".join([*before, _ORDINALS.get(last, regular)])


def year(number: int) -> str:
    """Read a year: 1999 -> nineteen ninety nine, 2005 -> two thousand five, 1066 -> ten sixty six."""
    high, low = divmod(number, 100)
    if not 1010 <= number <= 2099 or 2000 <= number <= 2009:
        return cardinal(number)
    if low == 0:
        return f"{cardinal(high)} hundred"
    return f"{cardinal(high)} {'oh ' if low < 10 else ''}{cardinal(low)}"


def decade(number: int) -> str:
    """Read a decade: 1990 -> nineteen nineties, 80 -> eighties."""
    spoken = year(number) if number >= 100 else cardinal(number)
    return spoken[:-1] + "ies" if spoken.endswith("y") else spoken + "s"


def decimal(whole: str, places: str) -> str:
    """Read a decimal: 3, 14 -> three point one four."""
    return f"{cardinal(int(whole))} point {digits(places)}"


def digits(text: str, *, zero: str = "zero") -> str:
    """Read digit by digit: 305 -> three zero five."""
    return " ".join(zero if digit == "0" else _SMALL[int(digit)] for digit in text)


def fraction(top: int, bottom: int) -> str:
    """Read a fraction: 1, 2 -> one half; 3, 4 -> three quarters; 5, 0 -> five over zero."""
    names = {2: "half", 4: "quarter"}
    if bottom < 2 or bottom > 20:
        return f"{cardinal(top)} over {cardinal(bottom)}"
    name = names.get(bottom) or ordinal(bottom)
    many = {"half": "halves"}.get(name, name + "s")
    return f"{cardinal(top)} {name if top == 1 else many}"


def _three(number: int) -> list[str]:
    hundred, low = divmod(number, 100)
    words = [_SMALL[hundred], "hundred"] if hundred else []
    if 0 < low < 20:
        words.append(_SMALL[low])
    elif low:
        words.append(_TENS[low // 10])
        words += [_SMALL[low % 10]] if low % 10 else []
    return words
