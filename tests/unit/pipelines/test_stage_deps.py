"""``dvc.yaml`` lists every module that a stage reaches through imports, so that a change of code reruns it."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest
import yaml
from support.places import REPOSITORY

from tools.stage_deps import code_deps, reached_files, stage_graph, with_code_deps

TEXT = (REPOSITORY / "dvc.yaml").read_text(encoding="utf-8")
STAGES = yaml.safe_load(TEXT)["stages"]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return stage_graph()


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_stage_depends_on_the_code_that_it_reaches(graph: grimp.ImportGraph, stage: str) -> None:
    deps = code_deps(graph, stage)
    assert f"pipelines/{stage}.py" in deps
    in_file = [dep for dep in STAGES[stage]["deps"] if dep.split("/")[0] in ("emotts", "pipelines")]
    assert in_file == deps, "run: python -m tools.stage_deps"


def test_the_reach_finds_what_is_known_to_be_reached(graph: grimp.ImportGraph) -> None:
    train = reached_files(graph, "train")
    assert Path("emotts/workflows/networks.py") in train
    assert Path("emotts/model/synthesizer.py") in train
    assert not any(file.is_relative_to("emotts/evaluation") for file in train), "a picture does not train anew"
    assert Path("emotts/model/synthesizer.py") not in reached_files(graph, "segment")


def test_a_folder_is_named_only_where_most_of_it_is_reached(graph: grimp.ImportGraph) -> None:
    train = code_deps(graph, "train")
    assert "emotts/model" in train
    assert "emotts/workflows" not in train
    assert code_deps(graph, "export")[0] == "emotts", "the registered model takes the whole package along"


def test_only_the_code_of_one_stage_is_written() -> None:
    text = (
        "stages:\n"
        "  one:\n    cmd: python -m pipelines.one\n    deps:\n      - data/raw\n      - emotts/old.py\n"
        "    outs:\n      - a\n"
        "  two:\n    cmd: python -m pipelines.two\n    deps:\n      - emotts/old.py\n"
    )
    new = with_code_deps(text, "one", deps=["emotts/b.py", "emotts/a.py"])
    assert new == text.replace("      - emotts/old.py\n    outs", "      - emotts/a.py\n      - emotts/b.py\n    outs")
    with pytest.raises(ValueError, match=r"dvc\.yaml: the stage three has no list of deps behind its cmd"):
        with_code_deps(text, "three", deps=[])
