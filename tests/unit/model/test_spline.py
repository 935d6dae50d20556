"""The spline: invertible, monotonic, with the slope it says, the identity outside."""

from __future__ import annotations

import torch

from emotts.model.spline import rational_quadratic_spline


def shape(size: int, *, scale: float = 1.0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    sizes = {"raw_widths": 10, "raw_heights": 10, "raw_slopes": 9}
    return {
        name: torch.randn(1, width, generator=generator, dtype=torch.float64).expand(size, -1) * scale
        for name, width in sizes.items()
    }


def test_inverse_undoes_it() -> None:
    points = torch.linspace(-7.0, 7.0, 401, dtype=torch.float64)
    bent, log_slope = rational_quadratic_spline(points, **shape(401), bound=5.0)
    back, back_log_slope = rational_quadratic_spline(bent, **shape(401), bound=5.0, inverse=True)
    assert torch.allclose(back, points, atol=1e-9)
    assert torch.allclose(back_log_slope, -log_slope, atol=1e-7)
    assert (bent - points).abs().max() > 0.1


def test_monotonic_and_the_identity_outside() -> None:
    points = torch.linspace(-7.0, 7.0, 401, dtype=torch.float64)
    bent, log_slope = rational_quadratic_spline(points, **shape(401, scale=3.0), bound=5.0)
    assert (bent.diff() > 0).all()
    outside = points.abs() > 5.0
    assert torch.equal(bent[outside], points[outside])
    assert not log_slope[outside].any()


def test_slope_is_the_derivative() -> None:
    points = torch.linspace(-6.0, 6.0, 101, dtype=torch.float64, requires_grad=True)
    bent, log_slope = rational_quadratic_spline(points, **shape(101), bound=5.0)
    (derivative,) = torch.autograd.grad(bent.sum(), points)
    assert torch.allclose(derivative.log(), log_slope, atol=1e-9)


def test_flat_shape_is_the_identity_and_gradients_stay_finite() -> None:
    points = torch.tensor([-100.0, -5.0, -1.0, 0.0, 5.0, 100.0])
    raw = {name: torch.zeros_like(tensor, dtype=torch.float32) for name, tensor in shape(6).items()}
    raw["raw_slopes"] = raw["raw_slopes"] + 0.5397424  # softplus of this and 0.001 make a slope of 1
    for tensor in raw.values():
        tensor.requires_grad_(True)
    for inverse in (False, True):
        bent, log_slope = rational_quadratic_spline(points, **raw, bound=5.0, inverse=inverse)
        assert torch.allclose(bent, points, atol=1e-5)
        (bent.sum() + log_slope.sum()).backward()
    assert all(torch.isfinite(tensor.grad).all() for tensor in raw.values() if tensor.grad is not None)
    assert all(tensor.grad is not None for tensor in raw.values())
