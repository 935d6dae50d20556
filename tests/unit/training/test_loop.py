"""Whole runs of the toy voice: resume bit for bit, clear, stop cleanly, choose the best."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
import torch

from emotts.checkpoint.store import CheckpointStore, read_meta, read_weights, resolve_checkpoint
from emotts.errors import CheckpointError, DivergedError
from emotts.training.loop import TrainingHooks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def straight(toy: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run that nobody disturbs: its folder and its log."""
    place = tmp_path_factory.mktemp("straight")
    metrics: list[str] = []
    hooks = TrainingHooks(log=lambda values, step: metrics.append(json.dumps({"step": step, **values})))
    toy.toy_train(place / "voice", hooks=hooks)
    (place / "log").write_text("\n".join(metrics) + "\n")
    return place / "voice", place / "log"


def test_a_window_of_figures_survives_the_break(toy: ModuleType, straight, tmp_path: Path) -> None:
    folder = tmp_path / "voice"

    with pytest.raises(toy.Stopped):
        toy.toy_train(folder, hooks=toy.stop_at(3))
    rows: list[str] = []
    hooks = TrainingHooks(log=lambda values, step: rows.append(json.dumps({"step": step, **values})))
    result = toy.toy_train(folder, hooks=hooks, networks=toy.toy_networks(seed=99))
    assert result.resumed_from == 3
    (tmp_path / "log").write_text("\n".join(rows))
    wanted = {step: row for step, row in toy.metrics_by_step(straight[1]).items() if step > 3}
    assert toy.metrics_by_step(tmp_path / "log") == wanted


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_the_step_writes_a_checkpoint_and_stops(
    toy: ModuleType, straight, tmp_path: Path, number: signal.Signals
) -> None:
    def send(step: int, steps: int, metrics: dict[str, float]) -> None:
        if step == 1:
            os.kill(os.getpid(), number)

    with pytest.raises(KeyboardInterrupt, match="stopped after step 1; start again to go on"):
        toy.toy_train(tmp_path, hooks=TrainingHooks(progress=send))
    assert CheckpointStore(tmp_path).steps() == [1]
    assert toy.toy_train(tmp_path).resumed_from == 1
    toy.assert_same_checkpoint(CheckpointStore(straight[0]).path(6), CheckpointStore(tmp_path).path(6))


