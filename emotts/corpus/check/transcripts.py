"""The check of the label track or script of one recording against its pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from emotts.corpus.check.lines import CheckedLines
from emotts.corpus.check.report import Finding, counted, finding_of, listed, times
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.check.sound import Sound
from emotts.corpus.check.texts import CheckedText, read_text
from emotts.corpus.rows import Segment
from emotts.corpus.segmentation.pieces import CLICK
from emotts.corpus.sources.source_file import SourceFile
from emotts.corpus.transcripts.labels import Label, ScriptLine
from emotts.corpus.transcripts.scripts import (
    Piece,
    Problem,
    Transcript,
    labels_over_silence,
    match_clip,
    match_labels,
    match_script,
)
from emotts.corpus.utterance_reader import TextReader
from emotts.errors import CorpusError

__all__ = ["Transcribed", "check_transcript"]

_WITHOUT_TEXT = "no text"
_NO_EMOTION = "no emotion: neither the folder nor a mark in the line names one"
_NO_EMOTION_REMEDY = "put the file into a folder named for the emotion, or write [happy] before the text"
_REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        _WITHOUT_TEXT: "label them; speech that is to be left out may stay as it is",
        "label crosses the cut": "end each label where its sentence ends; pause longer between sentences, less inside",
        "speech without a label": "stretch the labels over everything that is said in the piece",
        "two emotions in one piece": "pause at least 1.2 s between two emotions",
    }
)


@dataclass(frozen=True)
class Transcribed:
    """What the texts of a recording come to.

    Attributes:
        source: ``labels``, ``script`` or ``none``, with the number of lines.
        texts: the pieces that can be used.
        n_rejected: pieces that the label stage would reject.
        findings: what is to be said of it.
        is_heard: whether the label stage must listen to find the texts; then they are not known yet.
    """

    source: str
    texts: tuple[CheckedText, ...]
    n_rejected: int
    findings: tuple[Finding, ...]
    is_heard: bool = False


def check_transcript(
    file: SourceFile, sound: Sound | None, *, settings: CheckSettings, front_end: TextReader
) -> Transcribed:
    """Match the texts of a recording with its pieces as the label stage does, and read them all.

    Args:
        file: the recording with its label track and script.
        sound: its pieces; None where the sound cannot be read, then the texts alone are checked.
        settings: the project's settings.
        front_end: reads the texts.
    """
    if file.labels is None and file.script is None and file.text is None and not file.texts:
        return _unlabelled(file, sound, settings)
    lines = CheckedLines.of(file, sound, settings=settings)
    findings = [*lines.findings, *_unreadable(lines, settings=settings, front_end=front_end)]
    if sound is None:
        return Transcribed(lines.source, (), 0, tuple(findings))
    pieces = _pieces(sound, file)
    if file.text is not None:
        found = match_clip(file.text, pieces)
    elif lines.labels or file.labels is not None:
        found = match_labels(lines.labels, pieces)
        findings += _labels_over_silence(lines, pieces)
    else:
        misfit = _script_misfit(lines, pieces)
        if misfit and settings.hears and not lines.n_faulty:
            return Transcribed(lines.source, (), 0, (*findings, _aligned(lines, misfit[0])), is_heard=True)
        if misfit or lines.n_faulty:
            return Transcribed(lines.source, (), len(sound.kept), (*findings, *misfit))
        found = match_script(lines.script, pieces, path=lines.path)
    texts, problems = _texts(found, pieces, file, settings=settings, front_end=front_end)
    findings += [_problem(reason, cases, lines) for reason, cases in problems.items()]
    n_rejected = sum(len(cases) for cases in problems.values())
    return Transcribed(lines.source, tuple(texts), n_rejected, tuple(findings))


def _aligned(lines: CheckedLines, misfit: Finding) -> Finding:
    return Finding("note", str(lines.path), f"{misfit.what}; the label stage aligns it with what it hears")


def _unlabelled(file: SourceFile, sound: Sound | None, settings: CheckSettings) -> Transcribed:
    n_kept = 0 if sound is None else len(sound.kept)
    if settings.label.recognise and settings.hears:
        note = "no label track and no script: the label stage writes down what it hears (label.recognise)"
        return Transcribed("none", (), 0, (Finding("note", str(file.path), note),), is_heard=True)
    remedy = f"write {file.path.stem}.labels.txt (a label track) or {file.path.stem}.txt (a script) beside it, "
    remedy += "or set label.recognise: true"
    what = "unlabelled: no label track and no script"
    if sound is not None:
        what += f", so nothing of it can be used ({counted(n_kept, 'piece')})"
    return Transcribed("none", (), n_kept, (Finding("warning", str(file.path), what, remedy),))


def _pieces(sound: Sound, file: SourceFile) -> list[Piece]:
    """Return the pieces as the label stage sees them: kept ones with a segment, those too short without, no clicks."""
    pieces = []
    for number, piece in enumerate(sound.kept):
        start_s, end_s = piece.speech_start_ms / 1000, piece.speech_end_ms / 1000
        segment = Segment(
            wav=str(number),
            recording=str(file.path),
            start_s=piece.start_ms / 1000,
            end_s=piece.end_ms / 1000,
            speech_start_s=start_s,
            speech_end_s=end_s,
            level_db=0.0,
            speaker="",
            language=file.language,
            emotion=file.emotion,
        )
        pieces.append(Piece(start_s, end_s, segment))
    for piece, reason in sound.rejected:
        if reason != CLICK:
            pieces.append(Piece(piece.speech_start_ms / 1000, piece.speech_end_ms / 1000, None))
    return sorted(pieces, key=lambda piece: piece.start_s)


def _unreadable(lines: CheckedLines, *, settings: CheckSettings, front_end: TextReader) -> list[Finding]:
    """Read every line by itself, so that what cannot be read is found at its line."""
    findings = []
    both: tuple[Label | ScriptLine, ...] = (*lines.labels, *lines.script)
    for line in both:
        findings += read_text(line.text, front_end, where=f"{lines.path}:{line.line}", settings=settings)[1]
    return findings


def _labels_over_silence(lines: CheckedLines, pieces: Sequence[Piece]) -> list[Finding]:
    findings = []
    for label in labels_over_silence(lines.labels, pieces):
        what = f"label over silence: {label.start_s:.2f}-{label.end_s:.2f} s, {label.text[:40]!r}"
        remedy = "move it over its utterance; if all labels are late or early, the track belongs to another export"
        findings.append(Finding("warning", f"{lines.path}:{label.line}", what, remedy))
    return findings


def _script_misfit(lines: CheckedLines, pieces: Sequence[Piece]) -> list[Finding]:
    n_lines = len(lines.script) + lines.n_faulty
    if lines.n_faulty and n_lines == len(pieces):
        return []
    if lines.n_faulty:
        what = f"the script does not fit its recording; found: {n_lines} lines, {len(pieces)} pieces of speech"
        return [Finding("error", str(lines.path), what, "correct the lines named above, then check again")]
    try:
        match_script(lines.script, pieces, path=lines.path)
    except CorpusError as error:
        return [finding_of(error)]
    return []


def _texts(
    found: Mapping[str, Transcript | Problem],
    pieces: Sequence[Piece],
    file: SourceFile,
    *,
    settings: CheckSettings,
    front_end: TextReader,
) -> tuple[list[CheckedText], dict[str, list[tuple[Piece, str]]]]:
    """Return the pieces with a usable text and one emotion, and the others by the reason, with details."""
    texts: list[CheckedText] = []
    problems: dict[str, list[tuple[Piece, str]]] = {}
    for piece in pieces:
        if piece.segment is None:
            continue
        result = found.get(piece.segment.wav, Problem(_WITHOUT_TEXT, ""))
        outcome = result if isinstance(result, Problem) else _emotion(result, file.emotion)
        if isinstance(outcome, Problem):
            problems.setdefault(outcome.reason, []).append((piece, outcome.detail))
        elif isinstance(result, Transcript):
            spoken = read_text(result.text, front_end, where="", settings=settings)[0]
            if spoken is not None:
                length_s = piece.segment.end_s - piece.segment.start_s
                where = f"{file.path} {piece.start_s:.1f}-{piece.end_s:.1f} s"
                texts.append(CheckedText(where, result.text, spoken, outcome, length_s))
    return texts, problems


def _emotion(transcript: Transcript, folder: str | None) -> str | Problem:
    """Return the emotion of a piece, a mark before the folder, as the label stage has it."""
    names = sorted({name for mark in transcript.emotions if (name := mark or folder) is not None})
    if len(names) > 1:
        return Problem("two emotions in one piece", ", ".join(names))
    if not names:
        return Problem(_NO_EMOTION, "")
    return names[0]


def _problem(reason: str, cases: Sequence[tuple[Piece, str]], lines: CheckedLines) -> Finding:
    spans = times((piece.start_s, piece.end_s) for piece, _ in cases)
    what = f"{counted(len(cases), 'piece')} not usable: {reason}; at {spans}"
    details = list(dict.fromkeys(detail for _, detail in cases if detail))
    if details:
        what += f" ({listed(details, most=2)})"
    if lines.n_faulty and reason == _WITHOUT_TEXT:
        what += f"; lines of the file that cannot be used: {lines.n_faulty} (see the errors)"
    return Finding("warning", str(lines.path), what, _REMEDIES.get(reason, _NO_EMOTION_REMEDY))
