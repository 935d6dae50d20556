"""Checkpoints from elsewhere, ours and MeloTTS's: damaged or hostile ones are refused by size before they are read."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from support.hostile import nested, put, rewrite, zip_bomb
from support.places import PARITY_DATA
from support.tiny_voice import DESCRIPTION, SETTINGS, make_synthesizer

from emotts.checkpoint.contents import CheckpointMeta, read_meta, read_trainer_state, save_checkpoint
from emotts.checkpoint.melotts.weights import load_melotts
from emotts.checkpoint.store import CheckpointStore, resolve_checkpoint
from emotts.checkpoint.voice_folder import read_voice
from emotts.errors import CheckpointError

pytestmark = pytest.mark.slow

MELOTTS = PARITY_DATA / "checkpoint.pth"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "voice"
    store = CheckpointStore(folder)
    weights = make_synthesizer().state_dict()
    meta = CheckpointMeta(
        step=5,
        steps=10,
        fingerprint="f",
        score=1.5,
        code_version="1",
        description={"synthesizer": SETTINGS, "voice": DESCRIPTION.to_dict()},
    )
    save_checkpoint(store.path(5), networks={"model": weights, "ema": weights}, trainer_state={"step": 5}, meta=meta)
    store.mark("best", step=5, score=1.5)
    return folder


@pytest.fixture
def voice(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "voice"))


def sign(path: Path) -> None:
    """Write the size and digest of a changed file into ``meta.json``, as whoever made it would."""
    meta = path.parent / "meta.json"
    values = json.loads(meta.read_text(encoding="utf-8"))
    values["files"][path.name] = {
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    meta.write_text(json.dumps(values), encoding="utf-8")


METAS: list[tuple[str, Any, str]] = [
    ("format", 2, "found: 2\n  wanted: 1"),
    ("step", -1, "step = -1: Input should be greater than or equal to 0"),
    ("step", 1.5, "step = 1.5: Input should be a valid integer"),
    ("step", 10**300, "Input should be less than or equal to 1000000000"),
    ("steps", 0, "steps = 0: Input should be greater than 0"),
    ("steps", None, "steps = None: Input should be a valid integer"),
    ("score", "low", "score = 'low': Input should be a valid number"),
    ("score", float("nan"), "score = nan: Input should be a finite number"),
    ("fingerprint", ["f"], "fingerprint = ['f']: Input should be a valid string"),
    ("code_version", ..., "key 'code_version' is missing"),
    ("description", [], "description = []: Input should be a valid dictionary"),
    ("files", [], "files = []: Input should be a valid dictionary"),
    ("files", {"../../x.pt": {"bytes": 1, "sha256": "0" * 64}}, "should match pattern"),
    ("files", {"/etc/passwd": {"bytes": 1, "sha256": "0" * 64}}, "should match pattern"),
    ("files", {"ema.safetensors": {"bytes": "1", "sha256": "0" * 64}}, "bytes = '1': Input should be a valid integer"),
    ("files", {"ema.safetensors": {"bytes": 1, "sha256": "0"}}, "sha256 = '0': String should match pattern"),
    ("files", {"ema.safetensors": 7}, "files.ema.safetensors = 7"),
    ("mood", 1, "unknown key 'mood'"),
]


@pytest.mark.parametrize(("key", "value", "message"), METAS)
def test_a_value_of_the_meta_file(voice: Path, key: str, value: Any, message: str) -> None:
    path = voice / "step_00000005" / "meta.json"
    put(path, key, value)
    with pytest.raises(CheckpointError) as caught:
        read_meta(path.parent)
    assert caught.value.where == str(path)
    assert message in str(caught.value)
    with pytest.raises(CheckpointError, match="delete the folder .*step_00000005 to start from the beginning"):
        CheckpointStore(voice).newest()
    shutil.rmtree(path.parent)
    assert CheckpointStore(voice).newest() is None, "as the remedy says"


MARKERS: list[tuple[bytes, str]] = [
    (b'{"step": "5"}', "found: step '5'\n  wanted: a whole number"),
    (b'{"step": 5.0}', "found: step 5.0"),
    (b'{"step": true}', "found: step True"),
    (b'{"step": -5}', "found: step -5"),
    (b'{"step": null}', "found: step None"),
    (b'{"step": ' + b"9" * 5000 + b"}", "Exceeds the limit"),
    (b"[5]", "found: list\n  wanted: an object"),
    (b"{", "double quotes"),
    (b"[" * 100_000, "lists within lists without end"),
]


@pytest.mark.parametrize(("content", "message"), MARKERS)
def test_a_marker(voice: Path, content: bytes, message: str) -> None:
    (voice / "best.json").write_bytes(content)
    with pytest.raises(CheckpointError, match="file is damaged") as caught:
        read_voice(voice)
    assert message in str(caught.value)
    assert caught.value.where is not None
    assert caught.value.where.startswith(str(voice / "best.json"))
    assert caught.value.remedy == "delete it and start the training again, which writes it anew"


def test_a_marker_of_a_checkpoint_that_is_not_there(voice: Path) -> None:
    CheckpointStore(voice).mark("best", step=10**12, score=1.0)
    with pytest.raises(CheckpointError, match=r"no best\.json that points to a checkpoint"):
        resolve_checkpoint(voice)


def test_a_description_of_another_model(voice: Path) -> None:
    put(voice / "step_00000005" / "meta.json", "description.synthesizer.hidden_channels", 8192)
    with pytest.raises(CheckpointError, match=r"ema\.safetensors: the checkpoint does not fit the network"):
        read_voice(voice)
    put(voice / "step_00000005" / "meta.json", "description.synthesizer", {})
    with pytest.raises(CheckpointError, match="key 'synthesizer.n_symbols' is missing") as caught:
        read_voice(voice)
    assert caught.value.remedy == "name another checkpoint"


def test_weights_whose_header_says_more_than_the_file_holds(voice: Path) -> None:
    path = voice / "step_00000005" / "ema.safetensors"
    rewrite(path, lambda entries: nested(entries, "x", {"dtype": "F32", "shape": [2**39], "data_offsets": [0, 4]}))
    with pytest.raises(CheckpointError, match=r"\d+ bytes instead of \d+"):
        read_voice(voice)
    sign(path)
    with pytest.raises(CheckpointError, match=r"bytes of numbers; the header describes \d{13}"):
        read_voice(voice)


def test_a_trainer_state_that_unpacks_to_gigabytes(voice: Path) -> None:
    path = voice / "step_00000005" / "trainer.pt"
    zip_bomb(path, size=64 * 2**20)
    sign(path)
    with pytest.raises(CheckpointError, match="the checkpoint is packed: it would grow when it is read") as caught:
        read_trainer_state(path.parent)
    assert caught.value.found == f"{path.stat().st_size} bytes that unpack to {64 * 2**20 + 4}"


def with_state(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    """Return a function that writes MeloTTS's checkpoint with a changed state."""

    def write(path: Path) -> None:
        torch.save({"model": change(dict(torch.load(MELOTTS, weights_only=True)["model"]))}, path)

    return write


