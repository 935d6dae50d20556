"""Takes as people read them, put together from a labelled recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import librosa
import numpy as np
import numpy.typing as npt
import soundfile

from emotts.corpus.transcripts.labels import parse_label_track

__all__ = ["Material", "Spoken", "Take", "build", "read_lines"]

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Material:
    """The lines of a recording: sounds (sample,) and texts."""

    sounds: Sequence[Array]
    texts: Sequence[str]
    rate_hz: int


@dataclass(frozen=True)
class Spoken:
    """Something said in a take: a whole line (``line``, its number), or anything else that must not be accepted."""

    start_s: float
    end_s: float
    line: int | None


@dataclass
class Take:
    """A take that is put together."""

    rate_hz: int
    parts: list[Array] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)

    def say(self, sound: Array, line: int | None) -> None:
        """Append a sound (sample,) that is a whole line, by its number, or something else."""
        start_s = self.seconds
        self.parts.append(sound)
        self.spoken.append(Spoken(start_s, self.seconds, line))

    def pause(self, seconds: float) -> None:
        """Append silence."""
        self.parts.append(np.zeros(round(seconds * self.rate_hz), dtype=np.float32))

    @property
    def seconds(self) -> float:
        """Length so far."""
        return sum(part.size for part in self.parts) / self.rate_hz

    def write(self, path: Path, *, noise_db: float, generator: np.random.Generator) -> None:
        """Write it as a sound file, with white noise of a level in dBFS."""
        sound = np.concatenate(self.parts)
        noise = generator.normal(0.0, 10 ** (noise_db / 20), sound.size)
        soundfile.write(path, np.clip(sound + noise, -1.0, 1.0), self.rate_hz)


def read_lines(path: Path, *, most: int | None) -> Material:
    """Return sound and text of the first labels of a recording, whose label track is beside it."""
    sound, rate_hz = soundfile.read(path, dtype="float32")
    labels = parse_label_track(path.with_name(f"{path.stem}.labels.txt"))[:most]
    sounds = [sound[round(label.start_s * rate_hz) : round(label.end_s * rate_hz)] for label in labels]
    return Material(sounds, [label.text for label in labels], rate_hz)


def build(
    material: Material, *, variant: str, pauses: tuple[float, float], generator: np.random.Generator
) -> tuple[Take, list[str | None]]:
    """Return a take, and the script's text of each line; None where the script lacks the line (a remark).

    Args:
        material: what is said.
        variant: a letter as in ``script_alignment.py``; ``h`` has all of them, others than ``b`` to ``f`` none.
        pauses: shortest and longest pause between lines, in s.
        generator: of all that is random.
    """
    scene = _Scene(material, variant, pauses, generator)
    scene.take.pause(1.0)
    for line in range(len(material.texts)):
        if line not in scene.skipped:
            scene.read(line)
    scene.take.pause(1.0)
    return scene.take, scene.script


class _Scene:
    """A reader, what becomes of each line, and the take so far."""

    def __init__(
        self, material: Material, variant: str, pauses: tuple[float, float], generator: np.random.Generator
    ) -> None:
        self._material, self._variant, self._pauses, self._generator = material, variant, pauses, generator
        lines = range(len(material.texts))
        self.remarks = {line for line in lines if self._has("d") and line % 8 == 5}
        self.skipped = {line for line in lines if self._has("b") and line % 8 == 3}
        self.take = Take(material.rate_hz)
        self.script = [self._written(line) for line in lines]

    def read(self, line: int) -> None:
        """Say a line with all that goes wrong at it, and pause."""
        sound, say, uniform = self._material.sounds[line], self.take.say, self._generator.uniform
        if self._has("c") and line % 5 == 2 and sound.size > self.take.rate_hz:  # half a "yes" is a "yes"
            say(sound[: round(uniform(0.2, 0.6) * sound.size)], None)
            self.take.pause(uniform(0.1, 1.2))
        said = None if line in self.remarks else line
        say(self._with_a_pause(sound) if self._has("e") and line % 4 == 1 else sound, said)
        if self._has("c") and line % 9 == 4:
            self.take.pause(uniform(*self._pauses))
            say(librosa.effects.time_stretch(sound, rate=uniform(0.94, 1.06)), said)
        in_one_breath = self._has("e") and line % 6 == 2 and not {line, line + 1} & (self.remarks | self.skipped)
        self.take.pause(0.15 if in_one_breath else uniform(*self._pauses))

    def _has(self, letter: str) -> bool:
        return self._variant in (letter, "h")

    def _written(self, line: int) -> str | None:
        if line in self.remarks:
            return None
        text = self._material.texts[line]
        return self._changed(text) if self._has("f") and line % 3 == 1 else text

    def _with_a_pause(self, sound: Array) -> Array:
        """Return a line with 0.35 to 0.7 s of silence at the quietest place of its middle."""
        window = self.take.rate_hz // 20
        power = np.convolve(sound**2, np.ones(window), mode="same")
        third = sound.size // 3
        cut = third + int(np.argmin(power[third : 2 * third]))
        silence = np.zeros(round(self._generator.uniform(0.35, 0.7) * self.take.rate_hz), dtype=np.float32)
        return np.concatenate([sound[:cut], silence, sound[cut:]])

    def _changed(self, text: str) -> str:
        """Return a text with one word replaced by a word of the other texts.

        Languages without spaces change two of their characters instead.
        """
        between = " " if " " in text else ""
        own = text.split() if between else [text[at : at + 2] for at in range(0, len(text), 2)]
        texts = [other for other in self._material.texts if other != text]
        words = [
            other.split() if between else [other[at : at + 2] for at in range(0, len(other), 2)] for other in texts
        ]
        others = [word for each in words for word in each if word not in own]
        own[self._generator.integers(len(own))] = others[self._generator.integers(len(others))]
        return between.join(own)
