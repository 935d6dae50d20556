"""A corpus and a voice without emotion embedding: every emotion of a speaker is a speaker of its own."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

from emotts.corpus.identity import corpus_speakers
from emotts.corpus.lists import read_list, write_list
from emotts.emotions.emotion_set import NEUTRAL
from emotts.errors import ConfigError
from emotts.files import write_text
from emotts.voice import Speech, Voice

__all__ = ["EmotionsAsSpeakers", "corpus_by_emotion"]

_LISTS = ("train.list", "val.list", "test.list")


def corpus_by_emotion(corpus: Path, out: Path) -> Path:
    """Write a corpus whose speakers are ``SPEAKER-EMOTION``, all neutral, with the same clips; return its folder."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    names: dict[str, None] = {}
    for name in _LISTS:
        items = [
            dataclasses.replace(item, speaker=f"{item.speaker}-{item.emotion}", emotion=NEUTRAL)
            for item in read_list(corpus / name)
        ]
        names |= dict.fromkeys(item.speaker for item in items)
        write_list(out / name, items)
        for item in items:
            place = out / item.wav
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(corpus / item.wav, place)
    corpus_speakers(corpus)  # raises where the configuration is damaged
    config = json.loads((corpus / "config.json").read_text(encoding="utf-8"))
    config["data"]["spk2id"] = {name: number for number, name in enumerate(sorted(names))}
    config["data"]["n_speakers"] = len(names)
    write_text(out / "config.json", json.dumps(config, indent=2, ensure_ascii=False) + "\n")
    return out


class EmotionsAsSpeakers:
    """Speaks with a voice that was trained on a corpus of :func:`corpus_by_emotion`."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._speakers = {name.rpartition("-")[2]: name for name in voice.description.speakers}

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions that have a speaker."""
        return tuple(name for name in self._voice.description.emotion_names if name in self._speakers)

    @property
    def styles(self) -> tuple[str, ...]:
        """None, as speakers do not mix."""
        return ()

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of everything it speaks."""
        return self._voice.sample_rate_hz

    def speak(self, text: str, *, emotion: str, intensity: float, speaker: str | None = None) -> Speech:
        """Speak a text; ``speaker`` is named where the corpus had several.

        Raises:
            ConfigError: for an intensity other than 1, as nothing lies between two speakers.
            CorpusError: if the speaker has no clips of the emotion.
        """
        if intensity != 1.0:
            raise ConfigError(
                "emotions that are speakers have no intensity",
                found=intensity,
                wanted="1.0",
                remedy="set evaluate.intensity_sentences to 0 in this variant",
            )
        named = self._speakers[emotion] if speaker is None else f"{speaker}-{emotion}"
        return self._voice.speak(text, speaker=named)
