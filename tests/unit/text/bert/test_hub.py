"""A model's files in the hub's cache, and what is said where they can not be had."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from emotts.errors import ConfigError
from emotts.text.bert.hub import HubModel, locate

MODEL = HubModel("someone/bert", "0123456789abcdef0123456789abcdef01234567")


def test_a_name_is_a_repository_and_a_revision() -> None:
    assert HubModel.parse("kykim/bert-kor-base@1779cc") == HubModel("kykim/bert-kor-base", "1779cc")
    for wrong in ("bert-base-uncased", "someone/bert", "some one/bert@1", "/folder/bert@1", "a/b/c@1"):
        with pytest.raises(ConfigError, match=r"not the name of a model[\s\S]*wanted: OWNER/NAME@REVISION"):
            HubModel.parse(wrong)


@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin"])
def test_what_lies_in_the_cache_needs_no_network(tmp_path: Path, name: str) -> None:
    snapshot = tmp_path / "models--someone--bert" / "snapshots" / MODEL.revision
    snapshot.mkdir(parents=True)
    (snapshot / name).write_bytes(b"x")
    assert locate(MODEL, language="KR", cache=tmp_path) == snapshot


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
    assert what == "the BERT model someone/bert is not on this machine and cannot be downloaded"
    assert found.startswith("  found: ")
    assert wanted == f"  wanted: revision {MODEL.revision}"
    assert "get config.json, tokenizer_config.json, vocab.txt and model.safetensors or pytorch_model.bin" in remedy
    assert f"from {MODEL.address}, put them into FOLDER/KR, and name FOLDER as text.bert_folder" in remedy
