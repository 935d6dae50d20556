"""What `emotts serve` refuses before it listens."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.places import REPOSITORY
from support.served import free_port
from support.tiny_voice import DESCRIPTION, make_synthesizer
from typer.core import TyperGroup
from typer.main import get_command

from emotts.checkpoint.voice_folder import write_voice
from emotts.cli.app import app
from emotts.errors import EmottsError
from emotts.voice import Voice
from emotts.workflows.serving import serve_voices


def refused(*given: str, with_page: bool = False, **options: Any) -> str:
    """Return why voices are not served."""
    said: list[str] = []
    with pytest.raises(EmottsError) as caught:
        serve_voices(
            given,
            options={"port": free_port(), **options},
            load=Voice.load,
            say=said.append,
            with_page=with_page,
        )
    assert said == []
    return str(caught.value)


def test_other_machines_need_a_key() -> None:
    assert refused("models/export", host="0.0.0.0") == (
        "everybody who reaches this machine could use the API\n"
        "  found: --host 0.0.0.0 without a key\n"
        "  wanted: a key in the environment variable EMOTTS_API_KEY (or --api-key)\n"
        "  to do: set one, or add --no-auth if everybody in that network may speak"
    )
    assert refused("models/export", host="0.0.0.0", with_page=True).startswith("everybody who reaches this machine")
    assert refused("models/export", api_key="short") == (
        "the key is too short\n  found: 5 characters\n  wanted: at least 8"
    )


def test_a_server_keeps_few_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", raising=False)
    refused("models/export", api_key="short")
    assert os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == "64"


def test_voices_must_be_there_and_have_names_of_their_own(tmp_path: Path) -> None:
    write_voice(tmp_path / "export", make_synthesizer(), DESCRIPTION)
    assert refused(f"a={tmp_path}/export", f"a={tmp_path}/export").startswith("two voices are named 'a'\n")
    assert refused(str(tmp_path / "none")).startswith(f"{tmp_path}/none: ")


def test_a_port_that_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert refused("models/export", port=port).startswith(f"nothing can be served at 127.0.0.1:{port}\n")


@pytest.mark.parametrize("package", ["fastapi", "fastapi_swagger", "prometheus_client", "uvicorn"])
def test_the_extra_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: Sequence[str] = [name for name in sys.modules if name.startswith("emotts.serving.api")]
    for name in loaded:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    assert refused("models/export") == (
        f"the packages that serve voices are not installed\n  wanted: {package}\n  to do: pip install 'emotts[serve]'"
    )


def test_the_extras_of_the_page_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("emotts.serving.web")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "nicegui", None)
    assert refused("models/export", with_page=True) == (
        "the packages that serve voices are not installed\n  wanted: nicegui\n  to do: pip install 'emotts[serve,web]'"
    )


def test_the_containers_serve_by_options_that_there_are() -> None:
    service = yaml.safe_load((REPOSITORY / "deploy/compose.yaml").read_text(encoding="utf-8"))["services"]["voice"]
    image = (REPOSITORY / "deploy/serve.Dockerfile").read_text(encoding="utf-8")
    of_the_image = json.loads(image.rpartition("CMD ")[2])
    for command in (service["command"], of_the_image):
        assert command[:2] == ["emotts", "serve"]
        group = get_command(app)
        assert isinstance(group, TyperGroup)
        context = group.commands["serve"].make_context(
            "serve", [word.replace("${VOICE:-", "").rstrip("}") for word in command[2:]]
        )
        assert context.params["host"] == "0.0.0.0"
        assert context.params["port"] == 8000
    assert context.params["voice"] == ["/voice"]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"]
    assert "EMOTTS_API_KEY" in service["environment"]
    assert "USER voice" in image
