"""Training on each device that a machine may have: a step, bfloat16, going on after a break."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
import torch

from emotts.checkpoint.store import CheckpointStore
from emotts.training.batch import Batch, collate
from emotts.training.loop import TrainingHooks
from emotts.training.modules import TrainingModules, make_fabric, set_up_modules
from emotts.training.step import TrainingStep

pytestmark = pytest.mark.slow

GPU = pytest.param(
    "cuda",
    marks=[
        pytest.mark.gpu,
        pytest.mark.skipif(not torch.cuda.is_available(), reason="torch.cuda.is_available() is false"),
    ],
)


@pytest.fixture(params=["cpu", GPU])
def device(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the type of the device that the training takes; a GPU is hidden where the processor is to train."""
    if request.param == "cpu":
        monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    return request.param


def trained(toy: ModuleType, precision: str) -> tuple[TrainingModules, dict[str, torch.Tensor]]:
    """Train two steps on one batch and return the modules, and what the second step measured."""
    settings = toy.toy_settings(precision=precision)
    fabric = make_fabric(settings)
    modules = set_up_modules(fabric, toy.toy_networks(), settings=settings)
    torch.manual_seed(5)
    step = TrainingStep(fabric, modules, settings=settings)
    step.run(batch_of(toy).to(fabric.device), step=0)
    return modules, step.run(batch_of(toy).to(fabric.device), step=1)


def batch_of(toy: ModuleType) -> Batch:
    clips = toy.ToyClips(3, seed=1)
    return collate([clips[number] for number in range(3)], hop_length=toy.HOP, mirror_samples=16, min_frames=8)


@pytest.mark.parametrize("precision", ["32", "bf16"])
def test_a_step_trains_every_network_on_the_device(toy: ModuleType, device: str, precision: str) -> None:
    modules, measured = trained(toy, precision)
    assert {value.device.type for value in measured.values()} == {device}
    assert {name for name, value in measured.items() if not value.isfinite()} == set()
    fresh = toy.toy_networks()
    untouched = {
        "model": fresh.synthesizer,
        **fresh.waveform_discriminators,
        "duration": fresh.duration_discriminator,
    }
    for name, network in untouched.items():
        after = modules.networks[name].state_dict()
        for key, value in network.state_dict().items():
            assert (after[key].device.type, after[key].dtype) == (device, value.dtype), f"{name}.{key}"
            assert not torch.equal(after[key].cpu(), value), f"{name}.{key}"


def test_bfloat16_measures_nearly_the_same(toy: ModuleType, device: str) -> None:
    (_, exact), (_, rounded) = (trained(toy, precision) for precision in ("32", "bf16"))
    assert float(exact["loss/mel"]) != float(rounded["loss/mel"])
    for name in ("loss/mel", "loss/kl", "loss/duration", "loss/pitch"):
        assert float(rounded[name]) == pytest.approx(float(exact[name]), rel=0.1), name


@pytest.mark.parametrize("precision", ["32", "bf16"])
def test_a_run_goes_on_with_equal_results(toy: ModuleType, device: str, tmp_path: Path, precision: str) -> None:
    def log_of(name: str) -> TrainingHooks:
        return toy.log_to(tmp_path / name)

    settings = {"precision": precision, "log_every": 1}
    toy.toy_train(tmp_path / "straight", hooks=log_of("straight.log"), **settings)
    with pytest.raises(toy.Stopped):
        toy.toy_train(tmp_path / "broken", hooks=toy.stop_at(3), **settings)
    result = toy.toy_train(
        tmp_path / "broken", hooks=log_of("broken.log"), networks=toy.toy_networks(seed=99), **settings
    )
    assert result.resumed_from == 3
    straight, broken = (toy.metrics_by_step(tmp_path / f"{name}.log") for name in ("straight", "broken"))
    assert sorted(broken) == [4, 5, 6]
    if device == "cpu":
        assert broken == {step: straight[step] for step in broken}
        toy.assert_same_checkpoint(*(CheckpointStore(tmp_path / name).path(6) for name in ("straight", "broken")))
    # a GPU adds in an order that changes from run to run
    for step, values in broken.items():
        losses = {name: value for name, value in values.items() if "/loss/" in name}
        assert len(losses) >= 8
        assert losses == pytest.approx({name: straight[step][name] for name in losses}, rel=1e-2), step
