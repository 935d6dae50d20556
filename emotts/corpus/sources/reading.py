"""Reading a source as one layout says: every sound is taken in or rejected with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from emotts.corpus.sources.beside import Beside, TextsBeside, only_line
from emotts.corpus.sources.facts import Facts, RefusalError, read_facts
from emotts.corpus.sources.layout import Layout
from emotts.corpus.sources.listed import Listed, read_listed
from emotts.corpus.sources.pattern import FOLDERS, fill
from emotts.corpus.sources.source_file import UNUSED, ReadSource, SourceFile, check_places
from emotts.corpus.sources.table import TableRow
from emotts.corpus.sources.walk import PassedOver, Walked
from emotts.corpus.sources.words import Said, read_folders
from emotts.corpus.transcripts.labels import Label, in_order
from emotts.corpus.transcripts.tracks.clock import read_time
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

__all__ = ["LayoutReader"]

Parts = dict[str, str]


class LayoutReader:
    """Reads the files of a source by a layout."""

    def __init__(self, walked: Walked, layout: Layout, *, language: str, emotions: EmotionSet) -> None:
        """Read the layout's tables; the files themselves are read by :meth:`read`.

        Args:
            walked: the files of the source.
            layout: how they are laid out.
            language: code of the language where the layout names none.
            emotions: the emotion set of the project.
        """
        self._walked = walked
        self.layout = layout
        self._language = language
        self._emotions = emotions
        self._patterns = layout.patterns
        self._reads_folders = any(FOLDERS in pattern.parts for pattern in self._patterns)
        self._said: dict[Path, Said] = {}
        self.listed = self._listed()

    @cached_property
    def parts(self) -> dict[Path, Parts]:
        """The parts of the path of every sound that fits the layout's patterns."""
        return {path: parts for path in self._walked.sounds if (parts := self._match(path)) is not None}

    @cached_property
    def _beside(self) -> TextsBeside:
        return TextsBeside(self._walked, emotions=self._emotions)

    def read(self, source: Path, on_error: Callable[[Path, CorpusError], None] | None = None) -> ReadSource:
        """Return what is known of every sound.

        Args:
            source: the file or folder, as it was named.
            on_error: called with a sound and the error of it, which is passed over then; None: the first error is
                raised.

        Raises:
            CorpusError: if the folders of a recording are not understood, an emotion is misspelt, two files have the
                same place, or text files contradict each other.
        """
        files: list[SourceFile] = []
        rejected = [*(self.listed.rejected if self.listed else ()), *self._walked.lost]
        notes: list[str] = []
        for path in self._walked.sounds:
            try:
                files.append(self._file(path, notes))
            except RefusalError as refusal:
                rejected.append(PassedOver(path, refusal.what, refusal.found or ""))
            except CorpusError as error:
                if on_error is None:
                    raise
                on_error(path, error)
        check_places(files)
        used = {path for file in files for path in (file.labels, file.script)}
        used |= set(self.listed.tables) if self.listed else set()
        ignored = [PassedOver(path, UNUSED) for path in self._walked.others if path not in used]
        ignored += self._walked.passed
        return ReadSource(source, self.layout.name, tuple(files), tuple(rejected), tuple(ignored), tuple(notes))

    def has_texts_beside(self) -> bool:
        """Say whether a sound has a script or label file beside it."""
        return any(self._beside.names(path) for path in self._walked.sounds)

    def _match(self, path: Path) -> Parts | None:
        bare = self._walked.places[path].removesuffix(path.suffix)
        return next((parts for pattern in self._patterns if (parts := pattern.match(bare)) is not None), None)

    def _listed(self) -> Listed | None:
        table = self.layout.table
        if table is None:
            return None
        return read_listed(self._walked, table, keys=lambda: self._keys(table.key))

    def _keys(self, template: str | None) -> dict[Path, str]:
        """Return what the table calls each sound, where the layout composes it from parts of the path."""
        if template is None:
            return {}
        return {path: key for path, parts in self.parts.items() if (key := fill(template, parts)) is not None}

    def _file(self, path: Path, notes: list[str]) -> SourceFile:
        parts = self.parts.get(path)
        if parts is None:
            raise RefusalError("name does not fit the layout", found=", ".join(self.layout.sounds))
        rows = [] if self.listed is None else self.listed.rows.get(path, [])
        if self.listed is not None and not rows:
            raise RefusalError("not named in the table", found=", ".join(table.name for table in self.listed.tables))
        said = self._folders(path, parts)
        if self.layout.kind == "takes":
            facts = read_facts(parts, said, layout=self.layout, emotions=self._emotions, where=str(path))
            return self._take(path, facts, notes)
        if any("start" in row.values for row in rows):
            return self._timed(path, parts, rows, said)
        row = _only_row(rows)
        values = parts if row is None else {**parts, **row.values}
        facts = read_facts(
            values, said, layout=self.layout, emotions=self._emotions, where=row.where if row else str(path)
        )
        told_by = None if facts.text is None else row.where if row else str(path)
        return self._clip(path, facts, told_by=told_by)

    def _folders(self, path: Path, parts: Parts) -> Said:
        """Return what the folders of a file say; files of one folder share the answer."""
        if not self._reads_folders:
            return Said()
        if path.parent not in self._said:
            self._said[path.parent] = read_folders(
                parts.get(FOLDERS, "").split("/")[:-1],
                emotions=self._emotions,
                where=path.parent,
                strict=self.layout.kind == "takes",
            )
        return self._said[path.parent]

    def _clip(self, path: Path, facts: Facts, *, told_by: str | None) -> SourceFile:
        return SourceFile(
            path=path,
            place=Path(self._walked.places[path]),
            language=facts.language or self._language,
            emotion=facts.emotion,
            speaker=facts.speaker,
            intensity=facts.intensity,
            is_clip=True,
            text=facts.text,
            told_by=told_by,
        )

    def _take(self, path: Path, facts: Facts, notes: list[str]) -> SourceFile:
        beside = self._beside.of(path)
        notes += [f"{unused}: not used, {beside.labels} goes before it" for unused in beside.unused]
        line = None
        if beside.script is not None and beside.labels is None:
            line = only_line(beside.script, emotions=self._emotions)
        return SourceFile(
            path=path,
            place=Path(self._walked.places[path]),
            language=facts.language or self._language,
            emotion=facts.emotion if line is None else line.emotion or facts.emotion,
            labels=beside.labels,
            script=beside.script,
            speaker=facts.speaker,
            intensity=facts.intensity if line is None or line.intensity is None else line.intensity,
            is_clip=line is not None,
            text=None if line is None else line.text,
            told_by=_told_by(beside),
        )

    def _timed(self, path: Path, parts: Parts, rows: Sequence[TableRow], said: Said) -> SourceFile:
        """Return a recording whose table has a row for each of its texts, with times."""
        labels, facts = [], Facts(None, None, None, None, None)
        for row in rows:
            values = {**parts, **row.values}
            facts = read_facts(values, said, layout=self.layout, emotions=self._emotions, where=row.where)
            labels.append(_label(row, facts))
        try:
            texts = in_order(labels, rows[0].path)
        except CorpusError as error:
            raise RefusalError(error.what, found=f"{error.where}: {error.found}") from error
        return SourceFile(
            path=path,
            place=Path(self._walked.places[path]),
            language=facts.language or self._language,
            emotion=said.emotion,
            speaker=facts.speaker,
            texts=tuple(texts),
            told_by=str(rows[0].path),
        )


def _label(row: TableRow, facts: Facts) -> Label:
    if facts.text is None:
        raise RefusalError("a row has no text", found=row.where)
    try:
        start_s = read_time(row.values["start"], where=row.where)
        if "end" in row.values:
            end_s = read_time(row.values["end"], where=row.where)
        else:
            end_s = start_s + read_time(row.values.get("duration", ""), where=row.where)
    except CorpusError as error:
        raise RefusalError(error.what, found=f"{error.where}: {error.found}") from error
    if end_s <= start_s:
        raise RefusalError("a row ends before it starts", found=f"{row.where}: {start_s:g} s to {end_s:g} s")
    return Label(start_s, end_s, facts.text, facts.emotion, facts.intensity, row.line)


def _only_row(rows: Sequence[TableRow]) -> TableRow | None:
    """Return the one row of a clip; several that say the same are one."""
    if len(rows) > 1 and any(row.values != rows[0].values for row in rows[1:]):
        raise RefusalError("named more than once, with different contents", found=", ".join(row.where for row in rows))
    return rows[0] if rows else None


def _told_by(beside: Beside) -> str | None:
    told = beside.labels or beside.script
    return None if told is None else str(told)
