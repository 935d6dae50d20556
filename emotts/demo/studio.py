"""Where lines are spoken: the front end reads, the neutral voice speaks, the emotion is put on."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotts.demo.acting import NeutralClause, SpokenUtterance, act, rehearse
from emotts.demo.kokoro import Kokoro
from emotts.demo.kokoro_tokens import clauses
from emotts.demo.script import ScriptLine
from emotts.demo.world import PITCH_HZ, RULES, vary
from emotts.text.frontend import FrontEnd

__all__ = ["Studio", "line_generator"]

_BREATHLESS_SYLLABLES = 90


@dataclass(frozen=True)
class Studio:
    """The voice that speaks, the front end that reads to it, and the range of the voice's pitch."""

    voice: Kokoro
    reader: FrontEnd
    pitch_hz: tuple[float, float] = PITCH_HZ

    def speak(self, line: ScriptLine, *, generator: np.random.Generator) -> SpokenUtterance:
        """Speak one line as its emotion, varied by chance."""
        return self.perform(self.rehearse(line.text), line.emotion, generator=generator)

    def rehearse(self, text: str) -> list[NeutralClause]:
        """Speak a text neutrally, by clauses; what is slow of speaking is done then."""
        cut = clauses(self.reader.read(text).phones, text)
        return [rehearse(clause, voice=self.voice, pitch_hz=self.pitch_hz) for clause in cut]

    @staticmethod
    def perform(parts: Sequence[NeutralClause], emotion: str, *, generator: np.random.Generator) -> SpokenUtterance:
        """Speak the rehearsed clauses of one text as an emotion, varied by chance."""
        breathless = sum(part.clause.syllables for part in parts) > _BREATHLESS_SYLLABLES
        return act(parts, vary(RULES[emotion], generator), generator=generator, breathless=breathless)


def line_generator(seed: int, name: str) -> np.random.Generator:
    """Return the source of chance for what is named so."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])
