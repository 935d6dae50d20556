"""Japanese normaliser: numbers, dates, money, units, Latin words and signs to kanji and kana, then to readings."""

from __future__ import annotations

import re
import unicodedata

from emotts.errors import TextError
from emotts.text.japanese.characters import check_readable, to_plain
from emotts.text.japanese.latin import LatinReader
from emotts.text.japanese.numbers import decimal, digits, kana, kanji, minutes
from emotts.text.japanese.reading import read_kana
from emotts.text.japanese.units import MONEY, UNITS

__all__ = ["Normaliser"]

_MONEY = "".join(re.escape(sign) for sign in MONEY)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_BIG = "千万|百万|十万|万|千|億|兆"
_WEB = re.compile(r"(?:https?://)?(?:www\.)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})((?:/[A-Za-z0-9_.~-]*)*)")
_MAIL = re.compile(r"([A-Za-z0-9._+-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_WEB_SIGNS = {
    ".": "ドット",
    "@": "アットマーク",
    "/": "スラッシュ",
    "-": "ハイフン",
    "_": "アンダーバー",
    "+": "プラス",
    "~": "チルダ",
}
_DATE = re.compile(r"(?<![\d.])(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?![\d])")
_MONTH_DAY = re.compile(r"(?<![\d./])(\d{1,2})/(\d{1,2})(?=\s?[,(（][月火水木金土日][,)）])")
_WEEKDAY = re.compile(r"(?<=日)\s?,([月火水木金土日])(?:・祝)?,")
_CLOCK = r"([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?"
_TIME = re.compile(rf"(?<![\d:])(?:([AaPp])\.?[Mm]\.?\s?)?{_CLOCK}(?![\d:])(?:\s?([AaPp])\.?[Mm](?![A-Za-z])\.?)?")
_PHONE = re.compile(
    r"(?<![\d-])(?:\+81[- ]?)?(\d{1,4})(?:-(\d{1,4})-|,(\d{1,4}),)(\d{3,4})(?![\d-])"
    r"|(?<!\d)(0[5789]0)(\d{4})(\d{4})(?!\d)"
)
_POSTAL = re.compile(r"〒\s?(\d{3})-?(\d{4})")
_FRACTION = re.compile(r"(?<![\d/])(\d{1,3})/(\d{1,3})(?![\d/])")
_SCORE = re.compile(r"(?<![\d:])(\d{1,3}):(\d{1,3})(?![\d:])")
_RANGE = re.compile(r"(?<=[\d一-鿿%a-zA-Z])\s?~\s?(?=[\d一-鿿ァ-ヶ¥$€£])")
_PRICE_BEFORE = re.compile(rf"([{_MONEY}])\s?({_NUMBER}(?:{_BIG})*)")
_PRICE_BEHIND = re.compile(rf"({_NUMBER}(?:{_BIG})*)\s?([{_MONEY}])")
_UNIT = re.compile(
    rf"({_NUMBER})\s?({'|'.join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))})(?![A-Za-z0-9])"
)
_SPEED = re.compile(rf"({_NUMBER})\s?km/h(?![A-Za-z])")
_SIGNED = re.compile(rf"(?<![\d一-鿿ァ-ヶA-Za-z)])-(?={_NUMBER})")
_CALCULATION = re.compile(r"(?<=\d)\s?([-+×÷x=])\s?(?=\d)")
_CALCULATION_WORDS = {"+": "タス", "-": "ヒク", "×": "カケル", "x": "カケル", "÷": "ワル", "=": "イコール"}
_MINUTES = re.compile(r"(?<![\d.])(\d{1,4})\s?分(?![割類野離解担])")
_KANJI_MINUTES = re.compile(
    r"(?<=時)([二三四五]?十?[一二三四五六七八九十])分|(?<![一二三四五六七八九十分])([二五八九])分(?=間|後|前|待|ほど|くらい|ぐらい|以内|以上|おき|ごと|遅|かか|過ぎ|経)"
)
_KANJI_DIGITS = {char: number for number, char in enumerate("〇一二三四五六七八九")}
_ODD_COUNTS = {
    "0時": "レージ", "1歩": "イッポ", "4位": "ヨンイ", "8頭": "ハットー", "9頭": "キュートー",
    "4足": "ヨンソク", "7社": "ナナシャ", "10軒": "ジュッケン", "7軒": "ナナケン", "4戸": "ヨンコ",
    "8戸": "ハチコ", "8巻": "ハチカン", "7曲": "ナナキョク", "9品": "キューヒン", "3品": "サンピン",
    "3膳": "サンゼン", "100名": "ヒャクメー", "100足": "ヒャクソク",
}  # fmt: skip
"""Numbers and counters that the dictionary reads as other words: 一歩 as a name, 八頭 as a plant."""
_ODD = re.compile(rf"(?<![\d.,])(?:{'|'.join(_ODD_COUNTS)})")
# 八百 is ヤオ in 八百屋 alone
_EIGHT_HUNDRED = re.compile("(?<![一二三四五六七八九十百千万億])八百(?![屋長津万比八])")
_LEADING_ZEROS = re.compile(r"(?<![\d.,])0\d+(?![\d,]*\.\d)")
_DECIMAL = re.compile(r"(\d+(?:,\d{3})*)\.(\d+)")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+")
_LONGEST_NUMBER = 16
_SIGN_WORDS = {
    "%": "パーセント", "&": "アンド", "@": "アットマーク", "+": "プラス", "=": "イコール", "#": "シャープ",
    "×": "カケル", "÷": "ワル", "°": "度", "±": "プラスマイナス", "‰": "パーミル", **MONEY,
}  # fmt: skip


