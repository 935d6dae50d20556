"""Reading a file with texts and times, whatever its format, as labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from emotts.corpus.transcripts.labels import Label, parse_label_track
from emotts.corpus.transcripts.tracks.cue import Cue, labels_of
from emotts.corpus.transcripts.tracks.subtitles import read_subtitles
from emotts.corpus.transcripts.tracks.textgrid import read_textgrid
from emotts.corpus.transcripts.tracks.timed_table import read_timed_table
from emotts.corpus.transcripts.tracks.whisper import read_whisper_json
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

__all__ = ["TRACK_SUFFIXES", "check_end", "read_track"]

TRACK_SUFFIXES = (".textgrid", ".json", ".srt", ".vtt", ".tsv", ".csv")
"""Endings (lower case) of files with times beside a recording, apart from ``.labels.txt``; the first goes first."""
_MOST_BEHIND = 0.5
_SLACK_S = 0.05


def read_track(path: Path, *, emotions: EmotionSet, duration_s: float | None = None) -> list[Label]:
    """Return the labels of a file in order of time; its name's ending says the format, and any other is Audacity's.

    Args:
        path: the file.
        emotions: the emotion set of the project.
        duration_s: length of the recording; None: unknown.

    Raises:
        CorpusError: naming file and line, if it cannot be read, a label cannot be used or overlaps another, or most
            labels lie behind the end of the recording.
    """
    suffix = path.suffix.lower()
    if suffix in TRACK_SUFFIXES:
        labels = labels_of(_cues(path, suffix, duration_s), path, emotions=emotions)
    else:
        labels = parse_label_track(path, emotions=emotions)
    if duration_s is not None:
        check_end(labels, duration_s, path)
    return labels


def _cues(path: Path, suffix: str, duration_s: float | None) -> list[Cue]:
    if suffix == ".textgrid":
        return read_textgrid(path)
    if suffix == ".json":
        return read_whisper_json(path)
    if suffix in (".srt", ".vtt"):
        return read_subtitles(path)
    return read_timed_table(path, duration_s=duration_s)


def check_end(labels: Sequence[Label], duration_s: float, path: Path) -> None:
    """Refuse labels of which most lie behind the end of their recording: they are another's, or in another unit.

    Raises:
        CorpusError: naming the first of them.
    """
    behind = [label for label in labels if label.start_s >= duration_s + _SLACK_S]
    if len(behind) <= _MOST_BEHIND * len(labels):
        return
    is_ms = labels[-1].end_s / 1000 <= duration_s + 1.0
    raise CorpusError(
        "labels lie behind the end of the recording",
        where=f"{path}:{behind[0].line}",
        found=f"{len(behind)} of {len(labels)}, up to {labels[-1].end_s:g} s; the recording has {duration_s:.1f} s",
        wanted="times in seconds within the recording",
        remedy="the times look like milliseconds: divide them by 1000"
        if is_ms
        else "export the labels of this recording, not of another one",
    )
