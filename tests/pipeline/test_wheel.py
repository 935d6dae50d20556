"""The wheel: the files that the installed package needs, and no others."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.places import REPOSITORY

SOURCES = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "params.yaml", "lexicon.tsv")
PACKAGES = ("emotts", "pipelines", "tools")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of a copy of the repository, so that nothing is written into the repository itself."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copy(REPOSITORY / name, source / name)
    for name in PACKAGES:
        shutil.copytree(REPOSITORY / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--wheel-dir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (source / "emotts/params.yaml").exists(), "the build leaves the sources as they are"
    (built,) = out.iterdir()
    return built


def test_the_files_in_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "emotts/params.yaml",
        "emotts/lexicon.tsv",
        "emotts/py.typed",
        "emotts/demo/script/ko.txt",
        "emotts/evaluation/comparison/page.html",
        "emotts/serving/review/review.css",
        "emotts/serving/review/waveform.js",
        "emotts/serving/web/js/sound.js",
        "emotts/serving/web/web.css",
    } <= names
    data = {
        f"emotts/{path.relative_to(REPOSITORY / 'emotts')}" for path in (REPOSITORY / "emotts/text").rglob("data/*")
    }
    data |= {
        f"emotts/{path.relative_to(REPOSITORY / 'emotts')}"
        for path in (REPOSITORY / "emotts/corpus/sources/layouts").glob("*.yaml")
    }
    assert len(data) > 20
    assert data <= names
    assert {name.split("/")[0] for name in names} == {"emotts", "emotts-0.1.0.dist-info"}
    assert zipfile.ZipFile(wheel).read("emotts/params.yaml") == (REPOSITORY / "params.yaml").read_bytes()


def test_the_default_settings_outside_of_a_clone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = "import emotts; from emotts.settings import default_params; print(emotts.__file__); "
    code += "print(default_params().audio.sample_rate_hz)"
    # -P and PYTHONPATH: the unpacked wheel is found before the clone
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(tmp_path / "site/emotts/__init__.py"), "22050"]
