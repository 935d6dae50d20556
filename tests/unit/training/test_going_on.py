"""What becomes of the checkpoints that a training finds in its folder; one training at a time."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from emotts.checkpoint.contents import CheckpointMeta
from emotts.checkpoint.store import CheckpointStore, read_meta, read_weights, resolve_checkpoint
from emotts.errors import CheckpointError
from emotts.files import locked
from emotts.training.loop import TrainingHooks
from emotts.training.standing import Standing, standing


@pytest.mark.parametrize(
    ("step", "steps", "fingerprint", "wanted", "expected"),
    [
        (3, 6, "own", 6, Standing.BEGUN),
        (6, 6, "own", 6, Standing.FINISHED),
        (6, 6, "own", 7, Standing.BEGUN),  # a longer run
        (3, 6, "own", 9, Standing.BEGUN),  # broken off, then made longer
        (6, 6, "own", 5, Standing.TOO_FAR),
        (3, 6, "own", 3, Standing.TOO_FAR),  # the learning rate was that of 6 steps
        (3, 6, "other", 6, Standing.OTHER_RUN),
        (6, 6, "other", 6, Standing.OTHER_RUN),
        (6, 6, "other", 9, Standing.OTHER_RUN),
    ],
)
def test_a_checkpoint_is_compared_with_a_run(
    step: int, steps: int, fingerprint: str, wanted: int, expected: Standing
) -> None:
    newest = CheckpointMeta(step, steps, fingerprint, score=None, code_version="1", description={})
    assert standing(newest, fingerprint="own", steps=wanted) is expected


@pytest.mark.slow
def test_another_corpus_moves_the_checkpoints_aside(
    toy: ModuleType, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder, aside = tmp_path / "voice", tmp_path / "voice.aside-1"
    toy.toy_train(folder, steps=2)
    with caplog.at_level(logging.WARNING):
        result = toy.toy_train(folder, steps=1, corpus="another")
    assert "of step 2, is not gone on with: settings, corpus or base changed. Training starts afresh" in caplog.text
    assert f"the former checkpoints are now in {aside} (delete it" in caplog.text
    assert result.resumed_from == 0
    assert CheckpointStore(folder).steps() == [1]
    assert resolve_checkpoint(aside, marker="last") == CheckpointStore(aside).path(2)


@pytest.mark.slow
def test_what_was_moved_aside_can_be_moved_back(toy: ModuleType, tmp_path: Path) -> None:
    folder, aside = tmp_path / "voice", tmp_path / "voice.aside-1"
    with pytest.raises(toy.Stopped):
        toy.toy_train(folder, hooks=toy.stop_at(3))
    toy.toy_train(folder, steps=1, corpus="another")
    shutil.rmtree(folder)
    aside.rename(folder)
    assert toy.toy_train(folder).resumed_from == 3


@pytest.mark.slow
def test_a_finished_run_is_handed_over_and_its_samples_are_reported_again(
    toy: ModuleType, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = toy.toy_train(tmp_path / "voice", steps=2)
    before = {path: path.read_bytes() for path in (tmp_path / "voice").rglob("*") if path.is_file()}
    shown: list[int] = []
    logged: list[int] = []
    hooks = TrainingHooks(on_validation=lambda step, _: shown.append(step), log=lambda _, step: logged.append(step))
    with caplog.at_level(logging.WARNING):
        second = toy.toy_train(tmp_path / "voice", steps=2, hooks=hooks, networks=toy.toy_networks(seed=9))
    assert "this very training had finished and is handed over; delete the folder to repeat it" in caplog.text
    assert (second.resumed_from, second.best_step, second.best_score) == (2, first.best_step, first.best_score)
    assert (shown, logged) == ([2], [])
    assert {path: path.read_bytes() for path in (tmp_path / "voice").rglob("*") if path.is_file()} == before
    shutil.rmtree(tmp_path / "voice")
    assert toy.toy_train(tmp_path / "voice", steps=2).resumed_from == 0


@pytest.mark.slow
def test_a_run_that_finished_with_other_code_is_repeated(toy: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "voice"
    toy.toy_train(folder, steps=1)
    meta = CheckpointStore(folder).path(1) / "meta.json"
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"code_version": "0.0.1"}))
    assert toy.toy_train(folder, steps=1).resumed_from == 0
    assert read_meta(tmp_path / "voice.aside-1" / "step_00000001").code_version == "0.0.1"


@pytest.mark.slow
def test_more_steps_go_on_from_the_last_checkpoint(
    toy: ModuleType, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "voice"
    toy.toy_train(folder, steps=3, lr_decay="cosine")
    rates: dict[int, float] = {}
    starts: list[tuple[int, int | None]] = []
    hooks = TrainingHooks(
        on_start=lambda step, former_steps: starts.append((step, former_steps)),
        log=lambda row, step: rates.update({step: row.get("train/learning_rate/fresh", 0.0)}),
    )
    straight: dict[int, float] = {}
    log_straight = TrainingHooks(log=lambda row, step: straight.update({step: row.get("train/learning_rate/fresh", 0)}))
    with caplog.at_level(logging.WARNING):
        result = toy.toy_train(folder, steps=5, lr_decay="cosine", log_every=1, validate_every=5, hooks=hooks)
    toy.toy_train(tmp_path / "straight", steps=5, lr_decay="cosine", log_every=1, validate_every=9, hooks=log_straight)
    assert "step_00000003 of a run of 3 steps to 5, at the learning rates of a run of that length" in caplog.text
    assert (result.resumed_from, result.steps) == (3, 5)
    assert starts == [(3, 3)]
    assert rates == {step: straight[step] for step in (4, 5)}
    assert not list(tmp_path.glob("*.aside-*"))


@pytest.mark.slow
def test_validating_at_other_steps_does_not_break_a_run(toy: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "voice"
    with pytest.raises(toy.Stopped):
        toy.toy_train(folder, hooks=toy.stop_at(3))
    assert toy.toy_train(folder, validate_every=5).resumed_from == 3


@pytest.mark.slow
def test_fewer_steps_than_there_are_start_afresh(toy: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "voice"
    toy.toy_train(folder, steps=3)
    assert toy.toy_train(folder, steps=2).resumed_from == 0
    assert CheckpointStore(folder).steps()[-1] == 2
    assert CheckpointStore(tmp_path / "voice.aside-1").steps()[-1] == 3


@pytest.mark.slow
def test_a_folder_takes_one_training_at_a_time(toy: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "voice"
    toy.toy_train(folder, steps=1)
    weights = read_weights(CheckpointStore(folder).path(1), "model")
    with locked(tmp_path / "voice.lock"):
        (tmp_path / "voice.lock").write_text("4711\n")
        with pytest.raises(CheckpointError, match="another training is at work in this folder") as caught:
            toy.toy_train(folder, steps=1, corpus="another")
    assert caught.value.where == str(folder)
    assert caught.value.found == f"{tmp_path / 'voice.lock'}, held by process 4711"
    assert caught.value.remedy is not None
    assert caught.value.remedy.startswith("wait until it ends, or end that process")
    assert toy.same(read_weights(CheckpointStore(folder).path(1), "model"), weights)
    assert toy.toy_train(folder, steps=2).resumed_from == 1
