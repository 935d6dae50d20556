"""One trial: its settings, a training and an evaluation for every seed, and how it ended."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import optuna
import torch

from emotts.errors import CheckpointError, ConfigError, DivergedError, TrackingError
from emotts.paths import STUDIES
from emotts.progress import Progress
from emotts.settings import Params, Study
from emotts.workflows.tuning.attempts import Outcome
from emotts.workflows.tuning.heartbeat import Heartbeat
from emotts.workflows.tuning.metrics import evaluation_metrics, validation_metrics
from emotts.workflows.tuning.queue import Lease
from emotts.workflows.tuning.runs import StudyRuns
from emotts.workflows.tuning.samples import keep_samples
from emotts.workflows.tuning.seed_run import SeedRun

__all__ = ["TrialRun", "clip_folders", "trial_folder", "voice_folders"]


def trial_folder(root: Path, study: str, number: int, *, seed: int | None = None) -> Path:
    """Return the folder of a trial's checkpoints and evaluation, or of those of one of its seeds."""
    folder = root / STUDIES / study / f"trial-{number:04d}"
    return folder if seed is None else folder / f"seed-{seed}"


def voice_folders(folder: Path) -> Iterator[Path]:
    """Yield the folders of checkpoints below that of a trial: one, or one a seed."""
    yield from sorted((*folder.glob("voice"), *folder.glob("seed-*/voice")))


def clip_folders(folder: Path) -> Iterator[Path]:
    """Yield the folders of spoken clips below that of a trial."""
    yield from sorted((*folder.glob("reports/samples"), *folder.glob("seed-*/reports/samples")))


class TrialRun:
    """The work on one leased trial.

    Args:
        study: the study.
        lease: the trial.
        root: the project, which is the current folder.
        runs: the study's runs in MLflow.
        progress: called with step, steps and a note.
    """

    def __init__(self, study: Study, lease: Lease, *, root: Path, runs: StudyRuns, progress: Progress) -> None:
        self._study = study
        self._lease = lease
        self._root = root
        self._runs = runs
        self._progress = progress

    def run(self, heartbeat: Heartbeat) -> Outcome:
        """Train and evaluate; a trial that cannot go on is no error, but an outcome with its reason.

        Raises:
            KeyboardInterrupt: on SIGINT or SIGTERM, after a checkpoint.
            TrialLostError: if the trial was given to another process.
            EmottsError: if the fault is not the trial's: its clips or the classifier cannot be read.
        """
        params: Params | None = None
        try:
            params = self._study.params(self._lease.values)
            outcome = self._lease.given_up() or self._complete(params, heartbeat)
        except KeyboardInterrupt:
            self._runs.interrupt_trial(self._lease)
            raise
        except optuna.TrialPruned as error:
            outcome = Outcome("pruned", reason=str(error))
        except DivergedError as error:
            outcome = Outcome("failed", reason=f"diverged: {error}")
        except TrackingError:  # no fault of the trial, which waits for the next process
            raise
        except (ConfigError, CheckpointError) as error:
            outcome = Outcome("failed", reason=str(error))
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            outcome = Outcome("failed", reason=f"out of memory: {str(error).splitlines()[0]}")
        _free_memory()
        self._runs.end_trial(self._lease, params or self._study.settings, outcome)
        return outcome

    def _complete(self, params: Params, heartbeat: Heartbeat) -> Outcome:
        """Return what the trial is worth: the mean over its seeds."""
        seeds: list[int | None] = [None] if self._study.section.seeds is None else [*self._study.section.seeds]
        found = {seed: self._metrics(seed, place, heartbeat=heartbeat) for place, seed in enumerate(seeds)}
        wanted = [each.metric for each in self._study.section.objectives]
        by_seed = {seed: tuple(metrics[name] for name in wanted) for seed, metrics in found.items() if seed is not None}
        known = {*validation_metrics(params), *evaluation_metrics(params, params.emotions.names)}
        metrics = {name: value for name, value in _means([*found.values()]).items() if name in known}
        keep_samples(self._lease, self._folder(self._lease.number, seeds[0]) / "reports/samples", root=self._root)
        return Outcome("complete", tuple(metrics[name] for name in wanted), metrics=metrics, by_seed=by_seed)

    def _metrics(self, seed: int | None, place: int, *, heartbeat: Heartbeat) -> dict[str, float]:
        """Return what one training is worth; every metric that the study names is among them."""
        run = SeedRun(
            self._study,
            self._lease,
            seed=seed,
            place=place,
            voice=self._folder(int(self._lease.attribute("voice_of", self._lease.number)), seed),
            folder=self._folder(self._lease.number, seed),
            runs=self._runs,
            progress=self._progress,
        )
        metrics = run.metrics(heartbeat)
        for name in self._study.section.metrics:
            if name not in metrics or not math.isfinite(metrics[name]):
                wanted = f"one of {', '.join(sorted(metrics))}"
                raise ConfigError(f"the trial has no metric {name}", found=metrics.get(name), wanted=wanted)
        return metrics

    def _folder(self, number: int, seed: int | None) -> Path:
        return trial_folder(self._root, self._study.name, number, seed=seed)


def _means(found: list[dict[str, float]]) -> Mapping[str, float]:
    """Return the mean of every metric that all trainings have."""
    common = [name for name in found[0] if all(name in metrics for metrics in found)]
    return {name: math.fsum(metrics[name] for metrics in found) / len(found) for name in common}


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether an error is a refusal of memory, by the GPU, by torch's allocator or by Python."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and ("out of memory" in text or "can't allocate memory" in text)


def _free_memory() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
