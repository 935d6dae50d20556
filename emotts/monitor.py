"""What a training run shows while it goes on: figures, spoken samples and pictures, in the run's tracker."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from emotts.audio.io import write_wav
from emotts.checkpoint.voice_folder import VoiceDescription
from emotts.corpus.lists import CorpusItem
from emotts.evaluation.plots import alignment_figure, mel_figure
from emotts.evaluation.spoken_validation import spoken_figures
from emotts.judges.protocol import EmotionJudge
from emotts.model.synthesizer import Synthesizer
from emotts.text.bert.model import BertModel
from emotts.tracking import Tracker, keep_run, kept_run
from emotts.training.batch import collate
from emotts.training.loop import TrainingClips, TrainingHooks
from emotts.training.phase import WaveformPair
from emotts.training.phases import PHASES
from emotts.training.settings import TrainSettings
from emotts.training.validation import run_on_clip
from emotts.voice import Voice

__all__ = ["SPOKEN", "WARM_START_FILE", "TrainingMonitor"]

SPOKEN = "val/spoken/"
"""What stands before the names of the figures of a voice that is heard while it trains."""
WARM_START_FILE = "warm_start.json"
"""What became of every tensor of the base voice; beside the checkpoints, and in the run's artifacts."""
_logger = logging.getLogger(__name__)


