"""The view of an experiment's table of runs that the UI opens with: the headline metrics as columns."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

__all__ = ["VIEW", "set_view", "view_state"]

VIEW = "headline"
"""The key of the view in the UI's address (``viewStateShareKey``)."""
_TAG = f"mlflow.sharedViewState.{VIEW}"
_ATTRIBUTES = ("Created", "Duration")
_LETTER, _MARGIN = 7, 50
"""Pixels: of a letter in a column's head, and beside them."""


def view_state(metrics: Sequence[str]) -> dict[str, object]:
    """Return the state of the UI that shows a column for each of some metrics, in this order."""
    shown = {f"metrics.`{name}`": name for name in metrics}
    columns = [*(f"attributes.`{name}`" for name in _ATTRIBUTES), *shown]
    return {
        "selectedColumns": columns,
        "columnOrder": columns,
        "columnWidths": {column: _MARGIN + _LETTER * len(name) for column, name in shown.items()},
        "orderByKey": "attributes.start_time",
    }


def set_view(client: Any, experiment_id: str, *, metrics: Sequence[str]) -> None:
    """Save the view in the experiment, as the UI saves one of its own, unless it is there as it should be."""
    state = json.dumps(view_state(metrics))
    known = client.get_experiment(experiment_id).tags.get(_TAG)
    if known is not None and json.loads(known).get("state") == state:
        return
    now_ms = int(time.time() * 1000)
    saved = {"name": "Headline metrics", "createdAt": now_ms, "updatedAt": now_ms, "state": state}
    client.set_experiment_tag(experiment_id, _TAG, json.dumps(saved))
