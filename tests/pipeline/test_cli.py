"""The command line as a user meets it: real processes in real folders; stated problems, never a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import Emotts, names
from support.places import REPOSITORY
from support.tone_bursts import write_bursts
from typer.core import TyperGroup
from typer.main import get_command

from emotts.checkpoint.melotts.published import published_voice
from emotts.cli.app import app

COMMANDS = {
    *("ablate", "base", "check", "compare", "doctor", "export", "import", "preset", "promote", "reproduce", "review"),
    *("run", "say", "serve", "tune", "ui", "web"),
}

# ---- help


def test_help_lists_every_command(emotts: Emotts) -> None:
    done = emotts("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert f" {command} " in done.stdout


def test_these_are_all_commands() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    assert set(group.commands) == COMMANDS
    base = group.commands["base"]
    assert isinstance(base, TyperGroup)
    assert set(base.commands) == {"fetch", "train"}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_of_a_command(emotts: Emotts, command: str) -> None:
    done = emotts(command, "--help")
    assert done.returncode == 0
    assert f"emotts.cli {command}" in done.stdout


def test_help_loads_nothing_heavy() -> None:
    heavy = ("mlflow", "torch", "numpy", "scipy", "soundfile", "librosa", "yaml", "pydantic", "dvc", "optuna")
    script = f"""
import sys
from emotts.cli.app import app
try:
    app(["--help"])
except SystemExit:
    pass
print("LOADED:", [name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert "LOADED: []" in done.stdout, done.stdout + done.stderr


def test_stages_up_to_the_corpus_start_without_what_they_seldom_need() -> None:
    heavy = ("faster_whisper", "matplotlib", "mlflow", "pandas", "pyloudnorm", "scipy", "sklearn", "torch")
    script = f"""
import sys
from pipelines import bert, corpus, label, recording, segment
print("LOADED:", [name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert "LOADED: []" in done.stdout, done.stdout + done.stderr


def test_unknown_command(emotts: Emotts) -> None:
    done = emotts("speak")
    assert done.returncode == 2
    assert "No such command 'speak'" in done.stderr


# ---- run


def test_run_outside_of_a_project(emotts: Emotts, tmp_path: Path) -> None:
    done = emotts("run", "missing.wav")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"emotts: {tmp_path}: no emotts project here",
        "  wanted: a folder with params.yaml and dvc.yaml",
        "  to do: clone the repository and run the command inside it",
    ]
    assert names(tmp_path) == set()


def test_run_on_a_missing_recording(emotts: Emotts, settings_only: Path) -> None:
    before = names(settings_only)
    done = emotts("run", "missing.wav", "--speaker", "yuna", folder=settings_only)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "emotts: missing.wav: no such recording",
        "  to do: check the path: a file or a folder is wanted",
    ]
    assert (settings_only / "params.yaml").read_bytes() == (REPOSITORY / "params.yaml").read_bytes()
    assert names(settings_only) == before


def test_run_in_an_unknown_language(emotts: Emotts, settings_only: Path) -> None:
    write_bursts(settings_only / "take.wav", [3.0])
    done = emotts("run", "take.wav", "--language", "koraen", folder=settings_only)
    assert done.returncode == 1
    assert "emotts: unknown language 'koraen'" in done.stderr
    assert "did you mean 'korean' (KR)?" in done.stderr
    assert (settings_only / "params.yaml").read_bytes() == (REPOSITORY / "params.yaml").read_bytes()


@pytest.mark.parametrize(
    ("recognise", "settings"),
    [
        (False, "classifier.encoder: none and evaluate.recogniser: none"),
        (True, "label.recognise: false and classifier.encoder: none"),
    ],
)
def test_run_says_first_what_recognition_will_lack(settings_only: Path, recognise: bool, settings: str) -> None:
    path = settings_only / "params.yaml"
    if recognise:
        text = path.read_text(encoding="utf-8").replace("recognise: false", "recognise: true")
        path.write_text(text.replace("recogniser: whisper-base", "recogniser: none"), encoding="utf-8")
    code = "import sys; sys.modules['faster_whisper'] = None; from emotts.cli.app import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", code, "run"],
        cwd=settings_only,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "emotts: the package that recognises speech is not installed",
        "  wanted: faster-whisper",
        f"  to do: pip install 'emotts[asr]', or set {settings} in params.yaml",
    ]
    assert names(settings_only) == {"params.yaml", "dvc.yaml", "lexicon.tsv"}


# ---- say


# ---- preset


def test_preset(emotts: Emotts, settings_only: Path) -> None:
    preset = str(REPOSITORY / "experiments/presets/melotts.yaml")
    done = emotts("preset", preset, folder=settings_only)
    assert done.returncode == 0, done.stderr
    assert "audio.sample_rate_hz: 22050 -> 44100" in done.stdout.splitlines()
    assert "  sample_rate_hz: 44100     # Hz;" in (settings_only / "params.yaml").read_text(encoding="utf-8")
    assert emotts("preset", preset, folder=settings_only).stdout == "0 values of params.yaml changed\n"


# ---- base


def test_base_fetch_without_a_network(emotts: Emotts, tmp_path: Path) -> None:
    done = emotts("base", "fetch", "KR", HF_ENDPOINT="http://127.0.0.1:9", HF_HUB_CACHE=str(tmp_path))
    assert done.returncode == 1
    assert "emotts: myshell-ai/MeloTTS-Korean cannot be downloaded" in done.stderr
    assert (
        "get checkpoint.pth and config.json from https://huggingface.co/myshell-ai/MeloTTS-Korean/tree/0" in done.stderr
    )
    assert "put them into a folder, and name it as base in params.yaml" in done.stderr
    assert names(tmp_path) == set()


def test_base_fetch_of_another_file(emotts: Emotts, tmp_path: Path) -> None:
    voice = published_voice("EN")
    folder = tmp_path / "models--myshell-ai--MeloTTS-English-v3" / "snapshots" / voice.revision
    folder.mkdir(parents=True)
    for name in voice.sha256:
        shutil.copy(REPOSITORY / "tests/parity/data" / name, folder / name)
    done = emotts("base", "fetch", "en", HF_ENDPOINT="http://127.0.0.1:9", HF_HUB_CACHE=str(tmp_path))
    assert done.returncode == 1
    assert f"{folder}/checkpoint.pth: the file is not the one that was published" in done.stderr
    assert f"wanted: SHA-256 {voice.sha256['checkpoint.pth']}" in done.stderr


def test_base_fetch_of_an_unknown_language(emotts: Emotts) -> None:
    done = emotts("base", "fetch", "XX")
    assert done.returncode == 1
    assert "wanted: one of KR, JP, EN" in done.stderr
