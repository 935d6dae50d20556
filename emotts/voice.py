"""The public API: load a voice and let it speak.

>>> voice = Voice.load("models/export")
>>> voice.speak("오늘 정말 기쁜 하루였어요!", emotion="happy").save("happy.wav")
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Unpack

import numpy as np
import numpy.typing as npt
import torch

from emotts import tracking
from emotts.audio.joining import Joiner
from emotts.audio.speech import Speech
from emotts.checkpoint.delivery import Delivery, DeliveryOptions
from emotts.checkpoint.speaking_style import SpeakingStyle
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import read_voice
from emotts.emotions.styles import read_styles
from emotts.errors import ConfigError, EmottsError
from emotts.model.synthesis import Synthesis, SynthesisOptions
from emotts.model.synthesizer import Synthesizer
from emotts.model.text_encoder import TextInputs
from emotts.model.weight_norm import fold_weight_norm
from emotts.runtime import keep_freed_memory
from emotts.text.bert.model import BertModel
from emotts.text.encode import encode
from emotts.text.frontend import front_end
from emotts.text.lexicon import NO_LEXICON, read_lexicon
from emotts.text.phonemes import Phonemes
from emotts.text.symbols import SYMBOLS
from emotts.text.utterances import Silence, Utterance, read_utterances
from emotts.text.word_readings import WordReading, word_readings

__all__ = ["Speech", "Voice"]

_KEPT_MEMORY_MB = 512
_DTYPES = {"32": torch.float32, "bf16": torch.bfloat16}
_MAX_PHONES = 200
"""Phones that are spoken in one go: some fifteen seconds, as long as the longest clips of training."""


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
        lexicon: Path | None = None,
    ) -> None:
        """Wrap a synthesizer; use :meth:`load` to read one from disk.

        Args:
            synthesizer: the networks.
            description: what the voice is.
            device: that it speaks on.
            bert: reads the BERT features; None: zeros in their place.
            precision, lexicon: as in :meth:`load`.

        The attribute ``synthesizer`` is the networks on ``device``, which only speak.
        """
        if precision not in _DTYPES:
            raise ConfigError("unknown precision of speaking", found=precision, wanted=" or ".join(_DTYPES))
        self.description = description
        self._bert = bert
        self._decoder_dtype = _DTYPES[precision]
        self.device = torch.device(device)
        self.synthesizer = synthesizer.eval().to(self.device)
        self._front_end = front_end(description.language, lexicon=lexicon)
        self._lexicon = NO_LEXICON if lexicon is None else read_lexicon(lexicon, language=description.language)

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
        lexicon: str | Path | None = None,
    ) -> Voice:
        """Load an export folder, a checkpoint folder, or a registered model (``models:/emotts@champion``).

        Args:
            source: the folder or the registry's URI.
            device: ``cpu``, ``cuda``, ...; the GPU where there is one if not given.
            bert_folder: of a voice with BERT features: holds the model in ``KR/`` or the like; else the hub's cache.
            bert_zeros: let such a voice speak without its BERT model, with zeros as features: it speaks worse.
            precision: ``32``, or ``bf16``: faster with Intel AMX and GPUs, with other samples.
            styles: names to speak in besides those exported with the voice: ``{"wistful": "sad 0.6"}``.
            speaking, lexicon: how it speaks (else as exported); a file of ``word<TAB>reading`` lines that win.

        Raises:
            ConfigError: if the precision is unknown, or a style cannot be used.
            CheckpointError: if nothing is there, or it is damaged or no voice; if its BERT model is missing or another.
            EmottsError: if it needs BERT features and the packages for them are not installed.
        """
        synthesizer, description = _read(_folder_of(source))
        fold_weight_norm(synthesizer)
        device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        if device == "cpu":
            keep_freed_memory(at_most_mb=_KEPT_MEMORY_MB)
        width = synthesizer.settings.ja_bert_channels
        bert = None if bert_zeros else _load_bert(description, width=width, folder=bert_folder, device=device)
        described = description.with_styles(styles or {})
        if speaking is not None:
            described = dataclasses.replace(described, speaking=speaking)
        words = None if lexicon is None else Path(lexicon)
        return cls(synthesizer, described, device=device, bert=bert, precision=precision, lexicon=words)

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

    @property
    def moves_pitch(self) -> bool:
        """Whether ``pitch_shift`` and ``pitch_range`` can be used: only the decoder of the compact model moves it."""
        return self.synthesizer.settings.decoder == "istft"

    def identity(self) -> str:
        """Return a digest of all that its samples depend on: weights, description, lexicon, precision, version."""
        digest = hashlib.sha256(version("emotts").encode())
        told = [self.description.to_dict(), self._lexicon.written, self._lexicon.phones, str(self._decoder_dtype)]
        digest.update(json.dumps([*told, self._bert is None], sort_keys=True, default=dict).encode())
        for name, tensor in self.synthesizer.state_dict().items():
            digest.update(name.encode() + tensor.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    def reading(self, text: str, *, markup: bool = True) -> list[Phonemes]:
        """Return how a text is read, sentence by sentence: its normalised text, phones, and what is left out.

        Raises:
            TextError: as of :meth:`speak`.
        """
        said = self._said(text, Delivery(), markup=markup)
        return [each.phonemes for each in said if isinstance(each, Utterance)]

    def words(self, text: str, *, markup: bool = True) -> list[WordReading]:
        """Return how each word of a text is read, its phones, and whether the user's lexicon says so.

        Raises:
            TextError: as of :meth:`speak`.
        """
        said = [each for each in self._said(text, Delivery(), markup=markup) if isinstance(each, Utterance)]
        read = [
            word_readings(each.text, each.phonemes, front_end=self._front_end, lexicon=self._lexicon) for each in said
        ]
        return [word for sentence in read for word in sentence]

    def speak(self, text: str, *, markup: bool = True, **how: Unpack[DeliveryOptions]) -> Speech:
        """Speak a text of any length.

        Args:
            text: in the voice's language; split into sentences, which are joined with pauses in keeping with the speed.
            markup: read ``[happy]``, ``[pause 0.5s]`` and the like as docs/speaking.md says; False: as brackets.
            how: the fields of :class:`emotts.checkpoint.delivery.Delivery`: ``emotion``, ``intensity``, ``speed``,
                ``pitch_shift``, ``pitch_range``, ``pause_scale``, ``noise_scale``, ``speaker``, ``seed``. The same seed
                gives the same samples, also where several threads speak at the same time.

        Raises:
            TextError: if there is nothing to speak, characters cannot be read, or the markup is wrong.
            CorpusError: if the emotion is unknown to the voice, or the intensity cannot be used.
            ConfigError: if a number is outside of its range, or the pitch of a voice is moved that has none to move.
            CheckpointError: if the voice would speak without end.
        """
        parts = self.stream(text, markup=markup, **how)
        return Speech(np.concatenate([part.samples for part in parts]), self.sample_rate_hz)

    def stream(
        self, text: str, *, markup: bool = True, block_s: float | None = None, **how: Unpack[DeliveryOptions]
    ) -> Iterator[Speech]:
        """Speak a text piece by piece: joined, the pieces are what :meth:`speak` returns.

        Args:
            text, markup, how: as of :meth:`speak`.
            block_s: length of a piece at most; the samples differ by rounding then. None: a piece for every passage
                (a sentence, or a part of a long one), without silences that a pause may shorten.

        Raises:
            EmottsError: as of :meth:`speak`, before the first piece wherever it is known then.
        """
        delivery = Delivery(**how)
        own_weights = self.description.emotion_weights(delivery.emotion, intensity=delivery.intensity)
        speaker_id = self.description.speaker_id(delivery.speaker)
        parts = self._parts(
            self._said(text, delivery, markup=markup),
            delivery,
            own_weights=own_weights,
            speaker_id=speaker_id,
            block_s=block_s,
        )
        for samples in parts:
            if samples.size:
                yield Speech(samples, self.sample_rate_hz)

    def _parts(
        self,
        said: Iterable[Utterance | Silence],
        delivery: Delivery,
        *,
        own_weights: Sequence[float],
        speaker_id: int,
        block_s: float | None,
    ) -> Iterator[npt.NDArray[np.float32]]:
        """Yield what is heard, of utterances, silences, and the pauses between them."""
        generator = torch.Generator(self.device).manual_seed(delivery.seed)
        joiner = Joiner(sample_rate_hz=self.sample_rate_hz, rule=self.description.speaking.pause_rule)
        pause_s: float | None = None
        for each in said:
            if isinstance(each, Silence):
                yield joiner.pause(each.seconds)
                pause_s = None
                continue
            if pause_s is not None:
                yield joiner.pause(pause_s)
            style = delivery.style(self.description.speaking, speed=each.manner.speed or delivery.speed)
            how = self._synthesis(style, pitch_shift=delivery.pitch_shift, generator=generator)
            weights = each.manner.weights or own_weights
            for samples in self._spoken(each.phonemes, how, weights=weights, speaker_id=speaker_id, block_s=block_s):
                yield joiner.add(samples)
            pause_s = style.pause_s * each.pause
        yield joiner.end()

    def _said(self, text: str, delivery: Delivery, *, markup: bool) -> Iterator[Utterance | Silence]:
        def weigh(expression: str, intensity: float | None) -> list[float]:
            chosen = delivery.intensity if intensity is None else intensity
            return self.description.emotion_weights(expression, intensity=chosen)

        return read_utterances(text, self._front_end, max_phones=_MAX_PHONES, weigh=weigh if markup else None)

    @torch.inference_mode()
    def _spoken(
        self,
        phonemes: Phonemes,
        how: SynthesisOptions,
        *,
        weights: Sequence[float],
        speaker_id: int,
        block_s: float | None,
    ) -> Iterator[npt.NDArray[np.float32]]:
        """Yield samples within -1 and 1: of a passage, or of its blocks."""
        text = self._text_inputs(phonemes)
        who = {
            "speaker": torch.tensor([speaker_id], device=self.device),
            "emotion": torch.tensor([list(weights)], dtype=torch.float32, device=self.device),
        }
        if block_s is None:
            waveform, _ = self.synthesizer.synthesize(
                text.tokens, text.lengths, tone=text.tone, language=text.language, ja_bert=text.ja_bert, **who, **how
            )
            blocks = iter([waveform])
        else:
            frames = max(1, round(block_s * self.sample_rate_hz / self.synthesizer.settings.hop_length))
            blocks = self.synthesizer.synthesize_blocks(text, **who, block_frames=frames, how=Synthesis(**how))
        for block in blocks:
            yield np.clip(block[0, 0].float().cpu().numpy(), -1.0, 1.0)

    def _text_inputs(self, phonemes: Phonemes) -> TextInputs:
        """Return what the synthesizer reads of a passage."""
        ids = encode(phonemes.phones, phonemes.tones, language=self.description.language)
        tokens, tones, languages = (
            torch.from_numpy(row)[None].to(self.device) for row in (ids.tokens, ids.tones, ids.languages)
        )
        ja_bert = None
        if self._bert is not None:
            vectors = self._bert.read(phonemes.normalised_text).token_vectors(phonemes.word2ph)
            ja_bert = torch.from_numpy(vectors).T[None].to(self.device)
        lengths = torch.tensor([tokens.shape[1]], device=self.device)
        return TextInputs(tokens, lengths, tones, languages, ja_bert=ja_bert)

    def _synthesis(self, style: SpeakingStyle, *, pitch_shift: float, generator: torch.Generator) -> SynthesisOptions:
        return {
            "noise_scale": style.noise_scale,
            "duration_noise_scale": style.duration_noise_scale,
            "length_scale": style.length_scale,
            "sdp_ratio": style.sdp_ratio,
            "duration_rounding": style.duration_rounding,
            "pitch_range": style.pitch_range,
            "pitch_shift": pitch_shift,
            "decoder_dtype": self._decoder_dtype,
            "generator": generator,
        }


def _folder_of(source: str | Path) -> Path:
    """Return the folder that a source means; a model of the registry is downloaded."""
    return tracking.download_model(str(source), Path()) if str(source).startswith("models:/") else Path(source)


def _read(folder: Path) -> tuple[Synthesizer, VoiceDescription]:
    synthesizer, description = read_voice(folder)
    description.check_symbols(SYMBOLS, where=folder)
    return synthesizer, description


def _load_bert(
    description: VoiceDescription, *, width: int, folder: str | Path | None, device: str
) -> BertModel | None:
    """Load the model that a voice was trained with, None without one; a failure names the way to speak without it."""
    origin = description.bert
    if origin is None:
        return None
    try:
        return BertModel.load(
            origin.model,
            language=description.language,
            width=width,
            folder=None if folder is None else Path(folder),
            origin=origin,
            device=device,
        )
    except EmottsError as error:
        raise type(error)(
            f"the voice was trained with BERT features: {error.what}",
            where=error.where,
            found=error.found,
            wanted=error.wanted,
            remedy=f"{error.remedy}; or let it speak less well without them: bert_zeros=True of Voice.load, "
            "--bert-zeros of `emotts say`",
        ) from error
