"""DVC's table and plots of experiments, as a terminal and a browser get them: a very small voice that speaks thrice."""

from __future__ import annotations

import json
import re

import pytest
from support.places import REPOSITORY
from support.prepared import copy_with_dvc
from support.project import Project
from support.snippets import command_lines, read_snippets

pytestmark = pytest.mark.slow
LATER = {
    "calm": {"speaking.noise_scale": 0.1},
    "even": {"speaking.noise_scale": 0.0, "speaking.length_scale": 2.0},
}
"""The settings of each experiment after the committed ones."""
PICTURES = ("confusion", "prosody", "f0_contours", "intensity")
COLUMNS = 120
"""Width of a usual terminal."""


def documented(*words: str) -> tuple[str, ...]:
    """Return the command of the documentation that begins with some words."""
    lines = [line for snippet in read_snippets(REPOSITORY / "docs/pipeline.md") for line in command_lines(snippet)]
    (found,) = [line.words for line in lines if line.words[: len(words)] == words]
    return found


def run(project: Project, *command: str) -> str:
    done = project.run(*command)
    assert done.returncode == 0, done.stdout
    return done.stdout


def stage(project: Project, name: str) -> None:
    done = project.stage(name)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def tried(whole: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with the evaluation of a commit and those of two experiments after it."""
    place = tmp_path_factory.mktemp("experiments") / "project"
    project = copy_with_dvc(whole, place, without=("mlruns.db", ".emotts"))
    project.set({"evaluate.max_sentences": 1, "evaluate.speaker_encoder": "resemblyzer"})
    stage(project, "evaluate")
    stage(project, "export")
    run(project, "dvc", "commit", "-q", "-f")
    run(project, "git", "add", ".")
    run(project, "git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "start")
    for name, changes in LATER.items():
        project.set(changes)
        stage(project, "evaluate")
        run(project, "dvc", "exp", "save", "-q", "--force", "--name", name)
    return project


def test_the_table_of_experiments_fits_a_terminal(tried: Project) -> None:
    table = run(tried, *documented("dvc", "exp", "show"))
    lines = [line.rstrip() for line in table.splitlines()]
    assert max(map(len, lines)) <= COLUMNS, table
    head = next(line for line in lines if "Experiment" in line).split()
    assert head == ["Experiment", "similarity", "mcd_db", "speaking.noise_scale", "speaking.length_scale"]
    rows = {found[1]: line.split()[-2:] for line in lines if (found := re.search(r"\[(\w+)\]", line))}
    assert rows == {"calm": ["0.1", "1"], "even": ["0", "2"]}


def test_the_plots_of_two_experiments_are_side_by_side(tried: Project) -> None:
    command = documented("dvc", "plots", "diff")
    shown = run(tried, *command[:3], *LATER, "--json", "--split")
    drawn = json.loads(shown[shown.index("{") :])
    assert drawn.get("errors", []) == []
    assert set(drawn["data"]) == {
        *("Mel loss", "KL loss", "Duration loss", "Validation score"),
        *("Emotion meant and heard", "Prosody, the voice over the reference"),
        *(f"reports/{name}.png" for name in PICTURES),
    }
    for name, plots in drawn["data"].items():
        assert {revision for plot in plots for revision in plot["revisions"]} == set(LATER), name
    page = run(tried, *command[:3], *LATER)
    assert page.startswith("file://")
    folder = tried.folder / "dvc_plots"
    pictures = {f"{name}_reports_{picture}.png" for name in LATER for picture in PICTURES}
    assert {path.name for path in (folder / "static").iterdir()} == pictures
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert all(text.count(f'"rev": "{name}"') > 8 for name in LATER)
