"""Matches the rows of embedding tables by name: symbols, tones, languages, speakers, emotions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from emotts.checkpoint.base.reading import BaseVoice
from emotts.errors import ConfigError
from emotts.model.settings import SynthesizerSettings

__all__ = ["EMOTIONS", "LANGUAGES", "SPEAKERS", "TABLES", "MatchedTable", "base_rows", "match_rows", "target_rows"]

SYMBOLS = "text_encoder.symbols.weight"
TONES = "text_encoder.tones.weight"
LANGUAGES = "text_encoder.languages.weight"
SPEAKERS = "voice.speakers.weight"
EMOTIONS = "voice.emotions.table"
TABLES = (SYMBOLS, TONES, LANGUAGES, SPEAKERS, EMOTIONS)
"""Our names of the tables. Tones and languages have fixed numbers, which are their names here."""
_SHOWN = 8


@dataclass(frozen=True)
class MatchedTable:
    """A table (row, channel) with the base's rows where they belong, what it is now, and how it came about."""

    values: Tensor
    kind: Literal["loaded", "widened", "fresh"]
    note: str


def match_rows(base: Tensor, *, fresh: Tensor, rows: Mapping[str, int], names: Sequence[str]) -> MatchedTable:
    """Match the rows of a table by name; a row that the base does not have starts from the mean of its named ones.

    Args:
        base: (row, channel); rows without a name count for the mean only where none has a name.
        fresh: (row, channel) as drawn, at least as wide; its further columns stay as they are.
        rows: name to row of ``base``.
        names: of the rows of ``fresh``, in order.

    Returns:
        The table: loaded if every row is known, widened if some are or columns are new, fresh if none is known.
        The note is empty where the two tables have the same rows in the same order.
    """
    width = base.shape[1]
    known = {place: rows[name] for place, name in enumerate(names) if name in rows}
    new = [name for name in names if name not in rows]
    named = sorted(set(rows.values())) or list(range(len(base)))
    values = fresh.clone()
    values[:, :width] = base[named].mean(dim=0)
    for place, row in known.items():
        values[place, :width] = base[row]
    wider = width < fresh.shape[1]
    same = list(known.values()) == list(range(len(base))) and not new
    notes = [] if same else [f"{len(known)} of {len(names)} rows by name"]
    notes += [f"from the mean of {len(named)}: {_some(new)}"] if new else []
    left_out = len(base) - len(set(known.values()))
    notes += [f"{left_out} rows of the base left out"] if left_out else []
    notes += [f"columns from {width} random"] if wider else []
    kind: Literal["loaded", "widened", "fresh"] = "fresh" if not known else "widened" if new or wider else "loaded"
    return MatchedTable(values=values, kind=kind, note="; ".join(notes))


def base_rows(base: BaseVoice) -> dict[str, dict[str, int]]:
    """Return name to row for every table of the base. As in MeloTTS, the last of two equal symbols counts."""
    settings = base.synthesizer.settings
    return {
        SYMBOLS: {name: row for row, name in enumerate(base.symbols)},
        TONES: {str(row): row for row in range(settings.n_tones)},
        LANGUAGES: {str(row): row for row in range(settings.n_languages)},
        SPEAKERS: dict(base.speakers),
        EMOTIONS: {name: row for row, name in enumerate(base.emotions)},
    }


def target_rows(
    settings: SynthesizerSettings, *, symbols: Sequence[str], speakers: Sequence[str], emotions: Sequence[str]
) -> dict[str, list[str]]:
    """Return the names of the rows of every table that a synthesizer has.

    Raises:
        ConfigError: if there are more or fewer names than rows.
    """
    counts = {
        SYMBOLS: (settings.n_symbols, symbols),
        TONES: (settings.n_tones, [str(row) for row in range(settings.n_tones)]),
        LANGUAGES: (settings.n_languages, [str(row) for row in range(settings.n_languages)]),
        SPEAKERS: (settings.n_speakers, speakers),
        EMOTIONS: (settings.n_emotions, emotions),
    }
    for table, (count, names) in counts.items():
        if len(names) != count:
            raise ConfigError(f"the names do not fit the table {table}", found=len(names), wanted=f"{count} names")
    return {table: list(names) for table, (count, names) in counts.items() if count}


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
