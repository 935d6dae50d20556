"""Which voice becomes the champion, and which is refused."""

from __future__ import annotations

from pathlib import Path

import mlflow
import pytest

from emotts.comparison.promotion import plan_promotion, promote
from emotts.errors import CheckpointError, ConfigError
from emotts.tracking import Tracker, store_uri
from emotts.tracking.registry import version_with_alias

BY = "emotion_accuracy.balanced"


def voice(root: Path, name: str, *, registered: bool = True, **figures: float) -> str:
    """Make a run with figures and a version of the model; return its id."""
    with Tracker(root, experiment="voices", name=name) as tracker:
        tracker.metrics({key.replace("__", "."): value for key, value in figures.items()})
    if registered:
        client = mlflow.MlflowClient(store_uri(root))
        if not client.search_registered_models("name = 'emotts'"):
            client.create_registered_model("emotts")
        client.create_model_version("emotts", f"{root.as_uri()}/mlartifacts", tracker.run_id)
    return tracker.run_id


def champion(root: Path) -> str | None:
    found = version_with_alias(root, "emotts", alias="champion")
    return None if found is None else found.version


def test_the_first_and_then_a_better_one(tracked: Path) -> None:
    voice(tracked, "first", emotion_accuracy__balanced=0.5)
    plan = plan_promotion(tracked, "first", model="emotts", by=BY)
    assert (plan.champion, plan.champion_run, plan.objection) == (None, None, None)
    promote(tracked, plan)
    assert champion(tracked) == "1"
    voice(tracked, "better", emotion_accuracy__balanced=0.75)
    plan = plan_promotion(tracked, "better", model="emotts", by=BY)
    assert plan.champion_run is not None
    assert plan.champion_run.name == "first"
    promote(tracked, plan)
    assert champion(tracked) == "2"
    again = plan_promotion(tracked, "@champion", model="emotts", by=BY)
    assert again.objection is None


def test_a_worse_one_only_anyway(tracked: Path) -> None:
    voice(tracked, "good", emotion_accuracy__balanced=0.75, mcd_db=8.0)
    promote(tracked, plan_promotion(tracked, "good", model="emotts", by=BY))
    voice(tracked, "worse", emotion_accuracy__balanced=0.5, mcd_db=7.0)
    plan = plan_promotion(tracked, "worse", model="emotts", by=BY)
    with pytest.raises(
        ConfigError, match=r"version 2 of emotts was not promoted[\s\S]*is 0\.500; .* has 0\.750[\s\S]*--anyway"
    ):
        promote(tracked, plan)
    assert champion(tracked) == "1"
    assert plan_promotion(tracked, "worse", model="emotts", by="mcd_db").objection is None, "lower is better"
    promote(tracked, plan, anyway=True)
    assert champion(tracked) == "2"


def test_an_equal_one_may_follow(tracked: Path) -> None:
    voice(tracked, "one", emotion_accuracy__balanced=0.5)
    promote(tracked, plan_promotion(tracked, "one", model="emotts", by=BY))
    voice(tracked, "equal", emotion_accuracy__balanced=0.5)
    assert plan_promotion(tracked, "equal", model="emotts", by=BY).objection is None


def test_what_cannot_be_compared(tracked: Path) -> None:
    champion_id = voice(tracked, "deaf")
    promote(tracked, plan_promotion(tracked, "deaf", model="emotts", by=BY))
    voice(tracked, "heard", emotion_accuracy__balanced=0.5)
    objection = plan_promotion(tracked, "heard", model="emotts", by=BY).objection
    assert objection is not None
    assert objection.startswith("the present champion has no figure emotion_accuracy.balanced")
    promote(tracked, plan_promotion(tracked, "heard", model="emotts", by=BY), anyway=True)
    objection = plan_promotion(tracked, champion_id, model="emotts", by=BY).objection
    assert objection is not None
    assert objection.startswith("the run has no figure emotion_accuracy.balanced")


def test_the_champions_run_has_gone(tracked: Path) -> None:
    run_id = voice(tracked, "old", emotion_accuracy__balanced=0.5)
    promote(tracked, plan_promotion(tracked, "old", model="emotts", by=BY))
    mlflow.MlflowClient(store_uri(tracked)).delete_run(run_id)
    voice(tracked, "new", emotion_accuracy__balanced=0.75)
    assert plan_promotion(tracked, "new", model="emotts", by=BY).objection == (
        "the run of the present champion has gone, and its figures with it"
    )


def test_a_run_without_a_voice(tracked: Path) -> None:
    voice(tracked, "trial", registered=False, emotion_accuracy__balanced=0.5)
    with pytest.raises(CheckpointError, match=r"trial \(\w+\): the run registered no voice[\s\S]*stage export"):
        plan_promotion(tracked, "trial", model="emotts", by=BY)


def test_a_figure_that_cannot_decide(tracked: Path) -> None:
    voice(tracked, "one", emotion_accuracy__balanced=0.5)
    with pytest.raises(ConfigError, match=r"did you mean 'emotion_accuracy\.balanced'\?"):
        plan_promotion(tracked, "one", model="emotts", by="emotion_acuracy.balanced")
