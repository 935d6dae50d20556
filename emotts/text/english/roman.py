"""Roman numerals in English texts, where they are certain: World War II, Chapter XIX, Henry VIII, Rocky III."""

from __future__ import annotations

import re

__all__ = ["read_roman"]

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_NUMERAL = r"(?=[IVXLC])(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_PARTS = re.compile(
    rf"\b((?i:Chapter|Part|Act|Volume|Vol\.|War|Section|Phase|Type|Level|Book|Episode|Scene|Article|Appendix|Class|Grade|"
    rf"Stage|Table|Figure|Unit|Lesson|Season|Round|Bowl|Olympiad|Psalm|Canto|Schedule|Category|Group))"
    rf"\s((?!I\s[a-z]){_NUMERAL})\b"
)
_SEQUELS = re.compile(
    r"(?<=[a-z] )(II|III|IV|VI|VII|VIII|IX|XI|XII|XIII)\b"
    r"|(?<!\w)(III|VII|VIII|XII|XIII|XIV|XVI|XVII|XVIII|XIX|XXI)(?!\w)"
)
_RULERS = re.compile(
    r"\b(King|Queen|Pope|Emperor|Tsar|Prince|Henry|Louis|Elizabeth|Charles|George|Edward|Richard|William|James|Philip|"
    r"Napoleon|Leo|Pius|Benedict|Gregory|Clement|Innocent|Urban|Alexander|Frederick|Catherine|Nicholas|Ivan|Francis|"
    r"Ferdinand|Alfonso|Otto|Leopold|Albert|Gustav|Christian|Ramses|Ramesses|Thutmose|Darius|Ptolemy|Cleopatra|Peter|"
    r"John Paul|John|Paul|Mary|Sixtus|Julius|Boniface|Wilhelm|Friedrich|Harald|Olaf|Robert|Malcolm|Juan Carlos)"
    rf"\s((?!I\b|V\b|X\b|C\b|L\b){_NUMERAL})\b"
)
_FIRSTS = re.compile(
    r"\b(Elizabeth|Charles|Napoleon|James|Francis|Nicholas|Wilhelm|Leopold|Felipe) I(?=,|\.|$|\s(?:of|was|had)\b)"
)
_CENTURIES = re.compile(r"\b(XIV|XV|XVI|XVII|XVIII|XIX|XX|XXI)(?=(?:th)? [Cc]entur)")


def read_roman(text: str) -> str:
    """Write Roman numerals as numbers; those of rulers and centuries as ordinals: the 8th."""
    text = _PARTS.sub(lambda match: f"{match.group(1)} {_value(match.group(2).upper())}", text)
    text = _RULERS.sub(lambda match: f"{match.group(1)} the {_value(match.group(2))}th", text)
    text = _CENTURIES.sub(lambda match: f"{_value(match.group(1))}th", _FIRSTS.sub(r"\1 the 1st", text))
    return _SEQUELS.sub(lambda match: str(_value(match.group(1) or match.group(2))), text)


def _value(numeral: str) -> int:
    values = [_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
