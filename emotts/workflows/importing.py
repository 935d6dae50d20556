"""Importing a source: what is understood of it is shown, and written into ``params.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emotts.corpus.sources.choosing import read_source
from emotts.corpus.sources.languages import LANGUAGES, resolve_language
from emotts.corpus.sources.layout import AUTO, Layout, builtin_layouts, load_layout
from emotts.corpus.sources.selection import select
from emotts.corpus.sources.source_file import ReadSource, SourceFile
from emotts.corpus.sources.summary import short_summary, summary_lines
from emotts.corpus.transcripts.labels import parse_script
from emotts.corpus.transcripts.tracks.reading import read_track
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import ConfigError, CorpusError
from emotts.paths import PARAMS
from emotts.settings import load_params
from emotts.settings.editing import require_recording, set_source

__all__ = ["Understanding", "named_layout", "set_run_source", "understand"]

_LAYOUT_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Understanding:
    """What is understood of a source.

    Attributes:
        read: the source as its layout reads it.
        chosen: the files that the project takes.
        layout: as ``recording.layout`` says it.
        about: what the layout is.
        language: code of the language.
        speaker: name of the speaker.
        problems: text files at which the label stage would stop, each with what is wrong.
    """

    read: ReadSource
    chosen: ReadSource
    layout: str | Layout
    about: str
    language: str
    speaker: str
    problems: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return it in words."""
        found = [f"  to mend: {problem}" for problem in self.problems]
        return [*summary_lines(self.read, self.chosen, about=self.about), *found]

    def short(self) -> str:
        """Return it in one line."""
        return short_summary(self.read, self.chosen)


def named_layout(name: str | None, columns: Mapping[str, str]) -> str | Layout:
    """Return the layout of an option: ``auto``, a name, or one read from a file.

    Args:
        name: name of a layout or path of its yaml file; None: ``auto``, or ``csv`` where columns are named.
        columns: names of columns in the source's table by what they mean.

    Raises:
        ConfigError: if there is no such layout, or it has no table with named columns.
    """
    layout: str | Layout = AUTO if name is None else name
    if name is not None and (Path(name).suffix.lower() in _LAYOUT_SUFFIXES or Path(name).is_file()):
        layout = load_layout(Path(name))
    if not columns:
        return layout
    named = layout if isinstance(layout, Layout) else builtin_layouts().get("csv" if name is None else name)
    if named is None or named.table is None or named.table.format == "rows":
        raise ConfigError(
            "columns can be named for csv, tsv and jsonl alone", found=f"layout {name}", wanted="--layout csv or jsonl"
        )
    names = {**named.table.names, **{meaning: (column,) for meaning, column in columns.items()}}
    return named.changed(table=named.table.changed(names=names))


def set_run_source(
    root: Path, recording: Path | None, *, layout: str | None, language: str | None, speaker: str | None
) -> list[str]:
    """Write what a run is told into ``params.yaml``, and return what is understood of the recording, in short.

    A recording that is named anew is read by the layout that fits; the one that ``params.yaml`` has keeps its layout.

    Raises:
        CorpusError, ConfigError: as :func:`understand` and :func:`emotts.settings.editing.set_source`.
    """
    named = None if layout is None else named_layout(layout, {})
    if recording is None:
        set_source(root, recording=None, language=language, speaker=speaker, layout=named)
        return []
    before = load_params(root / PARAMS).recording
    is_same = (root / before.source).resolve() == recording.resolve()
    wanted = named or (before.layout if is_same else AUTO)
    understood = understand(root, recording, layout=wanted, language=language, speaker=speaker)
    set_source(root, recording=recording, language=understood.language, speaker=speaker, layout=wanted)
    return [understood.short(), *(f"to mend: {problem}" for problem in understood.problems)]


def understand(
    root: Path,
    source: Path,
    *,
    layout: str | Layout = AUTO,
    language: str | None = None,
    speaker: str | None = None,
) -> Understanding:
    """Read a source without computing anything.

    Args:
        root: the project.
        source: a recording, or a folder in any layout.
        layout: as :func:`named_layout` returns it.
        language: code or name; None: the one that the source names, else that of the project.
        speaker: name; None: the one that the source names, else that of the project.

    Raises:
        CorpusError: if nothing is there, or the source is not understood.
        ConfigError: if ``params.yaml`` is not valid, or there is no such layout.
    """
    params = load_params(root / PARAMS)
    require_recording(source)
    code = resolve_language(language or params.project.language)
    read = read_source(source, language=code, emotions=params.emotions, layout=layout)
    if language is None:
        code = _language_of(read, code)
    name = speaker or _speaker_of(read, code, params.recording.speaker)
    chosen = select(read, language=code, speaker=name)
    _check_left(chosen, source)
    return Understanding(
        read=read,
        chosen=chosen,
        layout=layout if isinstance(layout, Layout) else read.layout,
        about=layout.about if isinstance(layout, Layout) else builtin_layouts()[read.layout].about,
        language=code,
        speaker=name,
        problems=tuple(problem for file in chosen.files for problem in _problems(file, params.emotions)),
    )


def _language_of(read: ReadSource, default: str) -> str:
    """Return the one language that the source names, the default where it names several or it."""
    named = {file.language for file in read.files}
    return next(iter(named)) if len(named) == 1 and named <= set(LANGUAGES) else default


def _speaker_of(read: ReadSource, language: str, default: str) -> str:
    named = {file.speaker for file in read.files if file.language == language and file.speaker is not None}
    return named.pop() if len(named) == 1 else default


def _check_left(chosen: ReadSource, source: Path) -> None:
    if chosen.files:
        return
    reasons = ", ".join(f"{reason}: {len(cases)}" for reason, cases in chosen.reasons.items())
    first = chosen.rejected[0]
    raise CorpusError(
        "nothing of the source can be used",
        where=source,
        found=f"{reasons}; the first is {first.where}: {first.detail or first.reason}",
        remedy="name the language with --language, the speaker with --speaker, or the layout with --layout",
    )


def _problems(file: SourceFile, emotions: EmotionSet) -> list[str]:
    """Return the first fault of a recording's label file or script, if it has one."""
    try:
        if file.labels is not None:
            read_track(file.labels, emotions=emotions)
        elif file.script is not None:
            parse_script(file.script, emotions=emotions)
    except CorpusError as error:
        return [" ".join(str(error).split())]
    return []
