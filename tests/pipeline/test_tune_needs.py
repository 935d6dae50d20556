"""What a study needs of the pipeline before its first trial."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.prepared import copy_project, copy_with_dvc
from support.project import Project
from support.tuned import STUDY, tune, with_study

from emotts.errors import CorpusError
from emotts.workflows.tuning.stages import Pipeline


def test_a_study_needs_what_the_pipeline_made(labelled: Project, tmp_path: Path) -> None:
    project = copy_project(labelled, tmp_path / "project")
    (project.folder / "small.yaml").write_text(STUDY, encoding="utf-8")
    done = tune(project, "small.yaml")
    assert done.returncode == 1
    assert "found: no data/corpus, data/bert, models/emotion_classifier" in done.stdout
    assert "to do: dvc repro corpus bert classifier" in done.stdout
    wrong = STUDY.replace("emotion_probability", "emotion_probabillity")
    (project.folder / "small.yaml").write_text(wrong, encoding="utf-8")
    done = tune(project, "small.yaml")
    assert done.returncode == 1
    assert "no trial has a metric 'emotion_probabillity'; did you mean 'emotion_probability'?" in done.stdout


@pytest.mark.slow
def test_a_study_needs_the_pipelines_results_up_to_date(whole: Project, tmp_path: Path) -> None:
    ready = with_study(whole, tmp_path / "ready")
    project = copy_with_dvc(
        ready, tmp_path / "project", "-d", "bert", "classifier", without=("voice", "mlruns.db", "tune")
    )
    pipeline = Pipeline(project.folder)
    pipeline.check_results()
    project.set({"train.learning_rate": 0.1})
    pipeline.check_results()
    project.set({"corpus.val_fraction": 0.2})
    with pytest.raises(CorpusError, match="it is out of date") as caught:
        pipeline.check_results()
    assert caught.value.found == "changes for corpus (`dvc status` shows them)"
    assert caught.value.remedy == "dvc repro corpus bert classifier"
