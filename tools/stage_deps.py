"""Write the ``deps`` of every pipeline stage in ``dvc.yaml``: the modules that it reaches through imports.

Run it after a change of imports, in the repository's root: ``python -m tools.stage_deps``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import grimp

__all__ = ["ASIDE", "REPOSITORY", "code_deps", "main", "reached_files", "stage_graph", "with_code_deps"]

REPOSITORY = Path(__file__).resolve().parents[1]
ROOTS = ("emotts", "pipelines")
ASIDE = ("emotts.errors", "emotts.progress", "emotts.settings", "emotts.tracking")
"""What no stage's result depends on: messages, progress, tracking, and the place where settings are composed."""
WHOLE_FOLDER = 0.65
"""A folder is named instead of its files if a stage reaches at least this fraction of them."""
ALWAYS_APART = ("emotts", "pipelines", "emotts/corpus", "emotts/evaluation", "emotts/workflows")
"""Folders whose files belong to different stages: they are named file by file."""


def main() -> None:
    """Rewrite ``dvc.yaml``."""
    path = REPOSITORY / "dvc.yaml"
    text = path.read_text(encoding="utf-8")
    graph = stage_graph()
    for stage in re.findall(r"^  (\w+):\n    cmd: ", text, flags=re.MULTILINE):
        text = with_code_deps(text, stage, deps=code_deps(graph, stage))
    path.write_text(text, encoding="utf-8")


def stage_graph() -> grimp.ImportGraph:
    """Return the imports of the library and the stages, those for type checkers left out."""
    return grimp.build_graph(*ROOTS, exclude_type_checking_imports=True, cache_dir=None)


def reached_files(graph: grimp.ImportGraph, stage: str) -> set[Path]:
    """Return the files, relative to the repository, that a stage reaches; :data:`ASIDE` is not entered."""
    seen: set[str] = set()
    waiting = [f"pipelines.{stage}"]
    while waiting:
        module = waiting.pop()
        if module in seen or any(module == aside or module.startswith(f"{aside}.") for aside in ASIDE):
            continue
        seen.add(module)
        waiting += [*graph.find_modules_directly_imported_by(module), *_packages(graph, module)]
    return {_file(module) for module in seen}


def code_deps(graph: grimp.ImportGraph, stage: str) -> list[str]:
    """Return the files and folders of code for a stage's ``deps``."""
    files = reached_files(graph, stage)
    found = [dep for root in ROOTS for dep in _named(REPOSITORY / root, files)]
    if stage == "export":  # the registered model takes the whole package along
        found = ["emotts", *(dep for dep in found if not dep.startswith("emotts/"))]
    return sorted(found)


def with_code_deps(text: str, stage: str, *, deps: list[str]) -> str:
    """Return the text of ``dvc.yaml`` with other code in a stage's ``deps``; what is data stays."""
    block = re.search(rf"^  {stage}:\n    cmd: .*\n    deps:\n((?:      - .*\n)+)", text, flags=re.MULTILINE)
    if block is None:
        message = f"dvc.yaml: the stage {stage} has no list of deps behind its cmd"
        raise ValueError(message)
    listed = [line.strip().removeprefix("- ") for line in block.group(1).splitlines()]
    data = [dep for dep in listed if Path(dep).parts[0] not in ROOTS]
    lines = "".join(f"      - {dep}\n" for dep in sorted([*data, *deps]))
    return text[: block.start(1)] + lines + text[block.end(1) :]


def _named(folder: Path, files: set[Path]) -> Iterator[str]:
    """Yield the folder itself if most of its modules are among the files, else its parts."""
    here = folder.relative_to(REPOSITORY)
    modules = [file.relative_to(REPOSITORY) for file in folder.rglob("*.py") if file.name != "__init__.py"]
    reached = sum(module in files for module in modules)
    if str(here) not in ALWAYS_APART and reached and reached >= WHOLE_FOLDER * len(modules):
        yield str(here)
        return
    for child in sorted(folder.iterdir()):
        if child.is_dir():
            yield from _named(child, files)
        elif child.relative_to(REPOSITORY) in files:
            yield str(child.relative_to(REPOSITORY))


def _packages(graph: grimp.ImportGraph, module: str) -> Iterator[str]:
    """Yield the packages above a module that import something, but for the topmost one, which imports on demand."""
    parts = module.split(".")
    for length in range(2, len(parts)):
        package = ".".join(parts[:length])
        if graph.find_modules_directly_imported_by(package):
            yield package


def _file(module: str) -> Path:
    place = Path(module.replace(".", "/"))
    return place / "__init__.py" if (REPOSITORY / place).is_dir() else place.with_suffix(".py")


if __name__ == "__main__":
    main()
