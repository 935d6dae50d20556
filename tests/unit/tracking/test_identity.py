"""The files that a run keeps so that it can be made again."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import mlflow
import yaml

from emotts.tracking import Tracker, data_identity, log_source, store_uri
from emotts.tracking.runs import download_artifacts, find_run

GIT = ("-c", "user.name=t", "-c", "user.email=t@example.org")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *GIT, *arguments], check=True)


def test_settings_hashes_and_what_no_commit_has(tracked: Path, tmp_path: Path) -> None:
    files = {"flow.py": "one\n", "params.yaml": "train: 1\n", "dvc.lock": "stages: {}\n"}
    for name, text in files.items():
        (tracked / name).write_text(text, encoding="utf-8")
    git(tracked, "init", "-q")
    git(tracked, "add", *files)
    git(tracked, "commit", "-q", "-m", "start")
    tracker = Tracker(tracked, experiment="voices", name="one")
    settings = {"train": {"eps": 1e-9, "periods": [2, 3]}, "speaker": "네즈미"}

    def kept(name: str) -> bytes | None:
        tracker.flush()
        run = find_run(tracked, tracker.run_id, model="emotts")
        found = download_artifacts(tracked, run, path=f"source/{name}", folder=tmp_path / "out")
        return None if found is None else found.read_bytes()

    for name in ("params.yaml", "dvc.lock"):  # the run keeps both as they are
        (tracked / name).write_text("stages: {}\n# changed\n", encoding="utf-8")
    log_source(tracker, tracked, settings)
    assert yaml.safe_load(kept("params.yaml")) == settings
    assert kept("dvc.lock") == b"stages: {}\n# changed\n"
    assert kept("changes.patch") is None

    (tracked / "flow.py").write_bytes("zwei\r\nf\xfcnf\n".encode("latin-1"))
    log_source(tracker, tracked, settings)
    patch = kept("changes.patch")
    assert b"+zwei\r\n+f\xfcnf\n" in patch
    tags = mlflow.MlflowClient(store_uri(tracked)).get_run(tracker.run_id).data.tags
    assert tags["git.changes"] == hashlib.sha256(patch).hexdigest()


def test_outside_of_git_and_dvc(tracked: Path) -> None:
    assert data_identity(tracked) == {}
    tracker = Tracker(tracked, experiment="voices", name="one")
    log_source(tracker, tracked, {"train": {}})
    tracker.flush()
    listed = mlflow.MlflowClient(store_uri(tracked)).list_artifacts(tracker.run_id, "source")
    assert [item.path for item in listed] == ["source/params.yaml"]


def test_the_judge_is_part_of_the_identity(tracked: Path) -> None:
    (tracked / "dvc.lock").write_text(
        "stages:\n  classifier:\n    outs:\n    - path: models/emotion_classifier\n      md5: 12.dir\n",
        encoding="utf-8",
    )
    assert data_identity(tracked) == {"models.emotion_classifier": "12.dir"}
