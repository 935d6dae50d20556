"""The tutorial of the experiments: every command of it is run, in its order, on a very small project."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
import yaml
from support.places import REPOSITORY
from support.prepared import copy_with_dvc
from support.project import Project
from support.snippets import CommandLine, command_lines, read_snippets

TUTORIAL = REPOSITORY / "experiments/README.md"
SNIPPETS = read_snippets(TUTORIAL)
SHORTER = {"budget: {trials: 20}": "budget: {trials: 3}", "seeds: [20, 21, 22]": "seeds: [20, 21]"}
"""What the files of the tutorial have, and what they have here."""
LEFT_OUT = {"learning-rate as-it-is-22", "learning-rate slower-22"}
"""The runs of the third seed, which is left out here."""


@pytest.fixture(scope="module")
def begun(whole: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project under git and DVC that has what trials share, with the tutorial's files."""
    whole_copy = tmp_path_factory.mktemp("tutorial") / "project"
    project = copy_with_dvc(whole, whole_copy, without=("voice", "mlruns.db", ".emotts", "tune", "ablation"))
    project.set(
        {
            "model.synthesizer.istft.channels": 8,
            "model.synthesizer.istft.hidden_channels": 8,
            "evaluate.intensity_sentences": 0,
            "train.steps": 2,
            "train.validate_every": 2,
            "train.sample_every": 2,
        }
    )
    shutil.copytree(REPOSITORY / "experiments", project.folder / "experiments")
    for path in project.folder.glob("experiments/*.yaml"):
        text = path.read_text(encoding="utf-8")
        for long, short in SHORTER.items():
            text = text.replace(long, short)
        path.write_text(text, encoding="utf-8")
    for command in (
        ["dvc", "commit", "-q", "-f", "-d", "bert", "classifier"],
        ["git", "config", "user.name", "t"],
        ["git", "config", "user.email", "t@example.org"],
        ["git", "add", "."],
        ["git", "commit", "-q", "-m", "start"],
    ):
        done = project.run(*command)
        assert done.returncode == 0, done.stdout
    return project


def commands() -> Iterator[CommandLine]:
    for snippet in SNIPPETS:
        if snippet.language != "yaml":
            yield from command_lines(snippet)


def client_of(project: Project) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(f"sqlite:///{project.folder / 'mlruns.db'}")


def last_pass(project: Project) -> str:
    """Return the run of the last experiment of DVC."""
    version = max(client_of(project).search_model_versions("name = 'emotts'"), key=lambda each: int(each.version))
    return str(version.run_id)


def run(project: Project, line: CommandLine) -> str:
    """Run a command of the tutorial, and return what it said."""
    words = [word for word in line.words if word not in LEFT_OUT]
    words = [last_pass(project) if word == "RUN" else word for word in words]
    done = project.emotts(*words[1:]) if words[0] == "emotts" else project.run(*words)
    assert done.returncode == 0, f"{line.where}: {' '.join(words)}\n{done.stdout}"
    return done.stdout


@pytest.mark.slow
def test_every_command_of_the_tutorial_leads_to_a_promoted_voice(begun: Project) -> None:
    said = {" ".join(line.words): run(begun, line) for line in commands()}
    (shown,) = [text for command, text in said.items() if command.startswith("dvc exp show")]
    assert "calm" in shown
    table = (begun.folder / "data/ablation/learning-rate/table.md").read_text(encoding="utf-8")
    assert re.search(r"^\| slower \| 2 \| [\d.]+ ± [\d.]+ \(", table, re.MULTILINE)
    (compared,) = [text for command, text in said.items() if command.startswith("emotts compare")]
    assert re.search(r"emotion_probability +│ +[\d.]+ ± [\d.]+ \(2 seeds\)", compared)
    assert "seeds [" in compared
    trials = said["emotts tune experiments/speaking.yaml"]
    assert "study speaking: 3 trials (3 complete, 0 pruned, 0 failed)" in trials
    assert trials.count("emotts.workflows.training_monitor: step 2:") == 1, "one training for all trials"
    assert "take them over: emotts tune experiments/speaking.yaml --apply" in trials
    client = client_of(begun)
    champion = client.get_model_version_by_alias("emotts", "champion")
    assert champion.run_id == last_pass(begun)
    best = yaml.safe_load((begun.folder / "data/tune/speaking/best.yaml").read_text(encoding="utf-8"))["speaking"]
    logged = client.get_run(champion.run_id).data.params
    assert {key: float(logged[f"speaking.{key}"]) for key in best} == best


def test_the_tutorial_shows_what_the_files_have() -> None:
    (shown,) = [snippet.text for snippet in SNIPPETS if snippet.language == "yaml"]
    whole = yaml.safe_load((REPOSITORY / "experiments/learning-rate.yaml").read_text(encoding="utf-8"))
    assert yaml.safe_load(shown) == {key: whole[key] for key in ("seeds", "variants")}
    files = {path.name for path in Path(REPOSITORY / "experiments").glob("*.yaml")}
    assert files == set(re.findall(r"^\| `([\w-]+\.yaml)`", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE))
    assert len(TUTORIAL.read_text(encoding="utf-8").splitlines()) <= 100
