"""Naming a run, and reading back what it holds."""

from __future__ import annotations

from pathlib import Path

import mlflow
import pytest

from emotts.errors import ConfigError
from emotts.tracking import Tracker, store_uri
from emotts.tracking.registry import ModelVersion, set_alias, version_of_run, version_with_alias
from emotts.tracking.runs import download_artifacts, find_run


@pytest.fixture
def runs(tracked: Path) -> list[str]:
    """Return the ids of three finished runs, the first of another experiment; two are called ``twin``."""
    found = []
    for experiment, name in (("others", "first"), ("voices", "twin"), ("voices", "twin")):
        with Tracker(tracked, experiment=experiment, name=name) as tracker:
            tracker.params({"train.steps": 6})
            tracker.metrics({"rtf": 0.5})
            tracker.tags({"data.corpus": "abc.dir"})
            tracker.dataset(tracked / "data/corpus", name="nezumi", digest="1234", profile={})
        found.append(tracker.run_id)
    return found


def registered(root: Path, run_id: str, name: str = "emotts") -> ModelVersion:
    """Register an empty model of a run."""
    client = mlflow.MlflowClient(store_uri(root))
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    source = f"{client.get_run(run_id).info.artifact_uri}/voice"
    return ModelVersion(name, str(client.create_model_version(name, source, run_id).version), run_id)


def test_by_id_by_its_beginning_and_by_name(tracked: Path, runs: list[str]) -> None:
    for wanted in (runs[0], runs[0][:12], "first"):
        run = find_run(tracked, wanted, model="emotts")
        assert (run.run_id, run.name, run.status) == (runs[0], "first", "FINISHED")
    assert run.params == {"train.steps": "6"}
    assert run.metrics == {"rtf": 0.5}
    assert run.tags["data.corpus"] == "abc.dir"
    assert run.data == {"nezumi": "1234"}
    assert run.title == f"first ({runs[0][:8]})"


def test_a_name_of_two_runs(tracked: Path, runs: list[str]) -> None:
    with pytest.raises(ConfigError, match=rf"several runs are meant by 'twin'[\s\S]*twin \({runs[1][:8]}\)"):
        find_run(tracked, "twin", model="emotts")
    assert find_run(tracked, runs[1], model="emotts").name == "twin"


@pytest.mark.parametrize("wanted", ["nobody", "0000", "abc", "it's", "%"])
def test_no_such_run(tracked: Path, runs: list[str], wanted: str) -> None:
    with pytest.raises(ConfigError, match=rf"there is no run [\"']{wanted}[\"'][\s\S]*emotts ui"):
        find_run(tracked, wanted, model="emotts")


def test_a_deleted_run_is_not_found(tracked: Path, runs: list[str]) -> None:
    mlflow.MlflowClient(store_uri(tracked)).delete_run(runs[0])
    with pytest.raises(ConfigError, match="there is no run"):
        find_run(tracked, runs[0], model="emotts")


def test_by_the_alias_of_its_model(tracked: Path, runs: list[str]) -> None:
    with pytest.raises(ConfigError, match=r"'emotts' has the alias 'champion'[\s\S]*emotts promote"):
        find_run(tracked, "@champion", model="emotts")
    first, second = registered(tracked, runs[1]), registered(tracked, runs[2])
    assert version_with_alias(tracked, "emotts", alias="champion") is None
    set_alias(tracked, first, alias="champion")
    assert find_run(tracked, "@champion", model="emotts").run_id == runs[1]
    set_alias(tracked, second, alias="champion")
    assert version_with_alias(tracked, "emotts", alias="champion") == ModelVersion("emotts", "2", runs[2])


def test_the_newest_version_of_a_run(tracked: Path, runs: list[str]) -> None:
    assert version_of_run(tracked, "emotts", run_id=runs[0]) is None
    for run_id in (runs[0], runs[0], runs[1]):
        registered(tracked, run_id)
    registered(tracked, runs[0], "elsewhere")
    assert version_of_run(tracked, "emotts", run_id=runs[0]) == ModelVersion("emotts", "2", runs[0])


def test_files_of_a_run(tracked: Path, runs: list[str], tmp_path: Path) -> None:
    tracker = Tracker(tracked, experiment="others", run_id=runs[0], name="first")
    (tmp_path / "기쁨.wav").write_bytes(b"RIFF")
    tracker.file(tmp_path / "기쁨.wav", "evaluation/samples/happy")
    tracker.flush()
    run = find_run(tracked, runs[0], model="emotts")
    found = download_artifacts(tracked, run, path="evaluation/samples", folder=tmp_path / "out")
    assert found is not None
    assert (found / "happy/기쁨.wav").read_bytes() == b"RIFF"
    assert download_artifacts(tracked, run, path="source/params.yaml", folder=tmp_path / "out") is None
    assert download_artifacts(tracked, run, path="models", folder=tmp_path / "out") is None
