"""A whole project on seconds of sound: its own git and DVC, the real stages, very small networks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import soundfile
from ruamel.yaml import YAML
from support.modules import run_module
from support.places import REPOSITORY

TINY: Mapping[str, Any] = {
    "recording.source": "recordings",
    "recording.speaker": "tester",
    "base": "none",
    "classifier.repeats": 2,
    "model.synthesizer.speaker_channels": 4,
    "model.synthesizer.emotion_channels": 4,
    "model.synthesizer.latent_channels": 8,
    "model.synthesizer.hidden_channels": 8,
    "model.synthesizer.text_filter_channels": 8,
    "model.synthesizer.text_n_layers": 3,
    "model.synthesizer.posterior_channels": 8,
    "model.synthesizer.posterior_n_layers": 1,
    "model.synthesizer.flow_n_steps": 2,
    "model.synthesizer.flow_channels": 8,
    "model.synthesizer.flow_n_layers": 1,
    "model.synthesizer.duration_filter_channels": 8,
    "model.synthesizer.istft.channels": 8,
    "model.synthesizer.istft.hidden_channels": 8,
    "model.synthesizer.istft.n_layers": 1,
    "model.synthesizer.istft.pitch_channels": 8,
    "model.multi_period.periods": [2, 3],
    "model.multi_period.period_channels": [4, 4],
    "model.multi_period.scale_channels": [4, 4],
    "model.multi_resolution.resolutions": [[256, 64, 256]],
    "model.multi_resolution.channels": 4,
    "model.duration_discriminator.filter_channels": 8,
    "train.steps": 6,
    "train.batch_size": 4,
    "train.log_every": 1,
    "train.validate_every": 3,
    "train.sample_every": 3,
    "train.checkpoint_every": 2,
    "classifier.encoder": "none",
    "evaluate.sentences": None,
    "evaluate.max_sentences": 4,
    "evaluate.shared_sentences": 1,
    "evaluate.intensity_sentences": 1,
    "evaluate.recogniser": "none",
    "evaluate.speaker_encoder": "none",
    "evaluate.quality_predictor": "none",
    "export.styles": {"wistful": "sad 0.5"},
}


UTTERANCES = 5
"""Utterances of each emotion that the test recordings have."""


def write_recordings(folder: Path, *, utterances: int = UTTERANCES) -> None:
    """Write the beginning of each take of the demo recording, with its label track."""
    for take in sorted((REPOSITORY / "emotts/demo/recording").rglob("*.flac")):
        labels = take.with_name(f"{take.stem}.labels.txt").read_text(encoding="utf-8").splitlines()
        long = [line for line in labels if float(line.split("\t")[1]) - float(line.split("\t")[0]) >= 3.0][:utterances]
        last = labels.index(long[-1])
        samples, rate = soundfile.read(take, dtype="int16")
        end = round((float(labels[last].split("\t")[1]) + 0.6) * rate)
        place = folder / take.parent.parent.parent.name / take.parent.parent.name
        place.mkdir(parents=True)
        soundfile.write(place / "take1.wav", samples[:end], rate, subtype="PCM_16")
        (place / "take1.labels.txt").write_text("\n".join(labels[: last + 1]) + "\n", encoding="utf-8")


class Project:
    """A project folder and the commands that a user runs in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        programs = str(Path(sys.executable).parent)
        self.environment = {
            **os.environ,
            "PATH": programs + os.pathsep + os.environ["PATH"],
            "OMP_NUM_THREADS": "1",
            "COLUMNS": "300",
            "PYTHONPATH": "",
            "DVC_NO_ANALYTICS": "1",
        }
        self.environment.pop("MLFLOW_TRACKING_URI", None)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project and return it, both streams in ``stdout``."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def stage(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run one stage by hand."""
        return self.module(f"pipelines.{name}")

    def emotts(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``emotts ARGUMENTS``."""
        return self.module("emotts.cli", *arguments)

    def module(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m NAME ARGUMENTS``, the large libraries imported already."""
        return run_module(name, *arguments, folder=self.folder, environment=self.environment)

    def repro(self, *targets: str) -> subprocess.CompletedProcess[str]:
        """Run ``dvc repro``."""
        return self.run("dvc", "repro", *targets)

    def set(self, changes: Mapping[str, Any]) -> None:
        """Change dotted keys of ``params.yaml``."""
        editor = YAML()
        path = self.folder / "params.yaml"
        document = editor.load(path.read_text(encoding="utf-8"))
        for name, value in changes.items():
            *sections, key = name.split(".")
            section = document
            for part in sections:
                section = section[part]
            assert key in section, name
            section[key] = value
        with path.open("w", encoding="utf-8") as stream:
            editor.dump(document, stream)

    def files(self) -> set[str]:
        """Return every file of the project's data, models and reports."""
        folders = ("data", "models", "reports")
        return {
            str(path.relative_to(self.folder))
            for name in folders
            for path in (self.folder / name).rglob("*")
            if path.is_file()
        }


CODE = ("emotts", "pipelines")


def lay_out(folder: Path) -> Project:
    """Lay a project out without git and DVC: the repository's settings and code, which is linked; no data."""
    (folder / "models/base").mkdir(parents=True)
    for name in ("dvc.yaml", "params.yaml", "lexicon.tsv", "corrections.jsonl", ".gitignore", ".dvcignore"):
        shutil.copy(REPOSITORY / name, folder / name)
    for name in CODE:
        (folder / name).symlink_to(REPOSITORY / name)
    project = Project(folder)
    project.set(TINY)
    return project


def own_code(project: Project) -> None:
    """Put a copy of the code in the place of the links, for DVC; what Numba compiled is kept."""
    skip = shutil.ignore_patterns("*.pyc", "*.flac")
    for name in CODE:
        (project.folder / name).unlink()
        shutil.copytree(REPOSITORY / name, project.folder / name, ignore=skip)


def make_project(folder: Path) -> Project:
    """Lay a project out: the pipeline as it stands in the repository, without data, under git and DVC."""
    project = lay_out(folder)
    own_code(project)
    for command in (
        ["git", "init", "-q"],
        ["dvc", "init", "-q"],
        ["git", "add", "."],
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "start"],
    ):
        done = project.run(*command)
        assert done.returncode == 0, done.stdout
    return project
