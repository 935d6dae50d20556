"""Signs of units and money, and abbreviations, in English texts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ABBREVIATIONS", "MONEY", "MONTHS", "UNITS"]

MONEY: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "$": ("dollar", "dollars", "cent", "cents"),
        "€": ("euro", "euros", "cent", "cents"),
        "£": ("pound", "pounds", "penny", "pence"),
        "¥": ("yen", "yen", "sen", "sen"),
        "₩": ("won", "won", "jeon", "jeon"),
    }
)
"""Sign in front of or behind the amount: one and many of the unit, one and many of its hundredths."""

UNITS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "km/h": ("kilometer per hour", "kilometers per hour"), "mph": ("mile per hour", "miles per hour"),
        "m/s": ("meter per second", "meters per second"), "km": ("kilometer", "kilometers"),
        "cm": ("centimeter", "centimeters"), "mm": ("millimeter", "millimeters"), "m": ("meter", "meters"),
        "m2": ("square meter", "square meters"), "m3": ("cubic meter", "cubic meters"),
        "km2": ("square kilometer", "square kilometers"), "ft": ("foot", "feet"), "mi": ("mile", "miles"),
        "yd": ("yard", "yards"), "kg": ("kilogram", "kilograms"), "mg": ("milligram", "milligrams"),
        "g": ("gram", "grams"), "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"),
        "ml": ("milliliter", "milliliters"), "mL": ("milliliter", "milliliters"), "l": ("liter", "liters"),
        "L": ("liter", "liters"), "μg": ("microgram", "micrograms"), "μm": ("micrometer", "micrometers"),
        "m^2": ("square meter", "square meters"), "m^3": ("cubic meter", "cubic meters"),
        "km^2": ("square kilometer", "square kilometers"), "cm^2": ("square centimeter", "square centimeters"),
        "cm^3": ("cubic centimeter", "cubic centimeters"), "ha": ("hectare", "hectares"), "MW": ("megawatt",
        "megawatts"),
        "kJ": ("kilojoule", "kilojoules"), "hPa": ("hectopascal", "hectopascals"), "fps": ("frame per second",
        "frames per second"), "rpm": ("revolution per minute", "revolutions per minute"), "PB": ("petabyte",
        "petabytes"),
        "KB": ("kilobyte", "kilobytes"), "kB": ("kilobyte", "kilobytes"),
        "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"),
        "Mbps": ("megabit per second", "megabits per second"), "Gbps": ("gigabit per second", "gigabits per second"),
        "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"),
        "GHz": ("gigahertz", "gigahertz"), "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"),
        "kWh": ("kilowatt hour", "kilowatt hours"), "V": ("volt", "volts"), "mAh": ("milliamp hour", "milliamp hours"),
        "dB": ("decibel", "decibels"), "kcal": ("kilocalorie", "kilocalories"), "px": ("pixel", "pixels"),
        "ms": ("millisecond", "milliseconds"), "sec": ("second", "seconds"), "min": ("minute", "minutes"),
        "hr": ("hour", "hours"), "hrs": ("hour", "hours"), "%": ("percent", "percent"),
        "°C": ("degree celsius", "degrees celsius"), "°F": ("degree fahrenheit", "degrees fahrenheit"),
        "°": ("degree", "degrees"),
    }
)  # fmt: skip
"""Sign behind a number: its word for one and for many."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

ABBREVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "Mr": "mister", "Mrs": "missus", "Ms": "miz", "Dr": "doctor", "Prof": "professor", "Jr": "junior",
        "Sr": "senior", "Gen": "general", "Capt": "captain", "Lt": "lieutenant", "Col": "colonel", "Sgt": "sergeant",
        "Gov": "governor", "Sen": "senator", "Rep": "representative", "Rev": "reverend", "Hon": "honorable",
        "Pres": "president", "Mt": "mount", "Ft": "fort", "Ave": "avenue", "Blvd": "boulevard", "Rd": "road",
        "Inc": "incorporated", "Ltd": "limited", "Corp": "corporation", "Co": "company", "Dept": "department",
        "dept": "department", "Univ": "university", "vs": "versus", "etc": "et cetera", "approx": "approximately",
        "est": "established", "misc": "miscellaneous", "vol": "volume", "Vol": "volume", "ed": "edition",
        "fig": "figure", "Fig": "figure", "ch": "chapter", "p": "page", "pp": "pages", "Sec": "section",
        "sec": "section", "Eq": "equation", "eq": "equation", "No": "number", "no": "number",
        "Jan": "January", "Feb": "February", "Mar": "March", "Apr": "April", "Jun": "June", "Jul": "July",
        "Aug": "August", "Sep": "September", "Sept": "September", "Oct": "October", "Nov": "November",
        "Dec": "December", "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday",
        "Thu": "Thursday", "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
    }
)  # fmt: skip
"""Abbreviation without its point, and its words."""
