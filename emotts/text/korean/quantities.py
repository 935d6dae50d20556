"""Numbers in Korean texts with what stands around them: dates, times, ranges, money, units, counters, telephones."""

from __future__ import annotations

import re

from emotts.text.korean.numbers import decimal, digits, native, sino
from emotts.text.korean.units import COUNTERS, MONEY, UNITS
from emotts.text.patterns import (
    BEGINS,
    CALCULATION,
    COMPARED,
    EQUATION,
    FRACTION,
    NUMBER,
    ORDINAL,
    POWER,
    SCORE,
    any_sign_of,
    plain_number,
    read_numbers,
    unit_pattern,
    whole_amount,
)

__all__ = ["read_bare_numbers", "read_quantities"]

_MONEY = any_sign_of(MONEY)
_BIG = "천만|백만|십만|만|천|억|조"
_DATE = re.compile(
    r"(?<![\d.])(\d{4})([-./])\s?(\d{1,2})\2\s?(\d{1,2})\.?(?![\d가-힣])|(?<![\d.])'?(\d\d)\.\s?(\d\d)\.\s?(\d\d)\.?(?![\d.])"
)
_MONTH_DAY = re.compile(r"(?<![\d./])(\d{1,2})/(\d{1,2})(?=\s?(?:까지|부터|[,(][월화수목금토일][,)]))")
_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s?월(?!\d)")
_TIME = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_PHONE = re.compile(
    r"(?<![\d-])(\+82[- ]?)?(\d{2,4})-(\d{3,4})-(\d{4})(?![\d-])|(?<![\d-])(1[5-9]\d{2})-(\d{4})(?![\d-])"
    r"|(?<![\d.])(01[016789])[ .]?(\d{3,4})[ .]?(\d{4})(?![\d.])"
    r"|,?(?<!\d)(0\d{1,2})(?:,\s?|[ .])(\d{3,4})[ .-](\d{4})(?![\d.-])"
)
_HALF_DAY = re.compile(r"(?<![A-Za-z])([AaPp])\.?[Mm]\.?\s?(?=\d)")
_HALF_DAY_BEHIND = re.compile(r"(?<![\d:])(\d{1,2}(?::\d\d)?)\s?([AaPp])(?:\.[Mm]\.|[Mm])(?![A-Za-z])")
_ON_THE_HOUR = re.compile(r"(?<=시)\s?00\s?분")
_ORDINALS = {"1": "퍼스트", "2": "세컨드", "3": "서드"}
_EMERGENCY = re.compile(r"(?<!\d)(11[2-9])(?=(?:에|로)(?![가-힣])|에서|\s?(?:신고|구급|구조|소방|상황|대원|안전))")
_EVENT = re.compile(
    r"(?<![\d.])(\d{1,2})\s?[.·]\s?(\d{1,2})(?=\s?(?:절|운동|광복|전쟁|혁명|테러|민주|사태|항쟁|참사|선언|쿠데타|사변|계엄))"
    r"|(?<![\d.])(3·1|4·3|4·19|5·16|5·18|6·10|6·25|6·29|8·15|9·11|10·26|12·3|12·12)(?!\d)"
)
_GENERATION = re.compile(r"(?<!\d)([2-9]0[2-9]0|[3-6]86)(?=\s?세대)")
_VERSUS = re.compile(r"(?<![\d.])(\d{1,3})\s?대\s?(\d{1,3})(?![\d개명살세위년월일분초])")
_WINS = re.compile(
    r"(?<![\d-])(\d{1,3})\s?-\s?(\d{1,3})(?=(?:으?로)?\s?(?:이[겼기긴]|[졌지진]|승|패|완승|완패|비[겼기긴]|무승부|역전|앞))"
)
_CALCULATION_WORDS = {
    **dict.fromkeys("×x*", " 곱하기 "),
    **dict.fromkeys("-–", " 빼기 "),
    "+": " 더하기 ",
    "÷": " 나누기 ",
    "=": "=",
}
_SPACED_MINUS = re.compile(r"(?<=\d) - (?=\d)")
_OFFER = re.compile(r"(?<!\d)([1-3])\+1(?=\s?(?:행사|상품|이벤트|할인|세일|으로 (?:샀|구매)))")
_RANGE = re.compile(rf"{BEGINS}({NUMBER})\s?[~–-]\s?({NUMBER})\s?((?:{_BIG})*+(?:[가-힣]++|%p?|°C?|[A-Za-z]++)?+)")
_PRICES = re.compile(rf"([{_MONEY}])({NUMBER})\s?[~–-]\s?\1?({NUMBER})")
_AFTER_UNIT = re.compile(rf"(?<=[%만천억원개명살도A-Za-z])\s?[~–]\s?(?=[{_MONEY}]?\d)")
_HYPHENS = re.compile(r"(?<=\d)[-–](?=\d)")
_SPAN = re.compile(
    r"(?<=[시분초월일년])\s?[~–]\s?(?=(?:오전|오후)?\s?[\d한두세네다여일아열이삼사오육칠팔구십유스영])"
    r"|(?<=(?<![가-힣])[월화수목금토])\s?[~–-]\s?(?=[화수목금토일](?![가-힣]))"
)
_PRICE_BEFORE = re.compile(rf"(?:(US|미화)\s?)?([{_MONEY}])\s?({NUMBER})(?:([kKMB]|bn)(?![A-Za-z])|((?:{_BIG})*))")
_PRICE_BEHIND = re.compile(rf"{BEGINS}({NUMBER})((?:{_BIG})*+)\s?([{_MONEY}])")
_UNIT = unit_pattern(UNITS)
_COUNTER = "|".join(
    f"{counter}(?!{others})" if others else counter
    for counter, others in sorted(COUNTERS.items(), key=lambda item: len(item[0]), reverse=True)
)
_COUNTED = re.compile(rf"(?<!\d)(?<!\d\.)(?!(?<=\d,)\d{{3}}(?!\d))(\d{{1,3}}(?:,\d{{3}}(?!\d))*+|\d++)\s?({_COUNTER})")
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
_MONTHS = {6: "유월", 10: "시월"}
_LONGEST_NUMBER = 24
_UNIT_HEADS = (
    "퍼센트", "페이지", "미터", "주년", "개월", "인분", "년", "월", "일", "분", "초", "원", "명", "도", "세", "층",
    "호",
    "쪽", "회", "점", "주", "위", "등", "배", "인",
)  # fmt: skip


