"""Reports of a running training to its tracker: metrics, spoken samples and pictures."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from emotts.audio.io import write_wav
from emotts.checkpoint.store import CheckpointStore
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import checkpoint_hash
from emotts.corpus.lists import CorpusItem
from emotts.errors import CheckpointError
from emotts.model.synthesizer import Synthesizer
from emotts.progress import Progress
from emotts.settings import Params
from emotts.text.bert.model import BertModel
from emotts.tracking import Tracker, load_run_id, save_run_id
from emotts.tracking.links import VOICE
from emotts.training.batch import collate
from emotts.training.loop import TrainingClips, TrainingHooks
from emotts.training.modules import TrainingNetworks
from emotts.training.phases.phase import PhaseContext, WaveformPair
from emotts.training.phases.registry import PHASES
from emotts.training.plots import alignment_figure, mel_figure
from emotts.voice import Voice
from emotts.workflows.curves import TrainingCurves

__all__ = ["SPOKEN", "WARM_START_FILE", "Hear", "Listening", "TrainingMonitor"]

SPOKEN = "val/spoken/"
"""Prefix of the metrics of a voice that is heard while it trains."""
WARM_START_FILE = "warm_start.json"
"""The report on every tensor of the base voice; beside the checkpoints, and in the run's artifacts."""
_SCORE = "val/score"
_logger = logging.getLogger(__name__)


Hear = Callable[[Voice, Sequence[CorpusItem]], dict[str, float]]
"""A voice that is being trained, and rows of the validation list, one an emotion: metrics by name."""


@dataclass(frozen=True)
class Listening:
    """The sentences that a voice speaks while it trains, and what hears them.

    Attributes:
        items: rows of the validation list; the first of each emotion in the voice's language is spoken.
        bert: reads the sentences' BERT features; None where they are off.
        watch: called with metrics and step, once the tracker has them; None: nobody else looks on.
        hear: listens to the voice whenever samples are spoken, and returns metrics by name; None: nobody does.
    """

    items: Sequence[CorpusItem]
    bert: BertModel | None = None
    watch: Callable[[dict[str, float], int], None] | None = None
    hear: Hear | None = None


