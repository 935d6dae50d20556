"""The check of texts: faulty lines of a label track, script or list, and texts that cannot be read."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from scipy.stats import median_abs_deviation

from emotts.corpus.check.report import Finding, Severity, finding_of, listed
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.text_lines import read_lines
from emotts.corpus.utterance_reader import SpokenText, TextReader
from emotts.errors import CorpusError, TextError

__all__ = ["CheckedText", "parse_all", "rate_findings", "read_text", "unusual_rates"]

Row = TypeVar("Row")

_RATE_FACTOR = 2.2
_MIN_FOR_RATES = 6


@dataclass(frozen=True)
class CheckedText:
    """A text that can be read, over a piece of sound."""

    where: str
    text: str
    spoken: SpokenText
    emotion: str
    duration_s: float

    @property
    def rate(self) -> float:
        """Phones a second."""
        return len(self.spoken.phones) / self.duration_s


def parse_all(
    path: Path, parse: Callable[[Path], Sequence[Row]], *, drop: bool = False
) -> tuple[list[Row], list[Finding]]:
    """Parse a file with a strict reader, and find all faulty lines, not the first alone.

    After an error that names a line, the file is read again without that line, from a temporary copy.

    Args:
        path: the file.
        parse: the reader; its errors name ``file:line``.
        drop: take faulty lines out rather than make them blank, for readers that refuse blank lines.

    Returns:
        The rows of the lines that can be read, and an error for each of the others.
    """
    try:
        return list(parse(path)), []
    except CorpusError as error:
        lines = _lines(path)
        if _line_of(error, path) is None or not lines:
            return [], [finding_of(error, where=str(path))]
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="emotts-check-") as folder:
        copy = Path(folder) / path.name
        while True:
            copy.write_text("\n".join(line for _, line in lines), encoding="utf-8", newline="\n")
            try:
                return list(parse(copy)), findings
            except CorpusError as error:
                place = _line_of(error, copy)
                if place is None:
                    # nothing is left after the faulty lines, which are in the findings
                    return [], findings
                number = lines[place - 1][0]
                findings.append(replace(finding_of(error), where=f"{path}:{number}"))
                lines[place - 1 : place] = [] if drop else [(number, "")]


def read_text(
    text: str, front_end: TextReader, *, where: str, settings: CheckSettings
) -> tuple[SpokenText | None, list[Finding]]:
    """Read a text as the corpus stage does; what cannot be read is a finding with its characters."""
    severity: Severity = "error" if settings.corpus.on_unknown == "error" else "warning"
    try:
        spoken = front_end.read(text)
    except TextError as error:
        return None, [replace(finding_of(error, severity=severity), where=where)]
    left_out = [] if not spoken.left_out else [_left_out(text, spoken.left_out, where=where)]
    unknown = sorted({phone for phone in spoken.phones if phone not in front_end.symbols})
    if unknown:
        what = f"text {text[:60]!r} has phones without a symbol: {listed(unknown)}"
        return None, [Finding(severity, where, what, "write the words as they are spoken")]
    return spoken, left_out


def _left_out(text: str, signs: Sequence[str], *, where: str) -> Finding:
    what = f"no reading for {listed(signs)}: left out of text {text[:60]!r}"
    return Finding("warning", where, what, "write it as it is spoken, or add it to the lexicon (text.lexicon)")


def rate_findings(texts: Iterable[CheckedText], *, settings: CheckSettings) -> list[Finding]:
    """Return texts that are far too long or too short for their sound: most are texts of another utterance.

    A rate is in phones a second; :func:`unusual_rates` says which are far off.
    """
    findings = []
    by_emotion: dict[str, list[CheckedText]] = {}
    for text in texts:
        if 2 * len(text.spoken.phones) + 1 > int(
            text.duration_s * settings.audio.sample_rate_hz / settings.audio.hop_length
        ):
            what = f"text is too long for its {text.duration_s:.1f} s of sound and is not used: {text.text[:60]!r}"
            findings.append(Finding("warning", text.where, what, "check that this is the text of that utterance"))
        else:
            by_emotion.setdefault(text.emotion, []).append(text)
    for group in by_emotion.values():
        rates = [text.rate for text in group]
        middle = float(np.exp(np.median(np.log(rates))))
        for text, is_unusual in zip(group, unusual_rates(rates), strict=True):
            if is_unusual:
                much = "much" if text.rate > middle else "little"
                what = (
                    f"possibly the wrong text: too {much} text for {text.duration_s:.1f} s, {text.rate:.1f} phones "
                    f"a second where {text.emotion} has {middle:.1f}: {text.text[:60]!r}"
                )
                findings.append(Finding("warning", text.where, what, "listen to it and correct the text or the label"))
    return findings


def unusual_rates(rates: Sequence[float]) -> list[bool]:
    """Tell which rates of speech of one emotion are far off; none where there are fewer than six.

    Far off is more than 2.2 times above or below their median, and further from it than four times the spread.
    """
    if len(rates) < _MIN_FOR_RATES:
        return [False] * len(rates)
    logs = np.log(rates)
    far = np.abs(logs - np.median(logs))
    spread = float(median_abs_deviation(logs, scale="normal"))
    return [bool(each) for each in far > max(float(np.log(_RATE_FACTOR)), 4 * spread)]


def _line_of(error: CorpusError, path: Path) -> int | None:
    """Return the line that an error names in ``path``, if any."""
    matched = re.fullmatch(rf"{re.escape(str(path))}:(\d+)", error.where or "")
    return int(matched.group(1)) if matched else None


def _lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a file with their numbers, none if it is no text."""
    try:
        return read_lines(path)
    except CorpusError:
        return []
