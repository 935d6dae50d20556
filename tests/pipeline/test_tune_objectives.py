"""What a study goes by: the voice that is heard while it trains, and several objectives at once."""

from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path

import mlflow
import optuna
import pytest
import yaml
from optuna.trial import TrialState
from support.prepared import copy_project
from support.project import Project
from support.tuned import STUDY, trials_of, tune, with_study

from emotts.errors import ConfigError
from emotts.settings import load_study
from emotts.workflows.tuning.attempts import trial_number
from emotts.workflows.tuning.study import Tuning

HEARD = "val/spoken/emotion_probability"


@pytest.fixture(scope="module")
def ready(whole: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project that has what trials share, and the study."""
    return with_study(whole, tmp_path_factory.mktemp("tune") / "project")


@pytest.mark.slow
def test_a_pruner_hears_the_voice_while_it_trains(ready: Project, tmp_path: Path) -> None:
    project = copy_project(ready, tmp_path / "project")
    text = STUDY.replace("small", "heard").replace("[0.005, 10.0, 1.0e-9]", "[0.005, 1.0e-9]")
    text = text.replace("choices: [2, 8]", "choices: [2]").replace("sample_every: 6", "sample_every: 2")
    pruner = f"percentile, percentile: 40.0, startup_trials: 1, metric: {HEARD}"
    text = text.replace("median, metric: val/loss/mel, startup_trials: 2", pruner)
    (project.folder / "heard.yaml").write_text(text, encoding="utf-8")
    done = tune(project, "heard.yaml")
    assert done.returncode == 0, done.stdout
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    runs = client.search_runs(
        [each.experiment_id for each in client.search_experiments()], "tags.`tune.study` = 'heard'"
    )
    by_trial = {run.data.tags["tune.trial"]: run.info.run_id for run in runs if "tune.trial" in run.data.tags}
    trials = trials_of(project, "heard")
    assert len(trials) == len(by_trial) == 2
    for trial in trials:
        history = client.get_metric_history(by_trial[str(trial_number(trial))], HEARD)
        logged = {point.step: point.value for point in history}
        assert trial.intermediate_values == logged, "higher is better, as of the objective"
        assert all(0.0 < value < 1.0 for value in logged.values())
        ended = max(logged)
        assert list(logged) == list(range(2, ended + 2, 2))
        if trial.state is TrialState.PRUNED:
            said = f"{HEARD} {logged[ended]:.4g} after {ended} steps: others were better by then"
            assert trial.user_attrs["reason"] == said
        else:
            assert (trial.state, ended) == (TrialState.COMPLETE, 6)
    assert trials[0].state is TrialState.COMPLETE


def test_several_objectives_end_with_a_pareto_front(
    ready: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")  # MLflow notes its store there; it is forgotten at the end
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    project = copy_project(ready, tmp_path / "project")
    text = STUDY.replace("[{metric:", "[{metric: mcd_db, direction: minimize}, {metric:").replace("small", "two")
    path = project.folder / "two.yaml"
    path.write_text(text[: text.index("pruner:")] + text[text.index("budget:") :], encoding="utf-8")
    with chdir(project.folder):
        tuning = Tuning(load_study(path, root=project.folder), project.folder)
        optuna_study = optuna.create_study(
            study_name="two", storage=f"sqlite:///{project.folder / 'optuna.db'}", directions=["minimize", "maximize"]
        )
        choices = {"train.learning_rate": optuna.distributions.CategoricalDistribution([0.005, 10.0, 1e-9])}
        for rate, values in ((0.005, (5.0, 0.5)), (1e-9, (4.0, 0.25)), (10.0, (6.0, 0.125))):
            params = {"train.learning_rate": rate}
            optuna_study.add_trial(optuna.create_trial(params=params, distributions=choices, values=values))
        results, challenger = tuning.write_results(), tuning.register_challenger()
    folder = project.folder / "data/tune/two/pareto"
    assert results.files == {0: folder / "trial-0000.yaml", 1: folder / "trial-0001.yaml"}
    assert yaml.safe_load(results.file(1).read_text(encoding="utf-8")) == {"train": {"learning_rate": 1e-9}}
    for number in (None, 2):
        with pytest.raises(ConfigError) as caught:
            results.file(number)
        assert caught.value.wanted == "one of 0, 1"
    client = mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")
    (run,) = client.search_runs([each.experiment_id for each in client.search_experiments()], "run_name = 'tune two'")
    page = Path(client.download_artifacts(run.info.run_id, "plots/study.html")).read_text(encoding="utf-8")
    names = re.findall(r'<a href="#(\w+)">', page)
    assert names[0] == "pareto_front"
    assert {"history_mcd_db", "slices_emotion_probability"} < set(names)
    assert challenger == "no challenger was registered: with several objectives, no trial alone is the best"