class TrainingMonitor:
    """Passes on what a training run reports: figures to the tracker, samples and pictures at every validation.

    Args:
        open_tracker: gives the run's tracker, for a run id to go on with or None.
        description: the voice that is being trained.
        clips: the run's clips; the first validation clip is drawn.
        items: rows of the validation list; the first of each emotion is spoken.
        spectrogram, mel: the run's transforms.
        settings: the run's settings.
        folder: the run's checkpoint folder; the tracker's run id is kept there.
        progress: called with step, steps and a note.
        bert: reads the sentences' BERT features; None where they are off.
        watch: called with figures and step, once the tracker has them; None: nobody else looks on.
        judge: hears the sentences in every emotion whenever samples are spoken, for the figures ``val/spoken/...``
            (see :func:`emotts.evaluation.spoken_validation.spoken_figures`); None: no such figures.
    """

    def __init__(
        self,
        open_tracker: Callable[[str | None], Tracker],
        description: VoiceDescription,
        *,
        clips: TrainingClips,
        items: Sequence[CorpusItem],
        spectrogram: nn.Module,
        mel: nn.Module,
        settings: TrainSettings,
        folder: Path,
        progress: Callable[[int, int, str], None],
        bert: BertModel | None = None,
        watch: Callable[[dict[str, float], int], None] | None = None,
        judge: EmotionJudge | None = None,
    ) -> None:
        self._open_tracker = open_tracker
        self._tracker: Tracker | None = None
        self._description = description
        self._clips = clips
        self._sentences = {item.emotion: item for item in reversed(items)}
        self._spectrogram = spectrogram
        self._mel = mel
        self._settings = settings
        self._phase = PHASES[settings.phase]
        self._folder = folder
        self._progress = progress
        self._bert = bert
        self._watch = watch
        self._judge = judge

    def hooks(self) -> TrainingHooks:
        """Return the hooks to hand to the training loop."""
        return TrainingHooks(
            on_start=self._start, log=self._log, on_validation=self._show, progress=self._report_progress
        )

    def _start(self, resumed_from: int) -> None:
        """Open a run; a training that goes on goes on in the run it began in."""
        self._tracker = self._open_tracker(kept_run(self._folder) if resumed_from else None)
        keep_run(self._folder, self._tracker.run_id)
        if (self._folder / WARM_START_FILE).is_file():
            self._tracker.file(self._folder / WARM_START_FILE)

    def _log(self, figures: dict[str, float], step: int) -> None:
        if self._tracker is not None:
            self._tracker.metrics(figures, step)
        if "val/score" in figures:
            wanted = ("val/loss/mel", "val/loss/kl", "val/loss/duration", "val/score")
            shown = [name for name in wanted if name in figures]
            _logger.info("step %d: %s", step, ", ".join(f"{name} {figures[name]:.3f}" for name in shown))
        if self._watch is not None:
            self._watch(figures, step)

    def _report_progress(self, step: int, steps: int, figures: dict[str, float]) -> None:
        shown = {"mel": "train/loss/mel", "kl": "train/loss/kl", "steps/s": "train/steps_per_second"}
        note = "  ".join(f"{name} {figures[key]:.2f}" for name, key in shown.items() if key in figures)
        self._progress(step, steps, note)

    def _show(self, step: int, synthesizer: Synthesizer) -> None:
        if self._tracker is None:
            return
        if self._phase.aligns:
            self._speak(step, synthesizer, self._tracker)
        self._draw(step, synthesizer, self._tracker)

    def _speak(self, step: int, synthesizer: Synthesizer, tracker: Tracker) -> None:
        device = str(next(synthesizer.parameters()).device)
        voice = Voice(synthesizer, self._description, device=device, bert=self._bert)
        with tempfile.TemporaryDirectory() as folder:
            for emotion, item in self._sentences.items():
                if emotion in voice.emotions:
                    speech = voice.speak(item.text, emotion=emotion, speaker=item.speaker)
                    speech.save(Path(folder) / f"{emotion}.wav")
            tracker.folder(Path(folder), f"samples/step_{step:06d}")
        if self._judge is not None:
            self._hear(step, voice, self._judge)

    def _hear(self, step: int, voice: Voice, judge: EmotionJudge) -> None:
        """Log what a judge hears when every sentence is spoken in every emotion, by the speaker of the first one."""
        speaker = next(iter(self._sentences.values())).speaker

        def speak(text: str, emotion: str, intensity: float) -> NDArray[np.float32]:
            return voice.speak(text, emotion=emotion, intensity=intensity, speaker=speaker).samples

        found = spoken_figures(
            [(item.text, emotion) for emotion, item in self._sentences.items()],
            speak=speak,
            judge=judge,
            emotions=voice.emotions,
            sample_rate_hz=voice.sample_rate_hz,
            speaker=speaker,
        )
        self._log({f"{SPOKEN}{name}": value for name, value in found.items()}, step)

    @torch.no_grad()
    def _draw(self, step: int, synthesizer: Synthesizer, tracker: Tracker) -> None:
        """Show the first validation clip: how text and sound are aligned, and its decoded sound beside the real one."""
        clip = self._clips.validation[0]
        mirror = (self._clips.n_fft - self._clips.hop_length) // 2
        batch = collate([clip], hop_length=self._clips.hop_length, mirror_samples=mirror, min_frames=clip.n_frames)
        generated = run_on_clip(
            self._phase,
            self._phase.call(synthesizer),
            batch.to(next(synthesizer.parameters()).device),
            spectrogram=self._spectrogram,
            mel=self._mel,
            settings=self._settings,
        )
        title = f"{Path(clip.wav).stem}, step {step}"
        if generated.alignment is not None:
            alignment = generated.alignment[0].cpu().numpy()
            tracker.figure(alignment_figure(alignment, title=title), f"pictures/alignment/step_{step:06d}.png")
        if generated.waveforms is not None:
            self._compare(generated.waveforms, tracker, title=title, step=step)

    def _compare(self, pair: WaveformPair, tracker: Tracker, *, title: str, step: int) -> None:
        """Draw the mel of a decoded clip beside the real one; where nothing is spoken, keep its sound too."""
        real, fake = (self._mel(waveform[:, 0])[0].cpu().numpy() for waveform in (pair.real, pair.fake))
        rate_hz = self._description.sample_rate_hz
        picture = mel_figure(real, fake, title=title, seconds_per_frame=self._clips.hop_length / rate_hz)
        tracker.figure(picture, f"pictures/mel/step_{step:06d}.png")
        if not self._phase.aligns:
            with tempfile.TemporaryDirectory() as folder:
                samples = pair.fake[0, 0].clamp(-1.0, 1.0).cpu().numpy()
                write_wav(Path(folder) / "decoded.wav", samples, sample_rate_hz=rate_hz)
                tracker.folder(Path(folder), f"samples/step_{step:06d}")
