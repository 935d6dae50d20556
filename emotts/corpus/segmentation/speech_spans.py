"""Where a recording has speech, as the settings say: by one threshold, by its own levels, or by a network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from emotts.audio.io import probe
from emotts.audio.levels import frame_levels, power_curve, silence_threshold, sounding_spans
from emotts.audio.silence import find_speech
from emotts.audio.voice_activity import find_voice
from emotts.corpus.segmentation.pieces import CLICK_MS, Limits
from emotts.corpus.settings import SegmentSettings

__all__ = ["join_sounds", "level_sounds", "silence_rule", "speech_spans", "without_speech"]

_SHORTEST_PAUSE_MS = 150
"""A shorter silence is the closure of a plosive more often than a pause."""
_PAD_MS = 50
"""Speech fades in and out: this much before and after what is above the recording's own threshold belongs to it."""

Spans = list[tuple[int, int]]


def speech_spans(path: Path, *, settings: SegmentSettings) -> tuple[Spans, int]:
    """Return the spans (start, end) of speech in ms, in order, and the length of the recording in ms.

    With ``threshold_db: auto`` and with ``method: silero``, a span above the longest length is divided at shorter
    pauses, the longest first, as long as no part falls below the shortest length.

    Args:
        path: a sound file that libsndfile reads.
        settings: where recordings are cut.

    Raises:
        AudioError: if the file cannot be read, or holds samples that are not finite or all zero.
        ConfigError: if ``settings.method`` is ``silero`` and its package is not installed.
    """
    info = probe(path)
    length_ms = info.n_samples * 1000 // info.sample_rate_hz
    if settings.method == "silero":
        sounds = find_voice(path, min_silence_ms=_SHORTEST_PAUSE_MS)
    elif settings.threshold_db == "auto":
        sounds = level_sounds(path)
    else:
        window_s = min(settings.min_silence_s, max(0.001, info.duration_s - 0.001))
        found = find_speech(path, threshold_db=float(settings.threshold_db), min_silence_s=window_s)
        return [(round(1000 * span.start_s), min(round(1000 * span.end_s), length_ms)) for span in found], length_ms
    joined = join_sounds(
        [(start, min(end, length_ms)) for start, end in sounds if start < length_ms],
        min_silence_ms=round(1000 * settings.min_silence_s),
        limits=Limits.of(settings),
    )
    pad_ms = 0 if settings.method == "silero" else _PAD_MS  # Silero VAD has a padding of its own
    return [_padded(span, pad_ms, length_ms=length_ms) for span in joined], length_ms


def _padded(span: tuple[int, int], pad_ms: int, *, length_ms: int) -> tuple[int, int]:
    """Return a span with its padding; a click gets none, so that it is still known as one."""
    start, end = span
    return span if end - start < CLICK_MS else (max(0, start - pad_ms), min(length_ms, end + pad_ms))


def level_sounds(path: Path) -> Spans:
    """Return the stretches of sound, in ms, between pauses of at least 150 ms below the recording's own threshold."""
    levels_db = frame_levels(power_curve(path))
    threshold_db = silence_threshold(levels_db)
    return sounding_spans(levels_db, threshold_db=threshold_db, min_silence_ms=_SHORTEST_PAUSE_MS)


def join_sounds(sounds: Sequence[tuple[int, int]], *, min_silence_ms: int, limits: Limits) -> Spans:
    """Join stretches of sound over pauses shorter than ``min_silence_ms``, but not to more than the longest length.

    Args:
        sounds: (start, end) in ms, in order.
        min_silence_ms: a pause of at least this length separates two spans.
        limits: the shortest and the longest length.
    """
    spans: Spans = []
    group: list[tuple[int, int]] = []
    for sound in sounds:
        if group and sound[0] - group[-1][1] >= min_silence_ms:
            spans += _divide(group, limits=limits)
            group = []
        group.append(sound)
    return spans + _divide(group, limits=limits)


def _divide(sounds: Sequence[tuple[int, int]], *, limits: Limits) -> Spans:
    """Return the spans that a group of sounds makes: one, or more where one would be too long."""
    spans: Spans = []
    waiting = [list(sounds)] if sounds else []
    while waiting:
        group = waiting.pop()
        at = _longest_pause(group, limits=limits) if group[-1][1] - group[0][0] > limits.max_ms else None
        if at is None:
            spans.append((group[0][0], group[-1][1]))
        else:
            waiting += [group[at:], group[:at]]
    return spans


def _longest_pause(group: Sequence[tuple[int, int]], *, limits: Limits) -> int | None:
    """Return the number of the sound after the longest pause that leaves the shortest length on both sides."""
    start, end = group[0][0], group[-1][1]
    pauses = [
        (after[0] - before[1], -number)
        for number, (before, after) in enumerate(pairwise(group), 1)
        if before[1] - start >= limits.min_ms and end - after[0] >= limits.min_ms
    ]
    return -max(pauses)[1] if pauses else None


def silence_rule(settings: SegmentSettings) -> str:
    """Return in words what silence is."""
    if settings.method == "silero":
        return "without speech (Silero VAD)"
    if settings.threshold_db == "auto":
        return "below the recording's own threshold"
    return f"below {settings.threshold_db:g} dBFS"


def without_speech(settings: SegmentSettings) -> tuple[str, str]:
    """Return what to say of a recording without any span: what was found, and what to do."""
    if settings.method == "silero":
        return "no speech (Silero VAD)", "check the recording, or set segment.method: threshold in params.yaml"
    if settings.threshold_db == "auto":
        remedy = "check the recording, or set segment.threshold_db in params.yaml to a level, such as -40.0"
        return "no sound that rises 8 dB above its noise", remedy
    found = f"no sound above {settings.threshold_db} dBFS"
    return found, "check the recording, or lower segment.threshold_db in params.yaml"
