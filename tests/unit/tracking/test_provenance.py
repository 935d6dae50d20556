"""Which stages of a dvc.lock belong to a run, and a run that holds too little."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from emotts.errors import ConfigError
from emotts.tracking import Tracker
from emotts.tracking.provenance import current_stages, read_provenance
from emotts.tracking.runs import find_run

SETTINGS = {"recording": {"source": "r"}, "train": {"steps": 6, "weights": {"mel": 45}, "eps": 1e-9}}


def stage(deps: dict[str, str], outs: dict[str, str], **params: object) -> dict[str, Any]:
    return {
        "cmd": "python",
        "deps": [{"path": path, "md5": digest} for path, digest in deps.items()],
        "params": {"params.yaml": {key.replace("__", "."): value for key, value in params.items()}},
        "outs": [{"path": path, "md5": digest} for path, digest in outs.items()],
    }


RECORDING = stage({"r": "1", "emotts/audio": "2"}, {"data/raw": "3.dir"}, recording={"source": "r"})
TRAIN = stage({"data/raw": "3.dir"}, {"models/voice": "4.dir"}, train__weights={"mel": 45.0}, train__eps=1e-9)
EXPORT = stage({"models/voice": "4.dir"}, {"models/export": "5.dir"})
ALL = {"recording": RECORDING, "train": TRAIN, "export": EXPORT}


def test_a_whole_pass() -> None:
    assert current_stages(ALL, SETTINGS) == ALL
    assert current_stages({}, SETTINGS) == {}


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"train": {**TRAIN, "params": {"params.yaml": {"train.steps": 7}}}}, ["recording"]),
        ({"train": {**TRAIN, "params": {"params.yaml": {"train": {"steps": 6}}}}}, ["recording"]),
        ({"train": stage({"data/raw": "old.dir"}, {"models/voice": "4.dir"})}, ["recording"]),
        ({"export": stage({"models/voice": "old.dir"}, {"models/export": "5.dir"})}, ["recording", "train"]),
        ({"recording": {**RECORDING, "params": {"params.yaml": {"recording.source": "other"}}}}, []),
    ],
)
def test_stages_of_an_earlier_pass_are_left_out(changed: dict[str, Any], wanted: list[str]) -> None:
    assert list(current_stages({**ALL, **changed}, SETTINGS)) == wanted


def test_a_run_without_settings(tracked: Path) -> None:
    with Tracker(tracked, experiment="voices", name="bare"):
        pass
    with pytest.raises(ConfigError, match=r"bare \(\w+\): the run does not hold the settings[\s\S]*emotts compare"):
        read_provenance(tracked, find_run(tracked, "bare", model="emotts"))
