"""Korean counters: native numerals before them (세 개), Sino-Korean ones where something is numbered (3번 출구)."""

from __future__ import annotations

import re

from emotts.text.korean.numbers import native, whole
from emotts.text.korean.units import COUNTERS
from emotts.text.patterns import plain_number

__all__ = ["COUNTER", "read_counters"]

COUNTER = "|".join(
    f"{counter}(?!{others})" if others else counter
    for counter, others in sorted(COUNTERS.items(), key=lambda item: len(item[0]), reverse=True)
)
"""Pattern of any counter."""

_COUNTED = re.compile(rf"(?<!\d)(?<!\d\.)(?!(?<=\d,)\d{{3}}(?!\d))(\d{{1,3}}(?:,\d{{3}}(?!\d))*+|\d++)\s?({COUNTER})")
_SINO_BEFORE = re.compile("(?:제|채널|버스|국도|지하철|문제|기호|번호|등번호|\\d\\s?반)\\s?$")
_SINO_BEHIND = re.compile("\\s?(?:출구|문제|버스|선수|타자|국도|채널|홈|창구|게이트|교향곡|방(?![법향])|트랙|레인)")
_GREAT_BEHIND = re.compile(
    "\\s?(?:보험|독자|강국|천왕|불가사의|뉴스|과제|그룹|기업|의무|원칙|영양소|도시|광역시|명절|미인)"
)
_MACHINES = re.compile(
    "(?:차|트럭|버스|택시|컴퓨터|노트북|카메라|자전거|오토바이|비행기|헬기|전차|탱크|에어컨|냉장고|세탁기|선풍기|기계|로봇|"
    "드론|서버|피아노|휴대폰|스마트폰|텔레비전|티브이|TV)(?:[이가를은는]|가|를)?\\s?$"
)
_CHAPTER_BEHIND = re.compile("\\s?\\d+\\s?절")


def read_counters(text: str) -> str:
    """Write numbers with a counter behind them in Hangul."""
    return _COUNTED.sub(_counted, text)


def _counted(match: re.Match[str]) -> str:
    number, counter = int(plain_number(match.group(1))), match.group(2)
    behind = match.string[match.end() :][:12]
    if number == 0 or number > 99 or _is_sino(number, counter, match.string[: match.start()][-12:], behind):
        return f"{whole(match.group(1))}{counter if counter in ('시', '대', '번', '장') else ' ' + counter}"
    if counter == "번째":
        return "첫 번째" if number == 1 else f"{native(number)} 번째"
    return f"{native(number)} {counter}"


def _is_sino(number: int, counter: str, before: str, behind: str) -> bool:
    """Say whether the number of a counter is Sino-Korean here: 3번 출구, 20대, 4대 보험, 2장 3절, 14시, 제3장."""
    if counter == "번" and _SINO_BEHIND.match(behind):
        return True
    if counter == "대" and (_GREAT_BEHIND.match(behind) or (number % 10 == 0 and not _MACHINES.search(before))):
        return True
    if counter == "장" and _CHAPTER_BEHIND.match(behind):
        return True
    if counter == "자리":
        return False
    late = (counter == "시" and number > 12) or (counter == "시간" and number > 20)
    return late or bool(_SINO_BEFORE.search(before))
