"""One training step: every loss, whom it reaches, clipping, and what happens when it diverges."""

from __future__ import annotations

import dataclasses
from types import ModuleType

import pytest
import torch
from torch.overrides import TorchFunctionMode

from emotts.errors import DivergedError
from emotts.model.synthesizer import Synthesizer
from emotts.training.batch import Batch, collate
from emotts.training.losses import segment_mel_loss
from emotts.training.modules import TrainingModules, make_fabric, set_up_modules
from emotts.training.phases.joint import JointPhase
from emotts.training.phases.phase import PhaseContext
from emotts.training.phases.text import text_inputs
from emotts.training.schedule import fresh_parameters
from emotts.training.step import TrainingStep


@pytest.fixture
def setting(toy: ModuleType):
    def make(**changes):
        settings = toy.toy_settings(**changes)
        fabric = make_fabric(settings)
        modules = set_up_modules(fabric, toy.toy_networks(), settings=settings)
        torch.manual_seed(5)
        return modules, TrainingStep(fabric, modules, settings=settings)

    return make


def batch_of(toy: ModuleType, **changes):
    clips = [toy.ToyClips(3, seed=1)[number] for number in range(3)]
    batch = collate(clips, hop_length=toy.HOP, mirror_samples=16, min_frames=8)
    return dataclasses.replace(batch, **changes)


