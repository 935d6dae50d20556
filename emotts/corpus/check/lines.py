"""The lines of a recording's texts, read one by one so that every fault is found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.check.report import Finding, finding_of
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.check.sound import Sound
from emotts.corpus.check.texts import parse_all
from emotts.corpus.sources.source_file import SourceFile
from emotts.corpus.transcripts.labels import Label, ScriptLine, parse_script
from emotts.corpus.transcripts.tracks.reading import check_end, read_track
from emotts.errors import CorpusError

__all__ = ["CheckedLines"]

_PLACE = re.compile(r"(.+):(\d+)", re.DOTALL)


@dataclass(frozen=True)
class CheckedLines:
    """The lines of a recording's label track, or else of its script, that are well formed."""

    kind: str
    path: Path
    labels: tuple[Label, ...]
    script: tuple[ScriptLine, ...]
    n_faulty: int
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, file: SourceFile, sound: Sound | None, *, settings: CheckSettings) -> CheckedLines:
        """Read the texts of a recording; ``sound`` is its sound, where that can be read."""
        if file.text is not None:
            told = _PLACE.fullmatch(file.told_by or str(file.path))
            path, number = (told[1], int(told[2])) if told else (file.told_by or file.path, 1)
            return cls("given", Path(path), (), (ScriptLine(file.text, None, None, number),), 0, ())
        if file.texts:
            return cls("given", Path(file.told_by or file.path), file.texts, (), 0, ())
        if file.labels is not None:
            labels, faulty = _labels(file.labels, sound, settings)
            if file.script is not None:
                what = f"not used: the label track {file.labels.name} goes before the script"
                faulty = [Finding("note", str(file.script), what), *faulty]
            n_faulty = sum(finding.severity == "error" for finding in faulty)
            return cls("labels", file.labels, tuple(labels), (), n_faulty, tuple(faulty))
        path = file.script or file.path
        script, faulty = parse_all(path, lambda path: parse_script(path, emotions=settings.emotions))
        return cls("script", path, (), tuple(script), len(faulty), tuple(faulty))

    @property
    def source(self) -> str:
        """Kind and number of lines."""
        return f"{self.kind}, {len(self.labels) + len(self.script) + self.n_faulty}"


def _labels(path: Path, sound: Sound | None, settings: CheckSettings) -> tuple[list[Label], list[Finding]]:
    """Return the labels of a file and its faults: all those of a label track, the first one of any other file."""
    length_s = None if sound is None else sound.info.duration_s
    labels: list[Label] = []
    faulty: list[Finding] = []
    try:
        if path.suffix.lower() != ".txt":
            return read_track(path, emotions=settings.emotions, duration_s=length_s), []
        labels, faulty = parse_all(path, lambda path: read_track(path, emotions=settings.emotions))
        if length_s is not None:
            check_end(labels, length_s, path)
    except CorpusError as error:
        return labels, [*faulty, finding_of(error, where=str(path))]
    return labels, faulty
