"""What the columns of people's tables are called: names in use, and those that they mean here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

__all__ = ["NAMES", "find_columns"]

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "file": (
            *("file", "filepath", "filename", "path", "wav", "wavfile", "wavpath", "audio", "audiofile", "audiopath"),
            *("audiofilepath", "clip", "sound", "id", "파일", "파일명", "경로", "ファイル"),
        ),
        "text": (
            *("text", "transcript", "transcription", "sentence", "utterance", "normalizedtext", "content"),
            *("대사", "문장", "텍스트", "テキスト", "文"),
        ),
        "emotion": ("emotion", "emotionlabel", "style", "mood", "feeling", "감정", "感情"),
        "intensity": ("intensity", "strength", "level", "degree", "강도", "세기", "強さ"),
        "speaker": ("speaker", "speakerid", "speakername", "spk", "spkid", "actor", "voice", "화자", "話者"),
        "language": ("language", "lang", "locale", "언어", "言語"),
        "start": ("start", "starts", "starttime", "begin", "from", "tmin", "시작", "開始"),
        "end": ("end", "ends", "endtime", "stop", "to", "tmax", "끝", "종료", "終了"),
        "duration": ("duration", "length", "dur", "길이", "長さ"),
    }
)
"""Names of columns, folded, and what they mean. Of several names that mean the same, the first in a list counts."""

_UNIT = re.compile(r"(?:ms|msec|milliseconds|s|sec|seconds)$")


def find_columns(written: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the place of every column whose name is known; case, blanks, ``_`` and ``-`` do not count.

    A unit behind the name of a time (``start_ms``, ``end (s)``) does not count either.
    """
    folded = [_fold(name) for name in written]
    bare = [_UNIT.sub("", name) for name in folded]
    found: dict[str, int] = {}
    for meaning, known in names.items():
        for name in map(_fold, known):
            places = folded if meaning not in ("start", "end", "duration") or name in folded else bare
            if name in places:
                found[meaning] = places.index(name)
                break
    return found


def _fold(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", name)).casefold()
