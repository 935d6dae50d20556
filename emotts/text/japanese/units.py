"""Signs of units and money in Japanese texts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["MONEY", "UNITS"]

MONEY: Mapping[str, str] = MappingProxyType({"¥": "円", "$": "ドル", "€": "ユーロ", "£": "ポンド", "₩": "ウォン"})
"""Sign in front of or behind the amount, and its word."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "km/h": "キロメートル毎時", "m/s": "メートル毎秒", "km": "キロメートル", "cm": "センチメートル",
        "mm": "ミリメートル", "nm": "ナノメートル", "m2": "平方メートル", "m3": "立方メートル",
        "km2": "平方キロメートル", "cm2": "平方センチメートル", "m^2": "平方メートル",
        "m^3": "立方メートル", "km^2": "平方キロメートル", "cm^2": "平方センチメートル", "cm^3": "立方センチメートル",
        "m": "メートル", "kg": "キログラム",
        "mg": "ミリグラム", "g": "グラム", "t": "トン", "ha": "ヘクタール", "ml": "ミリリットル",
        "mL": "ミリリットル", "dl": "デシリットル", "l": "リットル", "L": "リットル", "cc": "シーシー",
        "μg": "マイクログラム", "μm": "マイクロメートル", "in": "インチ", "ft": "フィート", "lb": "ポンド",
        "oz": "オンス",
        "mph": "マイル毎時", "rpm": "アールピーエム", "fps": "エフピーエス", "dpi": "ディーピーアイ",
        "MPa": "メガパスカル",
        "N": "ニュートン", "kJ": "キロジュール", "A": "アンペア", "kV": "キロボルト", "MW": "メガワット",
        "GW": "ギガワット", "PB": "ペタバイト", "kL": "キロリットル", "bps": "ビーピーエス", "KB": "キロバイト",
        "kB": "キロバイト", "MB": "メガバイト", "GB": "ギガバイト", "TB": "テラバイト",
        "Mbps": "メガビーピーエス", "Gbps": "ギガビーピーエス", "Hz": "ヘルツ", "kHz": "キロヘルツ",
        "MHz": "メガヘルツ", "GHz": "ギガヘルツ", "W": "ワット", "kW": "キロワット", "kWh": "キロワットアワー",
        "V": "ボルト", "mA": "ミリアンペア", "mAh": "ミリアンペアアワー", "dB": "デシベル", "hPa": "ヘクトパスカル",
        "kcal": "キロカロリー", "cal": "カロリー", "px": "ピクセル", "ms": "ミリ秒", "s": "秒", "%": "パーセント",
        "‰": "パーミル", "°C": "度", "°F": "度", "°": "度",
    }
)  # fmt: skip
"""Sign behind a number, and its word."""