def read_quantities(text: str) -> str:
    """Write numbers with a date, a unit, a counter or another sign around them in Hangul; bare ones stay."""
    text = _calendar(text)
    text = _signs_between(text)
    text = re.sub(rf"(?<![\d가-힣A-Za-z)^])-(?={NUMBER})", "마이너스 ", text)
    text = _PRICE_BEFORE.sub(_price, text)
    text = _PRICE_BEHIND.sub(lambda match: f"{match.group(1)}{match.group(2)}{_money(match.group(3))}", text)
    text = _UNIT.sub(_unit, text)
    text = POWER.sub(_power, text)
    text = re.sub(r"(?<![\d/])([1-4])/4(?=\s?분기)", lambda match: f"{sino(int(match.group(1)))}사", text)
    text = FRACTION.sub(lambda match: f"{sino(int(match.group(2)))}분의 {sino(int(match.group(1)))}", text)
    text = COMPARED.sub(lambda match: " 크다 " if match.group(1) == ">" else " 작다 ", text)
    text = CALCULATION.sub(_calculated, text)
    return _COUNTED.sub(_counted, re.sub("[<>*]", " ", text))


def read_bare_numbers(text: str) -> str:
    """Write the numbers that are left in Hangul."""
    return read_numbers(
        text,
        digits=digits,
        decimal=decimal,
        whole=lambda match: _whole(match.group()),
        version=lambda parts: " 점 ".join(map(_whole, parts)),
    )


def _calendar(text: str) -> str:
    text = _PHONE.sub(_phone, _DATE.sub(_date, text))
    text = _HALF_DAY_BEHIND.sub(_half_day, _HALF_DAY.sub(lambda match: _half(match.group(1)), text))
    text = ORDINAL.sub(lambda match: _ORDINALS.get(match.group(1), f"{match.group(1)}번째"), text)
    text = _ON_THE_HOUR.sub(" 정각", text)
    text = _EMERGENCY.sub(lambda match: digits(match.group()), text)
    text = _EVENT.sub(_event, text)
    text = _GENERATION.sub(lambda match: digits(match.group()), text)
    text = _MONTH_DAY.sub(lambda match: f"{_month(int(match.group(1)))} {sino(int(match.group(2)))}일", text)
    text = _SPAN.sub("에서 ", _MONTH.sub(lambda match: _month(int(match.group(1))), _TIME.sub(_time, text)))
    return SCORE.sub(_against, text)


def _signs_between(text: str) -> str:
    """Read the sign between two numbers: a score, a sum, a range, or the hyphen of a house number."""
    text = _VERSUS.sub(_against, _WINS.sub(_against, text))
    text = _OFFER.sub(lambda match: f"{('원', '투', '쓰리')[int(match.group(1)) - 1]} 플러스 원", text)
    text = EQUATION.sub(lambda match: CALCULATION.sub(_calculated, match.group()), text)
    text = _SPACED_MINUS.sub(" 빼기 ", text)
    text = _PRICES.sub(r"\1\2에서 \1\3", text)
    return _HYPHENS.sub(" 다시 ", _AFTER_UNIT.sub("에서 ", _RANGE.sub(_range, text)))


