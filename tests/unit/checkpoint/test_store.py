"""Checkpoints are written whole or not at all, and damage is named."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path

import pytest
import torch
from torch import nn

from emotts.checkpoint.contents import (
    CheckpointMeta,
    load_weights,
    read_meta,
    read_trainer_state,
    read_weights,
    save_checkpoint,
)
from emotts.checkpoint.store import CheckpointStore, resolve_checkpoint
from emotts.errors import CheckpointError


def meta(step: int = 5, steps: int = 10, fingerprint: str = "f") -> CheckpointMeta:
    return CheckpointMeta(
        step=step,
        steps=steps,
        fingerprint=fingerprint,
        score=1.5,
        code_version="0.1.0",
        description={"speakers": ["다온"]},
    )


def save(folder: Path, network: nn.Module, *, step: int = 5) -> None:
    save_checkpoint(
        folder,
        networks={"model": network.state_dict(), "ema": network.state_dict()},
        trainer_state={"step": step, "random": [torch.arange(3)]},
        meta=meta(step),
    )


def store_with(folder: Path, steps: list[int]) -> CheckpointStore:
    store = CheckpointStore(folder)
    for step in steps:
        save(store.path(step), nn.Linear(2, 3), step=step)
    return store


def test_a_checkpoint_comes_back_as_it_was(tmp_path: Path) -> None:
    network = nn.Linear(2, 3)
    save(tmp_path / "step_00000005", network)
    other = nn.Linear(2, 3)
    load_weights(other, tmp_path / "step_00000005", name="model")
    assert torch.equal(other.weight, network.weight)
    assert torch.equal(other.bias, network.bias)
    assert read_trainer_state(tmp_path / "step_00000005")["random"][0].tolist() == [0, 1, 2]
    read = read_meta(tmp_path / "step_00000005")
    assert (read.step, read.steps, read.score) == (5, 10, 1.5)
    assert read.description == {"speakers": ["다온"]}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step_00000005"]
    assert sorted(read.files) == ["ema.safetensors", "model.safetensors", "trainer.pt"]


def test_weights_that_share_memory_can_be_saved(tmp_path: Path) -> None:
    shared = torch.ones(2)
    save_checkpoint(tmp_path / "c", networks={"model": {"a": shared, "b": shared}}, trainer_state={}, meta=meta())
    assert read_weights(tmp_path / "c", "model")["b"].tolist() == [1.0, 1.0]


def test_fault_5_another_shape_is_an_error_and_nothing_is_loaded(tmp_path: Path) -> None:
    save(tmp_path / "c", nn.Linear(2, 3))
    other = nn.Linear(4, 3)
    before = {name: value.clone() for name, value in other.state_dict().items()}
    with pytest.raises(CheckpointError, match=r"nothing was loaded.*\n.*weight is \(3, 2\), the network has \(3, 4\)"):
        load_weights(other, tmp_path / "c", name="model")
    assert all(torch.equal(before[name], value) for name, value in other.state_dict().items())


def test_missing_and_foreign_tensors_are_named(tmp_path: Path) -> None:
    save(tmp_path / "c", nn.Linear(2, 3, bias=False))
    with pytest.raises(CheckpointError, match="bias is missing"):
        load_weights(nn.Linear(2, 3), tmp_path / "c", name="model")
    with pytest.raises(CheckpointError, match="weight is not part of the network"):
        load_weights(nn.Identity(), tmp_path / "c", name="model")
    with pytest.raises(CheckpointError, match=r"the checkpoint has no duration\.safetensors"):
        read_weights(tmp_path / "c", "duration")


@pytest.mark.parametrize("name", ["model.safetensors", "trainer.pt"])
def test_a_truncated_file_is_named(tmp_path: Path, name: str) -> None:
    save(tmp_path / "c", nn.Linear(2, 3))
    path = tmp_path / "c" / name
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(CheckpointError, match=rf"{name}: file is damaged\n  found: \d+ bytes instead of \d+"):
        read_trainer_state(tmp_path / "c") if name == "trainer.pt" else read_weights(tmp_path / "c", "model")


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    save(tmp_path / "c", nn.Linear(2, 3))
    path = tmp_path / "c" / "ema.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(CheckpointError, match="SHA-256 is not the one in meta"):
        read_weights(tmp_path / "c", "ema")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "file is damaged"),
        ("[]", "found: list\n  wanted: an object"),
        ('{"format": 1}', "missing"),
        ('{"format": 99}', r"another format\n  found: 99\n  wanted: 1"),
    ],
)
def test_a_bad_meta_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "meta.json").write_text(text)
    with pytest.raises(CheckpointError, match=message) as caught:
        read_meta(tmp_path)
    assert str(tmp_path / "meta.json") in str(caught.value)


def test_trainer_state_that_would_run_code_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "c", nn.Linear(1, 1))
    buffer = io.BytesIO()
    torch.save({"step": os.system}, buffer)
    data = buffer.getvalue()
    record = json.loads((tmp_path / "c" / "meta.json").read_text())
    import hashlib

    record["files"]["trainer.pt"] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (tmp_path / "c" / "meta.json").write_text(json.dumps(record))
    (tmp_path / "c" / "trainer.pt").write_bytes(data)
    with pytest.raises(CheckpointError, match=r"trainer\.pt: file is damaged"):
        read_trainer_state(tmp_path / "c")


def test_a_full_disk_leaves_the_old_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_with(tmp_path, [1])

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CheckpointError, match=r"(?s)disk is full.*MB free.*wanted: 0\.0 MB.*make room"):
        save(store.path(2), nn.Linear(2, 3), step=2)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["step_00000001"]
    newest = store.newest()
    assert newest is not None
    assert newest.step == 1


def test_an_interrupted_write_leaves_the_old_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_with(tmp_path, [1])

    def interrupt(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(store.path(2), nn.Linear(2, 3), step=2)
    with pytest.raises(KeyboardInterrupt):
        store.mark("last", step=1, score=None)
    assert [path.name for path in tmp_path.iterdir()] == ["step_00000001"]


def test_a_checkpoint_larger_than_the_free_room_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    free = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: free)
    with pytest.raises(CheckpointError, match=r"(?s)1\.0 MB free.*wanted: 8\.0 MB"):
        save(tmp_path / "c", nn.Linear(1000, 1000, bias=False))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where a folder should be")
    with pytest.raises(CheckpointError, match="(?s)the checkpoint cannot be written: .*to do: check its permissions"):
        save(tmp_path / "models" / "c", nn.Linear(1, 1))


def test_the_newest_checkpoint_damaged_asks_the_user(tmp_path: Path) -> None:
    store = store_with(tmp_path, [1, 2])
    (store.path(2) / "ema.safetensors").write_bytes(b"")
    pattern = r"found: 0 bytes instead of \d+\n.*delete the folder .*step_00000002 to go on from step_00000001"
    with pytest.raises(CheckpointError, match=pattern):
        store.newest()
    (store.path(2) / "meta.json").unlink()
    with pytest.raises(CheckpointError, match=r"meta\.json: the newest checkpoint is damaged \(file is missing\)"):
        store.newest()


def test_pruning_keeps_the_newest_and_the_marked(tmp_path: Path) -> None:
    store = store_with(tmp_path, [1, 2, 3, 4])
    store.mark("best", step=1, score=0.5)
    store.mark("last", step=4, score=None)
    store.prune(keep=2)
    assert store.steps() == [1, 3, 4]
    assert resolve_checkpoint(tmp_path) == store.path(1)
    assert resolve_checkpoint(tmp_path, marker="last") == store.path(4)
    assert resolve_checkpoint(store.path(3)) == store.path(3)


def test_checkpoints_are_moved_aside_each_time_into_a_folder_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "voice"
    for number in (1, 2):
        store = store_with(folder, [1, 2])
        store.mark("best", step=1, score=0.5)
        (folder / "notes.txt").write_text("mine")
        (folder / "step_new").mkdir(exist_ok=True)
        aside = store.move_aside()
        assert aside == tmp_path / f"voice.aside-{number}"
        assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", "step_new"]
        assert resolve_checkpoint(aside) == aside / "step_00000001"
        assert CheckpointStore(aside).steps() == [1, 2]


def test_what_a_killed_run_left_is_swept_and_never_read(tmp_path: Path) -> None:
    store = store_with(tmp_path, [1])
    save(tmp_path / ".step_00000002.part", nn.Linear(1, 1))
    assert store.steps() == [1]
    store.sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["step_00000001"]


def test_an_empty_place_has_no_checkpoint(tmp_path: Path) -> None:
    assert CheckpointStore(tmp_path / "nothing").newest() is None
    with pytest.raises(CheckpointError, match=r"(?s)no checkpoint here.*no folder"):
        resolve_checkpoint(tmp_path / "nothing")
    with pytest.raises(CheckpointError, match=r"(?s)no checkpoint here.*no best\.json"):
        resolve_checkpoint(tmp_path)


def test_a_damaged_marker_is_named(tmp_path: Path) -> None:
    store = store_with(tmp_path, [1])
    (tmp_path / "best.json").write_text("{}")
    with pytest.raises(CheckpointError, match=r"best\.json: file is damaged"):
        store.marked("best")
