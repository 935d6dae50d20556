"""A study of how a voice speaks, with two seeds: its trials share their trainings."""

from __future__ import annotations

import json
import shutil
import statistics
from contextlib import chdir
from pathlib import Path

import mlflow
import numpy as np
import pytest
from optuna.artifacts import FileSystemArtifactStore, download_artifact, get_all_artifact_meta
from support.prepared import copy_project
from support.project import Project
from support.tuned import small_networks, study_of, trials_of, tune

from emotts import Voice
from emotts.settings import load_study
from emotts.workflows.tuning.attempts import trial_number
from emotts.workflows.tuning.opening import open_study
from emotts.workflows.tuning.samples import SAMPLES_STORE
from emotts.workflows.tuning.storage import StudyStorage
from emotts.workflows.tuning.study import Tuning

SPEAKING = """name: spoken
objectives: [{metric: emotion_probability, direction: maximize}]
constraints: [{metric: n_unusable, at_most: 0}]
search:
  speaking.noise_scale: {type: categorical, choices: [0.2, 0.6]}
sampler: {kind: grid}
budget: {trials: 9}
seed: 1
seeds: [20, 21]
params:
  train: {steps: 2, validate_every: 2, checkpoint_every: 2, sample_every: 2}
  evaluate: {intensity_sentences: 0}
"""


@pytest.fixture(scope="module")
def spoken(whole: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """Return a project with a study of how a voice speaks, with two seeds, and what was said."""
    project = small_networks(whole, tmp_path_factory.mktemp("spoken") / "project")
    (project.folder / "spoken.yaml").write_text(SPEAKING, encoding="utf-8")
    done = tune(project, "spoken.yaml")
    assert done.returncode == 0, done.stdout
    return project, done.stdout


@pytest.mark.slow
def test_trials_that_differ_in_speaking_share_their_trainings(spoken: tuple[Project, str]) -> None:
    project, said = spoken
    trials = trials_of(project, "spoken")
    assert [trial.params for trial in trials] == [{"speaking.noise_scale": 0.2}, {"speaking.noise_scale": 0.6}]
    assert [trial.user_attrs["voice_of"] for trial in trials] == [0, 0]
    assert [trial.user_attrs.get("steps") for trial in trials] == [4, 0], "two steps with each of two seeds, once"
    assert said.count("emotts.workflows.training_monitor: step 2:") == 2
    folder = project.folder / "data/tune/spoken"
    assert [str(path.relative_to(folder)) for path in sorted(folder.rglob("voice"))] == [
        "trial-0000/seed-20/voice",
        "trial-0000/seed-21/voice",
    ]


@pytest.mark.slow
def test_a_trial_is_worth_the_mean_over_its_seeds(spoken: tuple[Project, str]) -> None:
    project, said = spoken
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    for trial in trials_of(project, "spoken"):
        folder = project.folder / f"data/tune/spoken/trial-{trial_number(trial):04d}"
        reports = [folder / f"seed-{seed}/reports/evaluation.json" for seed in (20, 21)]
        evaluated = [json.loads(report.read_text(encoding="utf-8")) for report in reports]
        values = [metrics["emotion_probability"] for metrics in evaluated]
        assert trial.user_attrs["by_seed"] == {"20": [values[0]], "21": [values[1]]}
        assert trial.value == sum(values) / 2
        run = client.get_run(trial.user_attrs["run_id"])
        assert run.data.metrics["objective.emotion_probability"] == trial.value
        assert run.data.metrics["objective.emotion_probability.sd"] == pytest.approx(statistics.stdev(values))
        for seed, value in zip(("20", "21"), values, strict=True):
            below = client.get_run(trial.user_attrs["run_ids"][seed])
            assert below.data.tags["mlflow.parentRunId"] == run.info.run_id
            assert below.data.params["project.seed"] == seed
            assert below.data.metrics["emotion_probability"] == value
    assert "(2 seeds)" in said
    parent = client.get_run(study_of(project, "spoken").user_attrs["run_id"])
    page = Path(client.download_artifacts(parent.info.run_id, "plots/study.html")).read_text(encoding="utf-8")
    assert '<a href="#seeds">' in page


@pytest.mark.slow
def test_a_sentence_of_every_emotion_is_in_the_dashboards_store(spoken: tuple[Project, str], tmp_path: Path) -> None:
    project, _ = spoken
    best = max(trials_of(project, "spoken"), key=lambda trial: (trial.value, -trial.number))
    samples = project.folder / f"data/tune/spoken/trial-{trial_number(best):04d}/seed-20/reports/samples"
    rows = json.loads((samples / "samples.json").read_text(encoding="utf-8"))
    first = {row["emotion"]: row["file"] for row in reversed(rows)}
    kept = {meta.filename: meta for meta in get_all_artifact_meta(best, storage=study_of(project, "spoken")._storage)}
    assert set(kept) == {f"{emotion}.wav" for emotion in first}
    store = FileSystemArtifactStore(project.folder / SAMPLES_STORE)
    for emotion, file in first.items():
        meta = kept[f"{emotion}.wav"]
        copy = tmp_path / meta.filename
        download_artifact(artifact_store=store, artifact_id=meta.artifact_id, file_path=str(copy))
        assert (meta.mimetype, copy.read_bytes()) == ("audio/wav", (samples / file).read_bytes())


def challenger(project: Project, name: str = "spoken") -> str:
    """Register the best trial's voice of a study again, and return what is said."""
    with chdir(project.folder):
        study = load_study(project.folder / f"{name}.yaml", root=project.folder)
        return Tuning(study, project.folder).register_challenger()


@pytest.mark.slow
def test_the_best_trials_voice_is_the_challenger(spoken: tuple[Project, str], monkeypatch: pytest.MonkeyPatch) -> None:
    project, said = spoken
    best = max(trials_of(project, "spoken"), key=lambda trial: (trial.value, -trial.number))
    number, run_id = trial_number(best), best.user_attrs["run_ids"]["20"]  # two seeds are equally near to the mean
    line = f"models:/emotts@challenger is version 1, the voice of trial {number} with seed 20"
    assert said.splitlines()[-1] == line
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    version, run = client.get_model_version_by_alias("emotts", "challenger"), client.get_run(run_id)
    assert (int(version.version), version.run_id) == (1, run_id)
    assert (run.info.status, run.data.tags["registered_model"]) == ("FINISHED", "emotts/1")
    wanted = {"language": "KR", "steps": "2", "tune.study": "spoken", "tune.trial": str(number), "seed": "20"}
    wanted["emotion_probability"] = f"{best.user_attrs['by_seed']['20'][0]:.4g}"
    assert {name: version.tags.get(name) for name in wanted} == wanted
    assert f"Run: spoken trial {number:04d} seed 20 ({run_id[:8]})." in str(version.description)
    assert challenger(project) == line
    assert [int(each.version) for each in client.search_model_versions("name = 'emotts'")] == [1], "it is there already"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project.folder / 'mlruns.db'}")
    voice = Voice.load("models:/emotts@challenger")
    assert voice.description.speaking.noise_scale == best.params["speaking.noise_scale"], "not that of its training"
    trained = Voice.load(
        project.folder / "data/tune/spoken/trial-0000/seed-20/voice/step_00000002",
        speaking=voice.description.speaking,
    )
    first, second = (each.speak("안녕하세요.", emotion="sad").samples for each in (voice, trained))
    assert np.array_equal(first, second)


