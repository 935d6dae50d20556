"""Running the pipeline, and the lines that a run ends with."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import AudioError
from emotts.workflows.pipeline import refuse_what_stops_dvc, summary_lines

SLOW_DVC = """
import os, pathlib, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
pathlib.Path("started").touch()
time.sleep(0.8)
pathlib.Path("ended").write_text(os.environ["EMOTTS_RUN_NAME"], encoding="utf-8")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


def test_an_interruption_waits_until_dvc_has_ended(tmp_path: Path) -> None:
    (tmp_path / "dvc").mkdir()
    (tmp_path / "dvc/__init__.py").touch()
    (tmp_path / "dvc/__main__.py").write_text(SLOW_DVC, encoding="utf-8")
    code = "import pathlib, sys, emotts.workflows.pipeline as p; "
    code += "sys.exit(p.run_pipeline(pathlib.Path.cwd(), name='따뜻한'))"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, start_new_session=True)
    end = time.monotonic() + 60
    while not (tmp_path / "started").exists() and time.monotonic() < end:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert (tmp_path / "ended").read_text(encoding="utf-8") == "따뜻한", "the run has the name that it was given"
    assert (tmp_path / "corrections.jsonl").read_bytes() == b"", "DVC wants the file"


def test_summary(root: Path) -> None:
    metrics = {"emotion_accuracy.balanced": 0.5, "reference.emotion_accuracy.balanced": 0.95, "rtf": 0.0714}
    (root / "reports").mkdir()
    (root / "reports" / "evaluation.json").write_text(json.dumps(metrics), encoding="utf-8")
    lines = [" ".join(line.split()) for line in summary_lines(root)]
    assert "emotion accuracy, balanced 0.500 0.950" in lines
    assert "real-time factor 0.071" in lines
    assert not any("mel-cepstral" in line for line in lines)
    assert "report: reports/report.md" in lines


def test_a_pipe_among_the_recordings_is_refused_and_can_be_removed(root: Path) -> None:
    folder = root / "emotts/demo/recording/sad"
    folder.mkdir(parents=True)
    (folder / "take1.wav").touch()
    refuse_what_stops_dvc(root)
    os.mkfifo(folder / "take2.wav")
    with pytest.raises(AudioError, match="is a pipe or device, not a sound file") as caught:
        refuse_what_stops_dvc(root)
    assert caught.value.where == str(folder / "take2.wav")
    (folder / "take2.wav").unlink()
    refuse_what_stops_dvc(root)
