"""Published voices: fetched once, checked ever after, and what to do without a network."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.hub_server import REPOSITORY, REVISION, Hub, serve, use_hub
from support.places import PARITY_DATA

from emotts.checkpoint.melotts.published import PUBLISHED, PublishedVoice, fetch, locate, published_voice
from emotts.errors import CheckpointError

FILES = {name: (PARITY_DATA / name).read_bytes() for name in ("checkpoint.pth", "config.json")}
DIGESTS = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
VOICE = PublishedVoice("melotts-test", "KR", REPOSITORY, REVISION, sha256=DIGESTS)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with serve({**FILES, "README.md": b"not wanted"}, tmp_path) as running:
        yield running


def test_a_voice_is_downloaded_once(hub: Hub) -> None:
    folder = fetch(VOICE)
    assert folder == hub.snapshot
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert not any("README" in path for path in hub.requests)
    hub.requests.clear()
    assert locate(VOICE) == fetch(VOICE) == folder
    assert hub.requests == []


def test_what_was_interrupted_goes_on(hub: Hub) -> None:
    fetch(VOICE)
    (hub.snapshot / "config.json").unlink()
    with pytest.raises(CheckpointError, match="melotts-test is not on this machine"):
        locate(VOICE)
    hub.requests.clear()
    fetch(VOICE)
    assert not any("checkpoint.pth" in path for path in hub.requests), "only what is missing"
    assert locate(VOICE) == hub.snapshot


def test_a_changed_file_is_refused_until_it_is_deleted(hub: Hub) -> None:
    path = (fetch(VOICE) / "checkpoint.pth").resolve()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    for use in (locate, fetch):
        with pytest.raises(CheckpointError) as caught:
            use(VOICE)
        assert str(caught.value).splitlines()[:3] == [
            f"{hub.snapshot}/checkpoint.pth: the file is not the one that was published",
            f"  found: SHA-256 {found}",
            f"  wanted: SHA-256 {DIGESTS['checkpoint.pth']}",
        ]
        assert f"delete the folder {hub.cache}/models--someone--Model and run `emotts base fetch KR`" in str(
            caught.value
        )


def test_a_download_that_is_not_what_was_published(hub: Hub) -> None:
    other = dataclasses.replace(VOICE, sha256=DIGESTS | {"config.json": "0" * 64})
    with pytest.raises(CheckpointError, match="config.json: the file is not the one that was published"):
        fetch(other)


def test_a_file_that_the_repository_does_not_have(hub: Hub) -> None:
    del hub.files["config.json"]
    with pytest.raises(CheckpointError, match="found: not all of checkpoint.pth, config.json in the repository"):
        fetch(VOICE)


def test_a_repository_that_is_not_there(hub: Hub) -> None:
    with pytest.raises(
        CheckpointError, match=r"someone/Other cannot be downloaded\s+found: Client error '404 Not Found'"
    ):
        fetch(dataclasses.replace(VOICE, repository="someone/Other"))


def test_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_hub(monkeypatch, address="http://127.0.0.1:9", cache=tmp_path)
    with pytest.raises(CheckpointError) as caught:
        fetch(VOICE)
    assert str(caught.value).splitlines() == [
        "someone/Model cannot be downloaded",
        "  found: [Errno 111] Connection refused",
        "  to do: on a machine with a network, get checkpoint.pth and config.json from "
        f"https://huggingface.co/someone/Model/tree/{REVISION}, put them into a folder, and name it as base in "
        "params.yaml",
    ]
    with pytest.raises(CheckpointError, match=r"melotts-test is not on this machine(?s:.*)emotts base fetch KR"):
        locate(VOICE)
    folder = tmp_path / "models--someone--Model" / "snapshots" / REVISION
    folder.mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    assert locate(VOICE) == fetch(VOICE) == folder, "a cache from another machine"


def test_languages() -> None:
    for voice in PUBLISHED.values():
        digits = (voice.revision, voice.sha256["checkpoint.pth"], voice.sha256["config.json"])
        assert [len(bytes.fromhex(text)) for text in digits] == [20, 32, 32], voice.name
    assert [published_voice(language).repository for language in ("KR", "jp", "EN")] == [
        "myshell-ai/MeloTTS-Korean",
        "myshell-ai/MeloTTS-Japanese",
        "myshell-ai/MeloTTS-English-v3",
    ]
    with pytest.raises(CheckpointError, match=r"(?s)no voice is published.*found: XX.*KR, JP, EN"):
        published_voice("XX")
