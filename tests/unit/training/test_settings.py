"""Settings are checked, and the fingerprint changes with what is learnt and with nothing else."""

from __future__ import annotations

import pytest

from emotts.errors import ConfigError
from emotts.training.settings import TrainSettings, fingerprint


def test_settings_come_back_from_plain_values() -> None:
    settings = TrainSettings.from_dict({"steps": 7, "weights": {"kl": 0.5}})
    assert TrainSettings.from_dict(settings.to_dict()) == settings
    assert (settings.steps, settings.weights.kl, settings.weights.mel) == (7, 0.5, 45.0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"step": 7}, r"unknown training setting\n  found: step\n"),
        ({"weights": {"mell": 7}}, r"unknown training setting\n  found: mell\n"),
        ({"steps": 0}, r"steps is out of range\n  found: 0\n  wanted: >= 1"),
        ({"clip_norm": 0.0}, r"clip_norm is out of range\n  found: 0\.0\n  wanted: > 0"),
        ({"clip_norm": float("inf")}, r"clip_norm is out of range\n  found: inf"),
        ({"ema_decay": 1.0}, r"ema_decay is out of range\n  found: 1\.0\n  wanted: >= 0 and < 1"),
        ({"sampler": "random"}, r"sampler is unknown\n  found: 'random'\n  wanted: balanced, natural"),
        ({"weights": {"mel": float("nan")}}, "loss weight mel cannot be used"),
    ],
)
def test_a_bad_setting_is_named(values: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        TrainSettings.from_dict(values)


def test_the_fingerprint_changes_with_what_is_learnt() -> None:
    settings = TrainSettings()
    base = fingerprint(settings, {"corpus": "a"})
    assert fingerprint(TrainSettings(), {"corpus": "a"}) == base
    for change in ({"learning_rate": 1e-3}, {"steps": 5}, {"seed": 3}, {"weights": {"kl": 2.0}}, {"batch_size": 2}):
        assert fingerprint(TrainSettings.from_dict(change), {"corpus": "a"}) != base
    assert fingerprint(settings, {"corpus": "b"}) != base


def test_the_fingerprint_does_not_change_with_how_often_things_are_written() -> None:
    base = fingerprint(TrainSettings(), {})
    for name in ("log_every", "sample_every", "checkpoint_every", "keep_checkpoints"):
        assert fingerprint(TrainSettings.from_dict({name: 77}), {}) == base
