"""The check of what a source is understood to be: its layout, its speakers, and what is passed over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from emotts.corpus.check.report import Finding, counted, finding_of, listed
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.sources.choosing import read_source
from emotts.corpus.sources.selection import select
from emotts.corpus.sources.source_file import ReadSource, SourceFile
from emotts.corpus.sources.walk import STOPS_DVC
from emotts.corpus.transcripts.tracks.reading import TRACK_SUFFIXES
from emotts.errors import CorpusError

__all__ = ["read_for_check"]

_TEXT_SUFFIXES = (".txt", *TRACK_SUFFIXES)


def read_for_check(source: Path, *, settings: CheckSettings) -> tuple[ReadSource, list[Finding]]:
    """Return the files of a source that the project takes, and what is to be said of the others and of the layout.

    A source that is not understood has no files, and its error is a finding.
    """
    read, findings = _read(source, settings=settings)
    chosen = _chosen(read, findings, settings=settings)
    return chosen, [*findings, *_passed_over(chosen)]


def _read(source: Path, *, settings: CheckSettings) -> tuple[ReadSource, list[Finding]]:
    """Return the sound files of a source, even where the layout has faults, and the faults."""
    faults: dict[tuple[str, str], Finding] = {}
    failed: list[Path] = []

    def note(path: Path, error: CorpusError) -> None:
        fault = finding_of(error, where=str(path.parent))
        faults[(fault.where, fault.what)] = fault
        failed.append(path)

    try:
        read = read_source(
            source, language=settings.language, emotions=settings.emotions, layout=settings.layout, on_error=note
        )
    except CorpusError as error:
        return ReadSource(source, "", (), (), ()), [finding_of(error, where=str(source))]
    files = [*read.files, *(_not_understood(path, source, settings=settings) for path in failed)]
    return replace(read, files=tuple(sorted(files, key=lambda file: file.path))), list(faults.values())


def _not_understood(path: Path, source: Path, *, settings: CheckSettings) -> SourceFile:
    """Return a file whose folders are not understood, with the folder's name as emotion: the rest can be checked."""
    (file,) = read_source(path, language=settings.language, emotions=settings.emotions).files
    place = path.relative_to(source) if source.is_dir() else Path(path.name)
    return replace(file, place=place, emotion=path.parent.name)


def _chosen(read: ReadSource, findings: list[Finding], *, settings: CheckSettings) -> ReadSource:
    """Return the files of the project's speaker; all of them, with a finding, where the speaker is not known."""
    languages = {file.language for file in read.files}
    if len(languages) != 1:
        return read
    try:
        return select(read, language=languages.pop(), speaker=settings.speaker)
    except CorpusError as error:
        findings.append(finding_of(error))
        return read


def _passed_over(read: ReadSource) -> list[Finding]:
    """Return what the layout passes over, by the reason, and text files that belong to no recording."""
    found = []
    for reason, cases in read.reasons.items():
        detail = f" ({cases[0].detail})" if cases[0].detail else ""
        if reason not in STOPS_DVC:
            what = f"{counted(len(cases), 'file or row')} passed over: {reason}{detail}: "
            found.append(Finding("warning", str(read.source), what + listed(each.where for each in cases)))
    for each in (*read.rejected, *read.ignored):
        if each.reason in STOPS_DVC:
            found.append(Finding("error", str(each.where), each.reason, STOPS_DVC[each.reason]))
    found += [Finding("note", str(read.source), note) for note in read.notes]
    folders = {file.path.parent for file in read.files}
    for path in (Path(each.where) for each in read.ignored):
        if path.suffix.lower() in _TEXT_SUFFIXES and path.parent in folders:
            what = "text file belongs to no recording and is not used"
            remedy = "name it as the recording: NAME.labels.txt (label track) or NAME.txt (script)"
            found.append(Finding("warning", str(path), what, remedy))
    return found
