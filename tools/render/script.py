"""The script of the demo recording: its sentences, and the paths of the takes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

__all__ = [
    "BASE_LANGUAGES",
    "RECORDED_COUNTS",
    "SPEAKER",
    "ScriptLine",
    "base_sentences",
    "evaluation_sentences",
    "load_outliers",
    "load_script",
    "recorded_folder",
    "recorded_lines",
]

RECORDED_COUNTS: Mapping[str, int] = MappingProxyType({"happy": 16, "sad": 37, "angry": 9, "neutral": 20})
"""How many of each emotion's lines, from the top, are in the recording: the imbalance of a real session."""

BASE_LANGUAGES = ("KR", "JP", "EN")
"""Languages of the base voice."""

_CODES: Mapping[str, str] = MappingProxyType({"KR": "ko", "JP": "ja", "EN": "en"})

SPEAKER = "gongitsune"
"""Name of the speaker of the demo recordings."""

_LINE = re.compile(r"^\[(\w+)\]\s+(\S.*)$")


@dataclass(frozen=True)
class ScriptLine:
    """One utterance of the script. ``recorded`` says whether it is in the takes or kept for evaluation."""

    text: str
    emotion: str
    recorded: bool


def load_script() -> tuple[ScriptLine, ...]:
    """Return the Korean script in the order of its file.

    Raises:
        CorpusError: if a line of the script has no emotion mark, or its emotion is unknown.
    """
    seen: Counter[str] = Counter()
    lines = []
    for text, emotion in _read("ko.txt"):
        seen[emotion] += 1
        lines.append(ScriptLine(text, emotion, recorded=seen[emotion] <= RECORDED_COUNTS.get(emotion, 0)))
    return tuple(lines)


def load_outliers() -> tuple[ScriptLine, ...]:
    """Return the utterances recorded besides the script: two too short ones, and one over 15 s without a long pause."""
    return tuple(ScriptLine(text, emotion, recorded=True) for text, emotion in _read("ko_outliers.txt"))


def recorded_lines(language: str) -> tuple[ScriptLine, ...]:
    """Return the lines of a language's demo recording, without the outliers."""
    if language == "KR":
        return tuple(line for line in load_script() if line.recorded)
    return tuple(ScriptLine(text, emotion, recorded=True) for text, emotion in _read(f"demo_{_CODES[language]}.txt"))


def evaluation_sentences(language: str = "KR") -> list[tuple[str, str]]:
    """Return ``(text, emotion)`` of the sentences that no recording of a language has."""
    if language == "KR":
        return [(line.text, line.emotion) for line in load_script() if not line.recorded]
    return _read(f"{_CODES[language]}.txt")


def base_sentences(language: str) -> list[tuple[str, str]]:
    """Return ``(text, emotion)`` of the base voice's sentences in a language; none of them is in a demo's script."""
    return _read(f"base_{_CODES[language]}.txt")


def recorded_folder() -> Path:
    """Return the folder of the recorded takes, ``language/emotion/PTD/take1.flac`` and its text files.

    Raises:
        CorpusError: if the takes are not part of this installation.
    """
    folder = Path(str(resources.files("emotts"))) / "demo" / "recording"
    if not any(folder.rglob("*.flac")):
        raise CorpusError(
            "the demo recording is not part of this installation",
            where=folder,
            wanted="takes such as 한국어/기쁨/PTD/take1.flac",
            remedy="install emotts from its repository, or render the takes with `python -m tools.render.demo`",
        )
    return folder


def _read(name: str) -> list[tuple[str, str]]:
    emotions = EmotionSet()
    path = Path(str(resources.files("emotts"))) / "demo" / "script" / name
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line.strip())
        if match is None:
            raise CorpusError(
                "line of the demo script cannot be read", where=f"{path}:{number}", found=line, wanted="[emotion] text"
            )
        found.append((match.group(2), emotions.resolve(match.group(1), where=f"{path}:{number}")))
    return found
