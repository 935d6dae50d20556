"""Names of runs by what differs from the run before."""

from __future__ import annotations

import pytest

from emotts.tracking.run_name import difference_name

FORMER = {"train.learning_rate": "0.0002", "train.steps": "620", "base": "compact-ko", "segment.max_length_s": "15.0"}
FORMER |= {"speaking.noise_scale": "0.2", "export.noise_scale": "0.2", "project.extra_emotions": "()"}
SAME = {"train.learning_rate": 2e-4, "train.steps": 620, "base": "compact-ko", "segment.max_length_s": 15.0}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"train.learning_rate": 3e-4, "train.steps": 900}, "learning_rate 3e-4, steps 900"),
        ({"train.learning_rate": 2.58e-4}, "learning_rate 2.58e-4"),
        ({"segment.max_length_s": 12.5}, "max_length_s 12.5"),
        ({"speaking.noise_scale": 0.3}, "noise_scale 0.3"),
        (
            {"speaking.noise_scale": 0.3, "export.noise_scale": 0.0},
            "speaking.noise_scale 0.3, export.noise_scale 0",
        ),
        (
            {"train.steps": 1, "base": "none", "train.learning_rate": 1e-9, "segment.max_length_s": 1e20},
            "learning_rate 1e-9, steps 1, base none, 1 more",
        ),
        ({"base": "models/base/another voice of mine"}, "base models/base/another voi…"),
        ({"project.extra_emotions": ("calm", "proud")}, "extra_emotions ('calm', 'proud')"),
        ({"train.new_key": 3}, None),
        ({}, None),
    ],
)
def test_what_differs(changes: dict[str, object], name: str | None) -> None:
    assert difference_name({**SAME, **changes}, FORMER) == name


def test_the_first_run_differs_from_nothing() -> None:
    assert difference_name(SAME, None) is None
