"""Pauses found, and edges of lines clipped, by each rule that tells speech from silence.

    python benchmarks/segmentation.py [--seed 1] [--noise -55 -45 -38]

Takes are put together from the lines of the embedded recording, by its label tracks, with pauses of 0.4 to 0.7 s and
white noise. A gap between two lines is found where a silence covers its middle. An edge of a line is clipped where
more than 80 ms of the line lie outside of the bare spans, and lost where they lie outside of the pieces, which keep
silence around the spans. Needs the extra vad.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from emotts.corpus.segmentation.pieces import Limits, plan_pieces
from emotts.corpus.segmentation.speech_spans import speech_spans
from emotts.corpus.settings import SegmentSettings
from emotts.corpus.transcripts.labels import parse_label_track
from emotts.emotions.emotion_set import EmotionSet
from emotts.settings import default_params

PAUSE_S = (0.4, 0.7)
LEAD_S = 1.0
CLIPPED_MS = 80
RULES: Mapping[str, Mapping[str, object]] = {
    "-40 dB, 1.0 s (default)": {"threshold_db": -40.0, "min_silence_s": 1.0},
    "-40 dB, 0.3 s": {"threshold_db": -40.0, "min_silence_s": 0.3},
    "auto, 0.3 s": {"threshold_db": "auto", "min_silence_s": 0.3},
    "silero, 0.3 s": {"method": "silero", "min_silence_s": 0.3},
}


@dataclass(frozen=True)
class Take:
    """A take: its file and the times (start, end) of its lines in ms."""

    path: Path
    lines: tuple[tuple[int, int], ...]

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """The times between the lines."""
        return [(before[1], after[0]) for before, after in zip(self.lines, self.lines[1:], strict=False)]


@dataclass(frozen=True)
class Score:
    """What a rule made of a take."""

    found: int
    clipped: int
    lost: int
    spans: int
    longest_s: float
    seconds: float


def make_take(source: Path, target: Path, *, noise_db: float, seed: int) -> Take:
    """Put the lines of a recording together with short pauses, in white noise of a level in dBFS."""
    random = np.random.default_rng(seed)
    samples, rate = soundfile.read(source, dtype="float64")
    parts, lines, at = [np.zeros(round(LEAD_S * rate))], [], round(LEAD_S * rate)
    for label in parse_label_track(source.with_name(f"{source.stem}.labels.txt"), emotions=EmotionSet()):
        line = samples[round(label.start_s * rate) : round(label.end_s * rate)]
        pause = np.zeros(round(random.uniform(*PAUSE_S) * rate))
        parts += [line, pause]
        lines.append((1000 * at // rate, 1000 * (at + len(line)) // rate))
        at += len(line) + len(pause)
    parts.append(np.zeros(round(LEAD_S * rate)))
    sound = np.concatenate(parts)
    sound += 10 ** (noise_db / 20) * random.standard_normal(len(sound))
    soundfile.write(target, np.clip(sound, -1, 1), rate, subtype="PCM_16")
    return Take(target, tuple(lines))


def score(take: Take, settings: SegmentSettings) -> Score:
    """Find the spans of a take and compare them with its lines."""
    start = time.process_time()
    spans, length_ms = speech_spans(take.path, settings=settings)
    seconds = time.process_time() - start
    keep_ms = Limits.of(settings).keep_ms
    kept = plan_pieces(spans, length_ms, limits=Limits(keep_ms=keep_ms, min_ms=0, max_ms=length_ms, join_ms=0)).kept
    pieces = [(piece.start_ms, piece.end_ms) for piece in kept]
    middles = [(before + after) // 2 for before, after in take.gaps]
    return Score(
        found=sum(not any(first <= middle < last for first, last in spans) for middle in middles),
        clipped=sum(clipped_edges(line, spans) for line in take.lines),
        lost=sum(clipped_edges(line, pieces) for line in take.lines),
        spans=len(spans),
        longest_s=max((last - first for first, last in spans), default=0) / 1000,
        seconds=seconds,
    )


def clipped_edges(line: tuple[int, int], spans: Sequence[tuple[int, int]]) -> int:
    """Return how many edges of a line, 0 to 2, lie further than 80 ms outside of the spans."""
    touching = [span for span in spans if span[0] < line[1] and span[1] > line[0]]
    if not touching:
        return 2
    return (touching[0][0] - line[0] > CLIPPED_MS) + (line[1] - touching[-1][1] > CLIPPED_MS)


def main() -> None:
    """Print a row for every noise level and rule, all takes of the recording together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, nargs="+", default=[-55.0, -45.0, -38.0], help="dBFS")
    options = parser.parse_args()
    sources = sorted((Path(__file__).parents[1] / "emotts/demo/recording").rglob("*.flac"))
    segment = default_params().segment
    print("| noise | rule | gaps found | edges clipped | edges lost | spans | longest | CPU a take |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="emotts-benchmark-") as folder:
        for noise_db in options.noise:
            takes = [
                make_take(source, Path(folder) / f"{number}.wav", noise_db=noise_db, seed=options.seed + number)
                for number, source in enumerate(sources)
            ]
            n_gaps, n_edges = (sum(map(len, group)) for group in zip(*((t.gaps, t.lines) for t in takes), strict=True))
            for name, changes in RULES.items():
                scores = [score(take, segment.changed(**changes)) for take in takes]
                print(
                    f"| {noise_db:g} dBFS | {name} | {sum(s.found for s in scores)} of {n_gaps} "
                    f"| {sum(s.clipped for s in scores)} of {2 * n_edges} | {sum(s.lost for s in scores)} "
                    f"| {sum(s.spans for s in scores)} "
                    f"| {max(s.longest_s for s in scores):.1f} s | {np.mean([s.seconds for s in scores]):.2f} s |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
