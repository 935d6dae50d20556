"""The check of recordings, before anything is computed from them: all problems at once, with their remedies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from emotts.audio.opening import SOUND_SUFFIXES
from emotts.corpus.check_balance import (
    amount_findings,
    balance_findings,
    emotion_table,
    repeated_findings,
    split_findings,
)
from emotts.corpus.check_report import DataReport, Finding, Table, finding_of
from emotts.corpus.check_settings import CheckSettings
from emotts.corpus.check_sound import Sound, measure_sound, sound_findings
from emotts.corpus.check_texts import rate_findings
from emotts.corpus.check_transcripts import Transcribed, check_transcript
from emotts.corpus.copying import sha256_of
from emotts.corpus.layout import SourceFile, place_sound, read_layout, resolve_language
from emotts.corpus.pieces import CLICK, TOO_SHORT, Piece
from emotts.corpus.utterance_reader import TextReader
from emotts.errors import AudioError, CorpusError

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
        source: a sound file, or a folder as :func:`emotts.corpus.layout.read_layout` reads it.
        settings: the project's settings.
        front_end: reads the texts of ``settings.language``.

    Raises:
        CorpusError: if ``settings.language`` is unknown.
    """
    resolve_language(settings.language)
    files, ignored, findings = _files(source, settings=settings)
    findings += _stray_texts(ignored, files)
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
    if texts:
        findings += split_findings(texts, where=where, settings=settings)
        findings += balance_findings(texts, where=where)
        findings += amount_findings(texts, where=where)
        findings += repeated_findings(texts, where=where)
    elif takes:
        remedy = "see the other problems; every piece needs a text and an emotion"
        findings.append(Finding("error", where, "not one usable utterance", remedy))
    tables = [_recordings_table(takes), _pieces_table(takes, settings=settings)] if takes else []
    return DataReport(tuple(findings), (*tables, *([emotion_table(texts)] if texts else [])))


def _files(source: Path, *, settings: CheckSettings) -> tuple[list[SourceFile], tuple[Path, ...], list[Finding]]:
    """Return the sound files of a source, even where the layout has faults, and the faults.

    A file in a folder that is not understood keeps the folder's name as its emotion, so that all the rest of it
    can be checked.
    """
    try:
        layout = read_layout(source, language=settings.language, emotions=settings.emotions)
    except CorpusError as error:
        first = finding_of(error, where=str(source))
    else:
        return list(layout.files), layout.ignored, []
    files: list[SourceFile] = []
    faults: dict[tuple[str, str], Finding] = {}
    for path in sorted(source.rglob("*")) if source.is_dir() else []:
        if path.suffix.lower() not in SOUND_SUFFIXES or _is_hidden(path, source):
            continue
        try:
            files.append(place_sound(path, source, language=settings.language, emotions=settings.emotions))
        except CorpusError as error:
            fault = finding_of(error, where=str(path.parent))
            faults[(fault.where, fault.what)] = fault
            single = read_layout(path, language=settings.language, emotions=settings.emotions).files[0]
            files.append(replace(single, place=path.relative_to(source), emotion=path.parent.name))
    return files, (), list(faults.values()) or [first]


def _is_hidden(path: Path, source: Path) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.relative_to(source).parts)


def _stray_texts(ignored: Iterable[Path], files: Sequence[SourceFile]) -> list[Finding]:
    """Return text files that look like a label track or script, but belong to no recording."""
    folders = {file.path.parent for file in files}
    found = []
    for path in ignored:
        if path.suffix.lower() == ".txt" and path.parent in folders:
            what = "text file belongs to no recording and is not used"
            remedy = "name it as the recording: NAME.labels.txt (label track) or NAME.txt (script)"
            found.append(Finding("warning", str(path), what, remedy))
    return found


def _check_take(
    file: SourceFile, source: Path, *, settings: CheckSettings, front_end: TextReader
) -> tuple[_Take, list[Finding]]:
    findings: list[Finding] = []
    sound: Sound | None = None
    try:
        sound = measure_sound(file.path, settings=settings)
    except AudioError as error:
        findings.append(finding_of(error, where=str(file.path)))
    else:
        findings += sound_findings(file.path, sound, settings=settings)
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
    sounds = [take.sound for take in takes if take.sound is not None]
    kept = sum(len(sound.kept) for sound in sounds)
    lost = sum(len(sound.rejected) - len(sound.rejected_for(CLICK)) for sound in sounds)
    found = []
    if sounds and (kept == 0 or lost > settings.segment_max_reject_share * (kept + lost)):
        what = (
            f"too many pieces are lost by their length: {lost} of {kept + lost}; at most a share of "
            f"{settings.segment_max_reject_share:g} is allowed (segment.max_reject_share)"
        )
        remedy = "lower segment.min_length_s, raise segment.join_pause_s or segment.max_reject_share in params.yaml"
        found.append(Finding("error", str(source), what, remedy))
    unusable = sum(take.transcript.n_rejected for take in takes)
    if kept and unusable > settings.label_max_reject_share * kept:
        what = (
            f"too many pieces are without a usable text: {unusable} of {kept}; at most a share of "
            f"{settings.label_max_reject_share:g} is allowed (label.max_reject_share)"
        )
        found.append(Finding("error", str(source), what, "complete the label tracks and scripts; see the warnings"))
    return found


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
                f"{sound.silence_share:.0%}",
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
        n_cut = sum(_is_part(piece, sound) for piece in sound.kept)
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
        f"Pieces (pauses of {settings.min_silence_s:g} s below {settings.threshold_db:g} dBFS; "
        f"{settings.min_length_s:g} to {settings.max_length_s:g} s)"
    )
    return Table(title, columns, tuple(rows))


def _is_part(piece: Piece, sound: Sound) -> bool:
    """Say whether a kept piece is a part of one that was too long."""
    return any(long.start_ms <= piece.start_ms and piece.end_ms <= long.end_ms for long in sound.long)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{seconds % 60:04.1f}"
