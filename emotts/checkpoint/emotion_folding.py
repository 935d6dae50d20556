"""Folds one emotion into the biases, so that a model without emotions speaks in it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CheckpointError, CorpusError
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer

__all__ = ["emotion_weights", "fold_emotion"]

_LAYER = "voice_projection"
"""What every layer that reads the voice is called."""


def fold_emotion(
    synthesizer: Synthesizer, *, emotion: str | int | Sequence[float] | None, intensity: float
) -> tuple[dict[str, Tensor], SynthesizerSettings]:
    """Return the state and settings of the model without emotions that speaks in one.

    Args:
        synthesizer: with or without emotions.
        emotion, intensity: as :func:`emotion_weights`.

    Raises:
        CheckpointError: if the emotion is unknown to the model.
    """
    state = dict(synthesizer.state_dict())
    if synthesizer.voice.emotions is None:
        if emotion is not None:
            raise CheckpointError("this model knows no emotions", found=repr(emotion), wanted="emotion=None")
        return state, synthesizer.settings
    weights = emotion_weights(emotion, n_emotions=synthesizer.settings.n_emotions, intensity=intensity)
    table = synthesizer.voice.emotions.table.detach()
    mood = weights.to(table) @ table
    for name, layer in synthesizer.named_modules():
        if name.endswith(_LAYER):
            state.update(_folded(layer, mood, prefix=name))
    settings = synthesizer.settings.changed(n_emotions=0, emotion_channels=0)
    return {name: tensor for name, tensor in state.items() if not name.startswith("voice.emotions.")}, settings


def emotion_weights(emotion: str | int | Sequence[float] | None, *, n_emotions: int, intensity: float) -> Tensor:
    """Return weights (emotion,) for ``neutral + intensity * (emotion - neutral)``.

    Args:
        emotion: name or mixture of the base emotions, id, weights, or None for neutral.
        n_emotions: of the model.
        intensity: from 0 upwards.

    Raises:
        CheckpointError: if the emotion is unknown or the number of weights is wrong.
    """
    neutral = torch.zeros(n_emotions, dtype=torch.float64)
    neutral[0] = 1.0
    if emotion is None:
        return neutral
    if isinstance(emotion, str):
        row = _named_weights(emotion)
    elif isinstance(emotion, int):
        row = [float(index == emotion) for index in range(max(n_emotions, emotion + 1))]
    else:
        row = [float(weight) for weight in emotion]
    if any(row[n_emotions:]) or len(row) < min(n_emotions, 1) or (isinstance(emotion, int) and emotion < 0):
        raise CheckpointError(
            "the model does not know this emotion", found=repr(emotion), wanted=f"one of {n_emotions} emotions"
        )
    target = torch.zeros(n_emotions, dtype=torch.float64)
    target[: len(row)] = torch.tensor(row[:n_emotions], dtype=torch.float64)
    return neutral + intensity * (target - neutral)


def _named_weights(expression: str) -> list[float]:
    try:
        return EmotionSet().weights(expression)
    except CorpusError as error:
        raise CheckpointError("the emotion cannot be read", found=error) from error


def _folded(layer: nn.Module, mood: Tensor, *, prefix: str) -> dict[str, Tensor]:
    """Return the layer's state without the emotion's columns, their contribution added to the bias.

    With weight normalisation the shorter direction gets a shorter length, so that the columns left stay the same.
    """
    weight, bias = layer.weight, layer.bias
    if not isinstance(weight, Tensor) or not isinstance(bias, Tensor):
        raise CheckpointError("a layer that reads the voice has no bias to fold the emotion into", where=prefix)
    weight, bias = weight.detach(), bias.detach()
    n_kept = weight.shape[1] - mood.shape[0]
    columns = weight[:, n_kept:].flatten(1).double()
    state = {f"{prefix}.bias": (bias.double() + columns @ mood.double()).to(bias)}
    if not parametrize.is_parametrized(layer, "weight"):
        return {**state, f"{prefix}.weight": weight[:, :n_kept].clone()}
    originals = dict(layer.named_parameters())
    length = originals["parametrizations.weight.original0"].detach()
    direction = originals["parametrizations.weight.original1"].detach()
    kept = direction[:, :n_kept].clone()
    if bool(columns.any()):
        factor = kept.double().norm(dim=1, keepdim=True) / direction.double().norm(dim=1, keepdim=True)
        length = (length.double() * factor).to(length)
    stem = f"{prefix}.parametrizations.weight"
    return {**state, f"{stem}.original0": length.clone(), f"{stem}.original1": kept}
