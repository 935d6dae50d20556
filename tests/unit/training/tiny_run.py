"""A voice of toy widths and a corpus of toy sounds; as a script, a training run of it in a process of its own."""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2]))  # for the processes that run this file

from support.settings import train_settings

from emotts.checkpoint.store import read_trainer_state, read_weights
from emotts.features.mel_spectrograms import MelSpectrograms
from emotts.features.spectrogram import MelSpectrogram, Spectrogram
from emotts.model.discriminator_duration import DurationDiscriminator
from emotts.model.discriminator_period import MultiPeriodDiscriminator
from emotts.model.discriminator_resolution import MultiResolutionDiscriminator
from emotts.model.settings import IstftSettings, SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.training.batch import Clip
from emotts.training.loop import TrainingClips, TrainingHooks, TrainingResult, TrainingRun, train
from emotts.training.modules import TrainingNetworks
from emotts.training.settings import TrainSettings

N_FFT, HOP, RATE_HZ = 64, 32, 8000

SYNTHESIZER = SynthesizerSettings(
    n_symbols=12,
    n_tones=3,
    n_languages=2,
    n_speakers=1,
    n_emotions=3,
    speaker_channels=4,
    emotion_channels=4,
    spectrogram_bins=N_FFT // 2 + 1,
    hop_length=HOP,
    latent_channels=8,
    hidden_channels=8,
    bert_channels=0,
    ja_bert_channels=0,
    text_filter_channels=16,
    text_n_heads=2,
    text_n_layers=3,
    text_kernel_size=3,
    text_dropout=0.1,
    condition_text_encoder=True,
    mute_text_condition=False,
    posterior_channels=8,
    posterior_kernel_size=3,
    posterior_n_layers=2,
    flow="residual",
    flow_n_steps=2,
    flow_channels=8,
    flow_n_layers=2,
    flow_kernel_size=3,
    flow_filter_channels=8,
    flow_n_heads=2,
    flow_dropout=0.0,
    flow_shared=False,
    duration_filter_channels=8,
    duration_kernel_size=3,
    duration_dropout=0.1,
    stochastic_duration_n_steps=2,
    reference_norm=False,
    decoder="istft",
    istft=IstftSettings(
        channels=8,
        hidden_channels=16,
        n_layers=1,
        pitch_channels=4,
        n_fft=N_FFT,
        noise_n_fft=N_FFT,
        noise_frames=1,
        modulate_blocks=False,
    ),
)

SETTINGS = {
    "steps": 6,
    "batch_size": 3,
    "segment_frames": 8,
    "log_every": 2,
    "validate_every": 2,
    "sample_every": 3,
    "checkpoint_every": 3,
    "keep_checkpoints": 10,
    "sampler": "natural",
    "learning_rate": 1e-3,
    "ema_decay": 0.9,
}


class ToyClips:
    """Tones with noise; the emotion sets the pitch, the tokens the length."""

    in_memory = True
    sample_rate_hz = RATE_HZ

    def __init__(self, count: int, *, seed: int) -> None:
        random = torch.Generator().manual_seed(seed)
        self.clips = [_clip(number, random=random) for number in range(count)]

    @property
    def lengths(self) -> list[int]:
        return [len(clip.waveform) for clip in self.clips]

    @property
    def emotions(self) -> list[int]:
        return [clip.emotion for clip in self.clips]

    @property
    def voices(self) -> list[int]:
        return [0, *[1] * (len(self.clips) - 1)]

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, index: int) -> Clip:
        return self.clips[index]


def _clip(number: int, *, random: torch.Generator) -> Clip:
    n_tokens = int(torch.randint(3, 9, (), generator=random))
    n_frames = 4 * n_tokens + 8
    time_s = torch.arange(n_frames * HOP) / RATE_HZ
    emotion = number % 3
    noise = torch.randn(n_frames * HOP, generator=random)
    return Clip(
        wav=f"wavs/{number:03}.wav",
        tokens=torch.randint(1, 12, (n_tokens,), generator=random),
        tones=torch.randint(0, 3, (n_tokens,), generator=random),
        languages=torch.zeros(n_tokens, dtype=torch.int64),
        waveform=0.3 * torch.sin(2 * math.pi * (200 + 100 * emotion) * time_s) + 0.01 * noise,
        n_frames=n_frames,
        speaker=0,
        emotion=emotion,
        pitch=torch.full((n_frames,), (200 + 100 * emotion) / RATE_HZ),
    )


