"""Which of the segment stage's settings fit a recording that the present ones cut within speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from emotts.audio.opening import readable
from emotts.corpus.check.report import Finding, counted
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.check.sound import Sound
from emotts.corpus.segmentation.pieces import TOO_SHORT, Piece, plan_pieces
from emotts.corpus.segmentation.speech_spans import join_sounds, level_sounds

__all__ = ["cutting_findings"]

_SHORTER_S = (0.7, 0.5, 0.4, 0.3)
_NEARLY_BEST = 0.95
_WORTH_A_CHANGE = 0.1
_NOISY_DB = 20.0
_SILERO = "segment.method: silero (pip install 'emotts[vad]')"


@dataclass(frozen=True)
class _Trial:
    """What a shortest pause gives: pieces cut in pauses alone, and those too short; ``pauses_s`` are between spans."""

    min_silence_s: float
    whole: tuple[Piece, ...]
    n_short: int
    pauses_s: tuple[float, ...]

    @property
    def whole_ms(self) -> int:
        """Speech in pieces that no cut within speech ends."""
        return sum(piece.speech_ms for piece in self.whole)


def cutting_findings(path: Path, sound: Sound, *, settings: CheckSettings) -> list[Finding]:
    """Return which settings would cut a recording in its pauses, where the present ones cut it within speech.

    Args:
        path: the recording.
        sound: its pieces by the present settings.
        settings: the project's settings.

    Raises:
        AudioError: if the file cannot be read.
    """
    if not sound.long or settings.segment.method == "silero":
        return []
    whole = [piece for piece in sound.kept if not sound.is_part(piece)]
    speech_ms = sum(piece.speech_ms for piece in sound.kept)
    best = _best(_trials(path, sound, settings=settings))
    if best.whole_ms - sum(piece.speech_ms for piece in whole) >= _WORTH_A_CHANGE * speech_ms:
        return [Finding("warning", str(path), _what(best, len(whole), sound, settings=settings), _remedy(sound))]
    if sound.speech_db - sound.noise_db < _NOISY_DB:
        what = f"speech is only {sound.speech_db - sound.noise_db:.0f} dB above the noise; no level tells them apart"
        return [Finding("warning", str(path), what, f"set {_SILERO}, which finds speech in noise")]
    return []


def _trials(path: Path, sound: Sound, *, settings: CheckSettings) -> list[_Trial]:
    """Try the recording's own threshold with the present shortest pause and with shorter ones."""
    present_s = settings.segment.min_silence_s
    with readable(path) as native:
        sounds = level_sounds(native)
    length_ms = sound.info.n_samples * 1000 // sound.info.sample_rate_hz
    trials = []
    for min_silence_s in (present_s, *(value for value in _SHORTER_S if value < present_s)):
        spans = join_sounds(sounds, min_silence_ms=round(1000 * min_silence_s), limits=settings.limits)
        plan = plan_pieces(spans, length_ms, limits=settings.limits)
        whole = tuple(piece for piece in plan.kept if piece.length_ms <= settings.limits.max_ms)
        n_short = sum(reason == TOO_SHORT for _, reason in plan.rejected)
        pauses_s = tuple((after[0] - before[1]) / 1000 for before, after in pairwise(spans))
        trials.append(_Trial(min_silence_s, whole, n_short, pauses_s))
    return trials


def _best(trials: Sequence[_Trial]) -> _Trial:
    """Return the trial with the longest shortest pause that is about as good as the best."""
    most_ms = max(trial.whole_ms for trial in trials)
    return next(trial for trial in trials if trial.whole_ms >= _NEARLY_BEST * most_ms)


def _what(best: _Trial, n_whole: int, sound: Sound, *, settings: CheckSettings) -> str:
    changes = [] if settings.segment.threshold_db == "auto" else ["segment.threshold_db: auto"]
    if best.min_silence_s != settings.segment.min_silence_s:
        changes.append(f"segment.min_silence_s: {best.min_silence_s:g}")
    pauses = "a pause"
    if best.pauses_s:
        low, high = np.percentile(best.pauses_s, [5, 95])
        pauses = f"pauses of {low:.1f} to {high:.1f} s"
    short = f" ({best.n_short} more too short)" if best.n_short else ""
    return (
        f"{pauses}: {' and '.join(changes)} would give {counted(len(best.whole), 'piece')} cut in pauses{short} "
        f"instead of {n_whole}, with {counted(len(sound.long), 'piece')} cut within speech"
    )


def _remedy(sound: Sound) -> str:
    noisy = sound.speech_db - sound.noise_db < _NOISY_DB
    return "set that in params.yaml" + (f", or, as it is noisy, {_SILERO}" if noisy else "")
