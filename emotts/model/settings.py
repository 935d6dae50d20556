"""Every width and option of a synthesizer, as plain frozen values that can be written down and read back."""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from emotts.errors import ConfigError

__all__ = ["HifiGanSettings", "IstftSettings", "SynthesizerSettings"]


@dataclass(frozen=True)
class HifiGanSettings:
    """Widths of :class:`emotts.model.decoder_hifigan.HifiGanDecoder`."""

    resblock: str
    resblock_kernel_sizes: tuple[int, ...]
    resblock_dilation_sizes: tuple[tuple[int, ...], ...]
    upsample_rates: tuple[int, ...]
    upsample_initial_channels: int
    upsample_kernel_sizes: tuple[int, ...]


@dataclass(frozen=True)
class IstftSettings:
    """Widths of :class:`emotts.model.decoder_istft.IstftDecoder`."""

    channels: int
    hidden_channels: int
    n_layers: int
    pitch_channels: int
    n_fft: int
    modulate_blocks: bool


@dataclass(frozen=True)
class SynthesizerSettings:
    """Every width and option of :class:`emotts.model.synthesizer.Synthesizer`.

    Raises:
        ConfigError: if values do not fit together.
    """

    n_symbols: int
    n_tones: int
    n_languages: int
    n_speakers: int
    """0: a reference encoder reads the speaker off a spectrogram."""
    n_emotions: int
    """0: no emotions; then ``emotion_channels`` is 0 as well."""
    speaker_channels: int
    emotion_channels: int
    spectrogram_bins: int
    hop_length: int
    latent_channels: int
    hidden_channels: int
    """Width of the text encoder and of what the duration predictors read."""
    bert_channels: int
    """Of the BERT features; 0: no such input. MeloTTS has 1024 and, for ``ja_bert``, 768."""
    ja_bert_channels: int
    text_filter_channels: int
    text_n_heads: int
    text_n_layers: int
    text_kernel_size: int
    text_dropout: float
    text_voice: bool
    """Whether the text encoder has a layer for the voice."""
    text_ignores_voice: bool
    """Leave that layer unused, so that the text side is the same for every voice (``use_vc``)."""
    posterior_channels: int
    posterior_kernel_size: int
    posterior_n_layers: int
    flow: Literal["transformer", "residual"]
    flow_n_steps: int
    flow_channels: int
    flow_n_layers: int
    flow_kernel_size: int
    flow_filter_channels: int
    """This, heads and dropout concern the transformer flow alone."""
    flow_n_heads: int
    flow_dropout: float
    flow_shared: bool
    """One network serves all steps of the flow."""
    duration_filter_channels: int
    duration_kernel_size: int
    duration_dropout: float
    stochastic_duration_n_steps: int
    reference_norm: bool
    """Layer norm in front of the reference encoder (``norm_refenc``)."""
    decoder: Literal["hifigan", "istft"]
    hifigan: HifiGanSettings | None = None
    istft: IstftSettings | None = None

    def __post_init__(self) -> None:
        _check(self)

    @property
    def voice_channels(self) -> int:
        """Channels of the voice embedding: the speaker's and the emotion's."""
        return self.speaker_channels + self.emotion_channels

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers, words, lists and mappings, as JSON and YAML hold them."""
        return {key: value for key, value in _plain(dataclasses.asdict(self)).items() if value is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SynthesizerSettings:
        """Read what :meth:`to_dict` wrote.

        Raises:
            ConfigError: if a key is unknown or missing or a value has the wrong type; every problem is listed.
        """
        try:
            return _read(cls, values, prefix="")
        except TypeError as error:
            raise ConfigError(f"the model's settings cannot be used: {error}") from error


def _check(settings: SynthesizerSettings) -> None:
    for name in ("n_symbols", "n_tones", "n_languages", "speaker_channels", "hop_length", "text_n_layers"):
        if getattr(settings, name) < 1:
            raise ConfigError(f"{name} must be positive", found=getattr(settings, name))
    if (settings.n_emotions > 0) != (settings.emotion_channels > 0):
        raise ConfigError(
            "n_emotions and emotion_channels must both be 0 or both be positive",
            found=f"{settings.n_emotions} emotions, {settings.emotion_channels} channels",
        )
    for kind in ("hifigan", "istft"):
        if (getattr(settings, kind) is not None) != (settings.decoder == kind):
            raise ConfigError(
                f"settings of the {kind} decoder must be there exactly if it is the decoder",
                found=f"decoder {settings.decoder!r}, {kind}: {getattr(settings, kind)}",
            )
    if settings.hifigan is not None and math.prod(settings.hifigan.upsample_rates) != settings.hop_length:
        raise ConfigError(
            "the upsampling rates do not multiply up to the hop length",
            found=f"{list(settings.hifigan.upsample_rates)}: {math.prod(settings.hifigan.upsample_rates)}",
            wanted=settings.hop_length,
        )


Section = typing.TypeVar("Section")


def _read(section: type[Section], values: Mapping[str, Any], *, prefix: str) -> Section:
    """Return a section made from plain values; TypeError lists every problem with its key."""
    hints = typing.get_type_hints(section)
    fields = {field.name: field for field in dataclasses.fields(section)}  # type: ignore[arg-type]
    problems = [f"{prefix}{key}: unknown key{_nearest(key, fields)}" for key in values if key not in fields]
    arguments: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in values:
            if field.default is dataclasses.MISSING:
                problems.append(f"{prefix}{name}: missing")
            continue
        try:
            arguments[name] = _convert(values[name], hints[name], name=f"{prefix}{name}")
        except TypeError as error:
            problems.append(str(error))
    if problems:
        raise TypeError("; ".join(problems))
    return section(**arguments)


def _convert(value: Any, hint: Any, *, name: str) -> Any:
    """Return ``value`` as the type ``hint`` says; TypeError names the key."""
    origin, choices = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return None if value is None else _convert(value, choices[0], name=name)
    if origin is Literal:
        if value in choices:
            return value
        raise TypeError(f"{name}: found {value!r}, wanted one of {', '.join(map(repr, choices))}")
    if origin is tuple:
        if isinstance(value, list | tuple):
            return tuple(_convert(entry, choices[0], name=name) for entry in value)
    elif dataclasses.is_dataclass(hint):
        if isinstance(value, Mapping):
            return _read(typing.cast(type[Any], hint), value, prefix=f"{name}.")
    elif hint is float and type(value) in (int, float):
        return float(value)
    elif type(value) is hint:
        return value
    raise TypeError(f"{name}: found {value!r}, wanted {getattr(hint, '__name__', hint)}")


def _nearest(key: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(key, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value