def toy_networks(*, seed: int = 0) -> TrainingNetworks:
    torch.manual_seed(seed)
    return TrainingNetworks(
        synthesizer=Synthesizer(SYNTHESIZER),
        waveform_discriminators={
            "multi_period": MultiPeriodDiscriminator(
                periods=[2, 3], period_channels=[4, 4], scale_channels=[4, 4], use_spectral_norm=False
            ),
            "multi_resolution": MultiResolutionDiscriminator(
                resolutions=[[64, 16, 64]], channels=4, n_strided=1, use_spectral_norm=False
            ),
        },
        duration_discriminator=DurationDiscriminator(8, 8, kernel_size=3, dropout=0.1, voice_channels=8),
        spectrogram=Spectrogram(n_fft=N_FFT, hop_length=HOP, win_length=N_FFT),
        mel=toy_mel(),
    )


def toy_mel(windows: Sequence[int] = ()) -> MelSpectrograms:
    first = MelSpectrogram(
        sample_rate_hz=RATE_HZ,
        n_fft=N_FFT,
        hop_length=HOP,
        win_length=N_FFT,
        n_mels=8,
        f_min_hz=0.0,
        f_max_hz=None,
    )
    return MelSpectrograms(first, windows=windows, sample_rate_hz=RATE_HZ)


def toy_clips() -> TrainingClips:
    return TrainingClips(
        training=ToyClips(8, seed=1),
        validation=ToyClips(3, seed=2),
        hop_length=HOP,
        n_fft=N_FFT,
    )


def toy_settings(**changes) -> TrainSettings:
    return train_settings(**(SETTINGS | changes))


def toy_train(
    folder: Path,
    *,
    hooks: TrainingHooks | None = None,
    networks: TrainingNetworks | None = None,
    clips: TrainingClips | None = None,
    corpus: str = "c",
    seed: int = 0,
    **changes,
) -> TrainingResult:
    return train(
        networks or toy_networks(),
        toy_settings(**changes),
        clips=clips or toy_clips(),
        run=TrainingRun(
            folder,
            identity={"corpus": corpus, "seed": seed},
            description={"synthesizer": SYNTHESIZER.to_dict()},
            code_version="test",
            seed=seed,
        ),
        hooks=hooks,
    )


def same(left: object, right: object) -> bool:
    """Say whether two nested values are equal, their tensors bit for bit."""
    if isinstance(left, torch.Tensor):
        return isinstance(right, torch.Tensor) and left.dtype == right.dtype and torch.equal(left, right)
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return left == right


def assert_same_checkpoint(left: Path, right: Path) -> None:
    """Compare every weight, the optimizers and the random states of two checkpoints, bit for bit."""
    for name in ("model", "ema", "multi_period", "multi_resolution", "duration"):
        assert same(read_weights(left, name), read_weights(right, name)), name
    one, two = read_trainer_state(left), read_trainer_state(right)
    for key in one:
        assert same(one[key], two[key]), key


def metrics_by_step(log: Path) -> dict[int, dict[str, float]]:
    """Return the logged metrics that do not depend on the clock; a step that was run again counts once."""
    found: dict[int, dict[str, float]] = {}
    for line in log.read_text().splitlines():
        row = json.loads(line)
        kept = {name: value for name, value in row.items() if not name.endswith("per_second")}
        found.setdefault(row["step"], {}).update(kept)
    return found


def log_to(path: Path) -> TrainingHooks:
    """Return hooks that write every metric into a file of JSON lines."""

    def log(metrics: dict[str, float], step: int) -> None:
        with path.open("a") as stream:
            stream.write(json.dumps({"step": step, **metrics}) + "\n")

    return TrainingHooks(log=log)


class Stopped(Exception):
    """What :func:`stop_at` raises."""


def stop_at(last: int) -> TrainingHooks:
    """Return hooks that raise :class:`Stopped` after a step."""

    def progress(step: int, steps: int, metrics: dict[str, float]) -> None:
        if step == last:
            raise Stopped

    return TrainingHooks(progress=progress)


def main() -> None:
    """Train in this process; log to a file; die or interrupt oneself after a step if asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("log", type=Path)
    parser.add_argument("--signal", default="KILL")
    parser.add_argument("--after", type=int, default=-1)
    parser.add_argument("--settings", default="{}")
    options = parser.parse_args()

    def progress(step: int, steps: int, metrics: dict[str, float]) -> None:
        if step == options.after:
            os.kill(os.getpid(), getattr(signal, f"SIG{options.signal}"))

    toy_train(
        options.folder,
        hooks=dataclasses.replace(log_to(options.log), progress=progress),
        **json.loads(options.settings),
    )


if __name__ == "__main__":
    main()
