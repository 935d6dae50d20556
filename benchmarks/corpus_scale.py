"""Time and memory of a corpus list of a million rows: reading, encoding for training, splitting, and one epoch.

    python benchmarks/corpus_scale.py [--rows 1000000]

The rows have the texts and phones of the embedded recording, with a number each that makes the texts differ. All steps
run in one process of their own. Seconds are those of the processor; peak memory is VmHWM after the step (Linux).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from emotts.corpus.lists import CorpusList
from emotts.corpus.split import split
from emotts.corpus.transcripts.labels import parse_label_track
from emotts.emotions.emotion_set import BASE_EMOTIONS, EmotionSet
from emotts.text.frontend import front_end
from emotts.text.symbols import SYMBOLS
from emotts.training.packed_tokens import PackedTokens
from emotts.training.sampler import BatchSampler

RECORDING = Path(__file__).parents[1] / "emotts/demo/recording"
BATCH_SIZE = 16

Result = TypeVar("Result")


def write_corpus(folder: Path, *, rows: int) -> Path:
    """Write ``train.list`` of so many rows, and ``config.json`` beside it; return the list."""
    reader = front_end("KR")
    tracks = sorted(RECORDING.rglob("*.labels.txt"))
    labels = [label for track in tracks for label in parse_label_track(track, emotions=EmotionSet())]
    spoken = [reader.read(label.text) for label in labels]
    fields = [" ".join(each.phones) for each in spoken]
    numbers = [(" ".join(map(str, each.tones)), " ".join(map(str, each.word2ph))) for each in spoken]
    path = folder / "train.list"
    with path.open("w", encoding="utf-8") as stream:
        for row in range(rows):
            kind = row % len(spoken)
            emotion = BASE_EMOTIONS[row * 7919 // 8 % 4]
            text = f"{spoken[kind].normalised_text} {row}"
            stream.write("|".join((f"wavs/{row:07d}.wav", "mina", "KR", text, fields[kind], *numbers[kind], emotion)))
            stream.write("\n")
    config = {"symbols": list(SYMBOLS), "emotions": {name: place for place, name in enumerate(BASE_EMOTIONS)}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return path


def peak_mb() -> float:
    """Return the largest resident size that this process has had, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(found.group(1)) / 1000 if found else float("nan")


def timed(title: str, work: Callable[[], Result]) -> Result:
    """Do a step, and print its time and the peak so far."""
    start = time.process_time()
    result = work()
    print(f"{title:40s} {time.process_time() - start:7.1f} s {peak_mb():8.0f} MB", flush=True)
    return result


def measure(path: Path) -> None:
    """Read, encode, split and sample a list in this process."""
    items = timed("read and check", lambda: CorpusList.read(path).items)

    tokens = PackedTokens(add_blank=True)
    texts: list[str] = []
    emotions: list[str] = []
    lengths: list[int] = []

    def encode() -> None:
        for item in items:
            texts.append(item.text)
            emotions.append(item.emotion)
            lengths.append(tokens.append(item.phones, item.tones, language=item.language))

    timed("encode for training", encode)
    timed(
        "split (texts never on two sides)",
        lambda: split(texts, emotions, val_fraction=0.1, test_fraction=0.15, seed=20),
    )

    def epoch() -> int:
        groups = [BASE_EMOTIONS.index(emotion) for emotion in emotions]
        sampler = BatchSampler(lengths, groups, batch_size=BATCH_SIZE, kind="balanced", seed=20)
        return sum(map(len, sampler.epoch(0)))

    timed("an epoch of batches of similar length", epoch)


def main() -> None:
    """Write the list and measure it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure is not None:
        measure(options.measure)
        return
    with tempfile.TemporaryDirectory(prefix="emotts-benchmark-") as folder:
        path = write_corpus(Path(folder), rows=options.rows)
        print(f"{options.rows} rows, {path.stat().st_size / 1e6:.0f} MB", flush=True)
        start = time.perf_counter()
        subprocess.run([sys.executable, __file__, "--measure", str(path)], check=True)
        print(f"{'all, by the clock':40s} {time.perf_counter() - start:7.1f} s")


if __name__ == "__main__":
    main()
