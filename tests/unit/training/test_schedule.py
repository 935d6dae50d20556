"""Learning rates by step, parameter groups, and the average of the weights."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from emotts.training.ema import ExponentialMovingAverage
from emotts.training.schedule import LearningRate, fresh_parameters, parameter_groups, set_rates


def rate(decay: str, *, warmup_steps: int = 0) -> LearningRate:
    return LearningRate(1.0, warmup_steps=warmup_steps, steps=101, decay=decay, final_fraction=0.25)


def test_exponential_decay_ends_at_the_share_and_halves_half_way() -> None:
    schedule = rate("exponential")
    assert schedule.at(0) == 1.0
    assert schedule.at(50) == pytest.approx(0.5)
    assert schedule.at(100) == pytest.approx(0.25)
    assert schedule.at(1000) == pytest.approx(0.25)


def test_cosine_and_constant() -> None:
    assert rate("cosine").at(50) == pytest.approx(0.625)
    assert rate("cosine").at(100) == pytest.approx(0.25)
    assert rate("constant").at(100) == 1.0


def test_warm_up_rises_in_equal_parts() -> None:
    schedule = rate("exponential", warmup_steps=4)
    assert [schedule.at(step) for step in range(5)] == [0.25, 0.5, 0.75, 1.0, 1.0]


def test_from_scratch_everything_is_one_group() -> None:
    groups, _ = parameter_groups(nn.Linear(2, 3), fresh=None)
    assert [(group["name"], len(group["params"])) for group in groups] == [("fresh", 2)]


def test_a_base_checkpoint_makes_two_groups() -> None:
    groups, _ = parameter_groups(nn.Linear(2, 3), fresh={"bias": 0})
    optimizer = torch.optim.AdamW(groups, lr=1.0)
    assert set_rates(optimizer, 0.5, backbone_scale=0.1) == {"backbone": 0.05, "fresh": 0.5}
    assert [group["lr"] for group in optimizer.param_groups] == [0.05, 0.5]


def test_an_unknown_fresh_parameter_is_an_error() -> None:
    with pytest.raises(KeyError, match="no parameter emotion"):
        parameter_groups(nn.Linear(2, 3), fresh={"emotion": 0})


@pytest.mark.parametrize("scale", [0.0, 0.1, 1.0])
def test_widened_columns_learn_and_old_ones_at_their_own_rate(scale: float) -> None:
    layer = nn.Linear(4, 3, bias=False)
    before = layer.weight.detach().clone()
    groups, columns = parameter_groups(layer, fresh={"weight": 3})
    optimizer = torch.optim.AdamW(groups, lr=0.1, weight_decay=0.5)
    layer(torch.ones(1, 4)).sum().backward()
    columns.before_step()
    optimizer.step()
    columns.after_step(scale)
    moved = (layer.weight.detach() - before).abs()
    full = 0.1 + 0.05 * before  # Adam's first step, and the weight decay
    assert torch.allclose(moved[:, :3], scale * full[:, :3].abs(), atol=1e-6)
    assert torch.allclose(moved[:, 3], full[:, 3].abs(), atol=1e-6)
    if scale == 0.0:
        assert torch.equal(layer.weight[:, :3], before[:, :3])


def test_the_average_follows_with_its_decay() -> None:
    network = nn.Linear(1, 1, bias=False)
    nn.init.constant_(network.weight, 0.0)
    average = ExponentialMovingAverage(network, decay=0.9)
    nn.init.constant_(network.weight, 1.0)
    average.update(network, step=1_000_000)
    assert average.network.weight.item() == pytest.approx(0.1)
    average.update(network, step=1_000_000)
    assert average.network.weight.item() == pytest.approx(0.19)


def test_the_average_starts_fast() -> None:
    network = nn.Linear(1, 1, bias=False)
    nn.init.constant_(network.weight, 0.0)
    average = ExponentialMovingAverage(network, decay=0.999)
    nn.init.constant_(network.weight, 1.0)
    average.update(network, step=0)
    assert average.network.weight.item() == pytest.approx(0.9)


def test_the_average_takes_buffers_over_and_stays_out_of_training() -> None:
    network = nn.BatchNorm1d(2)
    average = ExponentialMovingAverage(network, decay=0.9)
    network(torch.randn(8, 2, generator=torch.Generator().manual_seed(0)) + 3.0)
    average.update(network, step=5)
    assert torch.equal(average.state_dict()["running_mean"], network.running_mean)
    assert average.state_dict()["num_batches_tracked"].item() == 1
    assert not average.network.training
    assert not any(weight.requires_grad for weight in average.network.parameters())
    assert math.isfinite(network.weight.sum().item())


def test_what_a_widened_network_has_that_its_base_has_not() -> None:
    base = nn.ModuleDict({"kept": nn.Conv1d(4, 4, 3), "widened": nn.Conv1d(4, 8, 1)})
    wider = nn.ModuleDict({"kept": nn.Conv1d(4, 4, 3), "widened": nn.Conv1d(7, 8, 1), "table": nn.Embedding(7, 3)})
    assert fresh_parameters(wider, base=base) == {"widened.weight": 4, "table.weight": 0}
    assert fresh_parameters(base, base=base) == {}
