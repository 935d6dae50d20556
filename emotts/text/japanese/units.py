"""Signs of units and money in Japanese texts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CODES", "MONEY", "PER", "UNITS"]

MONEY: Mapping[str, str] = MappingProxyType(
    {
        "¥": "円", "$": "ドル", "€": "ユーロ", "£": "ポンド", "₩": "ウォン", "₹": "ルピー", "₽": "ルーブル",
        "₺": "リラ",
        "₫": "ドン", "₱": "ペソ", "₪": "シェケル", "฿": "バーツ", "₴": "フリヴニャ", "¢": "セント",
    }
)  # fmt: skip
"""Sign in front of or behind the amount, and its word."""

CODES: Mapping[str, str] = MappingProxyType(
    {
        "JPY": "円", "USD": "アメリカドル", "EUR": "ユーロ", "GBP": "ポンド", "KRW": "ウォン", "CNY": "元", "RMB": "元",
        "HKD": "香港ドル", "TWD": "台湾ドル", "CAD": "カナダドル", "AUD": "オーストラリアドル",
        "NZD": "ニュージーランドドル",
        "SGD": "シンガポールドル", "CHF": "スイスフラン", "INR": "ルピー", "RUB": "ルーブル",
        "THB": "バーツ", "PHP": "ペソ",
        "VND": "ドン", "IDR": "ルピア", "MYR": "リンギット", "BRL": "レアル", "MXN": "メキシコペソ", "TRY": "リラ",
        "SEK": "クローナ", "NOK": "クローネ", "DKK": "クローネ", "ZAR": "ランド", "AED": "ディルハム",
    }
)  # fmt: skip
"""Code of a currency in front of or behind the amount, and its word."""

PER: Mapping[str, str] = MappingProxyType(
    {"s": "ビョー", "sec": "ビョー", "h": "ジ", "hr": "ジ", "min": "フン", "day": "ニチ", "d": "ニチ", "yr": "ネン"}
)
"""Unit of time behind a slash, and its word behind 毎."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "km/h": "キロメートル毎時", "m/s": "メートル毎秒", "m/s^2": "メートル毎秒毎秒", "km": "キロメートル",
        "cm": "センチメートル",
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
