"""A comparison of variants of a training on the same corpus: each is trained, once with each seed, and evaluated."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from emotts.checkpoint.store import resolve_checkpoint
from emotts.checkpoint.voice_folder import checkpoint_hash
from emotts.corpus.lists import read_list
from emotts.files import locked, write_text
from emotts.paths import ABLATIONS, BERT_FEATURES, CLASSIFIER, CORPUS
from emotts.progress import Progress
from emotts.settings import Ablation, Variant
from emotts.tracking import Tracker, data_identity, open_saved_run
from emotts.tracking.links import link_to_training
from emotts.workflows import bert_features
from emotts.workflows.ablation_tables import write_tables
from emotts.workflows.emotions_as_speakers import EmotionsAsSpeakers, corpus_by_emotion
from emotts.workflows.evaluation import EmotionalVoice, evaluate_loaded, require_listeners, trained_voice
from emotts.workflows.evaluation_identity import evaluation_identity
from emotts.workflows.metric_check import check_ablation_metrics
from emotts.workflows.run_inputs import log_inputs, logged_settings
from emotts.workflows.training import TrainingJob, training_job
from emotts.workflows.training_data import read_training_data
from emotts.workflows.tuning.stages import Pipeline

__all__ = ["AblationRun"]

Metrics = dict[str, float]


@dataclass(frozen=True)
class AblationRun:
    """The work on a comparison; what an earlier call finished is not done again.

    A variant works in ``data/ablation/NAME/VARIANT``, and is a run of MLflow below that of the comparison. Variants
    that differ only in how they speak or are evaluated share the voice of the first of them. Several processes may
    work on a comparison together: each takes variants that no other one has.

    Args:
        ablation: what to compare.
        root: the project, which is the current folder.
    """

    ablation: Ablation
    root: Path

    @property
    def workplace(self) -> Path:
        """The folder of all variants."""
        return self.root / ABLATIONS / self.ablation.name

    def run(self, *, progress: Progress) -> Path:
        """Train and evaluate every variant, and write their ``table.md`` into the workplace; return its path.

        Args:
            progress: called with step, steps and a note.

        Raises:
            ConfigError: if the table wants a metric that no evaluation will have.
            CorpusError: if what the variants share is missing or out of date.
            EmottsError: if a package is missing that an evaluation will need.
            KeyboardInterrupt: on SIGINT or SIGTERM, after a checkpoint.
        """
        check_ablation_metrics(self.ablation, self.ablation.variants[0].params.emotions.names)
        Pipeline(self.root).check_results()
        trained = {item.emotion for item in read_list(CORPUS / "train.list")}
        check_ablation_metrics(self.ablation, sorted(trained))
        for variant in self.ablation.variants:
            require_listeners(variant.params)
        with self._open_parent() as parent:
            found = self._all_metrics(parent.run_id, progress=progress)
            written = write_tables(self.ablation, found, self.workplace)
            for path in written:
                parent.file(path)
        return written[0]

    def _all_metrics(self, parent: str, *, progress: Progress) -> dict[str, Metrics]:
        """Return the metrics of every variant by its name; one whose voice another process trains comes last."""
        found: dict[str, Metrics] = {}
        for wait in (False, True):
            for variant in (each for each in self.ablation.variants if each.name not in found):
                with locked(self.workplace / variant.voice / "lock", wait=wait) as free:
                    if free:
                        found[variant.name] = self._metrics(variant, parent=parent, progress=progress)
        return found

    def _open_parent(self) -> Tracker:
        experiment = self.ablation.variants[0].params.project.experiment
        with locked(self.workplace / "lock"):
            return open_saved_run(
                self.workplace, self.root, experiment=experiment, name=f"ablation {self.ablation.name}"
            )

    def _metrics(self, variant: Variant, *, parent: str, progress: Progress) -> Metrics:
        """Return a variant's metrics, after what of its training and evaluation was not done before."""
        folder, params, measured = self.workplace / variant.name, variant.params, variant.measured
        corpus = corpus_by_emotion(CORPUS, folder / "corpus") if variant.emotions_as_speakers else CORPUS
        features = bert_features.corpus_features(params, BERT_FEATURES)
        data = read_training_data(params, corpus, features=features)
        job = training_job(params, data, folder=self.workplace / variant.voice / "voice")

        def report(step: int, steps: int, note: str) -> None:
            progress(step, steps, f"{variant.name}  {note}")

        def open_tracker(_: str | None = None) -> Tracker:
            return self._variant_tracker(variant, folder, corpus=corpus, parent=parent)

        if not job.finished:
            job.run(open_tracker, progress=report)
        out, record = folder / "reports", folder / "evaluated.json"
        evaluated = evaluation_identity(measured, training=job.fingerprint, corpus=CORPUS, classifier=CLASSIFIER)
        if not record.is_file() or json.loads(record.read_text(encoding="utf-8")) != evaluated:
            with open_tracker() as tracker:
                self._name_heard(tracker, job)
                evaluate_loaded(
                    measured, _voice(variant, job), corpus=CORPUS, classifier=CLASSIFIER, out=out, progress=report
                ).log(tracker, out)
            write_text(record, json.dumps(evaluated, ensure_ascii=False) + "\n")
        read: Metrics = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
        return read

    def _name_heard(self, tracker: Tracker, job: TrainingJob) -> None:
        """Note in a run which voice is heard now, by which classifier."""
        checkpoint = resolve_checkpoint(job.folder, marker=job.params.evaluate.checkpoint)
        tracker.tags(data_identity(self.root))
        link_to_training(self.root, tracker.run_id, folder=job.folder, voice=checkpoint_hash(checkpoint))

    def _variant_tracker(self, variant: Variant, folder: Path, *, corpus: Path, parent: str) -> Tracker:
        experiment, name = variant.params.project.experiment, f"{self.ablation.name} {variant.name}"
        params = logged_settings(variant.params)
        tracker = open_saved_run(folder, self.root, experiment=experiment, name=name, parent=parent, params=params)
        if not tracker.has_dataset():
            tracker.tags({"ablation": self.ablation.name, "variant": variant.setting, "seed": str(variant.seed)})
            log_inputs(tracker, variant.params, root=self.root, corpus=corpus)
        return tracker


def _voice(variant: Variant, job: TrainingJob) -> EmotionalVoice:
    params = variant.params
    checkpoint = resolve_checkpoint(job.folder, marker=params.evaluate.checkpoint)
    if variant.emotions_as_speakers:
        return EmotionsAsSpeakers(trained_voice(params, checkpoint, styles={}))
    return trained_voice(params, checkpoint, styles=params.export.styles)
