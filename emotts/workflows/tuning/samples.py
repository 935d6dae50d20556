"""What a trial's voice sounds like, in Optuna's artifact store, where ``optuna-dashboard`` plays it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from optuna.artifacts import FileSystemArtifactStore, get_all_artifact_meta, upload_artifact
from optuna.exceptions import UpdateFinishedTrialError

from emotts.workflows.tuning.queue import Lease, TrialLostError

__all__ = ["SAMPLES_STORE", "keep_samples"]

SAMPLES_STORE = Path("data/tune-samples")
"""Where the store lies in a project; one for all studies, as the dashboard takes one."""


def keep_samples(lease: Lease, samples: Path, *, root: Path) -> None:
    """Put a sentence of every emotion into the store, as ``EMOTION.wav``; nothing where none was spoken.

    Args:
        lease: the trial.
        samples: folder of the clips of its evaluation.
        root: the project.

    Raises:
        TrialLostError: if the trial was given to another process.
    """
    if not (samples / "samples.json").is_file():
        return
    (root / SAMPLES_STORE).mkdir(parents=True, exist_ok=True)
    store = FileSystemArtifactStore(root / SAMPLES_STORE)
    kept = {meta.filename for meta in get_all_artifact_meta(lease.trial)}
    with tempfile.TemporaryDirectory() as folder:
        for emotion, clip in _first_clips(samples).items():
            named = Path(folder) / f"{emotion}.wav"
            if named.name in kept:
                continue
            shutil.copyfile(samples / clip, named)
            try:
                upload_artifact(
                    artifact_store=store, file_path=str(named), study_or_trial=lease.trial, mimetype="audio/wav"
                )
            except UpdateFinishedTrialError as error:
                raise TrialLostError(lease.number) from error


def _first_clips(samples: Path) -> Mapping[str, str]:
    """Return the file of the first usable clip of every emotion."""
    rows = json.loads((samples / "samples.json").read_text(encoding="utf-8"))
    return {row["emotion"]: row["file"] for row in reversed(rows) if row["file"] is not None}
