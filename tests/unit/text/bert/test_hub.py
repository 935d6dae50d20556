"""A model's files in the hub's cache, and what is said where they can not be had."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.hub_server import REPOSITORY, REVISION, serve, use_hub

from emotts.errors import CheckpointError, ConfigError
from emotts.text.bert.hub import HubModel, locate

MODEL = HubModel(REPOSITORY, REVISION)
OTHERS = {"config.json": b"{}", "tokenizer_config.json": b"{}", "vocab.txt": b"a"}


def test_a_name_is_a_repository_and_a_revision() -> None:
    assert HubModel.parse("kykim/bert-kor-base@1779cc") == HubModel("kykim/bert-kor-base", "1779cc")
    for wrong in ("bert-base-uncased", "someone/bert", "some one/bert@1", "/folder/bert@1", "a/b/c@1"):
        with pytest.raises(ConfigError, match=r"not the name of a model[\s\S]*wanted: OWNER/NAME@REVISION"):
            HubModel.parse(wrong)


@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin"])
def test_what_lies_in_the_cache_needs_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    use_hub(monkeypatch, address="http://127.0.0.1:9", cache=tmp_path)
    folder = tmp_path / "models--someone--Model" / "snapshots" / REVISION
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"x")
    assert locate(MODEL, language="KR") == folder


@pytest.mark.parametrize(
    ("offered", "wanted"),
    [
        (["model.safetensors", "pytorch_model.bin"], "model.safetensors"),
        (["pytorch_model.bin", "tf_model.h5"], "pytorch_model.bin"),
    ],
)
def test_one_file_of_weights_is_downloaded(tmp_path: Path, offered: list[str], wanted: str) -> None:
    with serve({**OTHERS, **{name: name.encode() for name in offered}, "README.md": b"r"}, tmp_path) as hub:
        assert locate(MODEL, language="KR") == hub.snapshot
        assert {path.name: path.read_bytes() for path in hub.snapshot.iterdir()} == OTHERS | {wanted: wanted.encode()}
        hub.requests.clear()
        assert locate(MODEL, language="KR") == hub.snapshot
        assert hub.requests == []


def test_a_model_without_weights(tmp_path: Path) -> None:
    with (
        serve(OTHERS, tmp_path),
        pytest.raises(CheckpointError, match="found: no model.safetensors or pytorch_model.bin in the repository"),
    ):
        locate(MODEL, language="KR")


@pytest.mark.parametrize("offline", [{"HF_HUB_OFFLINE": "1"}, {"HF_ENDPOINT": "http://127.0.0.1:9"}])
def test_without_a_network(tmp_path: Path, offline: dict[str, str]) -> None:
    program = f"""
from emotts.errors import CheckpointError
from emotts.text.bert.hub import HubModel, locate
try:
    locate(HubModel({MODEL.repository!r}, {MODEL.revision!r}), language="KR")
except CheckpointError as error:
    print(error)
"""
    environment = {**os.environ, "HF_HOME": str(tmp_path), **offline}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    what, found, wanted, remedy = done.stdout.splitlines()
    assert what == "the BERT model someone/Model is not on this machine and cannot be downloaded"
    assert found.startswith("  found: ")
    assert wanted == f"  wanted: revision {MODEL.revision}"
    assert "get config.json, tokenizer_config.json, vocab.txt and model.safetensors or pytorch_model.bin" in remedy
    assert f"from {MODEL.address}, put them into FOLDER/KR, and name FOLDER as text.bert_folder" in remedy
