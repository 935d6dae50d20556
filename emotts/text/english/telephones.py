"""Numbers in English texts that are read digit by digit: telephones, cards, network addresses, codes."""

from __future__ import annotations

import re

from emotts.text.english.numbers import digits

__all__ = ["read_telephones"]

_PHONE = re.compile(
    # (555) 012-3456 and 555-012-3456, with a code of the country before and an extension behind
    r"(?<![\d.-])(?:\+?(\d{1,3})[ .,-]{0,2})?(?:[(,](\d{3})[),][\s-]{0,2}|(\d{3})[-.])"
    r"(\d{3,4})[-.]?(\d{4})(?:-(\d{1,5}))?(?![\d-])"
    r"|(?<![\d.-])(?:\+(\d{1,3})[ .-])?(\d{3})([ .])(\d{3})\9(\d{4})(?![\d.]*\d)"
)
_ABROAD = re.compile(r"\+\d{1,3}(?:[ .-]\d{1,5}){2,6}(?![\d-])")
_TOLL_FREE = re.compile(r"(?<![\d-])1-(8[0-8]{2})-((?=[\dA-Z-]*[A-Z])[\dA-Z]+(?:-[\dA-Z]+)*|\d{3}-\d{4})(?![\w-])")
_CARD = re.compile(r"(?<![\d-])(\d{4})([- ])(\d{4})\2(\d{4})\2(\d{4})(?![\d-])")
_SECURITY = re.compile(r"(?<![\d-])(\d{3})-(\d{2})-(\d{4})(?![\d-])")
_SERIAL = re.compile(r"(?<![\w.-])\d{1,7}(?:-\d{1,7}){3,}(?![\w-])")
_NETWORK = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")
_LOCAL = re.compile(r"(?<![\d$.-])(\d{3})-(\d{4})(?![\d-])")
_CODE = re.compile(
    r"\b((?:ending (?:in|with)|ends (?:in|with)|last four(?: digits)?(?: are)?|[Pp]asscode|[Pp]assword is|PIN is"
    r"|[Pp]in is|OTP is|otp is|[Cc]ode is))\s(\d{4,8})(?!\d)"
)


def read_telephones(text: str) -> str:
    """Write what is read digit by digit in words, its groups parted by commas."""
    text = _TOLL_FREE.sub(_toll_free, _CARD.sub(_groups, text))
    text = _NETWORK.sub(lambda match: " dot ".join(map(digits, match.group().split("."))), text)
    text = _PHONE.sub(_phone, text)
    text = _ABROAD.sub(_abroad, text)
    text = _SERIAL.sub(_groups, _LOCAL.sub(_groups, _SECURITY.sub(_groups, text)))
    return _CODE.sub(lambda match: f"{match.group(1)} {digits(match.group(2))}", text)


def _phone(match: re.Match[str]) -> str:
    parts = [part for part in match.groups() if part and part.isdigit()]
    begins = "plus " if match.group().startswith("+") else ""
    return begins + _spelled(parts) + (" " if match.string[match.end() : match.end() + 1].isalnum() else "")


def _abroad(match: re.Match[str]) -> str:
    return "plus " + _spelled(re.findall(r"\d+", match.group()))


def _groups(match: re.Match[str]) -> str:
    return _spelled(re.findall(r"\d+", match.group()))


def _toll_free(match: re.Match[str]) -> str:
    """Read 1-800-GO-2-HAUL: one, eight hundred, go two haul."""
    code, rest = match.groups()
    spoken = f"{digits(code[0])} hundred" if code.endswith("00") else digits(code)
    parts = [digits(part) if part.isdigit() else part.lower() if len(part) > 1 else part for part in rest.split("-")]
    return f"one, {spoken}, {', '.join(parts) if rest[0].isdigit() else ' '.join(parts)}"


def _spelled(parts: list[str]) -> str:
    return ", ".join(digits(part) for part in parts)
