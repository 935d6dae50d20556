"""Time and memory of the segment stage, beside pydub's silence detection.

    python benchmarks/segment.py [--minutes 10] [--long-minutes 30]

Makes recordings of noise bursts (48 kHz, stereo, 16 bit) in a temporary folder. Every measurement runs in a process of
its own; times include opening and reading the file, not the imports. Peak memory is VmHWM of that process (Linux).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

RATE_HZ = 48000


def make_recording(path: Path, *, minutes: float, pauses: bool = True) -> None:
    """Write bursts of 1 to 20 s with pauses of 1.1 to 2.5 s between them, or sound without any pause."""
    rng = np.random.default_rng(0)
    with soundfile.SoundFile(path, "w", RATE_HZ, 2, subtype="PCM_16") as sound:
        while sound.frames < minutes * 60 * RATE_HZ:
            sound.write(0.1 * rng.uniform(-1, 1, (int(rng.uniform(1, 20) * RATE_HZ), 2)))
            if pauses:
                sound.write(0.001 * rng.uniform(-1, 1, (int(rng.uniform(1.1, 2.5) * RATE_HZ), 2)))


def peak_mb() -> float:
    """Return the largest resident size that this process has had, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found.group(1)) / 1000 if found else float("nan")


def measure(what: str, path: Path) -> dict[str, Any]:
    """Do one of the tasks in this process."""
    from emotts.audio.silence import find_speech
    from emotts.corpus.segmentation.segmenting import segment_recordings
    from emotts.corpus.sources.collect import collect_recordings
    from emotts.emotions.emotion_set import EmotionSet
    from emotts.settings import default_params

    if what == "pydub":
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
        from pydub.silence import detect_nonsilent

        start = time.perf_counter()
        spans = detect_nonsilent(AudioSegment.from_file(str(path)), min_silence_len=1000, silence_thresh=-40)
    elif what == "find_speech":
        start = time.perf_counter()
        found = find_speech(path)
        spans = [[round(1000 * span.start_s), round(1000 * span.end_s)] for span in found]
    else:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            raw, out = Path(folder) / "raw", Path(folder) / "segments"
            collect_recordings(path, raw, language="KR", speaker="noise", emotions=EmotionSet())
            params = default_params()
            settings = params.segment.changed(max_reject_fraction=0.9)
            rate_hz = params.audio.sample_rate_hz
            done = segment_recordings(raw, out, sample_rate_hz=rate_hz, settings=settings, parallel=params.parallel)
            spans = [done.kept]
    return {"seconds": time.perf_counter() - start, "peak_mb": peak_mb(), "spans": spans}


def in_own_process(what: str, path: Path) -> dict[str, Any]:
    """Run a task of :func:`measure` in a fresh process."""
    command = [sys.executable, __file__, "--task", what, "--path", str(path)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(result.stdout))


def show(title: str, result: dict[str, Any]) -> None:
    """Print one measurement."""
    print(f"{title:58s} {result['seconds']:9.2f} s {result['peak_mb']:8.0f} MB", flush=True)


def main() -> None:
    """Make the recordings and measure each task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="length of the recording that pydub reads too")
    parser.add_argument(
        "--long-minutes", type=float, default=30.0, help="length of the recordings that ours alone reads"
    )
    parser.add_argument("--task", help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        print(json.dumps(measure(options.task, options.path)))
        return
    with tempfile.TemporaryDirectory(prefix="emotts-benchmark-") as folder:
        short, long, unbroken = (Path(folder) / name for name in ("short.wav", "long.wav", "unbroken.wav"))
        make_recording(short, minutes=options.minutes)
        ours = min((in_own_process("find_speech", short) for _ in range(3)), key=lambda result: result["seconds"])
        show(f"find_speech, {options.minutes:g} min (best of 3)", ours)
        show(f"recording + segment stages, {options.minutes:g} min", in_own_process("stages", short))
        make_recording(long, minutes=options.long_minutes)
        show(f"find_speech, {options.long_minutes:g} min", in_own_process("find_speech", long))
        show(f"recording + segment stages, {options.long_minutes:g} min", in_own_process("stages", long))
        long.unlink()
        make_recording(unbroken, minutes=options.long_minutes, pauses=False)
        show(f"the same, {options.long_minutes:g} min without a pause", in_own_process("stages", unbroken))
        theirs = in_own_process("pydub", short)
        show(f"pydub detect_nonsilent, {options.minutes:g} min", theirs)
        print(f"ratio pydub / find_speech: {theirs['seconds'] / ours['seconds']:.0f}")
        print(f"spans equal: {theirs['spans'] == ours['spans']} ({len(ours['spans'])})")


if __name__ == "__main__":
    main()
