"""Takes in a language of tones, and a recogniser that understands it: every sentence is a tone of its own pitch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from emotts.corpus.transcripts.recogniser import Heard, Score

__all__ = ["LINES", "RATE", "ToneHearing", "ToneRecogniser", "write_take"]

RATE = 22050
LINES = (
    "오늘은 날씨가 정말 좋네요",
    "커피 한 잔 주세요",
    "저는 어제 친구와 바다에 다녀왔어요",
    "내일은 아침 일찍 산에 갈 생각이에요",
    "이 책은 아무리 읽어도 재미있어요",
    "문을 조용히 닫아 주시겠어요",
    "기차가 벌써 떠나 버렸습니다",
    "우리 집 고양이는 잠꾸러기예요",
    "쓰레기는 여기에 버리지 마세요",
    "두부와 파를 듬뿍 넣고 끓였어요",
)
_LOWEST_HZ, _STEP_HZ = 400, 150


def write_take(path: Path, *said: tuple[int, float] | float) -> None:
    """Write a take: (line, seconds) of speech and pauses in seconds; a whole line takes 3.2 s."""
    noise = np.random.default_rng(0)
    parts = []
    for each in said:
        seconds = each if isinstance(each, float) else each[1]
        times = np.arange(round(seconds * RATE)) / RATE
        tone = 0.0 if isinstance(each, float) else 0.2 * np.sin(2 * np.pi * _hz(each[0]) * times)
        parts.append(tone + noise.normal(0, 0.0005, times.size))
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.concatenate(parts), RATE)


class ToneRecogniser:
    """Writes down the sentences of the tones that it hears: of a tone that ends early the words up to there.

    ``told`` replaces what it hears of a line; ``log_probability`` is how sure it says to be.
    """

    name = "tones"

    def __init__(self, *, told: dict[int, str] | None = None, log_probability: float = -0.1) -> None:
        self.told = told or {}
        self.log_probability = log_probability
        self.n_listened = 0

    def listen(self, samples: npt.ArrayLike, sample_rate_hz: int) -> ToneHearing:
        self.n_listened += 1
        words: list[str] = []
        for line, seconds in _tones(np.asarray(samples), sample_rate_hz):
            own = self.told.get(line, LINES[line]).split()
            words += own[: max(1, round(len(own) * min(1.0, seconds / 3.1)))]
        return ToneHearing(" ".join(words), self.log_probability)


class ToneHearing:
    """One clip: a text is as probable as it has the words that were heard."""

    def __init__(self, text: str, log_probability: float) -> None:
        self._text, self._log_probability = text, log_probability

    def heard(self) -> Heard:
        return Heard(self._text, self._log_probability)

    def score(self, text: str) -> Score:
        strange = [word for word in text.split() if word not in self._text.split()]
        return Score(-1.0 - 10.0 * len(strange), -9.0 if strange else -0.5)


def _hz(line: int) -> float:
    return float(_LOWEST_HZ + _STEP_HZ * line)


def _tones(samples: npt.NDArray[np.float64], rate_hz: int) -> Sequence[tuple[int, float]]:
    """Return line and seconds of every tone."""
    size = rate_hz // 20
    found: list[list[float]] = []
    last = None
    for start in range(0, samples.size - size, size):
        frame = samples[start : start + size]
        line = None
        if np.sqrt(np.mean(frame**2)) > 0.05:
            peak = np.argmax(np.abs(np.fft.rfft(frame))) * rate_hz / size
            line = round((peak - _LOWEST_HZ) / _STEP_HZ)
        if line is not None:
            if line == last:
                found[-1][1] += 0.05
            else:
                found.append([line, 0.05])
        last = line
    return [(int(line), seconds) for line, seconds in found]
