"""What is heard in one take, kept on disk: a stage that was killed does not listen again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from emotts.audio.io import read_mono
from emotts.corpus.transcripts.recogniser import Heard, Hearing, Recogniser, Score

__all__ = ["LONGEST_MS", "TakeRecogniser"]

LONGEST_MS = 30_000
"""No more can be heard at once."""
_FORMAT = 2
_RATE_HZ = 16_000

Key = tuple[int, int, str | None]


class TakeRecogniser:
    """Recognises spans of a take; each answer is a line of a file of its own for the take's content and the model."""

    def __init__(
        self, sound: Path, *, sha256: str, recogniser: Recogniser, kept: Path, report: Callable[[int], None]
    ) -> None:
        """Read what was heard before.

        Args:
            sound: the take, readable by libsndfile.
            sha256: of its content.
            recogniser: of the take's language.
            kept: folder of the files.
            report: called with the number of answers whenever there is a new one.
        """
        self._sound = sound
        self._recogniser = recogniser
        self._report = report
        self._file = kept / f"{sha256[:32]}-{recogniser.name}-{_FORMAT}.jsonl"
        self._answers = _read(self._file)
        self._last: tuple[int, int, Hearing] | None = None

    def heard(self, start_ms: int, end_ms: int) -> Heard:
        """Return what is said between two times, at most :data:`LONGEST_MS` apart."""
        key = (start_ms, end_ms, None)
        if key not in self._answers:
            heard = self._hearing(start_ms, end_ms).heard()
            self._keep(key, dataclasses.asdict(heard))
        return Heard(**self._answers[key])

    def score(self, start_ms: int, end_ms: int, text: str) -> Score:
        """Return how probable a text is between two times."""
        key = (start_ms, end_ms, text)
        if key not in self._answers:
            score = self._hearing(start_ms, end_ms).score(text)
            self._keep(key, dataclasses.asdict(score))
        answer = self._answers[key]
        return Score(answer["log_probability"], answer["word"], tuple((word, a, b) for word, a, b in answer["times"]))

    def _hearing(self, start_ms: int, end_ms: int) -> Hearing:
        if self._last is None or self._last[:2] != (start_ms, end_ms):
            samples, rate = read_mono(
                self._sound, sample_rate_hz=_RATE_HZ, start_s=start_ms / 1000, end_s=end_ms / 1000
            )
            self._last = (start_ms, end_ms, self._recogniser.listen(samples, rate))
        return self._last[2]

    def _keep(self, key: Key, answer: dict[str, Any]) -> None:
        self._answers[key] = answer
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(json.dumps([*key, answer], ensure_ascii=False) + "\n")
        self._report(len(self._answers))


def _read(path: Path) -> dict[Key, dict[str, Any]]:
    """Return the answers of a file; a line that a killed process left unfinished is passed over, and ended."""
    if not path.is_file():
        return {}
    content = path.read_bytes()
    if content and not content.endswith(b"\n"):
        with path.open("ab") as stream:
            stream.write(b"\n")
    answers: dict[Key, dict[str, Any]] = {}
    for line in content.decode("utf-8", errors="replace").split("\n"):
        try:
            start_ms, end_ms, text, answer = json.loads(line)
        except (TypeError, ValueError):  # unfinished
            continue
        answers[start_ms, end_ms, text] = answer
    return answers
