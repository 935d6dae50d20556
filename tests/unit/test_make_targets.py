"""What the workflow and the documents say about ``make``."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from support.places import REPOSITORY

MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
WORKFLOW = REPOSITORY / ".github/workflows/ci.yml"
DOCUMENTS = sorted(path for path in (*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")) if path.is_file())


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):(?!=)", MAKEFILE, flags=re.MULTILINE))


def named(text: str) -> set[str]:
    """Return the targets that a text names: in a command line, or after a backtick."""
    return set(re.findall(r"(?:^\s*|`|run: )make ([a-z]+)", text, flags=re.MULTILINE))


def read(path: Path) -> set[str]:
    return named(path.read_text(encoding="utf-8"))


def test_every_target_that_is_named_is_there() -> None:
    assert targets() == {"install", "demo", "quick", "test", "check", "clean"}
    assert named(re.sub(r"^# ", "", MAKEFILE, flags=re.MULTILINE)) == targets() - {"install"}, "the list at its top"
    assert read(WORKFLOW) == {"install", "test"}
    assert read(REPOSITORY / ".ci/run") == {"test"}
    assert set().union(*map(read, DOCUMENTS)) == {"demo", "quick", "test", "check"}


def test_phony_targets() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)
    assert set(phony.split()) == targets()


def test_the_workflow_runs_what_the_script_runs() -> None:
    (job,) = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"].values()
    steps = [step["run"] for step in job["steps"] if "run" in step]
    assert steps[-1] == (REPOSITORY / ".ci/run").read_text(encoding="utf-8").splitlines()[-1]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12"]
