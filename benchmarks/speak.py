"""Real-time factor of the compact model: seconds of computing per second of sound, loading left out.

python benchmarks/speak.py [--voice models/export] [--threads 1] [--sentences 20]

"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import torch

from emotts.voice import Voice
from tools.render.script import load_script


def main() -> None:
    """Speak the demo script's sentences and print the real-time factor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", type=Path, default=Path("models/export"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--sentences", type=int, default=20)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    voice = Voice.load(options.voice, device="cpu")
    lines = [line for line in load_script() if line.emotion in voice.emotions][: options.sentences]
    voice.speak(lines[0].text)
    factors = []
    for line in lines:
        start = time.perf_counter()
        speech = voice.speak(line.text, emotion=line.emotion)
        factors.append((time.perf_counter() - start) / speech.duration_s)
    median = statistics.median(factors)
    print(f"{len(factors)} sentences, {options.threads} thread(s): real-time factor {median:.4f} (median), ", end="")
    print(f"{min(factors):.4f} to {max(factors):.4f}; {1 / median:.0f} times faster than real time")


if __name__ == "__main__":
    main()
