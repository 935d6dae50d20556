"""The sound of one recording: its levels, its clipping, and the pieces that its pauses give."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotts.audio.io import AudioInfo, probe, stream_blocks
from emotts.audio.loudness import FLOOR_DB
from emotts.audio.opening import readable
from emotts.audio.quality import measure_quality
from emotts.audio.silence import find_speech
from emotts.corpus.check_report import Finding, counted, times
from emotts.corpus.check_settings import CheckSettings
from emotts.corpus.collect import MIN_SAMPLE_RATE_HZ
from emotts.corpus.pieces import CLICK, TOO_SHORT, Piece, plan_pieces
from emotts.corpus.quietest_cut import cut_piece

__all__ = ["Sound", "measure_sound", "sound_findings"]

_BLOCK_S = 10
_FRAME_S = 0.02
_MARGIN_S = 0.1
_MIN_PAUSE_FRAMES = 25
_NEAR_FULL_SCALE = 0.99
_MAX_NOISE_DB = -50.0
_GATED_DB = -100.0
_QUIET_DB = -35.0
_LOUD_DB = -12.0


@dataclass(frozen=True)
class Sound:
    """Figures of a recording and its pieces; times in seconds, levels in dBFS.

    Attributes:
        info: what the file is.
        speech_db: mean level of the frames within speech.
        noise_db: median level of the frames in the pauses; the quietest tenth of all where there are no pauses.
        silence_share: share of the recording that the pauses take.
        clipped_s: the seconds, counted from 0, in which a channel clips.
        spans: stretches of speech between the pauses.
        kept: pieces that become segments, those that were too long already cut.
        rejected: pieces that do not, each with its reason.
        long: pieces that were too long and are cut at their quietest places.
    """

    info: AudioInfo
    speech_db: float
    noise_db: float
    silence_share: float
    clipped_s: tuple[int, ...]
    spans: tuple[tuple[float, float], ...]
    kept: tuple[Piece, ...]
    rejected: tuple[tuple[Piece, str], ...]
    long: tuple[Piece, ...]

    def rejected_for(self, reason: str) -> list[tuple[float, float]]:
        """Return the times of the pieces rejected for a reason."""
        return [_seconds(piece) for piece, why in self.rejected if why == reason]


def measure_sound(path: Path, *, settings: CheckSettings) -> Sound:
    """Measure a recording and plan its pieces as the segment stage does; memory does not grow with its length.

    Raises:
        AudioError: if the file cannot be read, or holds samples that are not finite or all zero.
    """
    info = probe(path)
    window_s = min(settings.min_silence_s, max(0.001, info.duration_s - 0.001))
    with readable(path) as native:
        found = find_speech(native, threshold_db=settings.threshold_db, min_silence_s=window_s)
        length_ms = info.n_samples * 1000 // info.sample_rate_hz
        spans = [(round(1000 * span.start_s), min(round(1000 * span.end_s), length_ms)) for span in found]
        plan = plan_pieces(spans, length_ms, limits=settings.limits)
        kept = [part for piece in plan.kept for part in cut_piece(native, piece, limits=settings.limits)]
        frame_times, power, clipped_s = _frames(native, info.sample_rate_hz)
    seconds = tuple((start / 1000, end / 1000) for start, end in spans)
    speech_db, noise_db = _levels(frame_times, power, seconds)
    return Sound(
        info=info,
        speech_db=speech_db,
        noise_db=noise_db,
        silence_share=1.0 - sum(end - start for start, end in seconds) / info.duration_s,
        clipped_s=clipped_s,
        spans=seconds,
        kept=tuple(kept),
        rejected=plan.rejected,
        long=tuple(piece for piece in plan.kept if piece.length_ms > settings.limits.max_ms),
    )


def sound_findings(path: Path, sound: Sound, *, settings: CheckSettings) -> list[Finding]:
    """Return what is to be said of a recording's sound and of its pieces."""
    where = str(path)
    return [
        *_format_findings(where, sound, settings=settings),
        *_level_findings(where, sound),
        *_piece_findings(where, sound, settings=settings),
    ]


def _format_findings(where: str, sound: Sound, *, settings: CheckSettings) -> list[Finding]:
    found = []
    rate, channels = sound.info.sample_rate_hz, sound.info.channels
    if rate < MIN_SAMPLE_RATE_HZ:
        what = f"sample rate is too low for a voice: {rate} Hz; at least {MIN_SAMPLE_RATE_HZ} Hz is wanted"
        found.append(Finding("error", where, what, "export it anew from the original at its full rate"))
    elif rate < settings.sample_rate_hz:
        what = f"sample rate {rate} Hz is below the voice's {settings.sample_rate_hz} Hz: its highest band stays empty"
        remedy = "export it at the rate it was recorded with, or lower audio.sample_rate_hz in params.yaml"
        found.append(Finding("warning", where, what, remedy))
    if channels > 2:
        what = f"{channels} channels are mixed down to one; unused microphones add their noise"
        found.append(Finding("warning", where, what, "export the channel of the speaker's microphone alone"))
    return found


