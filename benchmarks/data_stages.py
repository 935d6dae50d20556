"""Time and memory of the data stages on hours of sound: recording, segment, label and corpus with given texts.

    python benchmarks/data_stages.py [--hours 1 2 4] [--auto] [--folder FOLDER]

The takes of the embedded recording are repeated, each time a little quieter, into one long take an emotion, with its
label track. Every stage runs in a process of its own. Seconds are those of the processor; peak memory is VmHWM (Linux).
An hour takes half a gigabyte of the disk while it is measured.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from emotts.corpus.conversion import build_corpus
from emotts.corpus.melotts_format import CorpusBasis
from emotts.corpus.segmentation.segmenting import segment_recordings
from emotts.corpus.sources.collect import collect_recordings
from emotts.corpus.transcripts.labelling import label_segments
from emotts.corpus.transcripts.labels import parse_label_track
from emotts.emotions.emotion_set import EmotionSet
from emotts.settings import default_params
from emotts.workflows.texts import project_reader

RECORDING = Path(__file__).parents[1] / "emotts/demo/recording"
STAGES = ("recording", "segment", "label", "corpus")
QUIETER = 1 / 4000
"""Each repetition is this much quieter than the one before, so that no two segments are the same."""


def write_takes(folder: Path, *, hours: float) -> None:
    """Write one take an emotion, together at least so long, with label tracks."""
    sources = sorted(RECORDING.rglob("*.flac"))
    for source in sources:
        samples, rate = soundfile.read(source, dtype="int16")
        labels = parse_label_track(source.with_name(f"{source.stem}.labels.txt"), emotions=EmotionSet())
        place = folder / source.parents[1].name
        place.mkdir(parents=True)
        count = max(1, round(hours * 3600 * rate / len(sources) / len(samples)))
        track = place / "take.labels.txt"
        with soundfile.SoundFile(place / "take.wav", "w", rate, 1, "PCM_16") as sound, track.open("w") as lines:
            for number in range(count):
                sound.write(np.rint(samples * (1 - number * QUIETER)).astype(np.int16))
                start_s = number * len(samples) / rate
                for label in labels:
                    lines.write(f"{start_s + label.start_s:.4f}\t{start_s + label.end_s:.4f}\t{label.text}\n")


def run_stage(stage: str, folder: Path, *, auto: bool) -> None:
    """Run a stage in this process, and print what it took as JSON."""
    params = default_params()
    raw, segments, labels, corpus = (folder / name for name in ("raw", "segments", "labels", "corpus"))
    if stage == "recording":
        collect_recordings(folder / "source", raw, language="KR", speaker="mina", emotions=params.emotions)
    elif stage == "segment":
        settings = params.segment.changed(threshold_db="auto") if auto else params.segment
        segment_recordings(raw, segments, sample_rate_hz=params.audio.sample_rate_hz, settings=settings)
    elif stage == "label":
        label_segments(segments, raw, labels, emotions=params.emotions, settings=params.label)
    else:
        basis = CorpusBasis(params.emotions, params.audio, params.project.seed)
        reader = project_reader(params, root=RECORDING.parents[2])
        build_corpus(labels, segments, corpus, front_end=reader, settings=params.corpus, basis=basis)
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    print(json.dumps([used.ru_utime + used.ru_stime, int(peak.group(1)) / 1000 if peak else float("nan")]))


def main() -> None:
    """Print a row for every length: seconds and peak memory of each stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, nargs="+", default=[1.0, 2.0, 4.0])
    parser.add_argument("--auto", action="store_true", help="segment.threshold_db: auto")
    parser.add_argument("--folder", type=Path, help="where to write; a temporary folder by default")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        run_stage(options.stage, options.folder, auto=options.auto)
        return
    print(f"| hours | {' | '.join(STAGES)} |\n|---{'|---' * len(STAGES)}|")
    for hours in options.hours:
        with tempfile.TemporaryDirectory(prefix="emotts-benchmark-", dir=options.folder) as folder:
            write_takes(Path(folder) / "source", hours=hours)
            cells = []
            for stage in STAGES:
                command = [sys.executable, __file__, "--stage", stage, "--folder", folder, *["--auto"] * options.auto]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                seconds, peak_mb = json.loads(done.stdout)
                cells.append(f"{seconds:.1f} s, {peak_mb:.0f} MB")
            print(f"| {hours:g} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
