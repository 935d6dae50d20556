"""Reading what is known of a voice: from the reports that lie with it, or from the run that registered it."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from pathlib import Path

from emotts.checkpoint.json_file import read_json
from emotts.errors import EmottsError
from emotts.evaluation.reference import about_reference
from emotts.paths import EXPORT, PARAMS, REPORTS, VOICE, NoProjectError, find_root
from emotts.serving.web.facts import VoiceFacts
from emotts.settings import load_params
from emotts.tracking.registry import version_at
from emotts.tracking.runs import read_run

__all__ = ["read_facts"]

_LOG = logging.getLogger(__name__)
_EVALUATION = "evaluation.json"
_HEADING = re.compile(r"^#+\s*licen[cs]e\b.*$", re.IGNORECASE | re.MULTILINE)
_NEXT_HEADING = re.compile(r"^#+\s", re.MULTILINE)
_LONGEST = 2000
"""Characters of a licence that are shown."""


def read_facts(source: str) -> VoiceFacts:
    """Return what is known of a voice.

    Args:
        source: what :meth:`emotts.voice.Voice.load` takes.

    A report or store that cannot be read is no error, but a warning: the voice speaks without it.
    """
    try:
        return _of_registered(source) if source.startswith("models:/") else _of_folder(Path(source))
    except EmottsError as error:
        _LOG.warning("what is known of the voice %s cannot be read: %s", source, error)
        return VoiceFacts()


def _of_registered(uri: str) -> VoiceFacts:
    version = version_at(Path(), uri)
    run = None if version is None or version.run_id is None else read_run(Path(), version.run_id)
    return VoiceFacts() if run is None else VoiceFacts(metrics=run.metrics)


def _of_folder(folder: Path) -> VoiceFacts:
    licence = _licence(folder)
    if (folder / _EVALUATION).is_file():
        return VoiceFacts(_metrics(folder / _EVALUATION), licence=licence)
    root = _project_of(folder)
    if root is None or not (root / REPORTS / _EVALUATION).is_file():
        return VoiceFacts(licence=licence)
    reference = about_reference(root / load_params(root / PARAMS).recording.source)
    return VoiceFacts(_metrics(root / REPORTS / _EVALUATION), reference, licence)


def _project_of(folder: Path) -> Path | None:
    """Return the project whose reports are about the voice of a folder, None where it is no voice of a project."""
    try:
        root = find_root(folder)
    except NoProjectError:
        return None
    place = folder.resolve()
    is_voice = any(
        place == own or own in place.parents for own in ((root / EXPORT).resolve(), (root / VOICE).resolve())
    )
    return root if is_voice else None


def _metrics(path: Path) -> Mapping[str, float]:
    values = read_json(path, what="not an evaluation", remedy="run `dvc repro evaluate`")
    return {name: float(value) for name, value in values.items() if isinstance(value, int | float)}


def _licence(folder: Path) -> str | None:
    """Return the licence that lies in a folder: a file of that name, or that section of its README."""
    for path in sorted(folder.glob("LICEN[CS]E*")):
        return path.read_text(encoding="utf-8", errors="replace").strip()[:_LONGEST]
    readme = folder / "README.md"
    text = readme.read_text(encoding="utf-8", errors="replace") if readme.is_file() else ""
    heading = _HEADING.search(text)
    if heading is None:
        return None
    section = text[heading.end() :]
    end = _NEXT_HEADING.search(section)
    return section[: end.start() if end else None].strip()[:_LONGEST] or None
