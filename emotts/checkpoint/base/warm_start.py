"""Warm start: a new synthesizer gets the weights of a base voice and at first computes the same.

Every layer that reads the voice gets input columns for the emotion, which are zero: before the first step the
emotional model computes exactly what the base computes, whatever the emotion. Tables of symbols, speakers and
emotions are matched by name; a row without a counterpart starts from the mean of the named ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from emotts.checkpoint.base.reading import BaseVoice
from emotts.checkpoint.base.table_rows import LANGUAGES, SPEAKERS, base_rows, match_rows, target_rows
from emotts.checkpoint.load_report import LoadReport
from emotts.errors import CheckpointError, ConfigError
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.model.widening import zero_padded

__all__ = ["warm_start", "warm_start_discriminators"]

_REFERENCE = "voice.reference."
_DECODER = "decoder."
_DECODERS = frozenset({"decoder", "istft", "hifigan"})
"""Settings of the decoder."""
_BERT = {"bert_channels": "text_encoder.bert_projection", "ja_bert_channels": "text_encoder.ja_bert_projection"}
_FREE = frozenset(
    {
        "n_symbols",
        "n_tones",
        "n_languages",
        "n_speakers",
        "n_emotions",
        "emotion_channels",
        "text_dropout",
        "flow_dropout",
        "duration_dropout",
        "reference_norm",
        *_BERT,
    }
)
"""Settings in which base and target may differ: BERT's if one of them is 0, emotion channels upwards (downwards:
:func:`emotts.checkpoint.emotion_narrowing.with_fewer_emotion_channels` first)."""


class _Taken:
    """What is taken over so far, and how."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self.state: dict[str, Tensor] = {}
        self._kinds: dict[str, str] = {}
        self._notes: dict[str, str] = {}
        self.skipped: list[tuple[str, str]] = []

    def put(self, name: str, value: Tensor, kind: Literal["loaded", "widened", "fresh"], *, note: str = "") -> None:
        self.state[name] = value
        self._kinds[name] = kind
        if note:
            self._notes[name] = note

    def put_fitted(self, name: str, value: Tensor, *, shape: torch.Size) -> None:
        """Put a tensor as it is, or with zero columns for more input channels."""
        if value.shape == shape:
            self.put(name, value.clone(), "loaded")
            return
        try:
            padded = zero_padded(value, shape=shape, name=name)
        except ConfigError as error:
            found = f"{name} is {tuple(value.shape)}, the network has {tuple(shape)}"
            raise self.unfitting(found) from error
        self.put(name, padded, "widened", note=f"input channels from {value.shape[1]} are zero")

    def unfitting(self, found: str) -> CheckpointError:
        return CheckpointError(
            "the base voice does not fit the network; nothing was loaded",
            where=self.where,
            found=found,
            remedy="use the settings that the base was trained with",
        )

    def report(self) -> LoadReport:
        def named(kind: str) -> tuple[str, ...]:
            return tuple(name for name, found in self._kinds.items() if found == kind)

        return LoadReport(
            loaded=named("loaded"),
            widened=named("widened"),
            fresh=named("fresh"),
            skipped=tuple(self.skipped),
            notes=tuple(self._notes.items()),
        )


def warm_start(
    synthesizer: Synthesizer,
    base: BaseVoice,
    *,
    symbols: Sequence[str],
    speakers: Sequence[str],
    emotions: Sequence[str],
    audio: Mapping[str, int],
    decoder: bool = True,
) -> LoadReport:
    """Give ``synthesizer`` the weights of ``base``; nothing is changed if anything does not fit.

    Args:
        synthesizer: freshly built.
        base: the voice to start from.
        symbols, speakers, emotions: names of the rows of the synthesizer's tables, in order.
        audio: ``sample_rate_hz``, ``n_fft``, ``hop_length``, ``win_length`` of the sound it will be trained on.
        decoder: whether the base's is taken; without it the synthesizer keeps its own, which may be another kind.

    Returns:
        The report on every tensor, under our names.

    Raises:
        CheckpointError: if the networks differ in anything but tables, emotion channels and dropout; every
            difference is listed.
        ConfigError: if there are more or fewer names than rows.
    """
    _check_fits(synthesizer.settings, base, audio=audio, free=_FREE if decoder else _FREE | _DECODERS)
    names = target_rows(synthesizer.settings, symbols=symbols, speakers=speakers, emotions=emotions)
    taken = _take(synthesizer, base, names=names, decoder=decoder)
    synthesizer.load_state_dict(taken.state)
    synthesizer.origin.update(base.synthesizer.origin)
    return taken.report()


