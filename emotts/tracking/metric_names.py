"""Names of metrics in MLflow: headline metrics as they are, training curves with ``/``, the rest below ``detail/``."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DETAIL", "detail"]

DETAIL = "detail/"
"""What precedes the names of metrics that only say more about others; the UI shows them in a section of their own."""


def detail(metrics: Mapping[str, float]) -> dict[str, float]:
    """Return metrics under the names of details."""
    return {f"{DETAIL}{name}": value for name, value in metrics.items()}