class Normaliser:
    """Writes a Japanese text in katakana as it is read; what is left is katakana and ``! ? … , . ' -``."""

    def __init__(self, latin: LatinReader) -> None:
        self._latin = latin

    def normalise(self, text: str) -> str:
        """Return the reading of a text in katakana.

        Raises:
            TextError: if a character or word cannot be read (with its position) or nothing is left to be spoken.
        """
        text = unicodedata.normalize("NFC", text)
        check_readable(text)
        try:
            spoken = _tidy(read_kana(self.spell(text)))
        except TextError as error:
            raise _placed(error, text) from None
        if not any("ァ" <= char <= "ヺ" for char in spoken):
            raise TextError(
                f"text {text[:60]!r} holds nothing that can be spoken",
                wanted="at least one word in kanji, kana, Latin letters or digits",
            )
        return spoken

    def spell(self, text: str) -> str:
        """Return a text in kanji and kana, with all numbers, signs and Latin words spelled out."""
        plain = to_plain(text)
        plain = _MAIL.sub(lambda match: self._address(match.group()), plain)
        plain = _WEB.sub(lambda match: self._address(match.group(1) + match.group(2).rstrip("/")), plain)
        plain = re.sub(r"(?<![A-Za-z])[Nn]o\.\s?(?!1(?!\d))(?=\d)", "ナンバー", plain)
        plain = _quantities(_calendar(plain))
        plain = self._latin.read(plain)
        plain = _bare_numbers(plain)
        for sign, word in _SIGN_WORDS.items():
            plain = plain.replace(sign, word)
        plain = re.sub(r"(?<=[ぁ-んァ-ヶー])~+", "ー", plain)
        plain = _EIGHT_HUNDRED.sub("ハッピャク", plain)
        plain = re.sub(r"〇{2,}", lambda match: "マル" * len(match.group()), plain)
        plain = re.sub(r"(?<![一二三四五六七八九〇])〇(?![一二三四五六七八九〇])", "ゼロ", plain)
        return _marked(plain)

    def _address(self, address: str) -> str:
        parts = re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]", address)
        return "".join(
            _WEB_SIGNS.get(part, part if part.isdigit() else self._latin.read(part.lower())) for part in parts
        )


def _placed(error: TextError, text: str) -> TextError:
    """Name the positions of unread words in the text as it was written."""
    words = re.findall(r"'([^']+)' at \d+", str(error))
    places = ", ".join(f"{word!r} at {text.find(word) + 1}" if word in text else repr(word) for word in words)
    return TextError(
        f"text {text[:60]!r} holds characters that cannot be read",
        found=places or str(error),
        wanted="words of the dictionary, kana, Latin letters, digits and punctuation",
        remedy="write the words in kana as they are spoken",
    )


def _calendar(text: str) -> str:
    text = _DATE.sub(_date, text)
    text = _MONTH_DAY.sub(r"\1月\2日", text)
    text = _WEEKDAY.sub(r"\1曜日,", text)
    text = _POSTAL.sub(lambda match: f"郵便番号{digits(match.group(1))}ノ{digits(match.group(2))}", text)
    text = _PHONE.sub(_phone, text)
    text = _TIME.sub(_time, text)
    return _SCORE.sub(lambda match: f"{match.group(1)}タイ{match.group(2)}", text)


