"""What stands in a stored voice besides its weights, validated: the settings of its networks, and its description."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field

from emotts.checkpoint.speaking_style import STYLE_BEFORE, SpeakingStyle
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.emotions.styles import read_styles
from emotts.errors import CheckpointError, ConfigError
from emotts.model.settings import SynthesizerSettings
from emotts.schema import Settings

__all__ = ["read_stored_voice"]

Word = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[tuple[Word, ...], Field(strict=False, min_length=1, max_length=8192)]


class _Bert(Settings):
    model: Word
    fingerprint: Word


class _Audio(Settings):
    sample_rate_hz: Annotated[int, Field(ge=1000, le=192_000)] | None = None
    n_fft: Annotated[int, Field(gt=0, le=65_536)] | None = None
    hop_length: Annotated[int, Field(gt=0, le=65_536)] | None = None
    win_length: Annotated[int, Field(gt=0, le=65_536)] | None = None
    n_mels: Annotated[int, Field(gt=0, le=8192)] | None = None
    mel_f_min_hz: Annotated[float, Field(ge=0.0, le=96_000.0)] | None = None
    mel_f_max_hz: Annotated[float, Field(ge=0.0, le=96_000.0)] | None = None


class _Description(Settings):
    language: Literal["KR", "JP", "EN"]
    sample_rate_hz: Annotated[int, Field(ge=1000, le=192_000)]
    emotion_names: Words
    trained_emotions: Words
    speakers: Words
    symbols: Words
    speaking: SpeakingStyle
    audio: _Audio
    replayed_speakers: Annotated[tuple[Word, ...], Field(strict=False, max_length=8192)] = ()
    bert: _Bert | None = None
    styles: Annotated[dict[str, Word], Field(max_length=200)] = Field(default_factory=dict)

    @pydantic.model_validator(mode="before")
    @classmethod
    def _from_before(cls, values: Any) -> Any:
        """Give a voice from before some settings of its style the way that it speaks."""
        if isinstance(values, Mapping) and isinstance(values.get("speaking"), Mapping):
            return {**values, "speaking": {**STYLE_BEFORE, **values["speaking"]}}
        return values

    @pydantic.model_validator(mode="after")
    def _names(self) -> _Description:
        for name in ("emotion_names", "speakers", "symbols"):
            if len(set(getattr(self, name))) < len(getattr(self, name)):
                raise ValueError(f"a name is twice in {name}")
        for part, whole in (("trained_emotions", "emotion_names"), ("replayed_speakers", "speakers")):
            unknown = set(getattr(self, part)) - set(getattr(self, whole))
            if unknown:
                raise ValueError(f"{part} has {', '.join(sorted(unknown))}, which is not in {whole}")
        return self


class _StoredVoice(Settings):
    synthesizer: SynthesizerSettings
    voice: _Description

    @pydantic.model_validator(mode="after")
    def _counts(self) -> _StoredVoice:
        networks, voice = self.synthesizer, self.voice
        tables = [("n_symbols", voice.symbols, "symbols"), ("n_speakers", voice.speakers, "speakers")]
        for count, names, what in [*tables, ("n_emotions", voice.emotion_names, "emotion_names")]:
            if getattr(networks, count) != len(names):
                raise ValueError(f"synthesizer.{count} is {getattr(networks, count)}, voice.{what} are {len(names)}")
        hop = voice.audio.hop_length
        if hop is not None and hop != networks.hop_length:
            raise ValueError(f"synthesizer.hop_length is {networks.hop_length}, voice.audio.hop_length is {hop}")
        return self


def read_stored_voice(
    values: Mapping[str, Any], *, where: Path, remedy: str
) -> tuple[SynthesizerSettings, VoiceDescription]:
    """Return the settings of a stored voice's networks, and its description.

    Args:
        values: ``synthesizer`` and ``voice``, as a JSON file has them.
        where: that file.
        remedy: what to do where they cannot be used.

    Raises:
        CheckpointError: if a value is missing, unknown, of another type or range, or they do not fit together; every
            problem is listed.
    """
    try:
        stored = _StoredVoice.from_dict({name: _present(section, name) for name, section in values.items()})
        description = VoiceDescription.from_dict(values["voice"])
        read_styles(description.styles, description.emotions)
    except ConfigError as error:
        raise CheckpointError("not a voice's configuration", where=where, found=error.what, remedy=remedy) from error
    return stored.synthesizer, description


def _present(section: Any, name: str) -> Any:
    """Return a section with its keys under their present names, and a decoder from before it had windows for noise."""
    if name != "synthesizer" or not isinstance(section, Mapping):
        return section
    present = {SynthesizerSettings.renamed.get(key, key): value for key, value in section.items()}
    istft = present.get("istft")
    if isinstance(istft, Mapping) and "n_fft" in istft:
        present["istft"] = {"noise_n_fft": istft["n_fft"], "noise_frames": 1, **istft}
    return present
