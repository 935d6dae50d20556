"""What a run's voice spoke for its evaluation: one row a clip, as ``samples.json`` has it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emotts.errors import CorpusError

__all__ = ["SAMPLES", "ClipKey", "SpokenClip", "read_clips"]

SAMPLES = "evaluation/samples"
"""Where a run's artifacts hold the spoken clips and ``samples.json``."""
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
    """

    key: ClipKey
    own: bool
    shared: bool
    heard: str
    heard_by: Mapping[str, str]
    probability: float
    sound: Path | None

    @property
    def emotion(self) -> str:
        """The emotion that was meant."""
        return self.key[1]


def read_clips(folder: Path) -> tuple[SpokenClip, ...]:
    """Read the clips of an evaluation from the folder of its samples.

    Raises:
        CorpusError: if ``samples.json`` is missing or damaged.
    """
    path = folder / "samples.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        shared = {row["text"] for row in rows if not row["written_for_this_emotion"]}
        seen: Counter[tuple[str, str]] = Counter()
        clips = []
        for row in rows:
            pair = (str(row["text"]), str(row["emotion"]))
            clips.append(
                SpokenClip(
                    key=(*pair, seen[pair]),
                    own=bool(row["written_for_this_emotion"]),
                    shared=row["text"] in shared,
                    heard=str(row["heard"]),
                    heard_by=dict(row.get("heard_by_second_judges", {})),
                    probability=float(row["probability"]),
                    sound=None if row["file"] is None else folder / row["file"],
                )
            )
            seen[pair] += 1
    except (OSError, json.JSONDecodeError, KeyError, TypeError) as error:
        remedy = "evaluate the voice again: `dvc repro --force evaluate`"
        raise CorpusError("not the clips of an evaluation", where=path, found=repr(error), remedy=remedy) from error
    return tuple(clips)
