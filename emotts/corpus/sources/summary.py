"""What was understood of a source, in words: before anything is computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from emotts.corpus.sources.source_file import UNUSED, ReadSource, SourceFile
from emotts.corpus.sources.walk import PassedOver

__all__ = ["short_summary", "summary_lines"]

_MOST_EXAMPLES = 3
_MOST_PLACES = 3
_TEXT_WIDTH = 40
_NONE = "none is named"


def summary_lines(read: ReadSource, chosen: ReadSource, *, about: str) -> list[str]:
    """Return what a source holds: languages, speakers, emotions, texts, examples, and what is passed over and why.

    Args:
        read: the source as its layout reads it.
        chosen: the files of it that the project takes, and the others with their reasons.
        about: what the layout is.
    """
    lines = [
        f"{read.source}: layout {read.layout} ({about})",
        f"  files      {len(chosen.files)} taken in, {len(chosen.rejected)} passed over",
        f"  language   {_counts(Counter(file.language for file in read.files))}",
        f"  speaker    {_counts(Counter(file.speaker or _NONE for file in read.files))}",
        f"  emotion    {_counts(_emotions(chosen.files))}",
        f"  texts      {_counts(Counter(map(_text_of, chosen.files)))}",
    ]
    lines += [f"  example    {_example(file)}" for file in _examples(chosen.files)]
    for reason, cases in chosen.reasons.items():
        shown = ", ".join(_shown(str(case.where)) for case in cases[:_MOST_PLACES])
        rest = f" and {len(cases) - _MOST_PLACES} more" if len(cases) > _MOST_PLACES else ""
        detail = f" ({cases[0].detail})" if cases[0].detail else ""
        lines.append(f"  passed over {len(cases)}: {reason}{detail}: {shown}{rest}")
    if read.ignored:
        lines.append(f"  not used   {_counts(Counter(map(_kind_of, read.ignored)))}")
    return [*lines, *(f"  note: {note}" for note in read.notes)]


def short_summary(read: ReadSource, chosen: ReadSource) -> str:
    """Return the same in one line."""
    passed = f"; {len(chosen.rejected)} passed over (`emotts import` shows them)" if chosen.rejected else ""
    return (
        f"{read.source}: {len(chosen.files)} files, layout {read.layout}; {_counts(_emotions(chosen.files))}; "
        f"texts: {_counts(Counter(map(_text_of, chosen.files)))}{passed}"
    )


def _counts(counts: Mapping[str, int]) -> str:
    listed = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{name} {count}" for name, count in listed) or "none"


def _emotions(files: Sequence[SourceFile]) -> Counter[str]:
    """Return the number of files of each emotion; those of a recording with times are counted by their texts."""
    counts: Counter[str] = Counter()
    for file in files:
        if file.texts:
            counts.update(text.emotion or file.emotion or _NONE for text in file.texts)
        else:
            counts[file.emotion or ("by line" if file.labels or file.script else _NONE)] += 1
    return counts


def _text_of(file: SourceFile) -> str:
    """Return where the text of a file comes from."""
    if file.text is not None or file.texts:
        place = Path(file.told_by or "").name.rpartition(":")
        told = place[0] or place[2]
        return "in the names of the files" if told == file.path.name else f"given in {_kind(told, file)}"
    if file.labels is not None:
        return f"label file (*{_ending(file.labels)})"
    return "script (*.txt)" if file.script is not None else "none"


def _kind_of(ignored: PassedOver) -> str:
    """Return why a file is not used, and the ending of one that is of no use here."""
    path = Path(ignored.where)
    return path.suffix.lower() or path.name if ignored.reason == UNUSED else ignored.reason


def _kind(told: str, file: SourceFile) -> str:
    return "*.txt beside each" if file.script is not None and told == file.script.name else told


def _ending(labels: Path) -> str:
    return ".labels.txt" if labels.name.lower().endswith(".labels.txt") else labels.suffix


def _examples(files: Sequence[SourceFile]) -> list[SourceFile]:
    """Return three files, of different emotions where there are."""
    chosen: dict[str | None, SourceFile] = {}
    for file in files:
        chosen.setdefault(file.emotion, file)
    rest = [file for file in files if file not in chosen.values()][:_MOST_EXAMPLES] if len(chosen) < 3 else []
    return [*chosen.values(), *rest][:_MOST_EXAMPLES]


def _example(file: SourceFile) -> str:
    intensity = "" if file.intensity is None else f" {file.intensity:g}"
    said = [file.language, (file.emotion or "no emotion") + intensity, file.speaker or "", _quoted(file)]
    return f"{_shown(file.place.as_posix())}: {', '.join(filter(None, said))}"


def _quoted(file: SourceFile) -> str:
    if file.text is None:
        return f"{len(file.texts)} texts with times" if file.texts else _text_of(file)
    text = file.text if len(file.text) <= _TEXT_WIDTH else f"{file.text[:_TEXT_WIDTH]}..."
    return repr(text)


def _shown(name: str) -> str:
    """Return a name for the terminal: signs that are no letters of a line are written as escapes."""
    return name if name.isprintable() else repr(name)[1:-1]
