"""The requirements of a served voice: few, exact, and enough for all that speaking imports."""

from __future__ import annotations

import importlib.metadata
import re
import sys

import grimp

from emotts.serving.requirements import serving_requirements

TRAINING_ONLY = {"dvc", "optuna", "plotly", "lightning-fabric", "mlflow", "scikit-learn", "librosa", "matplotlib"}
ASIDE = {
    "httpx": "a voice with BERT from the hub",
    "huggingface_hub": "the same",
    "transformers": "a voice with BERT",
    "fugashi": "the same",
    "matplotlib": "pictures of a training",
    "PIL": "the same",
    "numba": "the alignment of a training",
    "pydub": "sound files that libsndfile cannot read",
}
"""What is imported only where it is needed, which speaking by a voice without BERT is not."""


def names(requirements: list[str]) -> set[str]:
    return {requirement.partition("==")[0].partition("[")[0] for requirement in requirements}


def test_every_version_is_the_installed_one() -> None:
    found = serving_requirements(bert=True)
    for requirement in found:
        name, _, version = requirement.partition("==")
        assert re.fullmatch(r"\d[\w.]*", version), requirement
        assert importlib.metadata.version(name.partition("[")[0]).partition("+")[0] == version
    assert not names(found) & TRAINING_ONLY
    assert names(found) - names(serving_requirements(bert=False)) == {
        *("fugashi", "huggingface_hub", "transformers", "unidic-lite")
    }


def test_what_speaking_imports_is_listed() -> None:
    graph = grimp.build_graph("emotts", include_external_packages=True, exclude_type_checking_imports=True)
    seen: set[str] = set()
    waiting = ["emotts.serving.pyfunc"]
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += graph.find_modules_directly_imported_by(module)
    outside = {name.partition(".")[0] for name in seen if not name.startswith("emotts")} - sys.stdlib_module_names
    packages = importlib.metadata.packages_distributions()
    listed = {name.lower().replace("_", "-") for name in names(serving_requirements(bert=False))}
    for name in outside - ASIDE.keys() - {"pydantic_core"}:
        assert {each.lower().replace("_", "-") for each in packages[name]} & listed, f"{name} is not listed"
