"""Layouts: how a folder of recordings says language, speaker, emotion, intensity and text of its files.

Each layout is a yaml file: those in ``layouts/`` come with emotts, others are written by users.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import pydantic
import yaml
from pydantic import Field

from emotts.corpus.columns import NAMES
from emotts.corpus.sources.pattern import Pattern
from emotts.errors import ConfigError
from emotts.schema import Settings, explain

__all__ = ["AUTO", "Codes", "Layout", "Table", "builtin_layouts", "chosen_layouts", "load_layout"]

AUTO = "auto"
"""The name of no layout: the one that fits is taken."""
_FACTS = ("language", "speaker", "emotion", "intensity", "text")
Words = Annotated[tuple[str, ...], Field(strict=False)]


class Table(Settings):
    """A file that lists clips with their texts, a row each.

    Attributes:
        file: pattern of its path, with parts that hold for all its rows.
        besides: names of files that the pattern fits and that are not meant.
        format: ``rows`` with a separator and fixed columns, ``csv`` whose first row names the columns, or ``jsonl``.
        separator: between the columns of ``rows``.
        columns: what the columns of ``rows`` hold, in order; ``_`` says nothing, ``?`` behind a name: may be missing.
        names: names of the columns of ``csv`` or keys of ``jsonl``, beside the usual ones.
        key: what the column ``file`` holds, put together from parts of the sound's path; None: the path or name itself.
    """

    file: str
    besides: Words = ()
    format: Literal["rows", "csv", "jsonl"]
    separator: str = "|"
    columns: Words = ()
    names: dict[str, Words] = Field(default_factory=dict)
    key: str | None = None

    @pydantic.model_validator(mode="after")
    def _usable(self) -> Table:
        _compiled(self.file)
        bare = [column.removesuffix("?") for column in self.columns]
        if self.format == "rows" and "file" not in bare:
            raise ValueError("the columns of a table of rows must name 'file'")
        unknown = set(self.names) - set(NAMES)
        if unknown:
            raise ValueError(f"unknown columns {', '.join(sorted(unknown))}; known are {', '.join(NAMES)}")
        return self

    @property
    def column_names(self) -> dict[str, tuple[str, ...]]:
        """The names of each column: the layout's own, then the usual ones."""
        return {name: (*self.names.get(name, ()), *usual) for name, usual in NAMES.items()}


class Codes(Settings):
    """What the values of a part mean: ``part`` is where they are read, ``values`` what they say."""

    part: str
    values: dict[str, str | float]


class Layout(Settings):
    """How a folder is laid out.

    Attributes:
        name: of the layout, as ``--layout`` takes it.
        about: what it is, in one line.
        kind: ``takes`` are cut at pauses and have a script or label file beside each; ``clips`` are one utterance.
        sounds: patterns of the paths of the sounds, without their endings; the first that fits counts. The parts
            ``language``, ``speaker``, ``emotion``, ``intensity``, ``text`` say what they are called; in the names of
            ``{folders}`` language, emotion and intensity are looked for.
        table: the file that lists the clips, if there is one.
        codes: for ``emotion``, ``text`` and so on: what codes in the names mean.
        constants: for ``language`` and so on: what holds for all files.
        texts_are_sentences: the part ``text`` is a whole sentence in the name of the file.
        is_asked_for: taken only where ``--layout`` names it.
    """

    name: str
    about: str
    kind: Literal["takes", "clips"]
    sounds: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    table: Table | None = None
    codes: dict[str, Codes] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    texts_are_sentences: bool = False
    is_asked_for: bool = False

    @pydantic.model_validator(mode="after")
    def _usable(self) -> Layout:
        parts = frozenset[str]().union(*(_compiled(sound).parts for sound in self.sounds))
        columns = set(NAMES) if self.table is None else {*NAMES, *self.table.columns}
        for name, codes in self.codes.items():
            if name not in _FACTS:
                raise ValueError(f"codes.{name}: known are {', '.join(_FACTS)}")
            if codes.part not in parts | columns:
                raise ValueError(f"codes.{name}.part: no pattern has the part {codes.part!r}")
        unknown = set(self.constants) - set(_FACTS)
        if unknown:
            raise ValueError(f"constants: unknown {', '.join(sorted(unknown))}; known are {', '.join(_FACTS)}")
        return self

    @property
    def is_general(self) -> bool:
        """Whether it is the one of folders whose names say it all, which fits wherever nothing else does."""
        return self.kind == "takes"

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The compiled patterns of the sounds."""
        return tuple(map(Pattern, self.sounds))


def _compiled(pattern: str) -> Pattern:
    try:
        return Pattern(pattern)
    except ConfigError as error:
        raise ValueError(f"{error.what}: {error.found}") from error


def builtin_layouts() -> dict[str, Layout]:
    """Return the layouts that come with emotts by their names."""
    folder = Path(str(files("emotts.corpus.sources"))) / "layouts"
    return {path.stem: load_layout(path) for path in sorted(folder.glob("*.yaml"))}


def load_layout(path: Path) -> Layout:
    """Read a layout's file.

    Raises:
        ConfigError: if it is missing, is not YAML, or does not describe a layout; every problem is listed.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Layout.model_validate(values)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "layout cannot be read", where=path, found=str(error), remedy="name a yaml file in UTF-8"
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        found = " ".join(str(error).split())[:200]
        raise ConfigError("layout is not valid YAML", where=path, found=found) from error
    except pydantic.ValidationError as error:
        raise ConfigError(
            "layout cannot be used",
            where=path,
            found="; ".join(problem.text for problem in explain(error, Layout)),
            remedy="see the layouts in emotts/corpus/sources/layouts",
        ) from error


def chosen_layouts(wanted: str | Layout) -> list[Layout]:
    """Return the layouts to try: all that may be taken unasked, or the one that is named.

    Raises:
        ConfigError: if there is no layout of that name.
    """
    if isinstance(wanted, Layout):
        return [wanted]
    known = builtin_layouts()
    if wanted == AUTO:
        return [layout for layout in known.values() if not layout.is_asked_for]
    if wanted not in known:
        raise ConfigError(
            f"unknown layout {wanted!r}",
            wanted=f"{AUTO}, or one of {', '.join(known)}",
            remedy="name a yaml file of your own with --layout FILE",
        )
    return [known[wanted]]