def _whole(number: str) -> str:
    plain = plain_number(number)
    return sino(int(plain)) if len(plain) <= _LONGEST_NUMBER else digits(plain)


def _date(match: re.Match[str]) -> str:
    written, month, day = (int(part) for part in (match.group(1, 3, 4) if match.group(1) else match.group(5, 6, 7)))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match.group()
    return f"{sino(written)}년 {_month(month)} {sino(day)}일"


def _month(month: int) -> str:
    return _MONTHS.get(month, f"{sino(month)}월")


def _time(match: re.Match[str]) -> str:
    hour, minute, second = int(match.group(1)), int(match.group(2)), match.group(3)
    if hour > 24:
        return match.group()
    parts = [f"{native(hour)} 시" if 1 <= hour <= 12 else f"{sino(hour)}시"]
    if minute:
        parts.append(f"{sino(minute)}분")
    if second and int(second):
        parts.append(f"{sino(int(second))}초")
    return " ".join(parts)


def _half(letter: str) -> str:
    return "오전 " if letter in "aA" else "오후 "


def _half_day(match: re.Match[str]) -> str:
    """Put the half of the day before its hour: 3 PM -> 오후 3:00."""
    hour, letter = match.groups()
    return _half(letter) + (hour if ":" in hour else f"{hour}:00")


def _phone(match: re.Match[str]) -> str:
    parts = [part for part in match.groups() if part]
    if parts[0].startswith("+"):
        return "플러스 " + " ".join(digits(part) for part in ("82", *parts[1:]))
    return " ".join(digits(part) for part in parts)


def _event(match: re.Match[str]) -> str:
    """Read a day that names an event: 6.25 전쟁 [육이오], 12·12 [십이십이], 10·26 [십이육]."""
    month, _, day = (match.group(3) or f"{match.group(1)}·{match.group(2)}").partition("·")
    ten = day == "10" or month == day == "12"
    return sino(int(month)) + (sino(int(day)) if ten else digits(day))


def _against(match: re.Match[str]) -> str:
    return " 대 ".join(sino(int(part)) for part in match.groups())


def _calculated(match: re.Match[str]) -> str:
    return _CALCULATION_WORDS[match.group(1)]


def _range(match: re.Match[str]) -> str:
    low, high, unit = match.groups()
    rising = float(plain_number(low)) < float(plain_number(high))
    house = match.string[: match.start()].endswith("제") or unit.startswith(("호", "동", "번지", "길"))
    if "~" not in match.group() and (house or not (rising and unit)):
        return match.group()
    return f"{low}{_unit_head(unit)}에서 {high}{unit}"


def _unit_head(unit: str) -> str:
    """Return the unit without the particle that may follow it: 개를 -> 개."""
    head = re.match(f"(?:{_BIG})*(?:{'|'.join(_UNIT_HEADS)})|{_COUNTER}|(?:{_BIG})+", unit)
    if head:
        return head.group()
    return unit if not re.match("[가-힣]", unit) else ""


def _price(match: re.Match[str]) -> str:
    american, sign, amount, short, big = match.groups()
    number = whole_amount(amount, short) if short else f"{amount}{big}"
    return f"{number}{' 미국' if american else ''}{_money(sign)}"


def _money(sign: str) -> str:
    word = MONEY[sign]
    return word if word == "원" else f" {word}"


def _unit(match: re.Match[str]) -> str:
    number, name = match.groups()
    before = {"km/h": "시속 ", "m/s": "초속 ", "°F": "화씨 "}.get(name, "")
    joined = "" if UNITS[name] in ("도", "초") else " "
    return f"{before}{number}{joined}{UNITS[name]}"


def _power(match: re.Match[str]) -> str:
    minus, power = match.groups()
    if not minus and power in ("2", "3"):
        return " 제곱 " if power == "2" else " 세제곱 "
    return f"의 {'마이너스 ' if minus else ''}{sino(int(power))}제곱 "


def _counted(match: re.Match[str]) -> str:
    number, counter = int(plain_number(match.group(1))), match.group(2)
    behind = match.string[match.end() :][:12]
    if number == 0 or number > 99 or _is_sino(number, counter, match.string[: match.start()][-12:], behind):
        return f"{_whole(match.group(1))}{counter if counter in ('시', '대', '번', '장') else ' ' + counter}"
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
    late = (counter == "시" and number > 12) or (counter == "시간" and number > 20)
    return late or bool(_SINO_BEFORE.search(before))
