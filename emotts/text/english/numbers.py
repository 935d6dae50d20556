"""Numbers in English, as Americans read them: cardinal, ordinal, years, decimals, digit by digit."""

from __future__ import annotations

from num2words import num2words

from emotts.errors import TextError

__all__ = ["cardinal", "decade", "decimal", "digits", "fraction", "ordinal", "year"]

_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LONGEST = 21


def cardinal(number: int) -> str:
    """Read a whole number: 15000 -> fifteen thousand.

    Raises:
        TextError: if the number is negative or has more than 21 digits.
    """
    if number < 0 or number >= 10**_LONGEST:
        raise TextError(f"number {number} cannot be read", wanted="a number from 0 to 21 digits")
    return _spoken(number, form="cardinal")


def ordinal(number: int) -> str:
    """Read an ordinal: 21 -> twenty first."""
    return _spoken(number, form="ordinal")


def year(number: int) -> str:
    """Read a year: 1999 -> nineteen ninety nine, 2005 -> two thousand five, 1066 -> ten sixty six."""
    return _spoken(number, form="year" if 1010 <= number <= 2099 else "cardinal")


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
    if bottom < 2 or bottom > 99:
        return f"{cardinal(top)} over {cardinal(bottom)}"
    name = names.get(bottom) or ordinal(bottom)
    many = {"half": "halves"}.get(name, name + "s")
    return f"{cardinal(top)} {name if top == 1 else many}"


def _spoken(number: int, *, form: str) -> str:
    """Return a number as num2words has it, without the British *and*, hyphens and commas."""
    return str(num2words(number, to=form)).replace(" and ", " ").replace("-", " ").replace(",", "")
