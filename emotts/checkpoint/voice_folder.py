"""The folder of a voice that can speak: ``model.safetensors`` and ``config.json``.

Both the export and every checkpoint of a training run can be read as a voice.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from emotts.checkpoint.contents import META_FILE, load_weights, read_meta
from emotts.checkpoint.files import write_file
from emotts.checkpoint.store import resolve_checkpoint
from emotts.corpus.rows import write_text
from emotts.emotions import NEUTRAL, EmotionSet
from emotts.errors import CheckpointError, ConfigError, CorpusError
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.styles import read_styles
from emotts.text.bert.features import BertOrigin

__all__ = ["SpeakingStyle", "VoiceDescription", "read_voice", "weights_bytes", "write_voice"]

FORMAT = "emotts-voice-1"
CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"
AVERAGED = "ema"
_AGAIN = "export the voice again (`dvc repro --force export`), or name another folder"


@dataclass(frozen=True)
class SpeakingStyle:
    """How a voice speaks unless told otherwise.

    ``noise_scale`` and ``duration_noise_scale`` are the standard deviations of the prior and of the stochastic
    duration predictor, ``sdp_ratio`` the share of the stochastic predictor, ``length_scale`` stretches every
    duration, ``pause_s`` is the silence between sentences in seconds, ``pitch_range`` a factor on the distance of the
    pitch from its mean in semitones.
    """

    noise_scale: float
    duration_noise_scale: float
    sdp_ratio: float
    length_scale: float
    pause_s: float
    pitch_range: float = 1.0


@dataclass(frozen=True)
class VoiceDescription:
    """Everything about a voice but its weights. A speaker's or emotion's id is its place in the tuple.

    ``bert`` is the model whose features the voice was trained with, None if none.
    ``styles`` are named mixtures, read by :func:`emotts.styles.read_styles`.
    ``replayed_speakers`` are those among ``speakers`` who only helped in training (see ``train.replay_corpus``).
    """

    language: str
    sample_rate_hz: int
    emotion_names: tuple[str, ...]
    trained_emotions: tuple[str, ...]
    speakers: tuple[str, ...]
    symbols: tuple[str, ...]
    speaking: SpeakingStyle
    audio: Mapping[str, Any]
    replayed_speakers: tuple[str, ...] = ()
    bert: BertOrigin | None = None
    styles: Mapping[str, str] = field(default_factory=dict)

    @property
    def emotions(self) -> EmotionSet:
        """The emotion set of the embedding table."""
        return EmotionSet(self.emotion_names)

    def speaker_id(self, name: str | None) -> int:
        """Return a speaker's id; if no name is given, that of the only one who is not merely replayed.

        Raises:
            CorpusError: if the name is unknown, or missing where there are several speakers.
        """
        own = [speaker for speaker in self.speakers if speaker not in self.replayed_speakers]
        if name is None and len(own) == 1:
            return self.speakers.index(own[0])
        if name not in self.speakers:
            raise CorpusError(
                "no speaker is named" if name is None else f"unknown speaker {name!r}",
                wanted=f"one of {', '.join(self.speakers)}",
            )
        return self.speakers.index(name)

    def emotion_weights(self, emotion: str, *, intensity: float) -> list[float]:
        """Return one weight per emotion for ``neutral + intensity * (emotion - neutral)``.

        Args:
            emotion: a name, an alias, a style, or a mixture (``happy:0.7+surprised:0.3``).
            intensity: from 0 upwards.

        Raises:
            CorpusError: if the emotion is unknown or was not trained, or the intensity cannot be used.
            ConfigError: if a style of the voice cannot be read.
        """
        styles = read_styles(self.styles, self.emotions)
        row = self.emotions.weights(emotion, intensity=intensity, styles=styles)
        at_full = self.emotions.weights(emotion, styles=styles)
        for name, weight in zip(self.emotion_names, at_full, strict=True):
            if weight and name not in self.trained_emotions:
                raise CorpusError(
                    f"the voice has never heard {name!r}",
                    wanted=f"one of {', '.join((*self.trained_emotions, *styles))}",
                    remedy="record that emotion, add it to the corpus and train again",
                )
        if row[0] and NEUTRAL not in self.trained_emotions:
            raise CorpusError(
                f"intensity {intensity} cannot be used: it is measured from neutral, which this voice has never heard",
                wanted="intensity 1",
                remedy="record some neutral sentences and train again",
            )
        return row

    def with_styles(self, styles: Mapping[str, str]) -> VoiceDescription:
        """Return the description with further styles; one of the same name is replaced.

        Raises:
            ConfigError: if a style cannot be read, or needs an emotion that the voice has never heard.
        """
        fresh = dataclasses.replace(self, styles={**self.styles, **styles})
        for name in read_styles(styles, self.emotions):
            try:
                fresh.emotion_weights(name, intensity=1.0)
            except CorpusError as error:
                raise ConfigError(
                    f"style {name!r} cannot be used: {error.what}", wanted=error.wanted, remedy=error.remedy
                ) from error
        return fresh

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a JSON file."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> VoiceDescription:
        """Build from the values of :meth:`to_dict`; a missing or unknown key raises ``TypeError``."""
        style = SpeakingStyle(**values["speaking"])
        names = ("emotion_names", "trained_emotions", "speakers", "symbols")
        tuples = {name: tuple(values[name]) for name in names}
        tuples["replayed_speakers"] = tuple(values.get("replayed_speakers", ()))
        bert = None if values.get("bert") is None else BertOrigin(**values["bert"])
        return cls(**{**values, **tuples, "speaking": style, "bert": bert})


def write_voice(folder: Path, synthesizer: Synthesizer, description: VoiceDescription, *, half: bool = False) -> None:
    """Write a voice folder; the configuration last, so that a half-written folder is never read as a voice.

    ``half``: write the weights in half the precision; :func:`read_voice` widens them again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / WEIGHTS_FILE, weights_bytes(synthesizer.state_dict(), half=half))
    values = {
        "format": FORMAT,
        "synthesizer": synthesizer.settings.to_dict(),
        "voice": description.to_dict(),
    }
    write_text(folder / CONFIG_FILE, json.dumps(values, ensure_ascii=False, indent=1) + "\n")