@pytest.mark.slow
def test_a_voice_that_is_not_here_is_no_challenger(spoken: tuple[Project, str], tmp_path: Path) -> None:
    project = copy_project(spoken[0], tmp_path / "project")
    later = SPEAKING.replace("name: spoken", "name: later") + "take_over: spoken\n"
    (project.folder / "later.yaml").write_text(later, encoding="utf-8")
    with chdir(project.folder):
        study = load_study(project.folder / "later.yaml", root=project.folder)
        open_study(StudyStorage(None, root=project.folder, heartbeat_s=15), study)
    best = max(trials_of(project, "spoken"), key=lambda trial: (trial.value, -trial.number))
    number = trial_number(best)
    why = f"trial {number} was taken over from spoken trial {number}, its voice was not"
    assert challenger(project, "later") == f"no challenger was registered: {why}"
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    client.delete_registered_model("emotts")
    shutil.rmtree(project.folder / "data/tune/spoken/trial-0000/seed-20/voice")
    why = f"the voice of trial {number} with seed 20 is not in data/tune/spoken/trial-0000/seed-20"
    assert challenger(project) == f"no challenger was registered: {why}"
    client.delete_run(best.user_attrs["run_ids"]["20"])
    why = f"the run of trial {number} with seed 20 is not in MLflow any more"
    assert challenger(project) == f"no challenger was registered: {why}"
    assert client.search_registered_models() == []
