"""Signs of units and money, counters that take native numerals, and what follows numbers otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["COUNTERS", "MONEY", "UNITS"]

MONEY: Mapping[str, str] = MappingProxyType({"₩": "원", "$": "달러", "€": "유로", "£": "파운드", "¥": "엔"})
"""Sign in front of or behind the amount, and its word."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "km/h": "킬로미터", "m/s": "미터", "km": "킬로미터", "cm": "센티미터", "mm": "밀리미터", "nm": "나노미터",
        "m2": "제곱미터", "m3": "세제곱미터", "km2": "제곱킬로미터", "cm2": "제곱센티미터", "m": "미터",
        "kg": "킬로그램", "mg": "밀리그램", "g": "그램", "t": "톤",
        "ml": "밀리리터", "mL": "밀리리터", "dl": "데시리터", "l": "리터", "L": "리터", "cc": "시시",
        "KB": "킬로바이트", "kB": "킬로바이트", "MB": "메가바이트", "GB": "기가바이트", "TB": "테라바이트",
        "Kbps": "킬로비피에스", "Mbps": "메가비피에스", "Gbps": "기가비피에스",
        "Hz": "헤르츠", "kHz": "킬로헤르츠", "MHz": "메가헤르츠", "GHz": "기가헤르츠",
        "W": "와트", "kW": "킬로와트", "kWh": "킬로와트시", "V": "볼트", "mA": "밀리암페어", "mAh": "밀리암페어시",
        "dB": "데시벨", "kcal": "킬로칼로리", "cal": "칼로리", "px": "픽셀", "ms": "밀리초", "s": "초",
        "%p": "퍼센트포인트", "%": "퍼센트", "‰": "퍼밀", "°C": "도", "°F": "도", "°": "도",
    }
)  # fmt: skip
"""Sign behind a number, and its word."""

COUNTERS: Mapping[str, str] = MappingProxyType(
    {
        "개": "월|국|년|소|사|사국|학", "명": "령|함|세", "사람": "", "마리": "", "살": "", "시간": "",
        "시": "속|즌|리즈|대", "번째": "", "번": "지|호|출구", "가지": "", "권": "역|한", "장": "관|군|기",
        "대": "째|학|륙|로", "잔": "액|업", "병": "원|동|실|사", "그릇": "", "켤레": "", "벌": "점|금", "송이": "",
        "그루": "", "채": "널|팅|식|권", "척": "추|도", "쌍": "", "달": "러|성", "곳": "", "군데": "", "줄": "기|이",
        "끼": "", "모금": "", "방울": "", "걸음": "", "발짝": "", "자루": "", "다발": "", "봉지": "", "상자": "",
        "박스": "", "조각": "", "마디": "", "배": "럴|터|송|치", "차례": "", "접시": "", "스푼": "", "숟가락": "",
        "컵": "", "캔": "", "포기": "", "갑": "", "바퀴": "", "가닥": "", "놈": "", "녀석": "", "아이": "",
        "판": "매|사|결", "통": "화|신|계|과|일", "톨": "", "알": "",
    }
)  # fmt: skip
"""Counters that follow native numerals (세 개), each with the continuations that make another word of them."""
