"""Speaking lines: the front end reads, the voice rehearses, and then speaks as an emotion."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from emotts.text.phonemes import FrontEnd, Phonemes
from tools.render.acting import Rehearsal, SpokenUtterance, act, rehearse
from tools.render.emotion_rule import RULES, vary
from tools.render.kokoro import Kokoro
from tools.render.script import ScriptLine
from tools.render.sentences import sentences

__all__ = ["Studio", "line_generator"]


@dataclass(frozen=True)
class Studio:
    """The voice that speaks, the front end that reads to it, and semitones by which this speaker's pitch is moved."""

    voice: Kokoro
    reader: FrontEnd
    pitch_st: float = 0.0

    def speak(self, line: ScriptLine, *, generator: np.random.Generator) -> SpokenUtterance:
        """Speak one line as its emotion, varied by chance."""
        return self.perform(self.rehearse(self.reader.read(line.text), line.text), line.emotion, generator=generator)

    def rehearse(self, phonemes: Phonemes, text: str) -> list[Rehearsal]:
        """Let the voice read a text, whose phones are known, by sentences."""
        return rehearse(sentences(phonemes, text, language=self.reader.language), voice=self.voice)

    def perform(
        self, rehearsals: Sequence[Rehearsal], emotion: str, *, generator: np.random.Generator
    ) -> SpokenUtterance:
        """Speak the rehearsed sentences of one text as an emotion, varied by chance."""
        rule = vary(RULES[emotion], generator)
        own = replace(rule, f0_shift_st=rule.f0_shift_st + self.pitch_st)
        return act(rehearsals, own, voice=self.voice, generator=generator)


def line_generator(seed: int, name: str) -> np.random.Generator:
    """Return the source of chance for what is named so."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])
