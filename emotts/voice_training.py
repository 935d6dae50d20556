"""One training run as the settings describe it: networks, clips, reports, and whether it is done already."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotts import build, build_base, build_bert
from emotts.checkpoint.store import CheckpointMeta, CheckpointStore
from emotts.checkpoint.voice_folder import VoiceDescription
from emotts.config import Params
from emotts.corpus.identity import corpus_digest
from emotts.corpus.lists import read_list
from emotts.corpus.rows import write_text
from emotts.judges.protocol import EmotionJudge
from emotts.model.settings import SynthesizerSettings
from emotts.monitor import WARM_START_FILE, TrainingMonitor
from emotts.text.bert.features import CorpusFeatures
from emotts.tracking import Tracker
from emotts.training.loop import TrainingResult, train
from emotts.training.settings import TrainSettings, fingerprint

__all__ = ["TrainingJob", "training_job"]


@dataclass(frozen=True)
class TrainingJob:
    """A run that is yet to be made, or to be gone on with; made by :func:`training_job`."""

    params: Params
    corpus: Path
    folder: Path
    description: VoiceDescription
    networks: SynthesizerSettings
    settings: TrainSettings
    identity: Mapping[str, Any]
    features: CorpusFeatures | None

    @property
    def begun(self) -> bool:
        """Whether the folder holds a checkpoint of this very run."""
        return self._newest() is not None

    @property
    def finished(self) -> bool:
        """Whether the folder holds this very run's last checkpoint."""
        newest = self._newest()
        return newest is not None and newest.finished

    def run(
        self,
        open_tracker: Callable[[str | None], Tracker],
        *,
        progress: Callable[[int, int, str], None],
        watch: Callable[[dict[str, float], int], None] | None = None,
        judge: EmotionJudge | None = None,
    ) -> TrainingResult:
        """Train, or go on training; raises as :func:`emotts.training.loop.train`.

        Args:
            open_tracker: gives the run's tracker, for a run id to go on with or None; it is closed at the end.
            progress: called with step, steps and a note.
            watch: called with the figures of every logging and validation and the step, once the tracker has them; an
                exception of its own ends the training.
            judge: hears the voice at every ``train.sample_every`` steps; None: nobody does.
        """
        networks, report = build_base.started_networks(self.params, self.networks, description=self.description)
        record = self.folder / WARM_START_FILE
        if report is None:
            record.unlink(missing_ok=True)
        else:
            write_text(record, json.dumps(report.to_dict(), indent=1, ensure_ascii=False) + "\n")
        clips = build.training_clips(self.params, self.corpus, features=self.features)
        with ExitStack() as stack:
            monitor = TrainingMonitor(
                lambda run_id: stack.enter_context(open_tracker(run_id)),
                self.description,
                clips=clips,
                items=read_list(self.corpus / "val.list"),
                spectrogram=networks.spectrogram,
                mel=networks.mel,
                settings=self.settings,
                folder=self.folder,
                progress=progress,
                bert=None if self.features is None else build_bert.load_bert(self.params, self.params.project.language),
                watch=watch,
                judge=judge,
            )
            return train(
                networks,
                self.settings,
                clips=clips,
                folder=self.folder,
                identity=self.identity,
                description={"synthesizer": self.networks.to_dict(), "voice": self.description.to_dict()},
                code_version=build.code_version(),
                hooks=monitor.hooks(),
            )

    @property
    def fingerprint(self) -> str:
        """What tells this run from one with other settings, another corpus or another base."""
        return fingerprint(self.settings, self.identity)

    def _newest(self) -> CheckpointMeta | None:
        """Return what the folder's newest checkpoint says of itself if it is of this very run."""
        newest = CheckpointStore(self.folder).newest()
        return newest if newest is not None and newest.fingerprint == self.fingerprint else None


def training_job(params: Params, *, corpus: Path, folder: Path, features: CorpusFeatures | None = None) -> TrainingJob:
    """Return the run that the settings describe.

    Args:
        params: the project's settings.
        corpus: what to train on, a folder such as ``data/corpus``.
        folder: where the checkpoints go, such as ``models/voice``.
        features: BERT features of the corpus, None where they are off.
    """
    description = build.voice_description(params, corpus, features=features)
    networks = build.synthesizer_settings(params, n_speakers=len(description.speakers))
    return TrainingJob(
        params=params,
        corpus=corpus,
        folder=folder,
        description=description,
        networks=networks,
        settings=build.train_settings(params),
        identity=build.run_identity(
            params, networks, digest=corpus_digest(corpus), base=build_base.base_identity(params), features=features
        ),
        features=features,
    )