def huge_pickle(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", b"0" * 32_000_001)


def legacy(path: Path) -> None:
    torch.save({"model": {}}, path, _use_new_zipfile_serialization=False)


PICKLES: list[tuple[Callable[[Path], Any], str]] = [
    (lambda path: zip_bomb(path, size=64 * 2**20), "the checkpoint is packed: it would grow when it is read"),
    (huge_pickle, "the checkpoint names too many things\n  found: a list of 32000001 bytes"),
    (legacy, "the checkpoint cannot be read\n  found: File is not a zip file"),
    (lambda path: path.write_bytes(MELOTTS.read_bytes()[:-1000]), "the checkpoint cannot be read"),
    (lambda path: path.write_bytes(b""), "the checkpoint cannot be read"),
    (lambda path: torch.save([1, 2], path), "the checkpoint holds no state of a model\n  found: list"),
    (lambda path: torch.save({"model": 5}, path), "the checkpoint holds no state of a model"),
    (lambda path: torch.save({"model": {"x": io.BytesIO}}, path), "the checkpoint cannot be read"),
    (with_state(lambda state: {**state, 5: torch.zeros(1)}), "the checkpoint holds weights without names"),
    (with_state(lambda state: {**state, "x": torch.zeros(1).expand(2**50)}), "the weights are larger than their file"),
    (with_state(lambda state: {**state, "x": torch.zeros(1)}), "unexpected: x (1,)"),
    (with_state(lambda state: {n: v for n, v in state.items() if n != "emb_g.weight"}), "missing: emb_g.weight"),
    (with_state(lambda state: {**state, "emb_g.weight": torch.zeros(2, 2)}), "other shape: emb_g.weight (2, 2)"),
    (
        with_state(lambda state: {n: v.to(torch.complex64) for n, v in state.items()}),
        "found: enc_p.emb.weight: complex64",
    ),
    (with_state(lambda state: {n: v > 0 for n, v in state.items()}), "found: enc_p.emb.weight: bool"),
    (with_state(lambda state: {n: v.long() for n, v in state.items()}), "found: enc_p.emb.weight: int64"),
    (with_state(lambda state: {n: v / 0 for n, v in state.items()}), "weights are not finite"),
]


@pytest.mark.parametrize(("write", "message"), PICKLES)
def test_a_checkpoint_of_melotts(tmp_path: Path, write: Callable[[Path], Any], message: str) -> None:
    path = tmp_path / "checkpoint.pth"
    write(path)
    with pytest.raises(CheckpointError) as caught:
        load_melotts(path, PARITY_DATA / "config.json")
    assert caught.value.where == str(path)
    assert message in str(caught.value)


def test_an_old_kind_of_checkpoint_is_read_once_it_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pth"
    torch.save(torch.load(MELOTTS, weights_only=True), path, _use_new_zipfile_serialization=False)
    with pytest.raises(CheckpointError, match=r"or write this one again by torch\.save"):
        load_melotts(path, PARITY_DATA / "config.json")
    torch.save(torch.load(path, weights_only=True), path)
    assert load_melotts(path, PARITY_DATA / "config.json")[1].loaded


CONFIGS: list[tuple[str, Any, str]] = [
    ("model", [], "this is no MeloTTS configuration\n  found: no model"),
    ("symbols", ["a", 1], "found: no symbols"),
    ("symbols", [], "found: no symbols"),
    ("model.inter_channels", 2**31, "less than or equal to 8192"),
    ("model.hidden_channels", -1, "option model.hidden_channels cannot be used"),
    ("model.n_layers", 10**6, "less than or equal to 64"),
    ("model.upsample_rates", [], "at least 1 item"),
    ("model.upsample_rates", [2**40, 1, 1, 1], "less than or equal to 65536"),
    ("data.hop_length", 0, "option data.hop_length cannot be used"),
    ("data.filter_length", 2**40, "less than or equal to 32769"),
    ("data.n_speakers", 10**9, "less than or equal to 8192"),
]


@pytest.mark.parametrize(("key", "value", "message"), CONFIGS)
def test_a_configuration_of_melotts(tmp_path: Path, key: str, value: Any, message: str) -> None:
    path = Path(shutil.copy(PARITY_DATA / "config.json", tmp_path))
    put(path, key, value)
    with pytest.raises(CheckpointError) as caught:
        load_melotts(MELOTTS, path)
    assert caught.value.where == str(path)
    assert message in str(caught.value)


def test_a_melotts_header_of_too_many_entries(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(struct.pack("<Q", 5_000_000) + b" " * 5_000_000)
    with pytest.raises(CheckpointError, match="a header of 5000000 bytes; 4000000 at most"):
        load_melotts(path, PARITY_DATA / "config.json")
