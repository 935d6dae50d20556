"""Numbers in Korean texts that are read digit by digit: telephones, cards, resident numbers, codes."""

from __future__ import annotations

import re

from emotts.text.korean.numbers import digits

__all__ = ["read_telephones"]

_ABROAD = re.compile(r"(?<![\d+])\+(\d{1,3})(?:[\s.,-]{0,3}\d{1,5}){2,5}(?![\d-])")
_CARD = re.compile(r"(?<![\d-])\d{4}([- ])\d{4}\1\d{4}\1\d{4}(?![\d-])")
_RESIDENT = re.compile(r"(?<![\d-])\d{6}-[1-8]\d{6}(?![\d-])")
_PHONE = re.compile(
    r"(?<![\d-])(\d{2,4})-(\d{3,4})-(\d{4})(?![\d-])|(?<![\d-])(1[5-9]\d{2})-(\d{4})(?![\d-])"
    r"|(?<![\d.])(01[016789])[ .]?(\d{3,4})[ .]?(\d{4})(?![\d.])"
    r"|,?(?<!\d)(0\d{1,2})(?:,[\s-]?|[ .])(\d{3,4})[ .-](\d{4})(?![\d.-])"
    r"|(?<![\d.-])(?:,(\d{3}),[\s-]?|(\d{3})[.-])(\d{3})[.-](\d{4})(?![\d.-])"
)
_ACCOUNT = re.compile(r"(?<![\d-])\d{3,6}-\d{2,6}-\d{4,7}(?:-\d{1,3})?(?![\d-])")
_CODE = re.compile(
    r"((?:자리|비밀번호|비번|인증번호|인증 번호|우편번호|계좌번호|코드|암호|여권번호|사번|학번|군번|회원번호|접수번호)"
    r"(?:는|은|가|이|:|,)?\s?)"
    r"(\d{3,8})(?!\d)(?!\s?(?:원|개|명|번|자리|년|월|일|시|분))"
)


def read_telephones(text: str) -> str:
    """Write what is read digit by digit in Hangul, its groups parted by spaces."""
    text = _RESIDENT.sub(_groups, _CARD.sub(_groups, text))
    text = _ABROAD.sub(lambda match: f"플러스 {_groups(match)}", text)
    text = _PHONE.sub(_phone, text)
    return _CODE.sub(lambda match: match.group(1) + digits(match.group(2)), _ACCOUNT.sub(_account, text))


def _groups(match: re.Match[str]) -> str:
    return " ".join(digits(part) for part in re.findall(r"\d+", match.group()))


def _phone(match: re.Match[str]) -> str:
    return " ".join(digits(part) for part in match.groups() if part)


def _account(match: re.Match[str]) -> str:
    """Read the number of a bank account; a number of the kind 12-3-4567 is one only if it is long."""
    return _groups(match) if len(match.group().replace("-", "")) > 9 else match.group()
