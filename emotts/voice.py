"""The public API: load a voice and let it speak.

>>> voice = Voice.load("models/export")
>>> voice.speak("오늘 정말 기쁜 하루였어요!", emotion="happy").save("happy.wav")
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from emotts import tracking
from emotts.audio.io import write_wav
from emotts.checkpoint.voice_folder import SpeakingStyle, VoiceDescription, read_voice
from emotts.emotions import NEUTRAL
from emotts.errors import ConfigError, EmottsError
from emotts.memory import keep_freed_memory
from emotts.model.synthesizer import Synthesizer
from emotts.model.weight_norm import fold_weight_norm
from emotts.styles import read_styles
from emotts.text.bert.features import BertOrigin
from emotts.text.bert.model import BertModel
from emotts.text.encode import encode
from emotts.text.frontend import front_end
from emotts.text.passages import read_passages
from emotts.text.phonemes import Phonemes

__all__ = ["Speech", "Voice"]

_MAX_SPEED = 4.0
_KEPT_MEMORY_MB = 512
_DTYPES = {"32": torch.float32, "bf16": torch.bfloat16}
_MAX_PHONES = 200
"""Phones that are spoken in one go: some fifteen seconds, as long as the longest clips of training."""


@dataclass(frozen=True)
class Speech:
    """What a voice said: ``samples`` (sample,) float32 within -1..1, at ``sample_rate_hz``."""

    samples: npt.NDArray[np.float32]
    sample_rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate_hz

    def save(self, path: str | Path) -> None:
        """Write a 16-bit wav, whole or not at all."""
        write_wav(Path(path), self.samples, sample_rate_hz=self.sample_rate_hz)


class Voice:
    """A trained voice that speaks text in the emotions it has learned."""

    def __init__(
        self,
        synthesizer: Synthesizer,
        description: VoiceDescription,
        *,
        device: str = "cpu",
        bert: BertModel | None = None,
        precision: str = "32",
    ) -> None:
        """Wrap a synthesizer; use :meth:`load` to read one from disk.

        Args:
            synthesizer: the networks.
            description: what the voice is.
            device: that it speaks on.
            bert: reads the BERT features; None: zeros in their place.
            precision: as in :meth:`load`.
        """
        if precision not in _DTYPES:
            raise ConfigError("unknown precision of speaking", found=precision, wanted=" or ".join(_DTYPES))
        self.description = description
        self._bert = bert
        self._decoder_dtype = _DTYPES[precision]
        self._device = torch.device(device)
        self._synthesizer = synthesizer.eval().to(self._device)
        self._front_end = front_end(description.language)

    @classmethod
    def load(
        cls,
        source: str | Path,
        *,
        device: str | None = None,
        bert_folder: str | Path | None = None,
        bert_zeros: bool = False,
        precision: str = "32",
        styles: Mapping[str, str] | None = None,
        speaking: SpeakingStyle | None = None,
    ) -> Voice:
        """Load an export folder, a checkpoint folder, or a registered model (``models:/emotts@champion``).

        Args:
            source: the folder or the registry's URI.
            device: ``cpu``, ``cuda``, ...; the GPU where there is one if not given.
            bert_folder: for a voice trained with BERT features: a folder that holds the model's files in a folder of
                the language's name (``KR``); not given: the Hugging Face hub and its cache.
            bert_zeros: let such a voice speak without its BERT model, zeros in place of the features; it speaks less
                well than it was trained to.
            precision: of the decoder's products: ``32``, or ``bf16``, which is much faster where the processor
                multiplies bfloat16 in matrices (Intel AMX, GPUs), and gives other samples.
            styles: further names to speak in, besides those exported with the voice, such as
                ``{"excited": "happy:0.7+surprised:0.3", "wistful": "sad 0.6"}``.
            speaking: how it speaks; as it was exported if not given.

        Raises:
            ConfigError: if the precision is unknown, or a style cannot be used.
            CheckpointError: if nothing is there, or it is damaged or no voice; if its BERT model is missing or another.
            EmottsError: if it needs BERT features and the packages for them are not installed.
        """
        place = tracking.download_model(str(source), Path()) if str(source).startswith("models:/") else Path(source)
        synthesizer, description = read_voice(place)
        fold_weight_norm(synthesizer)
        device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        if device == "cpu":
            keep_freed_memory(at_most_mb=_KEPT_MEMORY_MB)
        bert = None
        if description.bert is not None and not bert_zeros:
            width = synthesizer.settings.ja_bert_channels
            folder = None if bert_folder is None else Path(bert_folder)
            bert = _load_bert(description.bert, description.language, width=width, folder=folder, device=device)
        described = description.with_styles(styles or {})
        if speaking is not None:
            described = dataclasses.replace(described, speaking=speaking)
        return cls(synthesizer, described, device=device, bert=bert, precision=precision)

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions that the voice was trained on."""
        return self.description.trained_emotions

    @property
    def styles(self) -> tuple[str, ...]:
        """The names of mixtures that it speaks in besides its emotions."""
        return tuple(read_styles(self.description.styles, self.description.emotions))

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of everything it speaks."""
        return self.description.sample_rate_hz

    def speak(
        self,
        text: str,
        *,
        emotion: str = NEUTRAL,
        intensity: float = 1.0,
        speed: float = 1.0,
        speaker: str | None = None,
        seed: int = 0,
    ) -> Speech:
        """Speak a text of any length.

        Args:
            text: in the voice's language; split into sentences, which are joined with pauses in keeping with the speed.
            emotion: a name, an alias (``기쁨``), a style, or a mixture (``happy:0.7+surprised:0.3``).
            intensity: 0 is neutral, 1 as recorded, above 1 exaggerated.
            speed: 1 as recorded, 2 twice as fast; at most 4 and at least 1/4.
            speaker: name of the speaker; may be left out where the voice has only one.
            seed: the same seed gives the same samples.

        Raises:
            TextError: if there is nothing to speak, or characters cannot be read.
            CorpusError: if the emotion is unknown to the voice, or the intensity cannot be used.
        """
        if not math.isfinite(speed) or not 1 / _MAX_SPEED <= speed <= _MAX_SPEED:
            raise EmottsError(f"speed {speed} cannot be used", wanted=f"a number from {1 / _MAX_SPEED} to {_MAX_SPEED}")
        weights = self.description.emotion_weights(emotion, intensity=intensity)
        passages = read_passages(text, self._front_end, max_phones=_MAX_PHONES)
        speaker_id = self.description.speaker_id(speaker)
        pieces = []
        cuda = [self._device] if self._device.type == "cuda" else []
        with torch.random.fork_rng(devices=cuda), torch.inference_mode():
            torch.manual_seed(seed)
            for passage in passages:
                pieces.append(self._speak_phonemes(passage.phonemes, weights, speed=speed, speaker_id=speaker_id))
        pauses_s = [self.description.speaking.pause_s * passage.pause / speed for passage in passages[:-1]]
        return Speech(self._joined(pieces, pauses_s), self.sample_rate_hz)

    def _speak_phonemes(
        self, phonemes: Phonemes, weights: Sequence[float], *, speed: float, speaker_id: int
    ) -> npt.NDArray[np.float32]:
        ids = encode(phonemes.phones, phonemes.tones, language=self.description.language)
        rows = [torch.from_numpy(row)[None].to(self._device) for row in (ids.tokens, ids.tones, ids.languages)]
        ja_bert = None
        if self._bert is not None:
            vectors = self._bert.read(phonemes.normalised_text).token_vectors(phonemes.word2ph)
            ja_bert = torch.from_numpy(vectors).T[None].to(self._device)
        style = self.description.speaking
        waveform, _ = self._synthesizer.synthesize(
            rows[0],
            torch.tensor([rows[0].shape[1]], device=self._device),
            speaker=torch.tensor([speaker_id], device=self._device),
            tone=rows[1],
            language=rows[2],
            ja_bert=ja_bert,
            emotion=torch.tensor([list(weights)], dtype=torch.float32, device=self._device),
            noise_scale=style.noise_scale,
            duration_noise_scale=style.duration_noise_scale,
            length_scale=style.length_scale / speed,
            sdp_ratio=style.sdp_ratio,
            pitch_range=style.pitch_range,
            decoder_dtype=self._decoder_dtype,
        )
        samples: npt.NDArray[np.float32] = waveform[0, 0].float().cpu().numpy()
        return np.clip(samples, -1.0, 1.0)

    def _joined(self, pieces: Sequence[npt.NDArray[np.float32]], pauses_s: Sequence[float]) -> npt.NDArray[np.float32]:
        joined = [pieces[0]]
        for piece, pause_s in zip(pieces[1:], pauses_s, strict=True):
            joined += [np.zeros(round(pause_s * self.sample_rate_hz), dtype=np.float32), piece]
        return np.concatenate(joined)


def _load_bert(origin: BertOrigin, language: str, *, width: int, folder: Path | None, device: str) -> BertModel:
    """Load the model that a voice was trained with; a failure names the way to speak without it."""
    try:
        return BertModel.load(origin.model, language=language, width=width, folder=folder, origin=origin, device=device)
    except EmottsError as error:
        raise type(error)(
            f"the voice was trained with BERT features: {error.what}",
            where=error.where,
            found=error.found,
            wanted=error.wanted,
            remedy=f"{error.remedy}; or let it speak less well without them: bert_zeros=True of Voice.load, "
            "--bert-zeros of `emotts say`",
        ) from error