def _level_findings(where: str, sound: Sound) -> list[Finding]:
    found = []
    if sound.clipped_s:
        what = f"clipped (flat tops at full scale) in {len(sound.clipped_s)} s of the recording, at {_runs(sound)}"
        found.append(Finding("warning", where, what, "record those sentences again at a lower input level"))
    if sound.speech_db < _QUIET_DB and sound.spans:
        what = f"speech is quiet: {sound.speech_db:.1f} dBFS; about -20 dBFS is wanted"
        found.append(Finding("warning", where, what, "raise the input level; quiet parts may be taken for pauses"))
    if sound.speech_db > _LOUD_DB:
        what = f"speech is very loud: {sound.speech_db:.1f} dBFS; about -20 dBFS is wanted"
        found.append(Finding("warning", where, what, "lower the input level; do not compress"))
    if sound.noise_db > _MAX_NOISE_DB:
        what = f"noisy: the pauses have {sound.noise_db:.1f} dBFS; at most {_MAX_NOISE_DB:.0f} dBFS is wanted"
        remedy = "find the source (fan, computer, window) and record in a quieter room; the voice learns the noise too"
        found.append(Finding("warning", where, what, remedy))
    if sound.noise_db <= _GATED_DB and sound.silence_share > 0:
        what = "the pauses are digital silence: the recording went through a noise gate or was put together"
        found.append(Finding("note", where, what, "use the untouched recording if there is one"))
    return found


def _piece_findings(where: str, sound: Sound, *, settings: CheckSettings) -> list[Finding]:
    if not sound.spans:
        what = f"recording is silent: no sound above {settings.threshold_db:g} dBFS"
        return [Finding("error", where, what, "check the recording, or lower segment.threshold_db in params.yaml")]
    found = []
    if sound.silence_share == 0 and sound.info.duration_s > settings.max_length_s:
        what = (
            f"no pause of {settings.min_silence_s:g} s below {settings.threshold_db:g} dBFS in "
            f"{sound.info.duration_s:.0f} s; it is cut at its quietest places"
        )
        remedy = "pause at least 1.2 s between sentences, or raise segment.threshold_db above the noise in params.yaml"
        found.append(Finding("warning", where, what, remedy))
    elif sound.long:
        what = (
            f"{counted(len(sound.long), 'piece')} longer than {settings.max_length_s:g} s, to be cut at the quietest "
            f"places: {times(_seconds(piece) for piece in sound.long)}"
        )
        found.append(Finding("warning", where, what, "pause between sentences; a text over a cut cannot be used"))
    short = sound.rejected_for(TOO_SHORT)
    if short:
        what = f"{counted(len(short), 'piece')} shorter than {settings.min_length_s:g} s, not used: {times(short)}"
        remedy = "speak longer sentences, or raise segment.join_pause_s or lower segment.min_length_s in params.yaml"
        found.append(Finding("warning", where, what, remedy))
    clicks = sound.rejected_for(CLICK)
    if clicks:
        found.append(Finding("note", where, f"{counted(len(clicks), 'click')} left out: {times(clicks)}"))
    return found


def _frames(path: Path, rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[int, ...]]:
    """Return the middles in seconds and the mean squares ``(frame,)`` of 20 ms frames, and the seconds that clip."""
    size = round(_FRAME_S * rate)
    middles, powers, clipped = [], [], []
    for number, block in enumerate(stream_blocks(path, block_s=_BLOCK_S)):
        count = len(block) // size
        squares = np.square(block[: count * size], dtype=np.float64).mean(axis=1)
        powers.append(squares.reshape(count, size).mean(axis=1))
        middles.append(number * _BLOCK_S + (np.arange(count) + 0.5) * size / rate)
        clipped += [number * _BLOCK_S + second for second in _clipped_seconds(block, rate)]
    return np.concatenate(middles), np.concatenate(powers), tuple(clipped)


def _clipped_seconds(block: NDArray[np.float32], rate: int) -> list[int]:
    """Return the seconds of a block ``(sample, channel)`` in which a channel clips."""
    found = []
    for second in range(math.ceil(len(block) / rate)):
        part = block[second * rate : (second + 1) * rate]
        if float(np.abs(part).max()) < _NEAR_FULL_SCALE:
            continue
        if any(measure_quality(channel, sample_rate_hz=rate).clipped_share > 0 for channel in part.T):
            found.append(second)
    return found


def _levels(
    middles: NDArray[np.float64], power: NDArray[np.float64], spans: tuple[tuple[float, float], ...]
) -> tuple[float, float]:
    """Return the levels of speech and of the pauses in dBFS."""
    is_speech = np.zeros(len(power), dtype=np.bool_)
    is_pause = np.ones(len(power), dtype=np.bool_)
    for start_s, end_s in spans:
        is_speech |= (middles >= start_s) & (middles < end_s)
        is_pause &= (middles < start_s - _MARGIN_S) | (middles > end_s + _MARGIN_S)
    speech = float(power[is_speech].mean()) if is_speech.any() else 0.0
    if np.count_nonzero(is_pause) >= _MIN_PAUSE_FRAMES:
        noise = float(np.median(power[is_pause]))
    else:
        noise = float(np.quantile(power, 0.1)) if len(power) else 0.0
    return _db(speech), _db(noise)


def _db(power: float) -> float:
    return max(FLOOR_DB, 10 * math.log10(power)) if power > 0 else FLOOR_DB


def _runs(sound: Sound) -> str:
    """Return the clipped seconds as stretches of time."""
    runs: list[tuple[float, float]] = []
    for second in sound.clipped_s:
        if runs and runs[-1][1] == second:
            runs[-1] = (runs[-1][0], second + 1.0)
        else:
            runs.append((float(second), second + 1.0))
    return times(runs)


def _seconds(piece: Piece) -> tuple[float, float]:
    return piece.speech_start_ms / 1000, piece.speech_end_ms / 1000
