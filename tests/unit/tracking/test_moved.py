"""A project that was moved or copied: its store, the files of its runs, and the place that it came from."""

from __future__ import annotations

import shutil
from pathlib import Path

import mlflow
import pytest

from emotts.errors import ConfigError
from emotts.tracking import Tracker, store_uri
from emotts.tracking.runs import download_artifacts, find_run


@pytest.fixture
def former(tracked: Path) -> Path:
    """Return a project, in a folder with a blank in its name, whose only run has a file, a model and a version."""
    root = tracked / "for mer"
    root.mkdir()
    (tracked / "mlruns.db").rename(root / "mlruns.db")
    with Tracker(root, experiment="voices", name="one") as tracker:
        add_file(tracker, "one")
    client = mlflow.MlflowClient(store_uri(root))
    client.create_logged_model(tracker.experiment_id, name="voice", source_run_id=tracker.run_id)
    client.create_registered_model("emotts")
    client.create_model_version("emotts", f"{client.get_run(tracker.run_id).info.artifact_uri}/voice", tracker.run_id)
    return root


def add_file(tracker: Tracker, text: str) -> None:
    path = tracker.root / "sample.txt"
    path.write_text(text, encoding="utf-8")
    tracker.file(path, "samples")


def sample(root: Path, name: str, out: Path) -> str | None:
    found = download_artifacts(root, find_run(root, name, model="emotts"), path="samples/sample.txt", folder=out)
    return None if found is None else found.read_text(encoding="utf-8")


def addresses(root: Path) -> set[str]:
    """Return the beginning of every address that the store holds."""
    client = mlflow.MlflowClient(store_uri(root))
    experiment = client.get_experiment_by_name("voices")
    assert experiment is not None
    found = [experiment.artifact_location]
    found += [run.info.artifact_uri for run in client.search_runs([experiment.experiment_id])]
    found += [model.artifact_location for model in client.search_logged_models([experiment.experiment_id])]
    found += [str(version.source) for version in client.search_model_versions("name = 'emotts'")]
    assert len(found) >= 4
    return {address.partition("/mlartifacts")[0] for address in found}


def test_a_moved_project_has_its_files_and_writes_here(
    former: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here = former.rename(tmp_path / "여기")
    assert sample(here, "one", tmp_path / "out") == "one"
    assert addresses(here) == {here.as_uri()}
    (said,) = caplog.messages
    assert f"moved or copied here from {former}: mlruns.db now names {here / 'mlartifacts'}" in said
    assert "for the files of 1 runs" in said
    with Tracker(here, experiment="voices", name="two") as tracker:
        add_file(tracker, "two")
    assert (here / f"mlartifacts/{tracker.run_id}/artifacts/samples/sample.txt").is_file()
    assert not former.exists()
    assert len(caplog.messages) == 1, "it is said once"


def test_a_copy_leaves_the_original_alone_and_takes_what_lies_only_there(former: Path, tmp_path: Path) -> None:
    here = Path(shutil.copytree(former, tmp_path / "here"))
    shutil.rmtree(here / "mlartifacts")
    (here / "mlartifacts").mkdir()
    before = sorted(former.rglob("*"))
    assert sample(here, "one", tmp_path / "out") == "one"
    assert addresses(here) == {here.as_uri()}
    assert len(list((here / "mlartifacts").glob("*/artifacts/samples/sample.txt"))) == 1
    assert sorted(former.rglob("*")) == before
    assert addresses(former) == {former.as_uri()}


def test_a_copy_without_files_reads_them_there_and_never_writes_there(former: Path, tmp_path: Path) -> None:
    here = Path(shutil.copytree(former, tmp_path / "here", ignore=shutil.ignore_patterns("mlartifacts")))
    before = sorted(former.rglob("*"))
    old = find_run(here, "one", model="emotts").run_id
    assert sample(here, "one", tmp_path / "out") == "one"
    with Tracker(here, experiment="voices", run_id=old, name="two") as tracker:
        add_file(tracker, "two")
    assert tracker.run_id != old, "its files lie in another project"
    assert (here / f"mlartifacts/{tracker.run_id}/artifacts/samples/sample.txt").is_file()
    assert sorted(former.rglob("*")) == before


def test_a_store_that_the_environment_names_is_not_touched(
    former: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = store_uri(former)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    here = tmp_path / "worktree"
    (here / "mlartifacts").mkdir(parents=True)
    with Tracker(here, experiment="voices", name="two") as tracker:
        add_file(tracker, "two")
    assert addresses(former) == {former.as_uri()}
    assert (former / f"mlartifacts/{tracker.run_id}/artifacts/samples/sample.txt").is_file()


def test_a_store_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (tmp_path / "mlruns.db").write_text("no database, but a text that is long enough to be read as one" * 20)
    with pytest.raises(
        ConfigError, match=r"mlruns\.db: the project's runs cannot be read[\s\S]*not a database"
    ) as error:
        find_run(tmp_path, "one", model="emotts")
    assert "to do: if another program locks it, wait for that; if it is damaged, move it away" in str(error.value)
    (tmp_path / "mlruns.db").rename(tmp_path / "damaged.db")
    with pytest.raises(ConfigError, match="there is no run 'one'"):
        find_run(tmp_path, "one", model="emotts")
