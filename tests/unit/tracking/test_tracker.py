"""The tracker against a real MLflow store: one run a pass, data identity, the registry's errors."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import mlflow
import pytest
from PIL import Image

from emotts.errors import CheckpointError, ConfigError
from emotts.plotting import new_figure
from emotts.tracking import Tracker, data_identity, download_model, runs_page, store_uri


@pytest.fixture
def root(tracked: Path) -> Path:
    return tracked


def client(root: Path) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(store_uri(root))


def test_a_run_of_one_pass(root: Path) -> None:
    with Tracker(root, experiment="voices") as first:
        first.params({"train.steps": 6, "base": "none"})
        first.metrics({"train/loss/mel": 1.5, "emotion_accuracy.sad": 0.25}, 3)
        first.metrics({"train/loss/mel": 1.25}, 4)
    with Tracker(root, experiment="voices") as second:
        second.params({"train.steps": 7, "evaluate.checkpoint": "best"})
        second.tags({"data.corpus": "abc"})
    assert second.run_id == first.run_id
    run = client(root).get_run(first.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params == {"train.steps": "6", "base": "none", "evaluate.checkpoint": "best"}
    assert run.data.metrics == {"train/loss/mel": 1.25, "emotion_accuracy.sad": 0.25}
    history = client(root).get_metric_history(first.run_id, "train/loss/mel")
    assert [(point.step, point.value) for point in history] == [(3, 1.5), (4, 1.25)]
    assert run.info.artifact_uri == f"{(root / 'mlartifacts').as_uri()}/{first.run_id}/artifacts"


def test_another_pass_is_another_run_unless_a_training_goes_on(root: Path) -> None:
    first = Tracker(root, experiment="voices")
    state = root / ".emotts" / "pipeline_run.json"
    state.write_text(json.dumps({"key": "1@2.00", "run_id": first.run_id}), encoding="utf-8")
    second = Tracker(root, experiment="voices")
    assert second.run_id != first.run_id
    assert Tracker(root, experiment="voices", run_id=first.run_id).run_id == first.run_id
    assert Tracker(root, experiment="voices").run_id == first.run_id, "later stages of the pass go to the same run"


def test_a_run_of_another_experiment_or_a_damaged_state_starts_anew(root: Path) -> None:
    first = Tracker(root, experiment="voices")
    assert Tracker(root, experiment="others").run_id != first.run_id
    (root / ".emotts" / "pipeline_run.json").write_text("{", encoding="utf-8")
    assert Tracker(root, experiment="voices").run_id != first.run_id


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt, "KILLED"), (ConfigError, "FAILED")])
def test_how_a_run_ends(root: Path, error: type[BaseException], status: str) -> None:
    tracker = Tracker(root, experiment="voices")
    with pytest.raises(error), tracker:
        raise error("stop")
    assert client(root).get_run(tracker.run_id).info.status == status


def test_a_deleted_experiment_is_an_error(root: Path) -> None:
    tracker = Tracker(root, experiment="voices")
    client(root).delete_experiment(client(root).get_run(tracker.run_id).info.experiment_id)
    with pytest.raises(ConfigError, match="'voices' was deleted"):
        Tracker(root, experiment="voices")


def test_the_corpus_as_dataset_input_and_files(root: Path) -> None:
    tracker = Tracker(root, experiment="voices")
    tracker.dataset(root / "data/corpus", name="nezumi", digest="0123456789" * 6, profile={"data.train.clips": 61.0})
    sample = root / "happy.wav"
    sample.write_bytes(b"RIFF")
    tracker.file(sample, "samples")
    assert tracker.flush() == 0
    (given,) = client(root).get_run(tracker.run_id).inputs.dataset_inputs
    assert (given.dataset.name, given.dataset.digest) == ("nezumi", ("0123456789" * 6)[:36])
    assert json.loads(given.dataset.profile) == {"data.train.clips": 61.0}
    assert (root / "mlartifacts" / tracker.run_id / "artifacts/samples/happy.wav").read_bytes() == b"RIFF"


def test_the_environment_names_another_store(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = f"sqlite:///{shutil.move(root / 'mlruns.db', root / 'other.db')}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", other)
    tracker = Tracker(root, experiment="voices")
    assert mlflow.MlflowClient(other).get_run(tracker.run_id).info.run_id == tracker.run_id
    assert not (root / "mlruns.db").exists()


def test_two_projects_in_one_process(tmp_path: Path, root: Path, empty_store: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(empty_store, other / "mlruns.db")
    runs = [Tracker(folder, experiment="voices").run_id for folder in (root, other)]
    for folder, run_id in zip((root, other), runs, strict=True):
        with pytest.raises(CheckpointError):
            download_model("models:/emotts/1", folder)
        assert client(folder).get_run(run_id).info.artifact_uri.startswith(folder.as_uri())


def test_the_page_of_an_experiments_runs(root: Path) -> None:
    assert runs_page(root, experiment="voices", metrics=["rtf"]) == ""
    experiment = Tracker(root, experiment="voices").experiment_id
    address = f"#/experiments/{experiment}/runs?workflowType=machine_learning&viewStateShareKey=headline"
    assert runs_page(root, experiment="voices", metrics=["rtf", "cer"]) == address
    view = json.loads(client(root).get_experiment(experiment).tags["mlflow.sharedViewState.headline"])
    columns = ["attributes.`Created`", "attributes.`Duration`", "metrics.`rtf`", "metrics.`cer`"]
    assert json.loads(view["state"])["selectedColumns"] == columns
    runs_page(root, experiment="voices", metrics=["rtf", "cer"])
    assert json.loads(client(root).get_experiment(experiment).tags["mlflow.sharedViewState.headline"]) == view
    runs_page(root, experiment="voices", metrics=["rtf"])
    assert json.loads(client(root).get_experiment(experiment).tags["mlflow.sharedViewState.headline"]) != view


def test_a_model_that_is_not_registered(root: Path) -> None:
    with pytest.raises(CheckpointError, match=r"has no models:/emotts@champion[\s\S]*dvc repro"):
        download_model("models:/emotts@champion", root)


def test_data_identity_reads_dvc_lock_and_git(root: Path) -> None:
    assert data_identity(root) == {}
    (root / "dvc.lock").write_text(
        "schema: '2.0'\nstages:\n  segment:\n    cmd: x\n    outs:\n    - path: data/segments\n      hash: md5\n"
        "      md5: 1234.dir\n  train:\n    outs:\n    - path: models/voice\n      md5: 5678.dir\n",
        encoding="utf-8",
    )
    git = ["git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "dvc.lock"], ["commit", "-q", "-m", "start"]):
        subprocess.run([*git, *command], check=True)
    identity = data_identity(root)
    assert re.fullmatch(r"[0-9a-f]{40}", identity.pop("git.commit"))
    assert identity == {"data.segments": "1234.dir", "git.dirty": "false"}
    (root / "dvc.lock").write_text("stages: {}\n", encoding="utf-8")
    assert data_identity(root)["git.dirty"] == "true"


def test_pictures_by_step_and_a_table(root: Path) -> None:
    tracker = Tracker(root, experiment="voices", name="one")
    for step in (3, 6):
        figure, _ = new_figure(f"step {step}")
        tracker.picture(figure, "alignment", step=step)
    tracker.flush()
    names = [item.path for item in client(root).list_artifacts(tracker.run_id, "images") if item.path.endswith(".png")]
    assert sorted(name.partition("+timestamp")[0] for name in names) == [
        "images/alignment+step+3",
        "images/alignment+step+6",
    ]
    picture = Image.open(client(root).download_artifacts(tracker.run_id, names[0]))
    assert (picture.size, picture.getpixel((0, 0))) == ((1100, 550), (255, 255, 255))
    for heard in ("sad", "happy"):
        tracker.table([{"text": "네.", "heard": heard}], "clips.json")
    tracker.flush()
    table = mlflow_table(root, tracker.run_id)
    assert table == {"columns": ["text", "heard"], "data": [["네.", "happy"]]}
    logged = json.loads(client(root).get_run(tracker.run_id).data.tags["mlflow.loggedArtifacts"])
    assert logged == [{"path": "clips.json", "type": "table"}]


def mlflow_table(root: Path, run_id: str) -> object:
    path = Path(client(root).download_artifacts(run_id, "clips.json"))
    return json.loads(path.read_text(encoding="utf-8"))
