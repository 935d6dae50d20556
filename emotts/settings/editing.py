"""Writing settings into ``params.yaml``: single values, and presets."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml

from emotts.corpus.sources.languages import resolve_language
from emotts.corpus.sources.layout import AUTO, Layout
from emotts.errors import ConfigError, CorpusError
from emotts.files import write_text
from emotts.paths import PARAMS
from emotts.settings.former_names import former_keys
from emotts.settings.reading import load_params
from emotts.settings.yaml_editing import Change, merged
from emotts.settings.yaml_reading import read_text

__all__ = ["SENTENCES", "apply_preset", "require_recording", "set_source"]

SENTENCES = {
    "KR": "emotts/demo/script/ko.txt",
    "JP": "emotts/demo/script/ja.txt",
    "EN": "emotts/demo/script/en.txt",
}
"""Sentences of each language to evaluate a voice with."""


def require_recording(recording: Path) -> None:
    """Raise CorpusError where there is no such recording."""
    if not recording.exists():
        raise CorpusError("no such recording", where=recording, remedy="check the path: a file or a folder is wanted")


def set_source(
    root: Path,
    *,
    recording: Path | None,
    language: str | None,
    speaker: str | None,
    layout: str | Layout | None = None,
) -> None:
    """Write the recording, its layout, language and speaker into ``params.yaml``; nothing else in the file changes.

    The sentences that come with the project to evaluate a voice with go with the language; a file of one's own stays.
    The file is not touched where nothing changes, or where a value is not allowed.

    Args:
        root: the project; what is ``None`` of the rest stays as it is.
        recording: a file or folder; it is written relative to the project where it lies inside.
        language: code or name (``KR``, ``JP``, ``EN``, ``한국어``).
        speaker: a name without blanks.
        layout: name of a layout, or a layout.

    Raises:
        ConfigError: if a value is not allowed, or the file was not valid before.
        CorpusError: if there is no such recording, or the language is unknown.
    """
    params = load_params(path := root / PARAMS)
    values: dict[str, dict[str, Any]] = {"project": {}, "recording": {}, "evaluate": {}}
    if recording is not None:
        require_recording(recording)
        values["recording"]["source"] = _relative(recording, root)
    if speaker is not None:
        values["recording"]["speaker"] = speaker
    if language is not None:
        code = values["project"]["language"] = resolve_language(language)
        if params.evaluate.sentences in SENTENCES.values() and code in SENTENCES:
            values["evaluate"]["sentences"] = SENTENCES[code]
    if layout is not None and layout != params.recording.layout:
        values["recording"]["layout"] = _plain(layout)
        # a layout takes the place of another one as a whole: no key of the former one stays
        _write_merged(path, f"recording: {{layout: {AUTO}}}\n", where=path)
    _write_merged(path, yaml.safe_dump(values, allow_unicode=True, sort_keys=False), where=path)


def _plain(layout: str | Layout) -> str | dict[str, Any]:
    """Return a layout as YAML holds it, without what is as usual."""
    return layout if isinstance(layout, str) else layout.model_dump(mode="json", exclude_defaults=True)


def apply_preset(root: Path, preset: Path) -> list[Change]:
    """Write the values of a preset into ``params.yaml``; its other values and its comments stay.

    The file is not touched where nothing changes, or where the result would not be valid.

    Args:
        root: the project.
        preset: a YAML file with some of the keys of ``params.yaml``.

    Returns:
        What changed.

    Raises:
        ConfigError: if there is no such preset, a key is unknown, or the result would not be valid.
    """
    path = root / PARAMS
    load_params(path)
    if not preset.is_file():
        raise ConfigError(
            "no such preset", where=preset, remedy="name a YAML file, such as those in experiments/presets"
        )
    return _write_merged(path, read_text(preset), where=preset)


def _write_merged(path: Path, preset: str, *, where: Path) -> list[Change]:
    before = read_text(path)
    after, changes = merged(before, preset, where=where, renamed=former_keys())
    if after != before:
        _check_valid(after, path)
        write_text(path, after)
    return changes


def _check_valid(text: str, path: Path) -> None:
    """Validate settings before they are written; raises ConfigError, which names ``path``."""
    with tempfile.TemporaryDirectory(prefix="emotts-") as folder:
        candidate = Path(folder) / path.name
        candidate.write_text(text, encoding="utf-8")
        try:
            load_params(candidate)
        except ConfigError as error:
            message = str(error).replace(str(candidate), str(path))
            raise ConfigError(message) from error


def _relative(recording: Path, root: Path) -> str:
    absolute = recording.resolve()
    return str(absolute.relative_to(root)) if absolute.is_relative_to(root) else str(absolute)
