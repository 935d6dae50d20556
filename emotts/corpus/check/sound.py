"""The check of the sound of one recording: its levels, its clipping, and the pieces between its pauses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from emotts.audio.io import AudioInfo, probe
from emotts.audio.opening import check_name, readable
from emotts.corpus.check.levels import mean_levels, measure_frames
from emotts.corpus.check.report import Finding, counted, times
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.segmentation.clips import SILENT_CLIP, plan_recording
from emotts.corpus.segmentation.cut_off_end import split_off_end
from emotts.corpus.segmentation.pieces import CLICK, TOO_SHORT, Piece
from emotts.corpus.segmentation.quietest_cut import cut_piece
from emotts.corpus.segmentation.speech_spans import silence_rule, speech_spans, without_speech
from emotts.corpus.sources.collect import MIN_SAMPLE_RATE_HZ

__all__ = ["Sound", "measure_sound", "sound_findings"]

_END_S = 0.02
_MAX_NOISE_DB = -50.0
_GATED_DB = -100.0
_QUIET_DB = -35.0
_LOUD_DB = -12.0


@dataclass(frozen=True)
class Sound:
    """Metrics of a recording and its pieces; times in seconds, levels in dBFS.

    Attributes:
        info: what the file is.
        speech_db: mean level of the frames within speech.
        noise_db: median level of the frames in the pauses; the quietest tenth of all where there are no pauses.
        silence_fraction: fraction of the recording that the pauses take.
        clipped_s: the seconds, counted from 0, in which a channel clips.
        spans: stretches of speech between the pauses.
        kept: pieces that become segments, those that were too long already cut.
        rejected: pieces that do not, each with its reason.
        long: pieces that were too long and are cut at their quietest places.
    """

    info: AudioInfo
    speech_db: float
    noise_db: float
    silence_fraction: float
    clipped_s: tuple[int, ...]
    spans: tuple[tuple[float, float], ...]
    kept: tuple[Piece, ...]
    rejected: tuple[tuple[Piece, str], ...]
    long: tuple[Piece, ...]

    @property
    def ends_in_speech(self) -> bool:
        """Whether there is no pause behind the last speech."""
        return bool(self.spans) and self.spans[-1][1] >= self.info.duration_s - _END_S and self.silence_fraction > 0

    def rejected_for(self, reason: str) -> list[tuple[float, float]]:
        """Return the times of the pieces rejected for a reason."""
        return [_seconds(piece) for piece, why in self.rejected if why == reason]

    def is_part(self, piece: Piece) -> bool:
        """Say whether a kept piece is a part of one that was too long."""
        return any(long.start_ms <= piece.start_ms and piece.end_ms <= long.end_ms for long in self.long)


def measure_sound(path: Path, *, settings: CheckSettings, is_clip: bool = False) -> Sound:
    """Measure a recording and plan its pieces as the segment stage does; memory does not grow with its length.

    Raises:
        AudioError: if the file cannot be read, holds samples that are not finite or all zero, or is a clip and cut off.
    """
    check_name(path)
    info = probe(path, as_is=not is_clip)
    with readable(path) as native:
        spans, length_ms = speech_spans(native, settings=settings.segment)
        plan = plan_recording(spans, length_ms, limits=settings.limits, is_clip=is_clip)
        kept = [part for piece in plan.kept for part in cut_piece(native, piece, limits=settings.limits)]
        frame_times, power, clipped_s = measure_frames(native, info.sample_rate_hz)
    lost: list[tuple[Piece, str]] = []
    if info.cut_off is not None:
        silence_ms = round(1000 * settings.segment.min_silence_s)
        kept, lost = split_off_end(kept, spans, length_ms=length_ms, min_silence_ms=silence_ms)
    seconds = tuple((start / 1000, end / 1000) for start, end in spans)
    speech_db, noise_db = mean_levels(frame_times, power, seconds)
    return Sound(
        info=info,
        speech_db=speech_db,
        noise_db=noise_db,
        silence_fraction=1.0 - sum(end - start for start, end in seconds) / info.duration_s,
        clipped_s=clipped_s,
        spans=seconds,
        kept=tuple(kept),
        rejected=(*plan.rejected, *lost),
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
    elif rate < settings.audio.sample_rate_hz:
        wanted_hz = settings.audio.sample_rate_hz
        what = f"sample rate {rate} Hz is below the voice's {wanted_hz} Hz: its highest band stays empty"
        remedy = "export it at the rate it was recorded with, or lower audio.sample_rate_hz in params.yaml"
        found.append(Finding("warning", where, what, remedy))
    if channels > 2:
        what = f"{channels} channels are mixed down to one; unused microphones add their noise"
        found.append(Finding("warning", where, what, "export the channel of the speaker's microphone alone"))
    if sound.info.opposite_phase:
        what = "the two channels are in opposite phase and would cancel each other out: the louder one is taken"
        found.append(Finding("warning", where, what, "export one channel alone, or turn the plug of one microphone"))
    if sound.info.cut_off is not None:
        what = f"cut off: {sound.info.cut_off}; its last piece is used only if a pause follows it"
        found.append(Finding("warning", where, what, "copy the recording again"))
    elif sound.ends_in_speech:
        what = "recording ends within speech: its last sentence may be cut off"
        found.append(Finding("warning", where, what, "take its text out of the transcript, or record the end again"))
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
    if sound.noise_db <= _GATED_DB and sound.silence_fraction > 0:
        what = "the pauses are digital silence: the recording went through a noise gate or was put together"
        found.append(Finding("note", where, what, "use the untouched recording if there is one"))
    return found


def _piece_findings(where: str, sound: Sound, *, settings: CheckSettings) -> list[Finding]:
    if not sound.spans:
        silent, remedy = without_speech(settings.segment)
        if sound.rejected:
            return [Finding("warning", where, f"{SILENT_CLIP}, it is rejected: {silent}", remedy)]
        return [Finding("error", where, f"recording is silent: {silent}", remedy)]
    found = []
    if sound.silence_fraction == 0 and sound.info.duration_s > settings.segment.max_length_s:
        what = (
            f"no pause of {settings.segment.min_silence_s:g} s {silence_rule(settings.segment)} in "
            f"{sound.info.duration_s:.0f} s; it is cut at its quietest places"
        )
        remedy = "pause at least 1.2 s between sentences, or set segment.threshold_db: auto in params.yaml"
        found.append(Finding("warning", where, what, remedy))
    elif sound.long:
        what = (
            f"{counted(len(sound.long), 'piece')} longer than {settings.segment.max_length_s:g} s, to be cut at the "
            f"quietest places: {times(_seconds(piece) for piece in sound.long)}"
        )
        found.append(Finding("warning", where, what, "pause between sentences; a text over a cut cannot be used"))
    short = sound.rejected_for(TOO_SHORT)
    if short:
        what = (
            f"{counted(len(short), 'piece')} shorter than {settings.segment.min_length_s:g} s, not used: {times(short)}"
        )
        remedy = "speak longer sentences, or raise segment.join_pause_s or lower segment.min_length_s in params.yaml"
        found.append(Finding("warning", where, what, remedy))
    clicks = sound.rejected_for(CLICK)
    if clicks:
        found.append(Finding("note", where, f"{counted(len(clicks), 'click')} left out: {times(clicks)}"))
    return found


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
