"""One correction, and its line in ``corrections.jsonl``."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Annotated, Literal, Self

import pydantic
from pydantic import Field, NonNegativeFloat, PositiveFloat

from emotts.corpus.transcripts.labels import unusable_character
from emotts.emotions.intensity import MAX_INTENSITY
from emotts.errors import CorpusError
from emotts.schema import Settings, explain

__all__ = ["CHANGES", "Correction", "Decision", "parse_corrections", "read_corrections"]

Decision = Literal["accept", "reject"]
CHANGES = ("text", "emotion", "intensity", "decision", "split_s", "merge_to_s", "cut_s")
"""What a correction may change; each has exactly one of these."""
_FORMER = {"verdict": "decision"}
"""Keys of earlier versions, which are still read, and the present ones, which are written."""


class Correction(Settings):
    """A change of the piece of a recording from ``start_s`` to ``end_s``; exactly one of :data:`CHANGES` is set.

    The times are those of the piece when it was changed, so that the line can be applied to another segmentation.

    Attributes:
        recording: its file, as ``recordings.jsonl`` names it.
        start_s: start of the piece in the recording.
        end_s: its end.
        text: what is said.
        emotion: name of the emotion.
        intensity: from 0 to 1.5.
        decision: whether the piece is used.
        split_s: time in the recording at which the piece becomes two.
        merge_to_s: end of the next piece, which becomes one with this one.
        cut_s: new start and end.
    """

    recording: Annotated[str, Field(min_length=1)]
    start_s: NonNegativeFloat
    end_s: PositiveFloat
    text: str | None = None
    emotion: Annotated[str, Field(min_length=1)] | None = None
    intensity: Annotated[float, Field(ge=0.0, le=MAX_INTENSITY)] | None = None
    decision: Decision | None = None
    split_s: PositiveFloat | None = None
    merge_to_s: PositiveFloat | None = None
    cut_s: Annotated[tuple[NonNegativeFloat, PositiveFloat], Field(strict=False)] | None = None

    @pydantic.field_validator("text")
    @classmethod
    def _usable(cls, text: str | None) -> str | None:
        if text is None:
            return None
        if not text.strip():
            raise ValueError("a text must not be empty")
        bad = unusable_character(text)
        if bad is not None:
            raise ValueError(f"character {bad!r} cannot be in a text")
        return unicodedata.normalize("NFC", text.strip())

    @pydantic.model_validator(mode="after")
    def _whole(self) -> Self:
        if len(self.changes) != 1:
            raise ValueError(
                f"one change is wanted, of {', '.join(CHANGES)}; found {', '.join(self.changes) or 'none'}"
            )
        if self.end_s <= self.start_s or (self.cut_s is not None and self.cut_s[1] <= self.cut_s[0]):
            raise ValueError("a piece must end after its start")
        if self.split_s is not None and not self.start_s < self.split_s < self.end_s:
            raise ValueError(f"split_s {self.split_s} is outside of the piece")
        if self.merge_to_s is not None and self.merge_to_s <= self.end_s:
            raise ValueError(f"merge_to_s {self.merge_to_s} is not behind the piece")
        return self

    @property
    def changes(self) -> tuple[str, ...]:
        """What is set of :data:`CHANGES`."""
        return tuple(name for name in CHANGES if getattr(self, name) is not None)

    @property
    def change(self) -> str:
        """The one change that it is."""
        return self.changes[0]

    def to_line(self) -> str:
        """Return its line of the file, line end included."""
        return json.dumps(self.to_dict(), ensure_ascii=False) + "\n"

    def __str__(self) -> str:
        value = getattr(self, self.change)
        return f"{self.change} {value!r} for {self.recording} {self.start_s:.2f}-{self.end_s:.2f} s"


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """Read the corrections of a project; the n-th is in line n.

    Raises:
        CorpusError: if the file is missing or not UTF-8, or a line is no correction; names the line.
    """
    if not path.is_file():
        raise CorpusError(
            "the file of corrections is missing", where=path, remedy="make an empty file of that name, or get it back"
        )
    return parse_corrections(path.read_bytes(), where=path)


def parse_corrections(content: bytes, *, where: object) -> tuple[Correction, ...]:
    """Read the content of a file of corrections; raises as :func:`read_corrections`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError("file is not UTF-8", where=where, remedy="save it as UTF-8 in the text editor") from error
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    return tuple(_parsed(line, where=f"{where}:{number}") for number, line in enumerate(lines, 1))


def _parsed(line: str, *, where: str) -> Correction:
    try:
        values = json.loads(line)
        if not isinstance(values, dict):
            raise TypeError("not an object")
        return Correction.model_validate({_FORMER.get(key, key): value for key, value in values.items()})
    except pydantic.ValidationError as error:
        reason = "; ".join(problem.text for problem in explain(error, Correction))
    except (json.JSONDecodeError, TypeError) as error:
        reason = str(error)
    raise CorpusError(
        "line is no correction",
        where=where,
        found=f"{line[:120]!r} ({reason})",
        wanted=f"a JSON object with recording, start_s, end_s and one of {', '.join(CHANGES)}",
        remedy="correct the line or remove it",
    )
