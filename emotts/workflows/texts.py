"""The front end that reads a project's texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from emotts.settings import Params
from emotts.text.frontend import FrontEnd, front_end
from emotts.text.normalising import OnUnknown
from emotts.text.phonemes import Phonemes

__all__ = ["project_reader"]


def project_reader(
    params: Params, *, root: Path | None = None, language: str | None = None, strict: bool = False
) -> FrontEnd:
    """Return the front end with the project's lexicon, as ``corpus.on_unknown`` says.

    Args:
        params: the project's settings.
        root: the project, which the lexicon's path is relative to; None: the current folder.
        language: another one than the project's; the lexicon is that of the project's language only.
        strict: refuse what cannot be read, whatever the settings say.

    Raises:
        TextError: if the language has no front end, or the lexicon cannot be read.
    """
    own = language is None or language == params.project.language
    reader = _ProjectReader(
        language or params.project.language,
        (root or Path()) / params.text.lexicon if own else None,
        "skip" if params.corpus.on_unknown == "read" and not strict else "error",
    )
    reader.check()
    return reader


@dataclass(frozen=True)
class _ProjectReader:
    """A front end that can be sent to another process: its dictionaries stay here and are loaded there."""

    language: str
    lexicon: Path | None
    on_unknown: OnUnknown

    @cached_property
    def _front_end(self) -> FrontEnd:
        return front_end(self.language, lexicon=self.lexicon, on_unknown=self.on_unknown)

    def __getstate__(self) -> dict[str, Any]:
        return {"language": self.language, "lexicon": self.lexicon, "on_unknown": self.on_unknown}

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbol table in the order of the ids."""
        return self._front_end.symbols

    def check(self) -> None:
        """Raise TextError if the language has no front end, or the lexicon cannot be read."""
        _ = self._front_end

    def read(self, text: str) -> Phonemes:
        """Turn a text into phones; raises TextError where it cannot be read."""
        return self._front_end.read(text)
