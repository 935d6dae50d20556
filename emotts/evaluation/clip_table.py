"""The results of an evaluation clip by clip, as a table."""

from __future__ import annotations

from pathlib import Path

from emotts.evaluation.comparison.clips import SpokenClip, read_clips

__all__ = ["clip_table"]

Row = dict[str, str | float | bool | None]


def clip_table(reports: Path) -> list[Row]:
    """Return a row for every clip that a voice spoke, in their order.

    The columns are ``text``, ``emotion``, ``own`` (written for this emotion), ``heard``, ``right``, ``probability`` (of
    the emotion that was meant), ``cer``, ``mcd_db``, ``quality`` (None where they were not measured) and ``sound``
    (its path).

    Args:
        reports: the folder that the evaluation wrote.

    Raises:
        CorpusError: if what lies there is damaged.
    """
    transcripts = reports / "transcripts.json"
    clips = read_clips(reports / "samples", transcripts=transcripts if transcripts.is_file() else None)
    return [_row(clip, reports) for clip in clips]


def _row(clip: SpokenClip, reports: Path) -> Row:
    return {
        "text": clip.key[0],
        "emotion": clip.emotion,
        "own": clip.own,
        "heard": clip.heard,
        "right": clip.heard == clip.emotion,
        "probability": clip.probability,
        "cer": clip.errors / clip.length if clip.length else None,
        "mcd_db": clip.mcd_db,
        "quality": clip.quality,
        "sound": None if clip.sound is None else clip.sound.relative_to(reports).as_posix(),
    }