class TrainingMonitor:
    """Passes on what a training run reports: metrics to the tracker, samples and pictures at every validation.

    Args:
        open_tracker: gives the run's tracker, for a run id to go on with or None.
        description: the voice that is being trained.
        networks: the run's networks; their transforms draw the pictures.
        params: the run's settings.
        folder: the run's checkpoint folder; the tracker's run id is kept there.
        progress: called with step, steps and a note.
        listening: what is spoken, and who hears it.
    """

    def __init__(
        self,
        open_tracker: Callable[[str | None], Tracker],
        description: VoiceDescription,
        *,
        networks: TrainingNetworks,
        params: Params,
        folder: Path,
        progress: Progress,
        listening: Listening,
    ) -> None:
        self._open_tracker = open_tracker
        self._tracker: Tracker | None = None
        self._description = description
        self._sentences = {
            item.emotion: item for item in reversed(listening.items) if item.language == description.language
        }
        self._listening = listening
        self._networks = networks
        self._params = params
        self._phase = PHASES[params.train.phase]
        self._folder = folder
        self._progress = progress
        self._curves = TrainingCurves(folder)
        self._validated: tuple[int, Mapping[str, float], int] = (-1, {}, 0)

    def hooks(self, clips: TrainingClips) -> TrainingHooks:
        """Return the hooks to hand to the training loop; the first validation clip is drawn."""

        def on_validation(step: int, synthesizer: Synthesizer) -> None:
            self._show(step, synthesizer, clips)

        return TrainingHooks(
            on_start=self._start,
            log=self._log,
            on_validation=on_validation,
            on_checkpoint=self._keep,
            progress=self._report_progress,
        )

    def _start(self, resumed_from: int, former_steps: int | None) -> None:
        """Open a run; a training that goes on stays in its run, one of more steps gets a run that names the former."""
        self._curves.start(resumed_from)
        former = load_run_id(self._folder) if resumed_from else None
        self._tracker = self._open_tracker(former if former_steps == self._params.train.steps else None)
        if former is not None and former != self._tracker.run_id:
            self._tracker.tags({"continues.run": former, "continues.step": str(resumed_from)})
        save_run_id(self._folder, self._tracker.run_id)
        if (self._folder / WARM_START_FILE).is_file():
            self._tracker.file(self._folder / WARM_START_FILE)

    def _log(self, metrics: dict[str, float], step: int) -> None:
        self._curves.add(metrics, step)
        if self._tracker is not None:
            time_ms = self._tracker.metrics(metrics, step)
            if _SCORE in metrics:
                self._validated = (step, metrics, time_ms)
        if _SCORE in metrics:
            wanted = ("val/loss/mel", "val/loss/kl", "val/loss/duration_frames", _SCORE)
            shown = [name for name in wanted if name in metrics]
            _logger.info("step %d: %s", step, ", ".join(f"{name} {metrics[name]:.3f}" for name in shown))
        if self._listening.watch is not None:
            self._listening.watch(metrics, step)

    def _keep(self, step: int) -> None:
        """Let MLflow know the checkpoint of a step, and which are left."""
        if self._tracker is None:
            return
        store = CheckpointStore(self._folder)
        validated, metrics, time_ms = self._validated
        tags = {"checkpoint": str(store.path(step)), VOICE: checkpoint_hash(store.path(step))}
        found = metrics if validated == step else {}
        self._tracker.checkpoint(step, tags=tags, metrics=found, time_ms=time_ms)
        self._tracker.checkpoints_kept(store.steps())
        if step == self._params.train.steps:
            self._tracker.name_outputs()

    def _report_progress(self, step: int, steps: int, metrics: dict[str, float]) -> None:
        shown = {"mel": "train/loss/mel", "kl": "train/loss/kl", "steps/s": "train/steps_per_second"}
        note = "  ".join(f"{name} {metrics[key]:.2f}" for name, key in shown.items() if key in metrics)
        self._progress(step, steps, note)

    def _show(self, step: int, synthesizer: Synthesizer, clips: TrainingClips) -> None:
        if self._tracker is None:
            return
        if self._phase.aligns:
            try:
                self._speak(step, synthesizer, self._tracker)
            except CheckpointError as error:  # so early that it cannot speak yet
                _logger.warning("step %d: no samples: %s", step, error)
        self._draw(step, synthesizer, clips=clips, tracker=self._tracker)

    def _speak(self, step: int, synthesizer: Synthesizer, tracker: Tracker) -> None:
        device = str(next(synthesizer.parameters()).device)
        voice = Voice(synthesizer, self._description, device=device, bert=self._listening.bert)
        with tempfile.TemporaryDirectory() as folder:
            for emotion, item in self._sentences.items():
                if emotion in voice.emotions:
                    speech = voice.speak(item.text, emotion=emotion, speaker=item.speaker)
                    speech.save(Path(folder) / f"{emotion}.wav")
            tracker.folder(Path(folder), f"samples/step_{step:06d}")
        if self._listening.hear is not None:
            found = self._listening.hear(voice, tuple(self._sentences.values()))
            self._log({f"{SPOKEN}{name}": value for name, value in found.items()}, step)

    @torch.no_grad()
    def _draw(self, step: int, synthesizer: Synthesizer, *, clips: TrainingClips, tracker: Tracker) -> None:
        """Show the first validation clip: the alignment of its text, and its decoded sound beside the reference."""
        clip = clips.validation[0]
        mirror = (clips.n_fft - clips.hop_length) // 2
        batch = collate([clip], hop_length=clips.hop_length, mirror_samples=mirror, min_frames=clip.n_frames)
        batch = batch.to(next(synthesizer.parameters()).device)
        context = PhaseContext(self._networks.spectrogram, self._networks.mel, self._params.train)
        generated = self._phase.run(self._phase.call(synthesizer), batch, context.of_whole_clip(batch))
        title = f"{Path(clip.wav).stem}, step {step}"
        if generated.alignment is not None:
            alignment = generated.alignment[0].cpu().numpy()
            tracker.picture(alignment_figure(alignment, title=title), "alignment", step=step)
        if generated.waveforms is not None:
            self._compare(generated.waveforms, tracker, title=title, step=step)

    def _compare(self, pair: WaveformPair, tracker: Tracker, *, title: str, step: int) -> None:
        """Draw the mel of a decoded clip beside the reference; where nothing is spoken, keep its sound too."""
        real, fake = (self._networks.mel(waveform[:, 0])[0][0].cpu().numpy() for waveform in (pair.real, pair.fake))
        rate_hz = self._description.sample_rate_hz
        picture = mel_figure(real, fake, title=title, seconds_per_frame=self._params.audio.hop_length / rate_hz)
        tracker.picture(picture, "mel", step=step)
        if not self._phase.aligns:
            with tempfile.TemporaryDirectory() as folder:
                samples = pair.fake[0, 0].clamp(-1.0, 1.0).cpu().numpy()
                write_wav(Path(folder) / "decoded.wav", samples, sample_rate_hz=rate_hz)
                tracker.folder(Path(folder), f"samples/step_{step:06d}")
