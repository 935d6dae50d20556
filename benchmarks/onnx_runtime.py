"""Real-time factor of ONNX Runtime beside torch's on one core, for the compact and the full-size model, by length.

    OMP_NUM_THREADS=1 python benchmarks/onnx_runtime.py [--rounds 7] [--phones 10 40 120] [--models compact full]

The compact model is a voice folder (``--voice``), the full-size one has random weights. Both ways speak the same ids in
turn, and their processor time counts, so that a busy machine disturbs them little and alike. Medians are printed, and
how far the results are apart in their standard deviation: the latents, and the samples made of the same latents and the
same pitch.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from full_size import full_size_params

from emotts.checkpoint.onnx.export import DECODER_FILE, TEXT_FILE, export_onnx
from emotts.checkpoint.onnx.text_graph import TextGraph
from emotts.checkpoint.voice_folder import read_voice, write_voice
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.synthesizer import Synthesizer
from emotts.model.weight_norm import fold_weight_norm
from emotts.workflows.networks import synthesizer_settings

ROOT = Path(__file__).parents[1]
COMPACT = ROOT / "models/base/compact-ko"
FRAMES_PER_TOKEN = {"compact": 1.0, "full": 3.6}
"""Factor on durations: random weights give about a frame a token, people speak some five."""


def full_size_voice(folder: Path) -> Path:
    """Write a voice of full size and random weights."""
    torch.manual_seed(0)
    params = full_size_params()
    _, description = read_voice(COMPACT)
    description = dataclasses.replace(
        description,
        sample_rate_hz=params.audio.sample_rate_hz,
        emotion_names=params.emotions.names,
        trained_emotions=params.emotions.names,
        speakers=("random",),
        audio=params.audio.model_dump(),
    )
    write_voice(folder, Synthesizer(synthesizer_settings(params, n_speakers=1)), description)
    return folder


class Ways:
    """One voice spoken by torch and by ONNX Runtime."""

    def __init__(self, voice: Path, *, length_scale: float) -> None:
        self.networks, self.description = read_voice(voice)
        fold_weight_norm(self.networks.eval())
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            export_onnx(voice, Path(folder))
            print(f"exported in {time.perf_counter() - start:.0f} s", end="")
            sizes = {name: (Path(folder) / name).stat().st_size / 1e6 for name in (TEXT_FILE, DECODER_FILE)}
            print("".join(f", {name} {size:.1f} MB" for name, size in sizes.items()), flush=True)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            self.text, self.decoder = (
                onnxruntime.InferenceSession(Path(folder) / name, options) for name in (TEXT_FILE, DECODER_FILE)
            )
        self.length_scale = length_scale

    def inputs(self, n_phones: int) -> dict[str, torch.Tensor]:
        """Return the inputs of the first graph for random phones."""
        random = torch.Generator().manual_seed(n_phones)
        n_tokens = 2 * n_phones + 1
        tokens = torch.zeros(1, n_tokens, dtype=torch.int64)
        tokens[:, 1::2] = torch.randint(150, 205, (1, n_phones), generator=random)
        scales = {"noise_scale": 0.667, "duration_noise_scale": 0.8, "sdp_ratio": 0.2}
        return {
            "tokens": tokens,
            "tones": tokens * 0 + 11,
            "languages": tokens * 0 + 4,
            "speaker": torch.tensor([0]),
            "emotion": torch.eye(self.networks.settings.n_emotions)[1:2],
            "noise": torch.randn(1, self.networks.settings.latent_channels, 8 * n_tokens, generator=random),
            "duration_noise": torch.randn(1, 2, n_tokens, generator=random),
            "length_scale": torch.tensor(self.length_scale),
            **{name: torch.tensor(value) for name, value in scales.items()},
        }

    def by_torch(self, inputs: dict[str, torch.Tensor]) -> int:
        """Speak by the networks; return the number of samples."""
        waveform, _ = self.networks.synthesize(
            inputs["tokens"],
            torch.tensor([inputs["tokens"].shape[1]]),
            speaker=inputs["speaker"],
            tone=inputs["tones"],
            language=inputs["languages"],
            emotion=inputs["emotion"],
            length_scale=self.length_scale,
            generator=torch.Generator().manual_seed(0),
        )
        return waveform.shape[2]

    def by_onnx(self, inputs: dict[str, torch.Tensor]) -> int:
        """Speak by the graphs; return the number of samples."""
        latents, _, voice = self.text.run(None, arrays(inputs))
        return int(self.decoder.run(None, self.of_decoder(latents, voice))[0].shape[1])

    def of_decoder(self, latents: Any, voice: Any) -> dict[str, Any]:
        """Return the inputs of the second graph."""
        inputs = {"latents": latents, "voice": voice}
        if isinstance(self.networks.decoder, IstftDecoder):
            n_samples = latents.shape[2] * self.networks.settings.hop_length
            inputs["noise"] = np.random.default_rng(0).standard_normal((1, n_samples), np.float32)
            inputs |= {"pitch_range": np.array(1.0, np.float32), "pitch_shift": np.array(0.0, np.float32)}
        return inputs

    @torch.no_grad()
    def differences(self, inputs: dict[str, torch.Tensor]) -> str:
        """Say how far the latents are apart, and the samples that both ways make of the graph's latents and pitch."""
        graph = TextGraph(self.networks, rounding=self.description.speaking.duration_rounding)
        latents, _, voice = self.text.run(None, arrays(inputs))
        wanted = graph(**inputs)[0]
        given = self.of_decoder(latents, voice)
        samples, *pitch = self.decoder.run(None, given)
        decoder = self.networks.decoder
        if isinstance(decoder, IstftDecoder):
            decoder.noise = lambda _: torch.from_numpy(given["noise"])  # type: ignore[method-assign]
            pitch = [torch.from_numpy(pitch[0])]
        try:
            spoken = decoder(
                torch.from_numpy(latents),
                voice_embedding=torch.from_numpy(voice),
                **dict(zip(("pitch",), pitch, strict=False)),
            )
        finally:
            decoder.__dict__.pop("noise", None)
        pairs = (("latents", latents, wanted), ("samples", samples, spoken[:, 0].clamp(-1.0, 1.0)))
        return ", ".join(
            f"{name} {float((torch.from_numpy(found) - right).abs().max() / right.std()):.0e}"
            for name, found, right in pairs
        )


