"""A training run as the settings describe it: networks, clips, reports, and whether it is finished."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from emotts.checkpoint.load_report import LoadReport
from emotts.checkpoint.store import CheckpointStore
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.files import write_text
from emotts.model.settings import SynthesizerSettings
from emotts.progress import Progress
from emotts.settings import Params
from emotts.text.symbols import SYMBOLS
from emotts.tracking import Tracker
from emotts.tracking.system_metrics import system_metrics
from emotts.training.loop import TrainingResult, TrainingRun, train
from emotts.training.settings import fingerprint
from emotts.training.standing import Standing, standing
from emotts.workflows.base_weights import base_identity, networks_from_base
from emotts.workflows.bert_features import load_bert
from emotts.workflows.code import code_version
from emotts.workflows.networks import synthesizer_settings
from emotts.workflows.training_data import TrainingData
from emotts.workflows.training_monitor import WARM_START_FILE, Hear, Listening, TrainingMonitor

__all__ = ["TrainingJob", "run_identity", "training_job", "voice_description"]


@dataclass(frozen=True)
class TrainingJob:
    """A run that is yet to be made, or to go on with; made by :func:`training_job`."""

    params: Params
    data: TrainingData
    folder: Path
    description: VoiceDescription
    networks: SynthesizerSettings
    identity: Mapping[str, Any]

    @property
    def begun(self) -> bool:
        """Whether the folder holds a checkpoint that this run goes on from, or ended with."""
        return self._standing() in (Standing.BEGUN, Standing.FINISHED)

    @property
    def finished(self) -> bool:
        """Whether the folder holds this very run's last checkpoint."""
        return self._standing() is Standing.FINISHED

    @property
    def fingerprint(self) -> str:
        """What tells this run from one with other settings, another corpus or another base, of whatever length."""
        return fingerprint(self.params.train, self.identity)

    def run(
        self,
        open_tracker: Callable[[str | None], Tracker],
        *,
        progress: Progress,
        watch: Callable[[dict[str, float], int], None] | None = None,
        hear: Hear | None = None,
    ) -> TrainingResult:
        """Train, or go on training; raises as :func:`emotts.training.loop.train`.

        Args:
            open_tracker: gives the run's tracker, for a run id to go on with or None; it is closed at the end.
            progress: called with step, steps and a note.
            watch: called with the metrics of every logging and validation and the step, once the tracker has them; an
                exception of its own ends the training.
            hear: listens to the voice at every ``train.sample_every`` steps; None: nobody does.
        """
        networks, report = networks_from_base(self.params, self.networks, description=self.description)
        with ExitStack() as stack:

            def open_run(run_id: str | None) -> Tracker:
                """Open the run once nobody else trains here."""
                self._write_report(report)
                return _enter(stack, open_tracker(run_id))

            monitor = TrainingMonitor(
                open_run,
                self.description,
                networks=networks,
                params=self.params,
                folder=self.folder,
                progress=progress,
                listening=Listening(self.data.validation.items, self._bert(), watch=watch, hear=hear),
            )
            clips = self.data.clips(self.params)
            return train(networks, self.params.train, clips=clips, run=self._run(), hooks=monitor.hooks(clips))

    def _run(self) -> TrainingRun:
        return TrainingRun(
            self.folder,
            identity=self.identity,
            description={"synthesizer": self.networks.to_dict(), "voice": self.description.to_dict()},
            code_version=code_version(),
            seed=self.params.project.seed,
        )

    def _write_report(self, report: LoadReport | None) -> None:
        """Write down what became of every tensor of the base."""
        record = self.folder / WARM_START_FILE
        if report is None:
            record.unlink(missing_ok=True)
        else:
            write_text(record, json.dumps(report.to_dict(), indent=1, ensure_ascii=False) + "\n")

    def _bert(self) -> Any:
        return None if self.data.features is None else load_bert(self.params, self.params.project.language)

    def _standing(self) -> Standing | None:
        """Return how the folder's newest checkpoint stands to this run, None without one."""
        newest = CheckpointStore(self.folder).newest()
        if newest is None:
            return None
        return standing(newest, fingerprint=self.fingerprint, steps=self.params.train.steps)


def _enter(stack: ExitStack, tracker: Tracker) -> Tracker:
    """Let a run end with a stack, and the machine be watched until then."""
    stack.enter_context(tracker)
    stack.enter_context(system_metrics(tracker))
    return tracker


def training_job(params: Params, data: TrainingData, *, folder: Path) -> TrainingJob:
    """Return the run that the settings describe.

    Args:
        params: the settings of the run.
        data: what it learns from.
        folder: where the checkpoints go, such as ``models/voice``.
    """
    description = voice_description(params, data)
    networks = synthesizer_settings(params, n_speakers=len(description.speakers))
    return TrainingJob(
        params=params,
        data=data,
        folder=folder,
        description=description,
        networks=networks,
        identity=run_identity(params, networks, data=data, base=base_identity(params)),
    )


def voice_description(params: Params, data: TrainingData) -> VoiceDescription:
    """Return what a voice trained on a corpus is: language, emotions, speakers, sound, speaking style, BERT model."""
    trained = {item.emotion for item in data.training.items}
    speakers = data.speakers
    return VoiceDescription(
        language=params.project.language,
        sample_rate_hz=params.audio.sample_rate_hz,
        emotion_names=params.emotions.names,
        trained_emotions=tuple(name for name in params.emotions.names if name in trained),
        speakers=tuple(sorted(speakers, key=speakers.__getitem__)),
        symbols=tuple(SYMBOLS),
        speaking=params.speaking,
        audio=params.audio.model_dump(),
        replayed_speakers=data.replayed_speakers,
        bert=None if data.features is None else data.features.origins[params.project.language],
    )


def run_identity(
    params: Params, networks: SynthesizerSettings, *, data: TrainingData, base: str = "none"
) -> Mapping[str, Any]:
    """Return what a training run depends on besides the section ``train``, as JSON values.

    Args:
        params: the settings of the run.
        networks: of the synthesizer.
        data: what it learns from.
        base: digest of the base voice, ``none`` for none.
    """
    features = data.features
    models = {} if features is None else {name: asdict(origin) for name, origin in features.origins.items()}
    return {
        **({"bert": models} if models else {}),
        "seed": params.project.seed,
        "synthesizer": networks.to_dict(),
        "model": params.model.model_dump(mode="json"),
        "audio": params.audio.model_dump(mode="json"),
        "corpus": data.digest,
        "base": base,
        "replay": data.replay_digest,
    }
