"""The provenance of a run: the commit, settings, changes and data that it names as its source."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from emotts.errors import ConfigError
from emotts.schema import flatten
from emotts.tracking.identity import CHANGES, LOCK, SETTINGS
from emotts.tracking.runs import Run, download_artifacts

__all__ = ["SOURCE", "Provenance", "current_stages", "read_provenance"]

SOURCE = "recording.source"
_PATHS = (SOURCE, "base", "evaluate.sentences", "text.bert_folder", "train.replay_corpus")
"""The settings that name files or folders."""


@dataclass(frozen=True)
class Provenance:
    """What it takes to make a run again.

    Attributes:
        commit: of the code, None where the project was not under git.
        settings: the text of its ``params.yaml``, with the keys of that commit.
        changes: a patch with what differed from the commit; empty where nothing did.
        stages: the stages of ``dvc.lock`` that belong to this run, by name.
    """

    run: Run
    commit: str | None
    settings: str
    changes: bytes
    stages: Mapping[str, Mapping[str, Any]]

    @property
    def outs(self) -> dict[str, str]:
        """What the run's stages wrote: path to hash."""
        found: dict[str, str] = {}
        for stage in self.stages.values():
            found |= {str(out["path"]): str(out["md5"]) for out in stage.get("outs", []) if "md5" in out}
        return found

    @property
    def named_paths(self) -> dict[str, Path]:
        """The files and folders that the settings name, by the setting's key; a base voice may have a name instead."""
        settings = flatten(yaml.safe_load(self.settings))
        named = {key: value for key in _PATHS if isinstance(value := settings.get(key), str)}
        return {key: Path(value) for key, value in named.items() if key != "base" or "/" in value}


def read_provenance(root: Path, run: Run) -> Provenance:
    """Read what a run names as its source.

    Raises:
        ConfigError: if the run holds no settings.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for name in (SETTINGS, LOCK, CHANGES):
            path = download_artifacts(root, run, path=name, folder=Path(folder))
            found[name] = b"" if path is None else path.read_bytes()
    if not found[SETTINGS]:
        raise ConfigError(
            "the run does not hold the settings it was made with",
            where=run.title,
            wanted=f"its artifact {SETTINGS}, which `dvc repro` and `emotts run` write",
            remedy="take them over by hand from the run's parameters: emotts compare RUN RUN shows what differs",
        )
    settings = found[SETTINGS].decode("utf-8")
    # read as DVC writes it: in YAML 1.2 1e-09 is a number
    lock = importlib.import_module("dvc.utils.serialize").parse_yaml(found[LOCK].decode("utf-8"), LOCK) or {}
    return Provenance(
        run=run,
        commit=run.tags.get("git.commit"),
        settings=settings,
        changes=found[CHANGES],
        stages=current_stages(lock.get("stages", {}), yaml.safe_load(settings)),
    )


def current_stages(
    stages: Mapping[str, Mapping[str, Any]], settings: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    """Return the stages of a ``dvc.lock`` that ran with these settings, on what the others wrote.

    A lock that was kept while a pass went on also names what stages of an earlier pass wrote; those are left out.
    """
    written = {out["path"]: out.get("md5") for stage in stages.values() for out in stage.get("outs", [])}
    makers = {out["path"]: name for name, stage in stages.items() for out in stage.get("outs", [])}
    flat = flatten(settings)
    current = {
        name: stage
        for name, stage in stages.items()
        if all(dep.get("md5") == written.get(dep["path"], dep.get("md5")) for dep in stage.get("deps", []))
        and all(_same(value, key, flat, settings) for key, value in _params(stage).items())
    }
    while stale := [
        name
        for name, stage in current.items()
        if any(makers.get(dep["path"], name) not in current for dep in stage.get("deps", []))
    ]:
        for name in stale:
            del current[name]
    return current


def _params(stage: Mapping[str, Any]) -> dict[str, Any]:
    return dict(stage.get("params", {}).get("params.yaml", {}))


def _same(value: object, key: str, flat: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    """Whether a dotted key, or a whole section, has a value in the settings."""
    if key in flat:
        return bool(flat[key] == value)
    section: Any = settings
    for part in key.split("."):
        section = section.get(part) if isinstance(section, Mapping) else None
    return bool(section == value)