def warm_start_discriminators(
    networks: Mapping[str, nn.Module], states: Mapping[str, Mapping[str, Tensor]], *, where: Path
) -> LoadReport:
    """Give discriminators the weights of those of the same name; nothing is changed if anything does not fit.

    Args:
        networks: the discriminators of a training run by name (``multi_period``, ``duration`` ...).
        states: weights by the same names; a network without any stays as it was built.
        where: the base voice, for messages.

    Returns:
        The report on every tensor, as ``NETWORK.TENSOR``.

    Raises:
        CheckpointError: if a network has other tensors, or other shapes than more input channels for the voice.
    """
    wanted = {f"{name}.{key}": value for name, network in networks.items() for key, value in _items(network)}
    source = {f"{name}.{key}": value for name, state in states.items() for key, value in state.items()}
    taken = _Taken(where)
    for full, fresh in wanted.items():
        name = full.partition(".")[0]
        if name not in states:
            taken.put(full, fresh, "fresh", note="the base comes without this discriminator")
        elif full in source:
            taken.put_fitted(full, source[full], shape=fresh.shape)
        else:
            raise taken.unfitting(f"{full} is missing")
    for full in source:
        if full.partition(".")[0] not in networks:
            taken.skipped.append((full, "this run has no such discriminator"))
        elif full not in wanted:
            raise taken.unfitting(f"{full} is not part of the network")
    for name, network in networks.items():
        network.load_state_dict({key: taken.state[f"{name}.{key}"] for key, _ in _items(network)})
    return taken.report()


def _take(synthesizer: Synthesizer, base: BaseVoice, *, names: Mapping[str, Sequence[str]], decoder: bool) -> _Taken:
    """Return the base's weights for every tensor of the synthesizer; ``names`` are those of its tables' rows."""
    source = _without_bert(base.synthesizer, synthesizer.settings)
    rows = base_rows(base)
    taken = _Taken(base.where)
    for name, fresh in synthesizer.state_dict().items():
        value = source.get(name)
        if name.startswith(_DECODER) and not decoder:
            taken.put(name, fresh, "fresh")
        elif value is None:
            _put_new(taken, name, fresh)
        elif name in names:
            table = match_rows(value, fresh=fresh, rows=rows[name], names=names[name])
            taken.put(name, table.values, table.kind, note=table.note)
        else:
            taken.put_fitted(name, value, shape=fresh.shape)
    _skip_rest(taken, source, decoder=decoder)
    return taken


def _check_fits(settings: SynthesizerSettings, base: BaseVoice, *, audio: Mapping[str, int], free: Set[str]) -> None:
    ours, theirs = settings.to_dict(), base.synthesizer.settings.to_dict()
    differing = [name for name in ours | theirs if name not in free and ours.get(name) != theirs.get(name)]
    differing += [name for name in _BERT if ours[name] and theirs[name] and ours[name] != theirs[name]]
    differing += ["emotion_channels"] if ours["emotion_channels"] < theirs["emotion_channels"] else []
    problems = [f"{name}: {ours.get(name)} (base: {theirs.get(name)})" for name in differing]
    problems += [
        f"{name}: {audio[name]} (base: {base.audio[name]})" for name in base.audio if audio[name] != base.audio[name]
    ]
    if problems:
        raise CheckpointError(
            "the base voice is another kind of network than params.yaml describes",
            where=base.where,
            found="\n    ".join(problems),
            remedy="set these keys of the sections audio and model.synthesizer as the base has them; for MeloTTS's "
            "published voices: `emotts preset experiments/presets/melotts.yaml`",
        )


def _without_bert(synthesizer: Synthesizer, settings: SynthesizerSettings) -> dict[str, Tensor]:
    """Return the base's state; what absent BERT features added, their bias, goes into the language table."""
    state = dict(synthesizer.state_dict())
    for channels, stem in _BERT.items():
        bias = state.get(f"{stem}.bias")
        if bias is not None and getattr(settings, channels) == 0:
            state[LANGUAGES] = state[LANGUAGES] + bias
    return state


def _put_new(taken: _Taken, name: str, fresh: Tensor) -> None:
    """Put a tensor that the base does not have, so that it changes nothing."""
    if name.startswith(tuple(_BERT.values())):
        taken.put(name, torch.zeros_like(fresh), "fresh", note="zero: the base was trained without these features")
    elif name == SPEAKERS:
        taken.put(name, torch.zeros_like(fresh), "fresh", note="zero: the base reads its speakers off a recording")
    elif name.startswith("voice.emotions."):
        taken.put(name, fresh, "fresh", note="random: the base has no emotions; what reads them is zero")
    else:
        raise taken.unfitting(f"{name} is missing")


def _skip_rest(taken: _Taken, source: Mapping[str, Tensor], *, decoder: bool) -> None:
    """Note what the base has and the network does not; anything unexpected is an error."""
    for name in source:
        if name.startswith(_DECODER) and not decoder:
            taken.skipped.append((name, "the model has a decoder of its own"))
        elif name in taken.state:
            continue
        elif name.startswith(tuple(_BERT.values())):
            taken.skipped.append((name, "the model takes no such features; their bias went into the language table"))
        elif name.startswith(_REFERENCE):
            taken.skipped.append((name, "the model has a speaker table in its place"))
        else:
            raise taken.unfitting(f"{name} is not part of the network")


def _items(network: nn.Module) -> list[tuple[str, Tensor]]:
    return list(network.state_dict().items())
