"""The voices of a server: their names, and what they refuse."""

from __future__ import annotations

from typing import cast

import pytest

from emotts.errors import ConfigError
from emotts.serving.api.voices import load_voices
from emotts.voice import Voice


def loaded(*given: str) -> dict[str, str]:
    """Return name and source of every voice; in place of a voice there is its source."""
    return cast(dict[str, str], load_voices(given, lambda source: cast(Voice, source)))


def test_a_voice_has_the_name_that_it_is_given() -> None:
    assert loaded("models/export") == {"default": "models/export"}
    assert loaded("yuna=a/b", "min-su.2=models:/emotts@champion") == {
        "yuna": "a/b",
        "min-su.2": "models:/emotts@champion",
    }
    assert loaded("models:/emotts@champion") == {"default": "models:/emotts@champion"}
    assert loaded("a/b=c") == {"default": "a/b=c"}, "no name has a slash: this is a folder"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("a", "b"), r"two voices are named 'default'\n  found: b\n  wanted: --voice NAME=FOLDER with a name for each"),
        (("x=a", "x=b"), r"two voices are named 'x'\n  found: x=b"),
        ((), r"there is no voice to serve\n  wanted: --voice NAME=FOLDER"),
    ],
)
def test_names_must_differ(given: tuple[str, ...], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        loaded(*given)
