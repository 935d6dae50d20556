"""The pipeline as a study sees it: the stages whose results its trials share, and the keys it must not change."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from emotts.errors import ConfigError, CorpusError
from emotts.paths import BERT_FEATURES, CLASSIFIER, CORPUS, PIPELINE
from emotts.schema import flatten
from emotts.settings import Study
from emotts.workflows.tuning.metrics import is_of_validation

__all__ = ["Pipeline"]

_SHARED = {"corpus": CORPUS, "bert": BERT_FEATURES, "classifier": CLASSIFIER}
"""The stages whose results every trial takes as they are, and where these lie."""
_OWN = ("train", "evaluate")
"""The stages that a trial does itself."""
_AFTER = ("train", "evaluate", "export")


@dataclass(frozen=True)
class Pipeline:
    """The stages of ``dvc.yaml``."""

    root: Path

    def check_keys(self, study: Study) -> None:
        """Refuse a study that changes what its trials share, or what no trial reads.

        Raises:
            ConfigError: naming file, line and stage.
        """
        keys: list[tuple[tuple[str, ...], str, Sequence[str]]] = [
            *((("search", name), name, _OWN) for name in study.search),
            *((("params", *name.split(".")), name, _OWN) for name in flatten(study.section.params)),
        ]
        for location, name, readers in keys:
            before = [stage for stage in self.readers([name]) if stage not in _AFTER]
            if before:
                raise ConfigError(
                    f"{name} is settled before the training: the stage {before[0]} reads it, whose results all trials "
                    "share",
                    where=study.place(*location),
                    remedy="change it in params.yaml and run `dvc repro`, then run the study; take another key here",
                )
            if not set(readers) & set(self.readers([name])):
                raise ConfigError(f"{name} changes nothing in a trial", where=study.place(*location))
            if location[0] == "search":
                self._check_searched(study, name)

    def _check_searched(self, study: Study, name: str) -> None:
        """Refuse to search what changes no voice; how it speaks can be searched, if trials are evaluated."""
        where = study.place("search", name)
        if "train" in self.readers([name]):
            return
        if not name.startswith("speaking."):
            raise ConfigError(
                f"{name} says how voices are measured, so trials that differ in it cannot be compared",
                where=where,
                remedy="set it under params, for all trials",
            )
        if all(is_of_validation(metric) for metric in study.section.metrics):
            raise ConfigError(
                f"{name} changes how the voice speaks, and no metric of this study is one of its speech",
                where=where,
                found=", ".join(study.section.metrics),
                wanted="a metric of the evaluation, such as emotion_probability or cer, in objectives or constraints",
            )

    def readers(self, keys: Sequence[str]) -> list[str]:
        """Return the stages that read any of some keys of params.yaml, in the pipeline's order."""
        return [
            name
            for name, stage in self._stages().items()
            if any(_overlap(key, read) for key in keys for read in stage.get("params", []) if isinstance(read, str))
        ]

    def again(self, keys: Sequence[str]) -> str:
        """Name the stages that a change of some keys concerns, and those that take their results."""
        stages = self._stages()
        concerned = self.readers(keys)
        for name, stage in stages.items():
            made = [
                out if isinstance(out, str) else next(iter(out)) for each in concerned for out in stages[each]["outs"]
            ]
            if name not in concerned and set(made) & set(stage["deps"]):
                concerned.append(name)
        return ", ".join(name for name in stages if name in concerned)

    def check_results(self) -> None:
        """Refuse to begin where what the trials share is missing, or older than data, code or settings.

        Raises:
            CorpusError: saying what to type.
        """
        remedy = f"dvc repro {' '.join(_SHARED)}"
        missing = [str(path) for path in _SHARED.values() if not any((self.root / path).glob("*"))]
        if missing:
            raise CorpusError(
                "the trials share what the pipeline made, and it is not there",
                found=f"no {', '.join(missing)}",
                remedy=remedy,
            )
        changed = self._changed()
        if changed:
            raise CorpusError(
                "the trials share what the pipeline made, and it is out of date",
                found=f"changes for {', '.join(changed)} (`dvc status` shows them)",
                remedy=remedy,
            )

    def _changed(self) -> list[str]:
        """Return the stages that DVC would run again for what the trials share; none where DVC is not used."""
        if not (self.root / ".dvc").is_dir():
            return []
        done = subprocess.run(
            [sys.executable, "-m", "dvc", "status", "--json", "--with-deps", *_SHARED],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ConfigError("`dvc status` failed", where=self.root, found=done.stderr.strip() or done.stdout.strip())
        return list(json.loads(done.stdout or "{}"))

    def _stages(self) -> Mapping[str, Any]:
        stages: Mapping[str, Any] = yaml.safe_load((self.root / PIPELINE).read_text(encoding="utf-8"))["stages"]
        return stages


def _overlap(key: str, other: str) -> bool:
    """Say whether one dotted key is the other or lies below it."""
    return key == other or key.startswith(f"{other}.") or other.startswith(f"{key}.")