def weights_bytes(state: Mapping[str, Tensor], *, half: bool) -> bytes:
    """Return a state dict as the content of a safetensors file, its numbers of single precision halved on request."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}
    if half:
        tensors = {name: value.half() if value.dtype == torch.float32 else value for name, value in tensors.items()}
    return safetensors.torch.save(tensors)


def read_voice(folder: Path, *, marker: str = "best") -> tuple[Synthesizer, VoiceDescription]:
    """Read a voice strictly: an export, a checkpoint, or the folder of a run's checkpoints.

    Args:
        folder: where it lies.
        marker: which checkpoint of a run: ``best`` or ``last``; its averaged weights are read.

    Raises:
        CheckpointError: if a file is missing or damaged, or the weights do not fit the configuration.
    """
    if not folder.is_dir():
        raise CheckpointError(
            "no voice is there",
            where=folder,
            remedy="run `dvc repro` to train and export a voice, or name another folder",
        )
    if (folder / CONFIG_FILE).is_file():
        return _read_export(folder)
    checkpoint = resolve_checkpoint(folder, marker=marker)
    synthesizer, description = _build(read_meta(checkpoint).description, where=checkpoint / META_FILE)
    load_weights(synthesizer, checkpoint, name=AVERAGED)
    return synthesizer, description


def _read_export(folder: Path) -> tuple[Synthesizer, VoiceDescription]:
    config, weights = folder / CONFIG_FILE, folder / WEIGHTS_FILE
    try:
        values = json.loads(config.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CheckpointError("not a voice's configuration", where=config, found=str(error), remedy=_AGAIN) from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        found = values.get("format") if isinstance(values, dict) else type(values).__name__
        raise CheckpointError("not a voice of this version", where=config, found=found, wanted=FORMAT, remedy=_AGAIN)
    synthesizer, description = _build(values, where=config)
    if not weights.is_file():
        raise CheckpointError(f"{WEIGHTS_FILE} is missing", where=folder, remedy=_AGAIN)
    try:
        synthesizer.load_state_dict(safetensors.torch.load_file(weights), strict=True)
    except (safetensors.SafetensorError, RuntimeError) as error:
        raise CheckpointError(
            "weights are damaged or belong to another model",
            where=weights,
            found=" ".join(str(error).split())[:300],
            remedy=_AGAIN,
        ) from error
    return synthesizer, description


def _build(values: Mapping[str, Any], *, where: Path) -> tuple[Synthesizer, VoiceDescription]:
    try:
        settings = SynthesizerSettings.from_dict(values["synthesizer"])
        description = VoiceDescription.from_dict(values["voice"])
    except (KeyError, TypeError, ConfigError) as error:
        raise CheckpointError("not a voice's configuration", where=where, found=repr(error), remedy=_AGAIN) from error
    return Synthesizer(settings), description