def _quantities(text: str) -> str:
    text = re.sub(r"(?<=\d)・(?=\d)", ",", _RANGE.sub("から", text))
    text = _SIGNED.sub("マイナス", text)
    text = _PRICE_BEFORE.sub(lambda match: match.group(2) + MONEY[match.group(1)], text)
    text = _PRICE_BEHIND.sub(lambda match: match.group(1) + MONEY[match.group(2)], text)
    text = _SPEED.sub(r"時速\1キロメートル", text)
    text = _UNIT.sub(lambda match: match.group(1) + UNITS[match.group(2)], text)
    text = _FRACTION.sub(r"\2ぶんの\1", text)
    text = re.sub(r"(?<=\d)分の(?=\d)", "ぶんの", text)
    text = re.sub(r"(?<=\d)対(?=\d)", "タイ", text)
    text = _CALCULATION.sub(lambda match: _CALCULATION_WORDS[match.group(1)], text)
    text = _ODD.sub(lambda match: _ODD_COUNTS[match.group()], text)
    text = _KANJI_MINUTES.sub(lambda match: minutes(_small(match.group(1) or match.group(2))), text)
    return _MINUTES.sub(lambda match: minutes(int(match.group(1))), text)


def _bare_numbers(text: str) -> str:
    text = _LEADING_ZEROS.sub(lambda match: digits(match.group()), text)
    text = _DECIMAL.sub(lambda match: decimal(match.group(1).replace(",", ""), match.group(2)), text)
    return _WHOLE.sub(_whole, text)


def _whole(match: re.Match[str]) -> str:
    plain = match.group().replace(",", "")
    if len(plain) > _LONGEST_NUMBER:
        return digits(plain)
    number = int(plain)
    follows = match.string[match.end() : match.end() + 1]
    alone = not ("一" <= follows <= "鿿" or follows in ("つ", "か", "ヶ", "ケ", "カ", "ヵ", "ページ"))
    return kana(number) if number == 0 or (alone and number > 10) else kanji(number)


def _small(text: str) -> int:
    """Return the value of a kanji numeral below 60."""
    tens, ten, ones = text.rpartition("十")
    return (_KANJI_DIGITS.get(tens, 1) * 10 if ten else 0) + _KANJI_DIGITS.get(ones, 0)


def _date(match: re.Match[str]) -> str:
    year, month, day = int(match.group(1)), int(match.group(3)), int(match.group(4))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match.group()
    return f"{year}年{month}月{day}日"


def _time(match: re.Match[str]) -> str:
    before, hour, minute, second, behind = match.groups()
    half = (before or behind or "").lower()
    parts = [{"a": "午前", "p": "午後"}.get(half, ""), f"{int(hour)}時"]
    if int(minute):
        parts.append(f"{int(minute)}分")
    if second and int(second):
        parts.append(f"{int(second)}秒")
    return "".join(parts)


def _phone(match: re.Match[str]) -> str:
    parts = [part for part in match.groups() if part]
    begins = match.group().startswith("+81")
    if not begins and not parts[0].startswith("0") and len("".join(parts)) < 9:
        return match.group()
    spoken = "ノ".join(digits(part) for part in parts)
    return f"プラスハチイチノ{spoken}" if begins else spoken


def _marked(text: str) -> str:
    """Leave only kanji, kana, quotation marks and the marks that are spoken as pauses."""
    text = re.sub(r"\s*\n\s*", ".", text.strip())
    text = re.sub(r"(?<=[^-])-+(?=[^-])", ",", text)
    text = re.sub(r"[.…]*…[.…]*|\.{2,}", "…", text)
    text = re.sub(r"[:/;]", ",", text)
    return re.sub(r"[^\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f々〆〇「」・!?…,.]", "", text)


def _tidy(text: str) -> str:
    """Drop middle dots between words of one name, quotation marks, and pauses that stand together."""
    text = re.sub(r"[ ]", "", text).replace("・", "")
    text = re.sub(r",+(?=[!?….])|(?<=[!?….]),+", "", text)
    text = re.sub(r"[.…]*…[.…]*|\.{2,}", "…", text)
    text = re.sub(r"([!?…,.])\1+", r"\1", text)
    return text.lstrip(",.!?…ー").rstrip(",")
