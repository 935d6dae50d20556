"""Signs of units and money, months and abbreviations in English texts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from emotts.text.tables import read_table

__all__ = ["CODES", "MONEY", "MONTHS", "PER", "UNITS", "abbreviations"]

MONEY: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "$": ("dollar", "dollars", "cent", "cents"),
        "€": ("euro", "euros", "cent", "cents"),
        "£": ("pound", "pounds", "penny", "pence"),
        "¥": ("yen", "yen", "sen", "sen"),
        "₩": ("won", "won", "jeon", "jeon"), "₹": ("rupee", "rupees", "paisa", "paise"),
        "₽": ("ruble", "rubles", "kopek", "kopeks"), "₺": ("lira", "lira", "kurus", "kurus"),
        "₫": ("dong", "dong", "xu", "xu"), "₱": ("peso", "pesos", "centavo", "centavos"),
        "₪": ("shekel", "shekels", "agora", "agorot"), "฿": ("baht", "baht", "satang", "satang"),
        "₴": ("hryvnia", "hryvnias", "kopek", "kopeks"), "¢": ("cent", "cents", "", ""),
    }
)  # fmt: skip
"""Sign in front of or behind the amount: one and many of the unit, one and many of its hundredths."""

CODES: Mapping[str, str] = MappingProxyType(
    {
        "USD": "U S $", "EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩", "INR": "₹", "RUB": "₽", "CAD": "canadian $",
        "AUD": "australian $", "NZD": "new zealand $", "HKD": "hong kong $", "SGD": "singapore $", "PHP": "₱",
        "THB": "฿", "TRY": "₺", "VND": "₫", "ILS": "₪", "UAH": "₴",
        "CNY": "yuan", "RMB": "yuan", "CHF": "swiss francs", "SEK": "swedish kronor", "NOK": "norwegian kroner",
        "DKK": "danish kroner", "PLN": "zloty", "BRL": "reais", "MXN": "mexican pesos", "ZAR": "rand", "AED": "dirhams",
    }
)  # fmt: skip
"""Code of a currency: its sign in MONEY with what stands before it, or its word for many."""

PER: Mapping[str, str] = MappingProxyType(
    {
        "mo": "month", "mth": "month", "month": "month", "yr": "year", "y": "year", "year": "year", "wk": "week",
        "week": "week", "day": "day", "d": "day", "hr": "hour", "h": "hour", "hour": "hour", "min": "minute",
        "night": "night", "person": "person", "pp": "person", "kg": "kilogram", "lb": "pound", "oz": "ounce",
        "gal": "gallon", "L": "liter", "l": "liter", "m": "meter", "km": "kilometer", "mi": "mile", "ft": "foot",
        "sqft": "square foot", "share": "share", "unit": "unit", "piece": "piece", "each": "each", "s": "second",
        "sec": "second", "head": "head", "cm": "centimeter", "mL": "milliliter", "ml": "milliliter",
        "dL": "deciliter", "dl": "deciliter", "user": "user",
    }
)  # fmt: skip
"""What stands behind a slash: $15/mo, 3 mg/mL."""

UNITS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "km/h": ("kilometer per hour", "kilometers per hour"), "mph": ("mile per hour", "miles per hour"),
        "m/s": ("meter per second", "meters per second"), "km": ("kilometer", "kilometers"),
        "cm": ("centimeter", "centimeters"), "mm": ("millimeter", "millimeters"), "m": ("meter", "meters"),
        "m2": ("square meter", "square meters"), "m3": ("cubic meter", "cubic meters"),
        "km2": ("square kilometer", "square kilometers"), "ft": ("foot", "feet"), "mi": ("mile", "miles"),
        "yd": ("yard", "yards"), "kg": ("kilogram", "kilograms"), "mg": ("milligram", "milligrams"),
        "g": ("gram", "grams"), "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"),
        "fl oz": ("fluid ounce", "fluid ounces"),
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
        "°": ("degree", "degrees"), "gal": ("gallon", "gallons"), "qt": ("quart", "quarts"), "pt": ("pint", "pints"),
        "tsp": ("teaspoon", "teaspoons"), "tbsp": ("tablespoon", "tablespoons"), "sqft": ("square foot", "square feet"),
        "sq ft": ("square foot", "square feet"), "sq mi": ("square mile", "square miles"),
        "sq km": ("square kilometer", "square kilometers"), "sq m": ("square meter", "square meters"),
        "cu ft": ("cubic foot", "cubic feet"), "ft2": ("square foot", "square feet"), "ft^2": ("square foot",
        "square feet"), "km^3": ("cubic kilometer", "cubic kilometers"), "nm": ("nanometer", "nanometers"),
        "dl": ("deciliter", "deciliters"), "dL": ("deciliter", "deciliters"), "cl": ("centiliter",
        "centiliters"), "kbps": ("kilobit per second",
        "kilobits per second"), "kb": ("kilobyte", "kilobytes"), "bps": ("bit per second", "bits per second"),
        "kpa": ("kilopascal", "kilopascals"), "psi": ("P S I", "P S I"), "cal": ("calorie", "calories"),
        "hp": ("horsepower", "horsepower"), "kmh": ("kilometer per hour", "kilometers per hour"),
        "kph": ("kilometer per hour", "kilometers per hour"), "mA": ("milliampere",
        "milliamperes"), "kV": ("kilovolt", "kilovolts"), "mV": ("millivolt", "millivolts"), "GW": ("gigawatt",
        "gigawatts"), "mW": ("milliwatt", "milliwatts"), "MPa": ("megapascal", "megapascals"), "dpi": ("dot per inch",
        "dots per inch"), "ppm": ("part per million", "parts per million"), "cc": ("C C", "C C"), "mins": ("minute",
        "minutes"), "secs": ("second", "seconds"), "h": ("hour", "hours"), "yr": ("year", "years"), "yrs": ("year",
        "years"), "wk": ("week", "weeks"), "wks": ("week", "weeks"), "mo": ("month", "months"), "mos": ("month",
        "months"), "MP": ("megapixel", "megapixels"), "lux": ("lux", "lux"), "ct": ("carat", "carats"),
        "k": ("thousand", "thousand"), "Mb": ("megabit", "megabits"), "Gb": ("gigabit", "gigabits"),
    }
)  # fmt: skip
"""Sign behind a number: its word for one and for many."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@cache
def abbreviations(*where: str) -> Mapping[str, str]:
    """Return the abbreviations, in lower case and without their points, that may stand in these places.

    The places are ``name`` (before a name: Dr. Lee), ``point`` (only with a point), ``plain`` (with or without one),
    ``number`` (with a point, before a number) and ``street`` (behind its name).
    """
    rows = read_table("emotts.text.english", "abbreviations.tsv")
    return MappingProxyType({short: words for short, words, place in rows if place in where})