def arrays(inputs: dict[str, torch.Tensor]) -> dict[str, Any]:
    """Return tensors as arrays."""
    return {name: value.numpy() for name, value in inputs.items()}


def seconds_of(speak: Callable[[dict[str, torch.Tensor]], int], inputs: dict[str, torch.Tensor]) -> tuple[float, int]:
    """Return the processor time that it took, and what came out."""
    start = time.process_time()
    result = speak(inputs)
    return time.process_time() - start, result


def measure(name: str, ways: Ways, *, phones: list[int], rounds: int) -> None:
    """Print a row of the table for each length."""
    for n_phones in phones:
        inputs = ways.inputs(n_phones)
        factors: dict[str, list[float]] = {"torch": [], "onnx": []}
        for number in range(rounds + 2):
            for way, speak in (("torch", ways.by_torch), ("onnx", ways.by_onnx)):
                taken_s, n_samples = seconds_of(speak, inputs)
                if number >= 2:
                    factors[way].append(taken_s / (n_samples / ways.description.sample_rate_hz))
        torch_rtf, onnx_rtf = (statistics.median(factors[way]) for way in ("torch", "onnx"))
        length_s = n_samples / ways.description.sample_rate_hz
        print(f"| {name} | {length_s:.1f} s | {torch_rtf:.4f} | {onnx_rtf:.4f} | {torch_rtf / onnx_rtf:.2f} |", end="")
        print(f" {ways.differences(inputs)} |", flush=True)


def main() -> None:
    """Measure the models that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--phones", type=int, nargs="+", default=[10, 40, 120])
    parser.add_argument("--models", nargs="+", choices=("compact", "full"), default=["compact", "full"])
    parser.add_argument("--voice", type=Path, default=COMPACT)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    with tempfile.TemporaryDirectory() as folder:
        for name in options.models:
            voice = options.voice if name == "compact" else full_size_voice(Path(folder))
            ways = Ways(voice, length_scale=FRAMES_PER_TOKEN[name])
            measure(name, ways, phones=options.phones, rounds=options.rounds)


if __name__ == "__main__":
    main()
