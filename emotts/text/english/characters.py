"""Which characters an English text may hold, and their plain forms: accents, quotation marks, faces."""

from __future__ import annotations

import re

from emotts.text.characters import MARKS, CharacterSet
from emotts.text.english.foreign import is_foreign_letter

__all__ = ["ENGLISH_CHARACTERS"]

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "θ": "theta", "λ": "lambda",
    "π": "pi", "σ": "sigma", "φ": "phi", "ω": "omega", "Ω": "ohms", "Δ": "delta", "Σ": "sigma",
}  # fmt: skip
_FACES = re.compile(
    r"(?<![\w)/])[;:=8][-']?[)(DPpOo3/|\\](?![A-Za-z0-9/])|\^[_-]?\^|<3(?!\d)|>_<|-_-|(?<!\w)T_T(?!\w)|\(\w?_\w?\)|(?<!\w)xD\b"
)
_SIGNS = {
    **dict.fromkeys("—―", ","), "№": "No.", "♯": "#",
}  # fmt: skip

ENGLISH_CHARACTERS = CharacterSet(
    is_letter=lambda char: (char.isascii() and char.isalnum()) or is_foreign_letter(char),
    words={**MARKS, **_GREEK, **_SIGNS, "*": "*", "^": "^", "_": "_", '"': '"', "″": '"'},
    signs="μ€£¥₩₹₽₺₫₱₪฿₴¢°×÷±–≥≤≠≈∞√‰",
    faces=_FACES,
    wanted="Latin letters, digits and punctuation",
    remedy="write the words in Latin letters as they are spoken",
)
"""ASCII, Latin letters with accents, Hangul and kana (romanised), and signs that are read."""
