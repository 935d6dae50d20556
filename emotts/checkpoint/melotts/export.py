"""Exports one emotion of a voice as a plain MeloTTS checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emotts.audio.settings import AudioSettings
from emotts.checkpoint.melotts.config import model_section
from emotts.checkpoint.melotts.weights import save_melotts
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import read_voice
from emotts.corpus.melotts_format import melotts_config
from emotts.errors import CheckpointError
from emotts.model.settings import SynthesizerSettings

__all__ = ["export_melotts"]


def export_melotts(voice: Path, folder: Path, *, emotion: str, intensity: float = 1.0) -> None:
    """Write ``checkpoint.pth`` and ``config.json`` of a voice that always speaks in one emotion.

    The names and shapes are MeloTTS's; the emotion's contribution is folded into the biases.

    Args:
        voice: an export, a checkpoint, or the folder of a run's checkpoints.
        folder: where to write to, made where missing; it must not be the voice's own.
        emotion: a name, an alias, or a mixture (``happy:0.7+surprised:0.3``).
        intensity: ``neutral + intensity * (emotion - neutral)``.

    Raises:
        CheckpointError: if there is no voice, or MeloTTS has no such network.
        CorpusError: if the voice does not know the emotion, or the intensity cannot be used.
    """
    if folder.resolve() == voice.resolve():
        raise CheckpointError("the voice would be overwritten", where=folder, remedy="name another folder")
    synthesizer, description = read_voice(voice)
    weights = description.emotion_weights(emotion, intensity=intensity)
    config = _config(synthesizer.settings, description, where=voice)
    save_melotts(synthesizer, folder, emotion=weights, config=config)


def _config(settings: SynthesizerSettings, description: VoiceDescription, *, where: Path) -> dict[str, Any]:
    if settings.hifigan is None or not settings.bert_channels:
        found = [f"decoder: {settings.decoder}", f"bert_channels: {settings.bert_channels}"]
        raise CheckpointError(
            "MeloTTS has no such network",
            where=where,
            found=", ".join(found),
            wanted="decoder: hifigan, bert_channels: 1024",
            remedy="train a voice of MeloTTS's own widths: `emotts preset experiments/presets/melotts.yaml`",
        )
    config = melotts_config(
        audio=AudioSettings.from_dict(description.audio),
        model=model_section(settings),
        speakers=description.speakers,
        symbols=description.symbols,
        emotions=description.emotions,
        seed=0,
    )
    config["data"]["disable_bert"] = description.bert is None
    del config["emotions"]  # the checkpoint speaks in one only
    return config | {"num_tones": settings.n_tones, "num_languages": settings.n_languages}
