"""What a run's voice spoke for its evaluation: one row a clip, as ``samples.json`` has it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from emotts.errors import CorpusError

__all__ = ["SAMPLES", "TRANSCRIPTS", "ClipKey", "SpokenClip", "read_clips"]

SAMPLES = "evaluation/samples"
"""Where a run's artifacts hold the spoken clips and ``samples.json``."""
TRANSCRIPTS = "evaluation/transcripts.json"
"""What a recogniser heard in them and in real clips, where one listened."""
ClipKey = tuple[str, str, int]
"""What makes clips of two runs the same: text, emotion, and which of several equal ones."""


@dataclass(frozen=True)
class SpokenClip:
    """A spoken clip and what was heard in it.

    Attributes:
        own: whether the text was written for this emotion.
        shared: whether the text is one of those spoken in every emotion.
        heard: by the judge; ``unusable`` for a silent or broken clip.
        heard_by: what each of the second judges heard, by its name.
        probability: the judge's probability of the emotion that was meant.
        sound: its wav; None for an unusable clip.
        edits, length: characters that a recogniser got wrong, and of how many; 0 of 0 where none listened.
        mcd_db: distortion against the real rendering; None where there is none.
        judged: whether the judge knows the emotion that was meant; it does not know a style.
    """

    key: ClipKey
    own: bool
    shared: bool
    heard: str
    heard_by: Mapping[str, str]
    probability: float
    sound: Path | None
    edits: int = 0
    length: int = 0
    mcd_db: float | None = None
    judged: bool = True

    @property
    def emotion(self) -> str:
        """The emotion that was meant."""
        return self.key[1]


def read_clips(folder: Path, *, transcripts: Path | None = None) -> tuple[SpokenClip, ...]:
    """Read the clips of an evaluation from the folder of its samples.

    Raises:
        CorpusError: if ``samples.json``, or the file of transcripts, is missing or damaged.
    """
    path = folder / "samples.json"
    try:
        rows = _rows(path)
        shared = {row["text"] for row in rows if not row["written_for_this_emotion"]}
        clips = [_clip(row, key, folder, shared=row["text"] in shared) for key, row in _keyed(rows)]
        if transcripts is None:
            return tuple(clips)
        path = transcripts
        heard = dict(_keyed([row for row in _rows(path) if not row["real"]]))
        counts = {key: (int(row["edits"]), int(row["length"])) for key, row in heard.items()}
    except (OSError, json.JSONDecodeError, KeyError, TypeError) as error:
        remedy = "evaluate the voice again: `dvc repro --force evaluate`"
        raise CorpusError("not the clips of an evaluation", where=path, found=repr(error), remedy=remedy) from error
    return tuple(_with_counts(clip, counts) for clip in clips)


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(rows, list):
        raise TypeError("not a list")
    return rows


def _keyed(rows: Iterable[dict[str, Any]]) -> list[tuple[ClipKey, dict[str, Any]]]:
    seen: Counter[tuple[str, str]] = Counter()
    keyed = []
    for row in rows:
        pair = (str(row["text"]), str(row["emotion"]))
        keyed.append(((*pair, seen[pair]), row))
        seen[pair] += 1
    return keyed


def _clip(row: dict[str, Any], key: ClipKey, folder: Path, *, shared: bool) -> SpokenClip:
    return SpokenClip(
        key=key,
        own=bool(row["written_for_this_emotion"]),
        shared=shared,
        heard=str(row["heard"]),
        heard_by=dict(row.get("heard_by_second_judges", {})),
        probability=float(row["probability"]),
        mcd_db=None if row.get("mcd_db") is None else float(row["mcd_db"]),
        sound=None if row["file"] is None else folder / row["file"],
    )


def _with_counts(clip: SpokenClip, counts: Mapping[ClipKey, tuple[int, int]]) -> SpokenClip:
    if not clip.own or clip.key not in counts:
        return clip
    edits, length = counts[clip.key]
    return replace(clip, edits=edits, length=length)
