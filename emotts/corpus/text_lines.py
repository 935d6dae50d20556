"""The lines of a text file that a user wrote: UTF-8, UTF-16 with its mark, and an error that names other encodings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from emotts.errors import CorpusError

__all__ = ["INVISIBLE", "read_lines", "read_text"]

INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"
"""Characters that no editor shows: byte order marks, joiners, marks of direction, soft hyphens."""

_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16."""
_HANGUL, _KANA = re.compile("[가-힣]"), re.compile("[ぁ-ヿ]")
_LEGACY = (("euc_kr", "CP949", _HANGUL), ("cp932", "CP932", _KANA), ("cp949", "CP949", _HANGUL))
"""Codec, its name for iconv, and a letter that its texts have. Most of CP932 can be read as CP949, not as EUC-KR."""
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "CP949": "CP949 (EUC-KR), the old Korean encoding of Windows",
        "CP932": "CP932 (Shift-JIS), the old Japanese encoding of Windows",
    }
)


def read_lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a text file with their numbers, counted from 1, without line ends.

    Raises:
        CorpusError: as :func:`read_text`.
    """
    # only these end a line: str.splitlines would also split at characters that are errors inside a text
    return list(enumerate(re.split(r"\r\n|\r|\n", read_text(path)), 1))


def read_text(path: Path) -> str:
    """Return the content of a file in UTF-8, or in UTF-16 with a byte order mark, without that mark.

    Raises:
        CorpusError: if the file is missing, cannot be read, or has another encoding; the message names it.
    """
    if not path.is_file():
        raise CorpusError("file is missing", where=path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(
            "file cannot be read", where=path, found=error.strerror, remedy="check its permissions"
        ) from error
    if raw[:2] in _MARKS:
        return _from_utf_16(raw, path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        codec = _codec(raw)
        raise CorpusError(
            "file is not UTF-8",
            where=f"{path}:{raw.count(10, 0, error.start) + 1}",
            found="an unknown encoding" if codec is None else _NAMES[codec],
            remedy="save it as UTF-8 in the text editor" + _or_command(codec, path),
        ) from error


def _from_utf_16(raw: bytes, path: Path) -> str:
    try:
        return raw.decode("utf-16")
    except UnicodeDecodeError as error:
        raise CorpusError(
            "file begins as UTF-16 and is damaged",
            where=path,
            found=f"{len(raw)} bytes, of which those from {error.start} on are no text",
            remedy="save it as UTF-8 in the text editor",
        ) from error


def _codec(raw: bytes) -> str | None:
    """Return iconv's name of the encoding, or None if it is not known."""
    for codec, name, letter in _LEGACY:
        try:
            if letter.search(raw.decode(codec)):
                return name
        except UnicodeDecodeError:
            continue
    return None


def _or_command(codec: str | None, path: Path) -> str:
    if codec is None:
        return ""
    own, copy = shlex.quote(str(path)), shlex.quote(f"{path}.utf8")
    return f", or run: iconv -f {codec} -t UTF-8 {own} > {copy} && mv {copy} {own}"
