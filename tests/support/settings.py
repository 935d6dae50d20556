"""Settings for tests: every value named here, so that a test says only what it is about."""

from __future__ import annotations

from typing import Any

from emotts.audio.settings import AudioSettings
from emotts.corpus.settings import CorpusSettings, LabelSettings, SegmentSettings
from emotts.parallel import ParallelSettings
from emotts.training.settings import TrainSettings

TRAIN: dict[str, Any] = {
    "phase": "joint",
    "steps": 10_000,
    "batch_size": 8,
    "learning_rate": 2e-4,
    "discriminator_learning_rate": 2e-4,
    "beta_1": 0.8,
    "beta_2": 0.99,
    "eps": 1e-9,
    "weight_decay": 0.01,
    "warmup_steps": 0,
    "lr_decay": "exponential",
    "lr_min_factor": 0.3,
    "freeze_steps": 0,
    "backbone_lr_scale": 1.0,
    "base_decoder": True,
    "base_duration_discriminator": False,
    "max_grad_norm": 100.0,
    "ema_decay": 0.999,
    "segment_frames": 32,
    "discriminator_start": 0,
    "discriminator_every": 1,
    "alignment_noise": 0.01,
    "alignment_noise_decay": 2e-6,
    "alignment_slack_frames": None,
    "sampler": "balanced",
    "length_jitter": 0.15,
    "replay_corpus": None,
    "replay_fraction": 0.0,
    "mel_windows": [],
    "decoder_noise_scale": 1.0,
    "precision": "auto",
    "devices": 1,
    "log_every": 10,
    "validate_every": 500,
    "sample_every": 1000,
    "checkpoint_every": 500,
    "keep_checkpoints": 2,
    "best_mel_weight": 1.0,
    "best_kl_weight": 1.0,
    "weights": {
        "mel": 45.0,
        "kl": 1.0,
        "duration": 0.0,
        "duration_frames": 1.0,
        "stochastic_duration": 1.0,
        "adversarial": 1.0,
        "feature_matching": 1.0,
        "duration_adversarial": 1.0,
        "pitch": 10.0,
    },
}
AUDIO: dict[str, Any] = {
    "sample_rate_hz": 22050,
    "n_fft": 1024,
    "hop_length": 256,
    "win_length": 1024,
    "n_mels": 80,
    "mel_f_min_hz": 0.0,
    "mel_f_max_hz": None,
}
SEGMENT: dict[str, Any] = {
    "method": "threshold",
    "threshold_db": -40.0,
    "min_silence_s": 1.0,
    "keep_silence_s": 0.5,
    "min_length_s": 3.0,
    "max_length_s": 15.0,
    "join_pause_s": 0.0,
    "loudness_lufs": None,
    "max_true_peak_db": -1.0,
    "fade_s": 0.0,
    "max_reject_fraction": 0.25,
}
LABEL: dict[str, Any] = {
    "recogniser": "whisper-base",
    "wording": "strict",
    "retakes": "last",
    "recognise": False,
    "max_reject_fraction": 0.25,
}
CORPUS: dict[str, Any] = {
    "val_fraction": 0.1,
    "test_fraction": 0.15,
    "on_unknown": "error",
    "max_reject_fraction": 0.1,
}


def train_settings(**changes: Any) -> TrainSettings:
    """Return settings of a training; ``weights`` may name some of the weights only."""
    weights = {**TRAIN["weights"], **changes.pop("weights", {})}
    return TrainSettings.from_dict({**TRAIN, **changes, "weights": weights})


def audio_settings(**changes: Any) -> AudioSettings:
    """Return settings of the sound."""
    return AudioSettings.from_dict({**AUDIO, **changes})


def segment_settings(**changes: Any) -> SegmentSettings:
    """Return settings of the segmentation."""
    return SegmentSettings.from_dict({**SEGMENT, **changes})


def label_settings(**changes: Any) -> LabelSettings:
    """Return settings of the stage that gives segments their texts."""
    return LabelSettings.from_dict({**LABEL, **changes})


def parallel_settings(**changes: Any) -> ParallelSettings:
    """Return settings of the parallel work: one file after the other."""
    return ParallelSettings.from_dict({"jobs": 1, "backend": "loky", **changes})


def corpus_settings(**changes: Any) -> CorpusSettings:
    """Return settings of the corpus."""
    return CorpusSettings.from_dict({**CORPUS, **changes})
