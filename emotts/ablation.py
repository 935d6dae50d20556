"""Variants of a training side by side: the same corpus and judges, each variant a training and an evaluation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from emotts import build_bert
from emotts.checkpoint.store import resolve_checkpoint
from emotts.config import Ablation, Params, Variant
from emotts.corpus.rows import write_text
from emotts.emotions_as_speakers import EmotionsAsSpeakers, corpus_by_emotion
from emotts.errors import ConfigError
from emotts.files import locked
from emotts.run_inputs import log_inputs
from emotts.tracking import Tracker, keep_run, kept_run
from emotts.tuning.stages import BERT, CLASSIFIER, CORPUS, Pipeline
from emotts.voice_evaluation import EmotionalVoice, evaluate_loaded, require_listeners, trained_voice
from emotts.voice_training import TrainingJob, training_job

__all__ = ["AblationRun"]

Progress = Callable[[int, int, str], None]
Figures = dict[str, float]


@dataclass(frozen=True)
class AblationRun:
    """The work on a comparison; what an earlier call finished is not done again.

    A variant works in ``data/ablation/NAME/VARIANT``, and is a run of MLflow below that of the comparison. Several
    processes may work on a comparison together: each takes variants that no other one has.

    Args:
        ablation: what to compare.
        root: the project, which is the current folder.
    """

    ablation: Ablation
    root: Path

    @property
    def workplace(self) -> Path:
        """The folder of all variants."""
        return self.root / "data" / "ablation" / self.ablation.name

    def run(self, *, progress: Progress) -> Path:
        """Train and evaluate every variant, and write their ``table.md`` into the workplace; return its path.

        Args:
            progress: called with step, steps and a note.

        Raises:
            ConfigError: if the table wants a figure that an evaluation does not have; it lists those that it has.
            CorpusError: if what the variants share is missing or out of date.
            EmottsError: if a package is missing that an evaluation will need.
            KeyboardInterrupt: on SIGINT or SIGTERM, after a checkpoint.
        """
        Pipeline(self.root).check_results()
        for variant in self.ablation.variants:
            require_listeners(variant.params)
        with self._open_parent() as parent:
            found: dict[str, Figures] = {}
            for wait in (False, True):
                for variant in (each for each in self.ablation.variants if each.name not in found):
                    with locked(self.workplace / variant.name / "lock", wait=wait) as free:
                        if free:
                            found[variant.name] = self._figures(variant, parent=parent.run_id, progress=progress)
                            self._check(found[variant.name])
            path = self.workplace / "table.md"
            rows = [(variant.name, found[variant.name]) for variant in self.ablation.variants]
            write_text(path, "\n".join(_table(rows, names=self.ablation.figures)) + "\n")
            parent.file(path)
        return path

    def _open_parent(self) -> Tracker:
        first = self.ablation.variants[0].params
        with locked(self.workplace / "lock"):
            return self._tracker(first, self.workplace, name=f"ablation {self.ablation.name}")

    def _figures(self, variant: Variant, *, parent: str, progress: Progress) -> Figures:
        """Return a variant's figures, after what of its training and evaluation was not done before."""
        folder, params = self.workplace / variant.name, variant.params
        corpus = corpus_by_emotion(CORPUS, folder / "corpus") if variant.emotions_as_speakers else CORPUS
        features = build_bert.corpus_features(params, BERT)
        job = training_job(params, corpus=corpus, folder=folder / "voice", features=features)

        def report(step: int, steps: int, note: str) -> None:
            progress(step, steps, f"{variant.name}  {note}")

        def open_tracker(_: str | None = None) -> Tracker:
            return self._variant_tracker(variant, folder, corpus=corpus, parent=parent)

        if not job.finished:
            job.run(open_tracker, progress=report)
        out, record = folder / "reports", folder / "evaluated.json"
        evaluated = {"training": job.fingerprint, "evaluate": params.evaluate.model_dump(), "seed": params.project.seed}
        if not record.is_file() or json.loads(record.read_text(encoding="utf-8")) != evaluated:
            with open_tracker() as tracker:
                evaluate_loaded(
                    params, _voice(variant, job), corpus=CORPUS, classifier=CLASSIFIER, out=out, progress=report
                ).log(tracker, out)
            write_text(record, json.dumps(evaluated, ensure_ascii=False) + "\n")
        read: Figures = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
        return read

    def _check(self, figures: Figures) -> None:
        unknown = [name for name in self.ablation.figures if name not in figures]
        if unknown:
            raise ConfigError(
                f"the evaluation has no figure named {', '.join(unknown)}",
                where=f"figures of the comparison {self.ablation.name}",
                wanted=", ".join(sorted(figures)),
            )

    def _variant_tracker(self, variant: Variant, folder: Path, *, corpus: Path, parent: str) -> Tracker:
        name = f"{self.ablation.name} {variant.name}"
        tracker = self._tracker(variant.params, folder, name=name, parent=parent)
        if not tracker.has_dataset():
            tracker.tags({"ablation": self.ablation.name, "variant": variant.name})
            log_inputs(tracker, variant.params, root=self.root, corpus=corpus)
        return tracker

    def _tracker(self, params: Params, folder: Path, *, name: str, parent: str | None = None) -> Tracker:
        """Open the run that a folder has, or a new one, and keep its id there."""
        known = kept_run(folder)
        tracker = Tracker(self.root, experiment=params.project.experiment, run_id=known, name=name, parent=parent)
        keep_run(folder, tracker.run_id)
        return tracker


def _voice(variant: Variant, job: TrainingJob) -> EmotionalVoice:
    params = variant.params
    checkpoint = resolve_checkpoint(job.folder, marker=params.evaluate.checkpoint)
    if variant.emotions_as_speakers:
        return EmotionsAsSpeakers(trained_voice(params, checkpoint, styles={}))
    return trained_voice(params, checkpoint, styles=params.export.styles)


def _table(rows: list[tuple[str, Figures]], *, names: tuple[str, ...]) -> list[str]:
    """Return a table in Markdown; a figure that has a 95 % interval stands with it."""
    lines = [f"| variant | {' | '.join(f'`{name}`' for name in names)} |", f"|---{'|---' * len(names)}|"]
    for variant, figures in rows:
        lines.append(f"| {variant} | {' | '.join(_cell(figures, name) for name in names)} |")
    return lines


def _cell(figures: Figures, name: str) -> str:
    ends = [figures.get(f"{name}.{end}") for end in ("low", "high")]
    interval = "" if None in ends else f" ({ends[0]:.2f} to {ends[1]:.2f})"
    return f"{figures[name]:.3f}{interval}"
