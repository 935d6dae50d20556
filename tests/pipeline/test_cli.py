"""The command line as a user meets it: real processes in real folders; stated problems, never a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from support.places import REPOSITORY
from support.tone_bursts import SENTENCES, write_bursts, write_labels
from typer.core import TyperGroup
from typer.main import get_command

from emotts.checkpoint.melotts.published import published_voice
from emotts.cli.app import app

COMMANDS = {
    *("ablate", "base", "check", "compare", "doctor", "export", "import", "preset", "promote", "reproduce", "review"),
    *("run", "say", "serve", "tune", "ui"),
}

Emotts = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def emotts(tmp_path: Path) -> Emotts:
    """Return a function that runs ``emotts ARGUMENTS`` in ``tmp_path``, outside of any project."""

    def run(
        *arguments: str, folder: Path = tmp_path, path: str | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}
        environment |= variables
        environment |= {} if path is None else {"PATH": path}
        done = subprocess.run(
            [sys.executable, "-m", "emotts.cli", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout
        return done

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("params.yaml", "dvc.yaml", "lexicon.tsv"):
        shutil.copy(REPOSITORY / name, folder / name)
    return folder


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


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


def test_run_on_a_missing_recording(emotts: Emotts, project: Path) -> None:
    before = names(project)
    done = emotts("run", "missing.wav", "--speaker", "yuna", folder=project)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "emotts: missing.wav: no such recording",
        "  to do: check the path: a file or a folder is wanted",
    ]
    assert (project / "params.yaml").read_bytes() == (REPOSITORY / "params.yaml").read_bytes()
    assert names(project) == before


def test_run_in_an_unknown_language(emotts: Emotts, project: Path) -> None:
    write_bursts(project / "take.wav", [3.0])
    done = emotts("run", "take.wav", "--language", "koraen", folder=project)
    assert done.returncode == 1
    assert "emotts: unknown language 'koraen'" in done.stderr
    assert "did you mean 'korean' (KR)?" in done.stderr
    assert (project / "params.yaml").read_bytes() == (REPOSITORY / "params.yaml").read_bytes()


@pytest.mark.parametrize(
    ("recognise", "settings"),
    [
        (False, "classifier.encoder: none and evaluate.recogniser: none"),
        (True, "label.recognise: false and classifier.encoder: none"),
    ],
)
def test_run_says_first_what_recognition_will_lack(project: Path, recognise: bool, settings: str) -> None:
    path = project / "params.yaml"
    if recognise:
        text = path.read_text(encoding="utf-8").replace("recognise: false", "recognise: true")
        path.write_text(text.replace("recogniser: whisper-base", "recogniser: none"), encoding="utf-8")
    code = "import sys; sys.modules['faster_whisper'] = None; from emotts.cli.app import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", code, "run"], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "emotts: the package that recognises speech is not installed",
        "  wanted: faster-whisper",
        f"  to do: pip install 'emotts[asr]', or set {settings} in params.yaml",
    ]
    assert names(project) == {"params.yaml", "dvc.yaml", "lexicon.tsv"}


# ---- say


def test_say_without_a_voice(emotts: Emotts, tmp_path: Path) -> None:
    done = emotts("say", "안녕하세요.", "-o", "out.wav")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "emotts: models/export: no voice is there",
        "  to do: run `dvc repro` to train and export a voice, or name another folder",
    ]
    assert names(tmp_path) == set()


def small_voice(folder: Path) -> None:
    """Write a voice of random weights that knows neutral and happy."""
    import torch

    from emotts.checkpoint.voice_description import VoiceDescription
    from emotts.checkpoint.voice_folder import write_voice
    from emotts.model.settings import SynthesizerSettings
    from emotts.model.synthesizer import Synthesizer
    from emotts.settings import load_params
    from emotts.text.symbols import N_LANGUAGES, N_TONES, SYMBOLS

    params = load_params(REPOSITORY / "params.yaml")
    values = {
        **params.model.synthesizer.model_dump(exclude_none=True),
        "n_symbols": len(SYMBOLS),
        "n_tones": N_TONES,
        "n_languages": N_LANGUAGES,
        "n_speakers": 1,
        "n_emotions": len(params.emotions),
        "spectrogram_bins": params.audio.n_fft // 2 + 1,
        "hop_length": params.audio.hop_length,
        "text_n_layers": 3,
        "posterior_n_layers": 1,
    }
    torch.manual_seed(0)
    description = VoiceDescription(
        language="KR",
        sample_rate_hz=params.audio.sample_rate_hz,
        emotion_names=params.emotions.names,
        trained_emotions=("neutral", "happy"),
        speakers=("tester",),
        symbols=tuple(SYMBOLS),
        speaking=params.speaking,
        audio=params.audio.model_dump(),
        styles={"merry": "happy 0.8"},
    )
    write_voice(folder, Synthesizer(SynthesizerSettings.from_dict(values)), description)


def test_say(emotts: Emotts, tmp_path: Path) -> None:
    small_voice(tmp_path / "voice")
    done = emotts("say", "안녕.", "--emotion", "기쁨", "--intensity", "0.5", "-o", "out.wav", "--voice", "voice")
    assert done.returncode == 0, done.stderr
    info = soundfile.info(tmp_path / "out.wav")
    assert (info.samplerate, info.channels, info.subtype) == (22050, 1, "PCM_16")
    assert done.stdout == f"out.wav: {info.frames / 22050:.2f} s at 22050 Hz\n"
    styled = emotts("say", "안녕.", "--emotion", "merry", "-o", "out.wav", "--voice", "voice")
    assert styled.returncode == 0, styled.stderr
    before = (tmp_path / "out.wav").read_bytes()
    refused = emotts("say", "안녕.", "--emotion", "sad", "-o", "out.wav", "--voice", "voice")
    assert refused.returncode == 1
    assert "emotts: the voice has never heard 'sad'" in refused.stderr
    assert (tmp_path / "out.wav").read_bytes() == before
    assert names(tmp_path) == {"voice", "voice/config.json", "voice/model.safetensors", "out.wav"}


def test_say_speaks_markup_in_every_format_and_a_table(emotts: Emotts, tmp_path: Path) -> None:
    small_voice(tmp_path / "voice")
    done = emotts("say", "[happy] 안녕. [pause 1s]네", "-o", "out.opus", "--show-reading", "--voice", "voice")
    assert done.returncode == 0, done.stderr
    info = soundfile.info(tmp_path / "out.opus")
    assert (info.samplerate, info.subtype) == (24000, "OPUS")
    assert info.duration > 1.0
    assert done.stdout.splitlines()[:2] == [
        "안녕. -> 안녕 -> ᄋ ᅡ ᆫ ᄂ ᅧ ᆼ: front end",
        "네 -> 네 -> ᄂ ᅦ: front end",
    ]
    (tmp_path / "lines.csv").write_text("text,emotion\n안녕.,happy\n네.,sad\n", encoding="utf-8")
    table = emotts("say", "--batch", "lines.csv", "-o", "spoken", "--format", "flac", "--voice", "voice")
    assert table.returncode == 1
    assert table.stdout == "spoken/manifest.jsonl: 1 spoken, 0 finished before, 1 failed\n"
    assert "lines.csv:3: the voice has never heard 'sad'" in table.stderr
    assert soundfile.info(tmp_path / "spoken/0001.flac").subtype == "PCM_16"
    both = emotts("say", "안녕.", "--batch", "lines.csv")
    assert (both.returncode, both.stderr.splitlines()[0]) == (1, "emotts: say speaks a text or a table")


# ---- export


def test_export_of_a_voice_that_melotts_cannot_run(emotts: Emotts, tmp_path: Path) -> None:
    small_voice(tmp_path / "voice")
    done = emotts("export", "--emotion", "happy", "--voice", "voice", "-o", "out")
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        "emotts: voice: MeloTTS has no such network",
        "  found: decoder: istft, bert_channels: 0",
    ]
    other = emotts("export", "--format", "onnx", "--voice", "voice", "-o", "out")
    assert other.stderr.splitlines() == ["emotts: unknown format", "  found: onnx", "  wanted: melotts"]
    assert not (tmp_path / "out").exists()


# ---- preset


def test_preset(emotts: Emotts, project: Path) -> None:
    preset = str(REPOSITORY / "experiments/presets/melotts.yaml")
    done = emotts("preset", preset, folder=project)
    assert done.returncode == 0, done.stderr
    assert "audio.sample_rate_hz: 22050 -> 44100" in done.stdout.splitlines()
    assert "  sample_rate_hz: 44100     # Hz;" in (project / "params.yaml").read_text(encoding="utf-8")
    assert emotts("preset", preset, folder=project).stdout == "0 values of params.yaml changed\n"


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


# ---- check


def good_recordings(folder: Path) -> None:
    for number, emotion in enumerate(("neutral", "happy")):
        path = folder / emotion / "take1.wav"
        write_bursts(path, [3.0] * 4, pitch_hz=200 + 20 * number)
        write_labels(path, [3.0] * 4, [f"{text} {'정말' if number else '그렇습니다.'}" for text in SENTENCES])


def test_check_good_recordings(emotts: Emotts, tmp_path: Path) -> None:
    good_recordings(tmp_path / "recordings")
    before = names(tmp_path)
    done = emotts("check", "recordings")
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "happy/take1.wav 22050 1 0:19.0 -17.0 -60.0 37% 0 s" in lines
    assert "happy/take1.wav happy 4 0 0 0 labels, 4 4" in lines
    assert "happy 4 0.3 50%" in lines
    assert lines[-1] == "0 errors, 3 warnings, 0 notes"
    assert names(tmp_path) == before


def test_check_names_the_wrong_line(emotts: Emotts, tmp_path: Path) -> None:
    good_recordings(tmp_path / "recordings")
    track = tmp_path / "recordings" / "happy" / "take1.labels.txt"
    text = track.read_text(encoding="utf-8").splitlines()
    track.write_text("\n".join([text[0], text[1].replace("\t", " "), *text[2:]]), encoding="utf-8")
    done = emotts("check", "recordings")
    assert done.returncode == 1
    lines = [line.strip() for line in done.stdout.splitlines()]
    place = lines.index("recordings/happy/take1.labels.txt:2")
    assert lines[place + 1].startswith("line is not a label")
    assert lines[-1].startswith("1 error,")


def test_check_what_is_no_recording(emotts: Emotts, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = emotts("check", "empty")
    assert done.returncode == 1
    assert "no sound file in the source; found: an empty folder" in done.stdout
    (tmp_path / "text.wav").write_text("dear diary", encoding="utf-8")
    done = emotts("check", "text.wav")
    assert done.returncode == 1
    assert "file is text, not sound, although it is called .wav; found: 'dear diary'" in done.stdout
    done = emotts("check", "missing.wav")
    assert done.returncode == 1
    assert done.stderr.startswith("emotts: missing.wav: nothing is there\n")


def test_check_without_a_name(emotts: Emotts, project: Path, tmp_path: Path) -> None:
    done = emotts("check")
    assert done.returncode == 1
    assert "nothing to check: no emotts project here" in done.stderr
    done = emotts("check", folder=project)
    assert done.returncode == 1
    assert f"emotts: {project / 'data' / 'corpus'}: there is no corpus yet" in done.stderr
    assert "emotts check RECORDING" in done.stderr


def test_check_obeys_the_projects_settings(emotts: Emotts, project: Path) -> None:
    good_recordings(project / "recordings")
    params = project / "params.yaml"
    text = params.read_text(encoding="utf-8")
    assert text.count("  min_length_s: 3.0") == 1
    params.write_text(text.replace("  min_length_s: 3.0", "  min_length_s: 5.0"), encoding="utf-8")
    done = emotts("check", "recordings", folder=project)
    assert done.returncode == 1
    assert "4 pieces shorter than 5 s" in done.stdout
    assert "too many pieces are lost by their length: 8 of 8" in done.stdout


# ---- doctor


def test_doctor_on_a_sound_machine(emotts: Emotts, tmp_path: Path) -> None:
    done = emotts("doctor")
    states = {line[10:28].strip(): line[:8].strip() for line in done.stdout.splitlines()}
    assert done.returncode == 0, done.stdout
    assert {
        name: states[name] for name in ("python", "torch", "mlflow", "device", "Korean text", "git")
    } == dict.fromkeys(("python", "torch", "mlflow", "device", "Korean text", "git"), "ok")
    assert states["project"] == "optional"
    assert f"{tmp_path} lacks params.yaml, dvc.yaml, .dvc" in done.stdout


def test_doctor_on_a_machine_without_git(emotts: Emotts, tmp_path: Path) -> None:
    done = emotts("doctor", path=str(tmp_path))
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if line.startswith("BROKEN")]
    assert [line.split()[1] for line in broken] == ["git"]
    assert broken[0].endswith("-> apt install git")
