"""What was changed between runs."""

from __future__ import annotations

from support.run_results import run

from emotts.evaluation.comparison.changes import Change, data_changes, setting_changes


def test_settings_that_differ() -> None:
    runs = [
        run(params={"train.steps": "6", "train.seed": "1"}),
        run(params={"train.steps": "7", "train.seed": "1"}),
        run(params={"train.seed": "1", "base": "none"}),
    ]
    assert setting_changes(runs) == [Change("base", (None, None, "none")), Change("train.steps", ("6", "7", None))]
    assert setting_changes(runs[:1]) == []


def test_data_judge_and_code_that_differ() -> None:
    tags = {"data.corpus": "a.dir", "models.emotion_classifier": "b.dir", "git.commit": "c", "mlflow.user": "me"}
    others = {"data.corpus": "a.dir", "models.emotion_classifier": "x.dir", "git.commit": "d", "mlflow.user": "you"}
    first, second = run(tags=tags, data={"nezumi": "1"}), run(tags=others, data={"nezumi": "2"})
    assert data_changes([first, second]) == [
        Change("dataset nezumi", ("1", "2")),
        Change("git.commit", ("c", "d")),
        Change("models.emotion_classifier", ("b.dir", "x.dir")),
    ]
