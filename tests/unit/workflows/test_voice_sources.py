"""Where a voice comes from: a folder, the registry, or the run that registered it."""

from __future__ import annotations

import shutil
from pathlib import Path

import mlflow
import pytest
from support.places import REPOSITORY

from emotts.errors import CheckpointError, ConfigError
from emotts.paths import NoProjectError
from emotts.tracking import Tracker, store_uri
from emotts.workflows.voice_sources import located


@pytest.fixture
def project(tracked: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with two runs of the same name, and a third one that registered a voice twice."""
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tracked / name)
    monkeypatch.chdir(tracked)
    for name in ("trial", "trial", "good"):
        with Tracker(tracked, experiment="voices", name=name) as tracker:
            run_id = tracker.run_id
    client = mlflow.MlflowClient(store_uri(tracked))
    client.create_registered_model("emotts")
    for _ in range(2):
        client.create_model_version("emotts", f"{tracked.as_uri()}/mlartifacts", run_id)
    return tracked


def test_a_run_means_the_newest_version_that_it_registered(project: Path) -> None:
    assert located("runs:/good") == "models:/emotts/2"
    with pytest.raises(ConfigError, match="several runs are meant by 'trial'"):
        located("runs:/trial")
    with pytest.raises(ConfigError, match="there is no run 'none'"):
        located("runs:/none")
    with Tracker(project, experiment="voices", name="bare"):
        pass
    with pytest.raises(CheckpointError, match="the run registered no voice under the name 'emotts'"):
        located("runs:/bare")


def test_other_sources_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert located("models/export") == "models/export"
    assert located("models:/emotts@champion") == "models:/emotts@champion"
    with pytest.raises(NoProjectError):
        located("runs:/good")
