"""Numbers in Japanese: in kanji, from which readings follow, and in katakana where they would not."""

from __future__ import annotations

import re

from emotts.errors import TextError

__all__ = ["decimal", "digits", "kana", "kanji", "minutes", "positional"]

_KANJI = "〇一二三四五六七八九"
_NAMES = ("ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー")
_GROUPS = ("", "万", "億", "兆", "京")
_GROUP_NAMES = {"万": "マン", "億": "オク", "兆": "チョー", "京": "ケー"}
_HUNDREDS = {1: "ヒャク", 3: "サンビャク", 6: "ロッピャク", 8: "ハッピャク"}
_THOUSANDS = {1: "セン", 3: "サンゼン", 8: "ハッセン"}
_POSITIONAL = re.compile(
    "[一二三四五六七八九][一二三四五六七八九〇]*〇[一二三四五六七八九〇]*|[一二三四五六七八九]{4}(?=年)"
)
_DOUBLED = {"イチ": "イッ", "ハチ": "ハッ", "ジュー": "ジュッ", "ロク": "ロッ", "ヒャク": "ヒャッ"}


def kanji(number: int) -> str:
    """Write a whole number in kanji: 15000 -> 一万五千.

    Raises:
        TextError: if the number is negative or has more than 20 digits.
    """
    if number < 0 or number >= 10 ** (4 * len(_GROUPS)):
        raise TextError(f"number {number} cannot be read", wanted="a number from 0 to 20 digits")
    if number == 0:
        return "〇"
    return "".join(_four_kanji(low, group=name) + name for low, name in _groups(number))


def kana(number: int) -> str:
    """Read a whole number in katakana: 15000 -> イチマンゴセン.

    Raises:
        TextError: if the number is negative or has more than 20 digits.
    """
    if number == 0 or not kanji(number):
        return "ゼロ"
    words = []
    for low, name in _groups(number):
        read = _four_kana(low, group=name)
        # 一兆 [イッチョー], 八兆, 十兆, 一京 [イッケー]
        words.append(_doubled(read, ("イチ", "ハチ", "ジュー")) if name in ("兆", "京") else read)
        words.append(_GROUP_NAMES.get(name, ""))
    return "".join(words)


def digits(text: str) -> str:
    """Read digit by digit: 050 -> ゼロゴーゼロ; 2 and 5 are held, as telephone numbers are read."""
    held = {"2": "ニー", "5": "ゴー"}
    return "".join(held.get(digit, _NAMES[int(digit)]) if len(text) > 1 else _NAMES[int(digit)] for digit in text)


def decimal(whole: str, fraction: str) -> str:
    """Read a decimal: 3, 14 -> サンテンイチヨン; 0, 5 -> レーテンゴ; 1, 5 -> イッテンゴ."""
    head = "レー" if int(whole) == 0 else _doubled(kana(int(whole)), ("イチ", "ハチ", "ジュー"))
    return f"{head}テン{''.join(_NAMES[int(digit)] for digit in fraction)}"


def minutes(number: int) -> str:
    """Read minutes: 3 -> サンプン, 5 -> ゴフン, 10 -> ジュップン."""
    read = kana(number)
    doubled = _doubled(read, ("イチ", "ロク", "ハチ", "ジュー", "ヒャク"))
    return f"{doubled}{'プン' if doubled != read or read.endswith(('サン', 'ヨン', 'セン', 'マン')) else 'フン'}"


def positional(text: str) -> str:
    """Write kanji that stand for single digits as digits: 二〇〇〇円 -> 2000円."""
    return _POSITIONAL.sub(lambda match: "".join(str(_KANJI.index(char)) for char in match.group()), text)


def _groups(number: int) -> list[tuple[int, str]]:
    groups = []
    for name in _GROUPS:
        number, low = divmod(number, 10_000)
        if low:
            groups.append((low, name))
    return groups[::-1]


def _four_kanji(number: int, *, group: str) -> str:
    words = []
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            # 一千万, but 千 and 千五百
            bare = digit == 1 and name and not (name == "千" and group)
            words.append(("" if bare else _KANJI[digit]) + name)
    return "".join(words)


def _four_kana(number: int, *, group: str) -> str:
    thousand, hundred, ten, one = (number // size % 10 for size in (1000, 100, 10, 1))
    words = []
    if thousand:
        plain = "イッセン" if thousand == 1 and group else _NAMES[thousand] + "セン"
        words.append(plain if plain == "イッセン" else _THOUSANDS.get(thousand, plain))
    if hundred:
        words.append(_HUNDREDS.get(hundred, _NAMES[hundred] + "ヒャク"))
    if ten:
        words.append(("" if ten == 1 else _NAMES[ten]) + "ジュー")
    if one:
        words.append(_NAMES[one])
    return "".join(words)


def _doubled(read: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if read.endswith(ending):
            return read.removesuffix(ending) + _DOUBLED[ending]
    return read
