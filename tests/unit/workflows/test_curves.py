"""The tables of training curves: their rows, and what a resumed or a fresh run keeps of them."""

from __future__ import annotations

from pathlib import Path

from emotts.workflows.curves import TrainingCurves


def lines(folder: Path, name: str) -> list[str]:
    return (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()


def test_a_row_a_step(tmp_path: Path) -> None:
    curves = TrainingCurves(tmp_path)
    curves.start(0)
    curves.add({"train/loss/mel": 1.5, "train/loss/kl": 0.1234567, "train/steps_per_second": 9.0}, 10)
    curves.add({"train/loss/mel": 1.25, "train/loss/adversarial/period": 3.0}, 20)
    curves.add({"val/loss/mel": 2.0, "val/score": 90.0}, 20)
    curves.add({"val/spoken/emotion_probability": 0.5}, 20)
    assert lines(tmp_path, "training") == ["step,adversarial/period,kl,mel", "10,,0.123457,1.5", "20,3,,1.25"]
    assert lines(tmp_path, "validation") == ["step,mel,score", "20,2,90"]


def test_a_run_that_goes_on_forgets_what_came_after_its_checkpoint(tmp_path: Path) -> None:
    first = TrainingCurves(tmp_path)
    for step in (10, 20, 30):
        first.add({"train/loss/mel": float(step)}, step)
    resumed = TrainingCurves(tmp_path)
    resumed.start(20)
    resumed.add({"train/loss/mel": 7.0, "train/loss/kl": 1.0}, 25)
    assert lines(tmp_path, "training") == ["step,kl,mel", "10,,10", "20,,20", "25,1,7"]
    fresh = TrainingCurves(tmp_path)
    fresh.start(0)
    fresh.add({"train/loss/mel": 1.0}, 10)
    assert lines(tmp_path, "training") == ["step,mel", "10,1"]