def test_signals_are_given_back(toy: ModuleType, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    toy.toy_train(tmp_path, steps=1)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_the_smallest_numbers_are_given_back(toy: ModuleType, tmp_path: Path) -> None:
    seen: list[float] = []
    hooks = TrainingHooks(progress=lambda step, steps, metrics: seen.append(float(torch.tensor(1e-40) * 0.5)))
    toy.toy_train(tmp_path, steps=1, hooks=hooks)
    assert seen == [0.0]
    assert float(torch.tensor(1e-40) * 0.5) > 0


def test_how_often_something_is_written_does_not_break_a_run(toy: ModuleType, tmp_path: Path) -> None:
    def stop(step: int, steps: int, metrics: dict[str, float]) -> None:
        if step == 4:
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        toy.toy_train(tmp_path, hooks=TrainingHooks(progress=stop))
    assert toy.toy_train(tmp_path, checkpoint_every=5, sample_every=4, log_every=3).resumed_from == 4


@pytest.mark.parametrize("changes", [{"batch_size": 1}, {"segment_frames": 16}])
def test_runs_that_cut_their_batches_otherwise_are_validated_alike(
    toy: ModuleType, tmp_path: Path, changes: dict[str, int]
) -> None:
    """With weights that a step leaves as they are, every metric of the validation is the same, bit for bit."""

    def validated(name: str, **settings) -> dict[str, float]:
        metrics: dict[str, float] = {}
        hooks = TrainingHooks(log=lambda values, step: metrics.update(values))
        toy.toy_train(tmp_path / name, steps=1, validate_every=1, learning_rate=1e-30, hooks=hooks, **settings)
        return {key: value for key, value in metrics.items() if key.startswith("val/")}

    usual = validated("usual")
    assert {"val/score", "val/loss/mel", "val/loss/kl", "val/loss/duration"} <= set(usual)
    assert validated("otherwise", **changes) == usual


def test_a_damaged_newest_checkpoint_is_never_passed_over_in_silence(toy: ModuleType, tmp_path: Path) -> None:
    def stop(step: int, steps: int, metrics: dict[str, float]) -> None:
        if step == 4:
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        toy.toy_train(tmp_path, hooks=TrainingHooks(progress=stop))
    weights = tmp_path / "step_00000004" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(CheckpointError, match=r"delete the folder .*step_00000004 to go on from step_00000003"):
        toy.toy_train(tmp_path)
    for path in weights.parent.iterdir():
        path.unlink()
    weights.parent.rmdir()
    assert toy.toy_train(tmp_path).resumed_from == 3


def test_fault_7_an_error_in_a_hook_or_step_ends_the_run(toy: ModuleType, tmp_path: Path) -> None:
    def fail(step: int, synthesizer: torch.nn.Module) -> None:
        raise OSError("the picture cannot be drawn")

    with pytest.raises(OSError, match="the picture cannot be drawn"):
        toy.toy_train(tmp_path, hooks=TrainingHooks(on_validation=fail))
    assert CheckpointStore(tmp_path).steps()[-1] == 3


def test_a_run_that_diverges_stops_and_keeps_the_last_good_checkpoint(toy: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(toy.Stopped):
        toy.toy_train(tmp_path, hooks=toy.stop_at(2))
    good = read_weights(CheckpointStore(tmp_path).path(2), "model")
    clips = toy.toy_clips()
    for number, clip in enumerate(clips.training.clips):
        clips.training.clips[number] = dataclasses.replace(clip, waveform=torch.full_like(clip.waveform, float("nan")))
    with pytest.raises(DivergedError, match=r"^batch of wavs/00\d\.wav, .*: training diverged at step 2: "):
        toy.toy_train(tmp_path, clips=clips)
    assert CheckpointStore(tmp_path).steps() == [2]
    assert toy.same(read_weights(CheckpointStore(tmp_path).path(2), "model"), good)
    assert toy.toy_train(tmp_path).resumed_from == 2


def test_hooks_do_not_change_what_is_learnt(toy: ModuleType, straight, tmp_path: Path) -> None:
    def draw(step: int, synthesizer: torch.nn.Module) -> None:
        assert not synthesizer.training
        torch.randn(10)

    toy.toy_train(tmp_path, hooks=TrainingHooks(on_validation=draw))
    toy.assert_same_checkpoint(CheckpointStore(straight[0]).path(6), CheckpointStore(tmp_path).path(6))


def test_hooks_are_called_when_the_settings_say(toy: ModuleType, tmp_path: Path) -> None:
    samples, progress, starts = [], [], []
    hooks = TrainingHooks(
        on_start=lambda step, former_steps: starts.append((step, former_steps)),
        on_validation=lambda step, synthesizer: samples.append(step),
        progress=lambda step, steps, metrics: progress.append((step, steps)),
    )
    toy.toy_train(tmp_path, steps=5, sample_every=2, hooks=hooks)
    assert starts == [(0, None)]
    assert samples == [2, 4, 5]
    assert progress == [(step, 5) for step in range(1, 6)]


def test_the_best_checkpoint_has_the_lowest_score(toy: ModuleType, tmp_path: Path) -> None:
    scores = {}

    def log(metrics: dict[str, float], step: int) -> None:
        if "val/score" in metrics:
            scores[step] = metrics["val/score"]
            assert metrics["val/score"] == pytest.approx(45 * metrics["val/loss/mel"] + 2 * metrics["val/loss/kl"])

    # so high a rate that the score soon rises
    result = toy.toy_train(
        tmp_path, steps=8, learning_rate=0.3, best_kl_weight=2.0, hooks=TrainingHooks(log=log), keep_checkpoints=1
    )
    best = min(scores, key=scores.__getitem__)
    assert result.best_step == best
    assert result.best_score == scores[best]
    assert resolve_checkpoint(tmp_path) == CheckpointStore(tmp_path).path(best) == result.best_folder
    assert set(CheckpointStore(tmp_path).steps()) == {best, 8}


def test_a_checkpoint_says_what_it_is(toy: ModuleType, straight) -> None:
    meta = read_meta(CheckpointStore(straight[0]).path(6))
    assert (meta.step, meta.steps, meta.code_version) == (6, 6, "test")
    assert meta.description["synthesizer"]["n_emotions"] == 3


def test_a_full_disk_stops_the_run_with_the_old_checkpoint_whole(
    toy: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def fill(step: int, steps: int, metrics: dict[str, float]) -> None:
        def full(handle: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        if step == 2:
            monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(CheckpointError, match="disk is full"):
        toy.toy_train(tmp_path, hooks=TrainingHooks(progress=fill))
    monkeypatch.undo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.json", "last.json", "step_00000002"]
    assert toy.toy_train(tmp_path).resumed_from == 2


def test_voices_are_balanced_on_request(toy: ModuleType, tmp_path: Path) -> None:
    """One clip is the only one of its voice, and the others are of another: it is heard as often as all of them."""
    taken: list[int] = []

    class Own(toy.ToyClips):
        def __getitem__(self, index: int):
            taken.append(index)
            return super().__getitem__(index)

    clips = dataclasses.replace(toy.toy_clips(), training=Own(8, seed=1))
    toy.toy_train(tmp_path, clips=clips, sampler="balanced_voices", steps=2, batch_size=7)
    assert Counter(taken[:14]) == {0: 7, **dict.fromkeys(range(1, 8), 1)}


def test_replayed_clips_take_part_in_a_run(toy: ModuleType, tmp_path: Path) -> None:
    taken: list[int] = []

    class Other(toy.ToyClips):
        def __getitem__(self, index: int):
            taken.append(index)
            return super().__getitem__(index)

    clips = dataclasses.replace(toy.toy_clips(), replay=Other(2, seed=7))
    toy.toy_train(tmp_path, clips=clips, replay_corpus="other", replay_fraction=0.8, steps=2, batch_size=8)
    assert len(taken) >= 8, "two batches of 8 of an epoch that has only 8 clips of its own"
