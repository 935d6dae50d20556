"""What a decoder with weights of 8 bits costs: predicted quality, time and size beside that in float32.

    OMP_NUM_THREADS=1 python benchmarks/onnx_int8.py [--voice models/base/compact-ko] [--sentences 20] [--rounds 3]

The same latents of the demo script's sentences, five an emotion, go through both decoders in turn, on one core;
processor time counts.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from emotts.checkpoint.onnx.export import DECODER_FILE, INT8_FILE, TEXT_FILE, export_onnx
from emotts.recognition.quality_predictor import QualityPredictor
from emotts.text.encode import encode
from emotts.voice import Voice
from tools.render.script import load_script

SCALES = ("noise_scale", "duration_noise_scale", "length_scale", "sdp_ratio")


def decoder_inputs(text: Any, voice: Voice, sentence: str, *, emotion: str, seed: int) -> dict[str, Any]:
    """Return what the decoder takes for a sentence."""
    random = np.random.default_rng(seed)
    description = voice.description
    read = voice.reading(sentence)[0]
    ids = encode(read.phones, read.tones, language=description.language)
    values = {name: getattr(description.speaking, name) for name in SCALES}
    length = len(ids.tokens)
    width = next(each.shape[1] for each in text.get_inputs() if each.name == "noise")
    latents, _, embedding = text.run(
        None,
        {
            "tokens": ids.tokens[None],
            "tones": ids.tones[None],
            "languages": ids.languages[None],
            "speaker": np.array([seed % len(description.speakers)]),
            "emotion": np.array([description.emotion_weights(emotion, intensity=1.0)], np.float32),
            "noise": random.standard_normal((1, width, 16 * length), np.float32),
            "duration_noise": random.standard_normal((1, 2, length), np.float32),
            **{name: np.array(value, np.float32) for name, value in values.items()},
        },
    )
    noise = random.standard_normal((1, latents.shape[2] * int(description.audio["hop_length"])), np.float32)
    pitch = {"pitch_range": np.array(description.speaking.pitch_range, np.float32)}
    return {"latents": latents, "voice": embedding, "noise": noise, **pitch, "pitch_shift": np.array(0.0, np.float32)}


def main() -> None:
    """Export the voice, let both decoders speak, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", type=Path, default=Path("models/base/compact-ko"))
    parser.add_argument("--sentences", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    voice, predictor = Voice.load(options.voice, device="cpu"), QualityPredictor.load()
    by_emotion: dict[str, list[str]] = {emotion: [] for emotion in voice.emotions}
    for line in load_script():
        if line.emotion in by_emotion:
            by_emotion[line.emotion].append(line.text)
    columns = [
        [(emotion, sentence) for sentence in sentences] for emotion, sentences in by_emotion.items() if sentences
    ]
    chosen = list(itertools.islice(itertools.chain.from_iterable(zip(*columns, strict=False)), options.sentences))
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        export_onnx(options.voice, Path(folder), int8=True)
        text, *decoders = (
            onnxruntime.InferenceSession(Path(folder) / name, settings) for name in (TEXT_FILE, DECODER_FILE, INT8_FILE)
        )
        sizes = [(Path(folder) / name).stat().st_size / 1e6 for name in (DECODER_FILE, INT8_FILE)]
    inputs = [
        decoder_inputs(text, voice, sentence, emotion=emotion, seed=number)
        for number, (emotion, sentence) in enumerate(chosen)
    ]
    factors: list[list[float]] = [[], []]
    for _, each, (which, decoder) in itertools.product(range(options.rounds), inputs, enumerate(decoders)):
        start = time.process_time()
        samples = decoder.run(None, each)[0]
        factors[which].append((time.process_time() - start) / (samples.size / voice.sample_rate_hz))
    scores = np.array(
        [[predictor.rate(each.run(None, row)[0][0], voice.sample_rate_hz) for row in inputs] for each in decoders]
    )
    for which, name in enumerate(("float32", "int8")):
        change = scores[which] - scores[0]
        print(f"{name}: predicted quality {scores[which].mean():.3f}, {change.mean():+.3f} ", end="")
        print(f"({change.min():+.3f} to {change.max():+.3f} a sentence); ", end="")
        print(f"decoder alone {statistics.median(factors[which]):.4f} of real time, {sizes[which]:.1f} MB")


if __name__ == "__main__":
    main()
