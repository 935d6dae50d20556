"""The check of recordings before the pipeline runs: all problems at once, with their remedies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.check.balance import (
    amount_findings,
    balance_findings,
    emotion_table,
    repeated_findings,
    split_findings,
)
from emotts.corpus.check.cutting import cutting_findings
from emotts.corpus.check.report import DataReport, Finding, Table, finding_of
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.check.sound import Sound, measure_sound, sound_findings
from emotts.corpus.check.source import read_for_check
from emotts.corpus.check.texts import rate_findings
from emotts.corpus.check.transcripts import Transcribed, check_transcript
from emotts.corpus.segmentation.pieces import CLICK, TOO_SHORT
from emotts.corpus.segmentation.speech_spans import silence_rule
from emotts.corpus.sources.copying import sha256_of
from emotts.corpus.sources.languages import resolve_language
from emotts.corpus.sources.source_file import SourceFile
from emotts.corpus.utterance_reader import TextReader
from emotts.errors import AudioError

__all__ = ["check_recordings"]


@dataclass(frozen=True)
class _Take:
    """One recording: its file, its sound where that can be read, and its texts."""

    name: str
    file: SourceFile
    sound: Sound | None
    transcript: Transcribed


def check_recordings(source: Path, *, settings: CheckSettings, front_end: TextReader) -> DataReport:
    """Report on a recording or a folder of recordings; nothing is written beside them.

    Args:
        source: a sound file, or a folder as :func:`emotts.corpus.sources.choosing.read_source` reads it.
        settings: the project's settings.
        front_end: reads the texts of ``settings.language``.

    Raises:
        CorpusError: if ``settings.language`` is unknown.
    """
    resolve_language(settings.language)
    read, findings = read_for_check(source, settings=settings)
    files = read.files
    takes = []
    for file in files:
        take, found = _check_take(file, source, settings=settings, front_end=front_end)
        takes.append(take)
        findings += found
    findings += _same_content(files)
    findings += _shares(takes, source, settings=settings)
    texts = [text for take in takes for text in take.transcript.texts]
    findings += rate_findings(texts, settings=settings)
    where = str(source)
    if any(take.transcript.is_heard for take in takes):
        what = "what can be used is known when the label stage has heard the takes above; it says how much it accepts"
        findings.append(Finding("note", where, what))
    elif texts:
        is_complete = not any(finding.severity == "error" for finding in findings)
        findings += split_findings(texts, where=where, settings=settings, is_complete=is_complete)
        findings += balance_findings(texts, where=where)
        findings += amount_findings(texts, where=where)
        findings += repeated_findings(texts, where=where)
    elif takes:
        remedy = "see the other problems; every piece needs a text and an emotion"
        findings.append(Finding("error", where, "not one usable utterance", remedy))
    tables = [_recordings_table(takes), _pieces_table(takes, settings=settings)] if takes else []
    return DataReport(tuple(findings), (*tables, *([emotion_table(texts)] if texts else [])))


def _check_take(
    file: SourceFile, source: Path, *, settings: CheckSettings, front_end: TextReader
) -> tuple[_Take, list[Finding]]:
    findings: list[Finding] = []
    sound: Sound | None = None
    try:
        sound = measure_sound(file.path, settings=settings, is_clip=file.is_clip)
    except AudioError as error:
        findings.append(finding_of(error, where=str(file.path)))
    else:
        findings += sound_findings(file.path, sound, settings=settings)
        findings += cutting_findings(file.path, sound, settings=settings)
    if file.language != front_end.language:
        what = f"recording is in another language ({file.language}) than the project ({front_end.language})"
        remedy = "set project.language in params.yaml, or check the folders of the two languages one at a time"
        findings.append(Finding("error", str(file.path), what, remedy))
    transcript = check_transcript(file, sound, settings=settings, front_end=front_end)
    name = file.path.name if source.is_file() else file.place.as_posix()
    return _Take(name, file, sound, transcript), [*findings, *transcript.findings]


def _same_content(files: Sequence[SourceFile]) -> list[Finding]:
    seen: dict[tuple[int, str], Path] = {}
    found = []
    sizes = [file.path.stat().st_size for file in files]
    for file, size in zip(files, sizes, strict=True):
        if sizes.count(size) == 1 or size == 0:
            continue
        key = (size, sha256_of(file.path))
        if key in seen:
            what = f"same content as {seen[key]}"
            found.append(Finding("error", str(file.path), what, "remove one; keep the one filed under its emotion"))
        seen.setdefault(key, file.path)
    return found


def _shares(takes: Sequence[_Take], source: Path, *, settings: CheckSettings) -> list[Finding]:
    """Return whether the segment or the label stage would stop because it loses too much."""
    kept, lost = _counts(take for take in takes if take.file.labels is not None)
    found = []
    if lost > settings.segment.max_reject_fraction * (kept + lost):
        what = (
            f"too many pieces are lost by their length: {lost} of {kept + lost}; at most a fraction of "
            f"{settings.segment.max_reject_fraction:g} is allowed (segment.max_reject_fraction)"
        )
        remedy = "lower segment.min_length_s, raise segment.join_pause_s or segment.max_reject_fraction in params.yaml"
        found.append(Finding("error", str(source), what, remedy))
    others, short = _counts(take for take in takes if take.file.labels is None and not take.transcript.is_heard)
    unusable = sum(take.transcript.n_rejected for take in takes) + short
    n_in = kept + others + short
    if unusable > settings.label.max_reject_fraction * n_in:
        what = (
            f"too many pieces are without a usable text: {unusable} of {n_in}; at most a fraction of "
            f"{settings.label.max_reject_fraction:g} is allowed (label.max_reject_fraction)"
        )
        found.append(Finding("error", str(source), what, "complete the label tracks and scripts; see the warnings"))
    return found


def _counts(takes: Iterable[_Take]) -> tuple[int, int]:
    """Return how many pieces of takes are kept, and how many are too short."""
    sounds = [take.sound for take in takes if take.sound is not None]
    return sum(len(sound.kept) for sound in sounds), sum(len(sound.rejected_for(TOO_SHORT)) for sound in sounds)


def _recordings_table(takes: Sequence[_Take]) -> Table:
    columns = ("file", "Hz", "channels", "length", "speech dBFS", "pauses dBFS", "silence", "clipped")
    rows = []
    for take in takes:
        sound = take.sound
        if sound is None:
            rows.append((take.name, *["-"] * (len(columns) - 1)))
            continue
        rows.append(
            (
                take.name,
                str(sound.info.sample_rate_hz),
                str(sound.info.channels),
                _clock(sound.info.duration_s),
                f"{sound.speech_db:.1f}",
                f"{sound.noise_db:.1f}",
                f"{sound.silence_fraction:.0%}",
                f"{len(sound.clipped_s)} s",
            )
        )
    return Table("Recordings", columns, tuple(rows))


def _pieces_table(takes: Sequence[_Take], *, settings: CheckSettings) -> Table:
    columns = ("file", "emotion", "kept", "of them cut", "too short", "clicks", "text, lines", "usable")
    rows = []
    for take in takes:
        sound = take.sound
        if sound is None:
            continue
        n_cut = sum(sound.is_part(piece) for piece in sound.kept)
        rows.append(
            (
                take.name,
                take.file.emotion or "by line",
                str(len(sound.kept)),
                str(n_cut),
                str(len(sound.rejected_for(TOO_SHORT))),
                str(len(sound.rejected_for(CLICK))),
                take.transcript.source,
                str(len(take.transcript.texts)),
            )
        )
    title = (
        f"Pieces (pauses of {settings.segment.min_silence_s:g} s {silence_rule(settings.segment)}; "
        f"{settings.segment.min_length_s:g} to {settings.segment.max_length_s:g} s)"
    )
    return Table(title, columns, tuple(rows))


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{seconds % 60:04.1f}"
