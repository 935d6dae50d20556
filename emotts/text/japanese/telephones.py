"""Numbers in Japanese texts that are read digit by digit: telephones, cards, postal codes, codes."""

from __future__ import annotations

import re

from emotts.text.japanese.numbers import digits

__all__ = ["read_telephones"]

_POSTAL = re.compile(r"〒\s?(\d{3})-?(\d{4})")
_CARD = re.compile(r"(?<![\d-])(\d{4})([- ])(\d{4})\2(\d{4})\2(\d{4})(?![\d-])")
_ABROAD = re.compile(r"(?<![\d+])\+(\d{1,3})((?:[\s.,-]{1,2}\d{1,5}){2,5})(?![\d-])")
_PHONE = re.compile(
    r"(?<![\d-])(\d{1,4})(?:-(\d{1,4})-|,\s?(\d{1,4}),)(\d{3,4})(?![\d-])"
    r"|(?<!\d)(0[5789]0)[- .]?(\d{4})[- .]?(\d{4})(?!\d)"
)
_DOTTED = re.compile(r"(?<![\d・])(0\d{1,4})・(\d{1,4})・(\d{3,4})(?![\d・])")
_CODE = re.compile(
    r"((?:暗証番号|認証コード|コード|パスワード|会員番号|整理番号|口座番号)(?:は|:|,)?\s?)(\d{3,8})(?!\d)(?!\s?(?:円|個|人|桁|つ))"
)


def read_telephones(text: str) -> str:
    """Write what is read digit by digit in katakana."""
    text = _POSTAL.sub(lambda match: f"郵便番号{digits(match.group(1))}ノ{digits(match.group(2))}", text)
    text = _CARD.sub(lambda match: "ノ".join(digits(match.group(place)) for place in (1, 3, 4, 5)), text)
    text = _ABROAD.sub(_abroad, text)
    text = _DOTTED.sub(lambda match: "".join(digits(part) for part in match.groups()), _PHONE.sub(_phone, text))
    return _CODE.sub(lambda match: match.group(1) + digits(match.group(2)), text)


def _abroad(match: re.Match[str]) -> str:
    parts = [match.group(1), *re.findall(r"\d+", match.group(2))]
    return "プラス" + "ノ".join(digits(part) for part in parts)


def _phone(match: re.Match[str]) -> str:
    parts = [part for part in match.groups() if part]
    if not parts[0].startswith("0") and len("".join(parts)) < 9:
        return match.group()
    return "ノ".join(digits(part) for part in parts)
