"""The clips that a run's voice spoke for its evaluation, read from ``samples.json``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from emotts.errors import CorpusError
from emotts.evaluation.error_counts import errors
from emotts.paths import is_inside

__all__ = ["SAMPLES", "TRANSCRIPTS", "ClipKey", "SpokenClip", "read_clips"]

SAMPLES = "evaluation/samples"
"""Where a run's artifacts hold the spoken clips and ``samples.json``."""
TRANSCRIPTS = "evaluation/transcripts.json"
"""What a recogniser heard in them and in reference clips, where one listened."""
ClipKey = tuple[str, str, int]
"""What makes clips of two runs the same: text, emotion, and which of several equal ones."""


@dataclass(frozen=True)
class SpokenClip:
    """A spoken clip and what was heard in it.

    Attributes:
        own: whether the text was written for this emotion.
        shared: whether the text is one of those spoken in every emotion.
        heard: by the classifier; ``unusable`` for a silent or broken clip.
        heard_by: what each of the auxiliary classifiers heard, by its name.
        probability: the classifier's probability of the emotion that was meant.
        sound: its wav; None for an unusable clip.
        errors, length: characters that a recogniser got wrong (:func:`emotts.evaluation.error_counts.errors`), and of
            how many; 0 of 0 where none listened.
        mcd_db: distortion against the reference rendering; None where there is none.
        quality: as a predictor rated it; None where none did.
        classified: whether the classifier knows the emotion that was meant; it does not know a style.
    """

    key: ClipKey
    own: bool
    shared: bool
    heard: str
    heard_by: Mapping[str, str]
    probability: float
    sound: Path | None
    errors: int = 0
    length: int = 0
    mcd_db: float | None = None
    quality: float | None = None
    classified: bool = True

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
        heard = dict(_keyed([row for row in _rows(path) if not _of_reference(row)]))
        counts = {key: _counts(row) for key, row in heard.items()}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        remedy = "evaluate the voice again: `dvc repro --force evaluate`"
        raise CorpusError("not the clips of an evaluation", where=path, found=repr(error), remedy=remedy) from error
    return tuple(_with_counts(clip, counts) for clip in clips)


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(rows, list):
        raise TypeError("not a list")
    return rows


def _of_reference(row: dict[str, Any]) -> bool:
    """Whether a transcript is of a reference clip; a file may have the field's former name."""
    return bool(row["real"] if "real" in row else row["reference"])


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
        heard_by=dict(row.get("heard_by_auxiliary", row.get("heard_by_second_judges", {}))),
        probability=float(row["probability"]),
        mcd_db=_number(row, "mcd_db"),
        quality=_number(row, "quality"),
        sound=None if row["file"] is None else _inside(folder, str(row["file"])),
    )


def _number(row: dict[str, Any], name: str) -> float | None:
    """Return a measure that a clip, or the evaluation of a former version, may lack."""
    return None if row.get(name) is None else float(row[name])


def _inside(folder: Path, name: str) -> Path:
    """Return a clip's wav; one that lies elsewhere, also by a link, is none of the run's."""
    path = folder / name
    if not is_inside(name) or not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{name[:80]!r} is outside of the folder")
    return path


def _counts(row: dict[str, Any]) -> tuple[int, int]:
    length = int(row["length"])
    return errors(int(row["edits"]), length), length


def _with_counts(clip: SpokenClip, counts: Mapping[ClipKey, tuple[int, int]]) -> SpokenClip:
    if not clip.own or clip.key not in counts:
        return clip
    wrong, length = counts[clip.key]
    return replace(clip, errors=wrong, length=length)
