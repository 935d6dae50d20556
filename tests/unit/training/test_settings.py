"""Settings are checked, and the fingerprint changes with what is learnt and with nothing else."""

from __future__ import annotations

import pytest
from support.settings import TRAIN, train_settings

from emotts.errors import ConfigError
from emotts.training.settings import TrainSettings, fingerprint


def test_settings_come_back_from_plain_values() -> None:
    settings = train_settings(steps=7, weights={"kl": 0.5})
    assert (
        TrainSettings.from_dict({**settings.to_dict(), "alignment_slack_frames": None, "replay_corpus": None})
        == settings
    )
    assert (settings.steps, settings.weights.kl, settings.weights.mel) == (7, 0.5, 45.0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"step": 7}, "unknown key 'step'; did you mean 'steps'\\?"),
        ({"weights": {"mell": 7}}, "unknown key 'weights.mell'; did you mean 'mel'\\?"),
        ({"steps": 0}, "steps = 0: Input should be greater than 0"),
        ({"steps": True}, "steps = True: Input should be a valid integer"),
        ({"max_grad_norm": 0.0}, "max_grad_norm = 0.0: Input should be greater than 0"),
        ({"max_grad_norm": float("inf")}, "max_grad_norm = inf: Input should be a finite number"),
        ({"ema_decay": 1.0}, "ema_decay = 1.0: Input should be less than 1"),
        ({"sampler": "random"}, "sampler = 'random': Input should be 'balanced', 'balanced_voices' or 'natural'"),
        ({"weights": {"mel": float("nan")}}, "weights.mel = nan: Input should be a finite number"),
        ({"replay_fraction": 0.2}, "replay_corpus \\(None\\) and replay_fraction \\(0.2\\) belong together"),
    ],
)
def test_a_bad_setting_is_named(values: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        train_settings(**values)


def test_what_was_stored_under_former_names_can_be_read() -> None:
    former = {"max_grad_norm": "clip_norm", "lr_min_factor": "lr_final_share", "best_mel_weight": "score_mel"}
    stored = {former.get(name, name): value for name, value in TRAIN.items()}
    assert "clip_norm" in stored
    assert TrainSettings.from_dict(stored) == train_settings()


def test_the_fingerprint_changes_with_what_is_learnt() -> None:
    base = fingerprint(train_settings(), {"corpus": "a"})
    assert fingerprint(train_settings(), {"corpus": "a"}) == base
    for change in ({"learning_rate": 1e-3}, {"warmup_steps": 5}, {"weights": {"kl": 2.0}}, {"batch_size": 2}):
        assert fingerprint(train_settings(**change), {"corpus": "a"}) != base
    assert fingerprint(train_settings(), {"corpus": "b"}) != base


def test_the_fingerprint_does_not_change_with_how_long_and_how_often() -> None:
    base = fingerprint(train_settings(), {})
    for name in ("steps", "log_every", "validate_every", "sample_every", "checkpoint_every", "keep_checkpoints"):
        assert fingerprint(train_settings(**{name: 77}), {}) == base
