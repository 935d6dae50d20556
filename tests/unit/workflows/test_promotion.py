"""Which voice becomes the champion, and which is refused."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import mlflow
import numpy as np
import pytest

from emotts.errors import CheckpointError, ConfigError
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip, save_clips
from emotts.tracking import Tracker, store_uri
from emotts.tracking.registry import version_with_alias
from emotts.workflows.promotion import Promotion, plan_promotion, promote

TEXTS = [f"문장 {number}" for number in range(30)]
SOUND = np.full(400, 0.25, np.float32)


def voice(
    root: Path,
    name: str,
    *,
    right: int | None = None,
    auxiliary: int = 15,
    registered: bool = True,
    more: Mapping[str, float] | None = None,
) -> str:
    """Make a run and a version of the model; return its id.

    Args:
        root: the project.
        name: of the run.
        right: how many of 30 clips the classifier hears right; None: the voice was not evaluated.
        auxiliary: how many of them the auxiliary classifier of prosody hears right.
        registered: whether there is a version.
        more: further metrics.
    """
    metrics = dict(more or {})
    with Tracker(root, experiment="voices", name=name) as tracker:
        if right is not None:
            metrics |= {"emotion_accuracy.balanced": right / 30, "emotion_accuracy.sad": right / 30}
            metrics |= {"auxiliary.prosody.emotion_accuracy.balanced": auxiliary / 30}
            save_clips(clips(right, auxiliary), root / "reports/samples")
            tracker.folder(root / "reports", "evaluation")
        tracker.metrics(metrics)
    if registered:
        client = mlflow.MlflowClient(store_uri(root))
        if not client.search_registered_models("name = 'emotts'"):
            client.create_registered_model("emotts")
        client.create_model_version("emotts", f"{root.as_uri()}/mlartifacts", tracker.run_id)
    return tracker.run_id


def clips(right: int, auxiliary: int) -> Sequence[Clip]:
    def heard(number: int, count: int) -> str:
        return "sad" if number < count else "happy"

    return [
        Clip(
            Task(number, text, "sad", own=True, shared=False),
            SOUND,
            8000,
            None,
            heard(number, right),
            0.5,
            None,
            auxiliary_heard={"prosody": heard(number, auxiliary)},
        )
        for number, text in enumerate(TEXTS)
    ]


def plan(root: Path, wanted: str) -> Promotion:
    return plan_promotion(root, wanted, model="emotts")


def champion(root: Path) -> str | None:
    found = version_with_alias(root, "emotts", alias="champion")
    return None if found is None else found.version


def description(root: Path, version: str) -> str:
    found = mlflow.MlflowClient(store_uri(root)).get_model_version("emotts", version).description or ""
    return "\n".join(line.partition(": ")[2] for line in found.splitlines())


def test_the_first_and_then_a_better_one(tracked: Path) -> None:
    voice(tracked, "first", right=5)
    first = plan(tracked, "first")
    assert (first.champion, first.champion_run, first.objection) == (None, None, None)
    promote(tracked, first)
    assert (champion(tracked), description(tracked, "1")) == ("1", "became champion: there was none")
    voice(tracked, "better", right=25)
    better = plan(tracked, "better")
    assert better.champion_run is not None
    assert better.champion_run.name == "first"
    promote(tracked, better)
    assert champion(tracked) == "2"
    assert description(tracked, "2") == (
        "became champion after version 1: no headline metric is surely worse; surely better: emotion_accuracy.balanced"
    )
    again = plan(tracked, "@champion")
    promote(tracked, again)
    assert again.objection is None
    assert len(description(tracked, "2").splitlines()) == 1, "nothing was decided"


def test_a_saturated_metric_does_not_hide_another_one_that_is_worse(tracked: Path) -> None:
    voice(tracked, "good", right=30, auxiliary=27)
    promote(tracked, plan(tracked, "good"))
    voice(tracked, "flat", right=30, auxiliary=12)
    worse = plan(tracked, "flat")
    assert worse.objection is not None
    assert worse.objection.startswith(
        "auxiliary.prosody.emotion_accuracy.balanced is 0.400, the present champion has 0.900: -0.500 [-0."
    )
    assert worse.objection.endswith("] worse")
    with pytest.raises(ConfigError, match=r"version 2 of emotts was not promoted[\s\S]*0\.400[\s\S]*--anyway"):
        promote(tracked, worse)
    assert (champion(tracked), description(tracked, "2")) == ("1", f"refused against version 1: {worse.objection}")
    promote(tracked, worse, anyway=True)
    assert champion(tracked) == "2"
    assert description(tracked, "2").splitlines()[1] == (
        f"became champion all the same against version 1: {worse.objection}"
    )


def test_a_difference_that_is_not_sure_is_no_objection(tracked: Path) -> None:
    voice(tracked, "one", right=30)
    promote(tracked, plan(tracked, "one"))
    voice(tracked, "two", right=29, more={"rtf": 9.0})
    assert plan(tracked, "two").objection is None


def test_a_champion_of_before_the_renaming_of_metrics(tracked: Path) -> None:
    voice(tracked, "old", more={"judge.prosody.emotion_accuracy.balanced": 0.9, "real.cer": 0.1})
    promote(tracked, plan(tracked, "old"))
    voice(tracked, "new", right=30, auxiliary=12)
    comparison = plan(tracked, "new").comparison
    assert comparison is not None
    shown = {row.name: row.values for row in comparison.metrics}
    assert shown["auxiliary.prosody.emotion_accuracy.balanced"] == (0.9, 0.4)


def test_what_cannot_be_compared(tracked: Path) -> None:
    champion_id = voice(tracked, "deaf")
    promote(tracked, plan(tracked, "deaf"))
    voice(tracked, "heard", right=15)
    deaf = f"has no metrics to compare: deaf ({champion_id[:8]}) was not evaluated"
    assert plan(tracked, "heard").objection == f"the present champion {deaf}"
    promote(tracked, plan(tracked, "heard"), anyway=True)
    assert plan(tracked, champion_id).objection == f"the run {deaf}"
    lost = voice(tracked, "lost", right=15)
    shutil.rmtree(tracked / f"mlartifacts/{lost}")
    comparison = plan(tracked, "lost")
    assert comparison.objection == f"the run holds no spoken clips, so nothing is certain: lost ({lost[:8]})"
    assert comparison.comparison is not None
    assert f"there is no {tracked / 'mlartifacts' / lost / 'artifacts'}" in comparison.comparison.remarks[0]


def test_the_champions_run_has_gone(tracked: Path) -> None:
    run_id = voice(tracked, "old", right=15)
    promote(tracked, plan(tracked, "old"))
    mlflow.MlflowClient(store_uri(tracked)).delete_run(run_id)
    voice(tracked, "new", right=20)
    gone = plan(tracked, "new")
    assert gone.objection == "the run of the present champion has gone, and its metrics with it"


def test_a_run_without_a_voice(tracked: Path) -> None:
    voice(tracked, "trial", right=15, registered=False)
    with pytest.raises(CheckpointError, match=r"trial \(\w+\): the run registered no voice[\s\S]*stage export"):
        plan(tracked, "trial")
