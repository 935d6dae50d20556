"""What is lost on the way through posterior encoder and decoder, without text, flow and durations.

python benchmarks/decoder_copies.py CHECKPOINT [--corpus data/corpus] [--lists val test] [--clips 50] [--draw] [--hear]

Copies clips that no training has seen, and prints how far the copies are from the originals: log mels in several
windows (nats), pitch (semitones, where both are voiced), voicing and level. With --hear also the characters that
Whisper base mishears in originals and copies, and their predicted quality (pip install 'emotts[quality]').
The copies are made of the latents' means; --draw draws the latents, as training does.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import read_voice
from emotts.corpus.lists import CorpusList
from emotts.evaluation.intelligibility import comparable, edits
from emotts.features.mel_spectrograms import MelSpectrograms
from emotts.features.pitch import semitones
from emotts.features.spectrogram import MelSpectrogram, Spectrogram
from emotts.model.synthesizer import Synthesizer
from emotts.recognition.emotion_features import speech_frames
from emotts.recognition.quality_predictor import QualityPredictor
from emotts.recognition.recogniser import WhisperRecogniser
from emotts.recognition.whisper_models import PACKAGED
from emotts.settings import default_params
from emotts.text.frontend import front_end
from emotts.training.batch import Clip
from emotts.training.dataset import ClipFormat, read_clips

Samples = npt.NDArray[np.float32]
WINDOWS = (32, 128, 512, 2048)


@dataclass(frozen=True)
class Pair:
    """An original and its copy (sample,), with what is said in it."""

    text: str
    language: str
    original: Samples
    copy: Samples


def main() -> None:
    """Print the means over the clips."""
    options = _options()
    synthesizer, description = read_voice(options.checkpoint)
    pairs = []
    for name in options.lists:
        pairs += copies(synthesizer.eval(), description, options.corpus / f"{name}.list", draw=options.draw)
    pairs = pairs[: options.clips]
    print(f"{len(pairs)} clips, latents {'drawn' if options.draw else 'at their means'}")
    for name, value in distances(pairs, description).items():
        print(f"{name:24} {value:.3f}")
    if options.hear:
        for name, value in heard(pairs, rate_hz=description.sample_rate_hz).items():
            print(f"{name:24} {value:.3f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("data/corpus"))
    parser.add_argument("--lists", nargs="+", default=["val", "test"])
    parser.add_argument("--clips", type=int, default=50)
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("--hear", action="store_true")
    return parser.parse_args()


def copies(synthesizer: Synthesizer, description: VoiceDescription, path: Path, *, draw: bool) -> list[Pair]:
    """Return the clips of a list and their copies, each with its own speaker and emotion and the predicted pitch.

    Args:
        synthesizer: in evaluation mode.
        description: of the voice.
        path: the list.
        draw: draw the latents instead of taking their means.
    """
    audio, listed = description.audio, CorpusList.read(path)
    spectrogram = Spectrogram(**{name: audio[name] for name in ("n_fft", "hop_length", "win_length")})
    clips = read_clips(
        listed,
        format=ClipFormat(description.sample_rate_hz, audio["hop_length"]),
        speakers={name: number for number, name in enumerate(description.speakers)},
        emotions=description.emotions,
    )
    torch.manual_seed(0)
    pairs = []
    for number, item in enumerate(listed.items):
        copy = _copied(synthesizer, clips[number], spectrogram=spectrogram, noise_scale=float(draw))
        pairs.append(Pair(item.text, item.language, clips[number].waveform.numpy(), copy))
    return pairs


@torch.inference_mode()
def _copied(synthesizer: Synthesizer, clip: Clip, *, spectrogram: Spectrogram, noise_scale: float) -> Samples:
    voice = synthesizer.voice(torch.tensor([clip.speaker]), emotion=torch.tensor([clip.emotion]))
    latents = synthesizer.posterior_encoder(
        spectrogram(clip.waveform[None]),
        torch.tensor([clip.n_frames]),
        voice_embedding=voice,
        noise_scale=noise_scale,
    ).latents
    waveform, _ = synthesizer.decode_segment(latents, voice_embedding=voice, pitch=None)
    copied: Samples = waveform[0, 0].clamp(-1.0, 1.0).numpy()
    return copied


def distances(pairs: Sequence[Pair], description: VoiceDescription) -> dict[str, float]:
    """Return the mean distances of copies from originals by name, with their units."""
    rate_hz, audio = description.sample_rate_hz, description.audio
    own = MelSpectrogram(
        sample_rate_hz=rate_hz,
        n_fft=audio["n_fft"],
        hop_length=audio["hop_length"],
        win_length=audio["win_length"],
        n_mels=audio["n_mels"],
        f_min_hz=audio["mel_f_min_hz"],
        f_max_hz=audio["mel_f_max_hz"],
    )
    mels = MelSpectrograms(own, windows=WINDOWS, sample_rate_hz=rate_hz)
    names = [f"mel {window}" for window in (audio["win_length"], *WINDOWS)]
    rows = []
    for pair in pairs:
        both = zip(*(mels(torch.from_numpy(wave)[None]) for wave in (pair.original, pair.copy)), strict=True)
        row = {name: float((one - other).abs().mean()) for name, (one, other) in zip(names, both, strict=True)}
        rows.append(row | _prosody_distances(pair, rate_hz=rate_hz))
    return {name: float(np.nanmean([row[name] for row in rows])) for name in rows[0]}


def _prosody_distances(pair: Pair, *, rate_hz: int) -> dict[str, float]:
    found = {"f0 error, semitones": np.nan, "voicing differs": np.nan, "level, dB": np.nan}
    one, other = (speech_frames(wave, sample_rate_hz=rate_hz) for wave in (pair.original, pair.copy))
    if one is None or other is None:
        return found
    length = min(one.f0_hz.size, other.f0_hz.size)
    f0_hz, copied_hz = one.f0_hz[:length], other.f0_hz[:length]
    both = (f0_hz > 0) & (copied_hz > 0)
    if both.any():
        found["f0 error, semitones"] = float(np.abs(semitones(f0_hz[both]) - semitones(copied_hz[both])).mean())
    found["voicing differs"] = float(((f0_hz > 0) != (copied_hz > 0)).mean())
    found["level, dB"] = float(20 * np.log10(np.std(pair.copy) / np.std(pair.original)))
    return found


def heard(pairs: Sequence[Pair], *, rate_hz: int) -> dict[str, float]:
    """Return the fractions of characters that Whisper base mishears and the mean predicted quality, 1 to 5."""
    wrong, length = {"original": 0, "copy": 0}, 0
    for language in dict.fromkeys(pair.language for pair in pairs):
        recogniser = WhisperRecogniser.load(language, PACKAGED, settings=default_params().recogniser)
        reader = front_end(language)
        for pair in (each for each in pairs if each.language == language):
            wanted = comparable(pair.text, reader=reader)
            length += len(wanted)
            for side in wrong:
                said = comparable(recogniser.transcribe(getattr(pair, side), rate_hz), reader=reader)
                wrong[side] += min(edits(wanted, said), len(wanted))
    rates = {f"character error rate, {side}": count / length for side, count in wrong.items()}
    return rates | {
        f"quality, {side}": predicted_quality([getattr(pair, side) for pair in pairs], rate_hz=rate_hz)
        for side in wrong
    }


def predicted_quality(clips: Sequence[Samples], *, rate_hz: int) -> float:
    """Return the mean predicted quality, from 1 to 5, of clips (sample,)."""
    predictor = QualityPredictor.load()
    return float(np.mean([predictor.rate(clip, rate_hz) for clip in clips]))


if __name__ == "__main__":
    main()