def weights_of(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def test_every_loss_of_the_family_is_there_and_finite(toy: ModuleType, setting) -> None:
    _, step = setting()
    metrics = step.run(batch_of(toy), step=0)
    assert set(metrics) == {
        "loss/mel",
        "loss/kl",
        "loss/duration",
        "loss/duration_frames",
        "loss/stochastic_duration",
        "loss/adversarial",
        "loss/feature_matching",
        "loss/duration_adversarial",
        "loss/pitch",
        "loss/total",
        "loss/discriminator/multi_period",
        "loss/discriminator/multi_resolution",
        "loss/discriminator/duration",
        "gradient_norm/generator",
        "gradient_norm/multi_period",
        "gradient_norm/multi_resolution",
        "gradient_norm/duration",
    }
    assert all(value.isfinite() and value.dim() == 0 for value in metrics.values())


def test_the_total_is_the_weighted_sum(toy: ModuleType, setting) -> None:
    weights = {"mel": 10.0, "kl": 0.5, "duration": 4.0, "feature_matching": 2.0, "duration_adversarial": 0.0}
    weights["pitch"] = 3.0
    _, step = setting(weights=weights)
    metrics = step.run(batch_of(toy), step=0)
    names = [name.removeprefix("loss/") for name in metrics if name.startswith("loss/") and name.count("/") == 1]
    names.remove("total")
    assert {"duration", "duration_frames", *weights} <= set(names)
    total = sum(weights.get(name, 1.0) * metrics[f"loss/{name}"].item() for name in names)
    assert metrics["loss/total"].item() == pytest.approx(total, rel=1e-5)


def test_every_network_learns(toy: ModuleType, setting) -> None:
    modules, step = setting()
    before = {name: weights_of(network) for name, network in modules.networks.items()}
    for number in range(2):
        step.run(batch_of(toy), step=number)
    for name, network in modules.networks.items():
        same = [key for key, value in network.state_dict().items() if torch.equal(value, before[name][key])]
        assert not same, f"{name} did not learn {same}"


@pytest.mark.slow
def test_a_step_lowers_the_loss_on_its_batch_in_the_end(toy: ModuleType, setting) -> None:
    _, step = setting(steps=40, learning_rate=3e-3)
    losses = [step.run(batch_of(toy), step=number)["loss/mel"].item() for number in range(40)]
    assert sum(losses[-5:]) < 0.9 * sum(losses[:5])


def test_fault_1_the_duration_discriminator_moves_the_duration_predictor(toy: ModuleType, setting) -> None:
    others = ("kl", "duration", "stochastic_duration", "adversarial", "feature_matching", "pitch")
    weights = dict.fromkeys(others, 0.0) | {"duration_adversarial": 1.0}
    weights["mel"] = 1e-60  # one of mel and kl must count for the best checkpoint; in 32 bits this is 0
    modules, step = setting(weights=weights, weight_decay=0.0)
    before = weights_of(modules.synthesizer)
    step.run(batch_of(toy), step=0)
    moved = {name for name, value in modules.synthesizer.state_dict().items() if not torch.equal(value, before[name])}
    assert moved
    assert all(name.startswith("duration_predictor.") for name in moved)


def test_discriminators_start_late_and_take_part_every_second_step(toy: ModuleType, setting) -> None:
    modules, step = setting(discriminator_start=1, discriminator_every=2)
    took_part = []
    for number in range(4):
        before = weights_of(modules.discriminators["multi_period"])
        metrics = step.run(batch_of(toy), step=number)
        after = modules.discriminators["multi_period"].state_dict()
        learnt = any(not torch.equal(after[name], before[name]) for name in before)
        assert learnt == ("loss/adversarial" in metrics) == ("loss/discriminator/multi_period" in metrics)
        took_part.append(learnt)
    assert took_part == [False, True, False, True]


def test_fault_10_gradients_are_clipped_to_the_bound(toy: ModuleType, setting) -> None:
    modules, step = setting(max_grad_norm=0.5)
    metrics = step.run(batch_of(toy), step=0)
    assert metrics["gradient_norm/generator"].item() > 0.5
    left = torch.nn.utils.get_total_norm([p.grad for p in modules.synthesizer.parameters() if p.grad is not None])
    assert left.item() == pytest.approx(0.5, rel=1e-3)
    for network in modules.discriminators.values():
        left = torch.nn.utils.get_total_norm([p.grad for p in network.parameters()])
        assert left.item() <= 0.5 + 1e-3


def forward_pass(
    toy: ModuleType, modules: TrainingModules, batch: Batch, *, alignment_noise_scale: float = 0.0
) -> dict[str, torch.Tensor]:
    context = PhaseContext(modules.spectrogram, modules.mel, toy.toy_settings(), alignment_noise_scale)
    inputs = text_inputs(batch, context)
    output: dict[str, torch.Tensor] = modules.generator(**inputs, segment_frames=8)
    return output


class Waits(TorchFunctionMode):
    """Counts how often Python asks for the value of a tensor."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_function__(self, function, types, args=(), kwargs=None):
        asking = (torch.Tensor.item, torch.Tensor.tolist, torch.Tensor.__bool__, torch.Tensor.__float__)
        self.count += function in asking
        return function(*args, **(kwargs or {}))


def test_fault_10_no_loss_is_moved_to_the_host(toy: ModuleType, setting) -> None:
    modules, step = setting()
    batch = batch_of(toy)
    with Waits() as whole:
        step.run(batch, step=1)
    with Waits() as forward:
        forward_pass(toy, modules, batch, alignment_noise_scale=0.01)
    # beyond the networks' own: one bool for the discriminators, one for the generator
    assert whole.count - forward.count == 2


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_bad_sound_stops_before_any_weight_moves_and_is_named(toy: ModuleType, setting, bad: float) -> None:
    modules, step = setting()
    before = {name: weights_of(network) for name, network in modules.networks.items()}
    waveform = batch_of(toy).waveform.clone()
    waveform[1] = bad
    with pytest.raises(DivergedError, match=r"(?s)batch of wavs/000\.wav, wavs/001\.wav, wavs/002\.wav.*step 3.*mult"):
        step.run(batch_of(toy, waveform=waveform), step=3)
    for name, network in modules.networks.items():
        assert all(torch.equal(value, before[name][key]) for key, value in network.state_dict().items())


def test_a_generator_gradient_that_is_not_finite_is_noticed(toy: ModuleType, setting) -> None:
    modules, step = setting(discriminator_start=100)
    before = weights_of(modules.synthesizer)
    weight = modules.synthesizer.decoder.get_parameter(
        next(n for n, _ in modules.synthesizer.decoder.named_parameters())
    )
    weight.register_hook(lambda gradient: gradient * float("inf"))
    with pytest.raises(DivergedError, match="gradient of generator is not finite"):
        step.run(batch_of(toy), step=0)
    assert all(torch.equal(value, before[key]) for key, value in modules.synthesizer.state_dict().items())


def test_learning_rates_follow_the_schedule(toy: ModuleType, setting) -> None:
    modules, step = setting(learning_rate=0.5, discriminator_learning_rate=0.25, lr_min_factor=0.1, steps=11)
    assert step.learning_rates(0) == {"fresh": 0.5, "discriminators": 0.25}
    assert step.learning_rates(10)["fresh"] == pytest.approx(0.05)
    step.run(batch_of(toy), step=10)
    assert modules.generator_optimizer.param_groups[0]["lr"] == pytest.approx(0.05)
    assert modules.discriminator_optimizer.param_groups[0]["lr"] == pytest.approx(0.025)


def test_frozen_parameters_stay_and_new_ones_are_trained(toy: ModuleType) -> None:
    networks = toy.toy_networks()
    base = Synthesizer(toy.SYNTHESIZER.changed(n_emotions=0, emotion_channels=0))
    wider = base.with_emotions(3, 4)
    fresh = fresh_parameters(wider, base=base)
    assert fresh["voice.emotions.table"] == 0
    assert set(fresh.values()) == {0, 4}
    networks = dataclasses.replace(networks, synthesizer=wider, fresh=fresh)
    settings = toy.toy_settings(freeze_steps=1, backbone_lr_scale=0.5)
    fabric = make_fabric(settings)
    modules = set_up_modules(fabric, networks, settings=settings)
    step = TrainingStep(fabric, modules, settings=settings)
    before = weights_of(modules.synthesizer)
    step.run(batch_of(toy), step=0)
    after = weights_of(modules.synthesizer)
    rested = [name for name in after if name not in fresh]
    assert all(torch.equal(after[name], before[name]) for name in rested)
    widened = [name for name, first in fresh.items() if first > 0]
    assert all(torch.equal(after[name][:, :4], before[name][:, :4]) for name in widened)
    # layers behind a last layer that starts at zero get their first gradient at the second step
    assert any(not torch.equal(after[name][:, 4:], before[name][:, 4:]) for name in widened)
    assert step.learning_rates(0)["backbone"] == 0.0
    step.run(batch_of(toy), step=1)
    # the columns were zero at first, so that the table gets its first gradient now
    still = [name for name, value in weights_of(modules.synthesizer).items() if torch.equal(value, before[name])]
    assert "voice.emotions.table" not in still
    assert len(still) < len(before) / 2


def test_both_mels_are_cut_at_the_same_place(toy: ModuleType, setting) -> None:
    modules, _ = setting()
    batch, settings = batch_of(toy), toy.toy_settings(segment_frames=8)
    torch.manual_seed(3)
    starts = forward_pass(toy, modules, batch)["segment_start_frames"].tolist()
    torch.manual_seed(3)
    generated = JointPhase().run(modules.generator, batch, PhaseContext(modules.spectrogram, modules.mel, settings))
    real, fake = generated.waveforms.real, generated.waveforms.fake
    assert real.shape == fake.shape == (3, 1, 8 * toy.HOP)
    for row, start in enumerate(starts):
        assert torch.equal(real[row, 0], batch.waveform[row, start * toy.HOP : (start + 8) * toy.HOP])
    assert segment_mel_loss(real=real, fake=real, mel=modules.mel).item() == 0.0
    assert torch.equal(generated.losses["mel"], segment_mel_loss(real=real, fake=fake, mel=modules.mel))
