"""Published voices: kept with a record, checked ever after, and what to do without a network."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import shutil
from pathlib import Path

import pytest

from emotts.checkpoint.published import PublishedVoice, cache_folder, fetch, locate, published_voice
from emotts.errors import CheckpointError

DATA = Path(__file__).parents[2] / "parity" / "data"
FILES = ("checkpoint.pth", "config.json")
DIGESTS = {name: hashlib.sha256((DATA / name).read_bytes()).hexdigest() for name in FILES}
VOICE = PublishedVoice(
    "melotts-test", "KR", "someone/Voice", "abc123", sha256={"checkpoint.pth": DIGESTS["checkpoint.pth"]}
)


def copied(repository: str, files: tuple[str, ...], *, revision: str, into: Path) -> None:
    """Bring the files from a folder of this machine."""
    assert (repository, revision) == ("someone/Voice", "abc123")
    for name in files:
        shutil.copy(DATA / name, into / name)


def cut_off(repository: str, files: tuple[str, ...], *, revision: str, into: Path) -> None:
    (into / files[0]).write_bytes(b"half")
    raise ConnectionError("connection lost")


def test_a_download_is_recorded_and_found(tmp_path: Path) -> None:
    record = fetch(VOICE, cache=tmp_path, download=copied)
    folder = tmp_path / "base" / "melotts-test"
    assert record == {"repository": "someone/Voice", "revision": "abc123", "files": DIGESTS, "folder": str(folder)}
    assert sorted(path.name for path in folder.iterdir()) == ["checkpoint.pth", "config.json", "origin.json"]
    assert [path.name for path in folder.parent.iterdir()] == ["melotts-test"]
    assert locate(VOICE, cache=tmp_path) == folder
    assert fetch(VOICE, cache=tmp_path, download=cut_off) == record, "what is there is not downloaded again"


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    fetch(VOICE, cache=tmp_path, download=copied)
    path = tmp_path / "base" / "melotts-test" / "checkpoint.pth"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    for use in (locate, fetch):
        with pytest.raises(
            CheckpointError, match=r"checkpoint.pth: the file is not the one(?s:.*)emotts base fetch KR"
        ):
            use(VOICE, cache=tmp_path)


def test_a_download_that_is_not_what_was_published(tmp_path: Path) -> None:
    other = dataclasses.replace(VOICE, sha256={"config.json": "0" * 64})
    with pytest.raises(CheckpointError, match="not what was published"):
        fetch(other, cache=tmp_path, download=copied)
    assert list((tmp_path / "base").iterdir()) == []


def test_a_lost_connection_says_which_files_to_put_where(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError) as caught:
        fetch(VOICE, cache=tmp_path, download=cut_off)
    message = str(caught.value)
    assert "someone/Voice cannot be downloaded" in message
    assert "connection lost" in message
    assert "https://huggingface.co/someone/Voice/tree/abc123" in message
    for name in FILES:
        assert str(tmp_path / "base" / "melotts-test" / name) in message
    assert list((tmp_path / "base").iterdir()) == []


def test_files_put_there_by_hand_are_recorded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "base" / "melotts-test"
    folder.mkdir(parents=True)
    shutil.copy(DATA / "config.json", folder)
    with pytest.raises(CheckpointError) as caught:
        fetch(VOICE, cache=tmp_path, download=cut_off)
    assert f"get checkpoint.pth from https://huggingface.co/{VOICE.repository}" in str(caught.value)
    shutil.copy(DATA / "checkpoint.pth", folder)
    assert fetch(VOICE, cache=tmp_path, download=cut_off)["revision"] is None
    assert json.loads((folder / "origin.json").read_text())["files"] == DIGESTS
    assert caplog.records == []
    other = dataclasses.replace(VOICE, sha256={"config.json": "0" * 64})
    (folder / "origin.json").unlink()
    with caplog.at_level(logging.WARNING):
        assert locate(other, cache=tmp_path) == folder
    assert "config.json is not the published one" in caplog.text


def test_what_is_no_configuration_is_not_recorded(tmp_path: Path) -> None:
    folder = tmp_path / "base" / "melotts-test"
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text("{}")
    with pytest.raises(CheckpointError, match="this is no MeloTTS configuration"):
        locate(VOICE, cache=tmp_path)
    assert not (folder / "origin.json").exists()


def test_a_voice_that_was_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"melotts-test is not on this machine(?s:.*)emotts base fetch KR"):
        locate(VOICE, cache=tmp_path)


def test_a_damaged_record(tmp_path: Path) -> None:
    fetch(VOICE, cache=tmp_path, download=copied)
    (tmp_path / "base" / "melotts-test" / "origin.json").write_text("{}")
    with pytest.raises(CheckpointError, match=r"record of a download is damaged(?s:.*)delete the folder"):
        locate(VOICE, cache=tmp_path)


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMOTTS_CACHE", "/somewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", "/general")
    monkeypatch.setenv("HOME", "/people/me")
    assert cache_folder() == Path("/somewhere")
    monkeypatch.delenv("EMOTTS_CACHE")
    assert cache_folder() == Path("/general/emotts")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path("/people/me/.cache/emotts")


def test_languages() -> None:
    for language in ("KR", "JP", "EN"):
        voice = published_voice(language)
        digits = (voice.revision, *(voice.sha256[name] for name in FILES))
        assert [len(bytes.fromhex(text)) for text in digits] == [20, 32, 32], language
    assert [published_voice(language).repository for language in ("KR", "jp", "EN")] == [
        "myshell-ai/MeloTTS-Korean",
        "myshell-ai/MeloTTS-Japanese",
        "myshell-ai/MeloTTS-English-v3",
    ]
    with pytest.raises(CheckpointError, match=r"(?s)no voice is published.*found: XX.*KR, JP, EN"):
        published_voice("XX")
