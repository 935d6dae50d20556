"""Web and mail addresses in texts: found here for all languages, read part by part with the words of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from emotts.text.patterns import any_of

__all__ = ["AddressReader"]

_NAME = "[A-Za-z0-9-]"
_DOMAINS = "com|org|net|edu|gov|io|ai|co|kr|jp|uk|de|fr|cn|dev|app|info|me|tv|us|eu|biz|xyz|shop|store|blog"
_PATH = r"(?:[/?#](?:[A-Za-z0-9_.~%&=?#/+:@-]*[A-Za-z0-9_~=-])?)?"
_WEB = re.compile(
    rf"(?<![A-Za-z0-9_@.-])(?:https?://(?:www\.)?((?:{_NAME}{{1,63}}\.){{1,8}}[A-Za-z]{{2,24}}{_PATH})"
    rf"|(?:www\.)?((?:{_NAME}{{1,63}}\.){{1,8}}(?:{_DOMAINS})(?![A-Za-z0-9]){_PATH}))/?"
)
_MAIL = re.compile(rf"(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{{1,64}}@(?:{_NAME}{{1,63}}\.){{1,8}}[A-Za-z]{{2,24}}")


class AddressReader:
    """Writes addresses as they are read aloud; ``https://`` and ``www.`` are left out."""

    def __init__(self, signs: Mapping[str, str], *, read_word: Callable[[str], str], between: str = " ") -> None:
        """Take the words of the signs ``. @ / - _ + ~ ? & = # % :``, the reader of Latin words, what joins the parts.

        A sign may be followed by letters (``.com``), and letters alone may stand among the signs.
        """
        self._signs = signs
        self._read_word = read_word
        self._between = between
        self._parts = re.compile(rf"(?:{any_of(signs)})(?![A-Za-z])|[A-Za-z]+|\d+|[^A-Za-z\d]")

    def read(self, text: str) -> str:
        """Replace every address of a text; digits stay."""
        text = _MAIL.sub(lambda match: self._address(match.group()), text)
        return _WEB.sub(lambda match: self._address(match.group(1) or match.group(2)), text)

    def _address(self, address: str) -> str:
        spoken = [
            self._signs.get(part) or (part if part.isdigit() else self._read_word(part))
            for part in self._parts.findall(address.rstrip("/"))
        ]
        return self._between + self._between.join(spoken)
