"""The one place where the settings meet the classes."""

from __future__ import annotations

import importlib.metadata
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from torch import nn

from emotts.checkpoint.store import resolve_checkpoint
from emotts.checkpoint.voice_folder import SpeakingStyle, VoiceDescription
from emotts.config import Params
from emotts.corpus.identity import corpus_digest, corpus_speakers
from emotts.corpus.labels import parse_script
from emotts.corpus.lists import CorpusItem, read_list
from emotts.emotions import NEUTRAL
from emotts.evaluation.evaluate import Reference
from emotts.features.spectrogram import MelSpectrogram, Spectrogram
from emotts.model.discriminator_duration import DurationDiscriminator
from emotts.model.discriminator_period import MultiPeriodDiscriminator
from emotts.model.discriminator_resolution import MultiResolutionDiscriminator
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.text.bert.features import CorpusFeatures
from emotts.text.frontend import front_end
from emotts.text.symbols import BLANK, N_LANGUAGES, N_TONES, PUNCTUATION, SYMBOLS
from emotts.training.dataset import read_clips
from emotts.training.loop import TrainingClips
from emotts.training.phases import PHASES
from emotts.training.players import TrainingNetworks
from emotts.training.randomness import seed_everything
from emotts.training.settings import TrainSettings

__all__ = [
    "EvaluationMaterial",
    "checkpoint_folder",
    "code_version",
    "discriminators",
    "evaluation_material",
    "package_folder",
    "package_requirements",
    "run_identity",
    "speaker_table",
    "synthesizer_settings",
    "train_settings",
    "training_clips",
    "training_networks",
    "voice_description",
]

_UNSPOKEN = frozenset((BLANK, *PUNCTUATION))


def code_version() -> str:
    """Return the installed version of emotts."""
    return importlib.metadata.version("emotts")


def package_folder() -> Path:
    """Return the folder of the package ``emotts``."""
    return Path(__file__).parent


def package_requirements(*extras: str) -> list[str]:
    """Return the pip requirements of emotts, of its extras those that are named."""
    requirements = []
    for line in importlib.metadata.requires("emotts") or []:
        requirement, _, marker = line.partition(";")
        if "extra ==" not in marker:
            requirements.append(line)
        elif any(f'extra == "{name}"' in marker for name in extras):
            requirements.append(requirement.strip())
    return requirements


def synthesizer_settings(params: Params, *, n_speakers: int) -> SynthesizerSettings:
    """Return the networks' settings: ``model`` of ``params.yaml`` and what follows from text, sound and emotions."""
    values = {
        **params.model.synthesizer.model_dump(),
        "n_symbols": len(SYMBOLS),
        "n_tones": N_TONES,
        "n_languages": N_LANGUAGES,
        "n_speakers": n_speakers,
        "n_emotions": len(params.emotions),
        "spectrogram_bins": params.audio.n_fft // 2 + 1,
        "hop_length": params.audio.hop_length,
    }
    return SynthesizerSettings.from_dict({key: value for key, value in values.items() if value is not None})


def training_networks(params: Params, settings: SynthesizerSettings) -> TrainingNetworks:
    """Build the networks of a training run with random weights that follow from the project's seed."""
    seed_everything(params.project.seed)
    audio = params.audio
    spectrogram = {"n_fft": audio.n_fft, "hop_length": audio.hop_length, "win_length": audio.win_length}
    synthesizer = Synthesizer(settings)
    waveform_discriminators, duration_discriminator = discriminators(params, settings)
    return TrainingNetworks(
        synthesizer=synthesizer,
        waveform_discriminators=waveform_discriminators,
        duration_discriminator=duration_discriminator,
        spectrogram=Spectrogram(**spectrogram),
        mel=MelSpectrogram(
            sample_rate_hz=audio.sample_rate_hz,
            **spectrogram,
            n_mels=audio.n_mels,
            f_min_hz=audio.mel_f_min_hz,
            f_max_hz=audio.mel_f_max_hz,
        ),
    )


def discriminators(params: Params, settings: SynthesizerSettings) -> tuple[dict[str, nn.Module], DurationDiscriminator]:
    """Build the discriminators of waveforms, by name, and that of durations."""
    model = params.model
    of_waveforms: dict[str, nn.Module] = {"multi_period": MultiPeriodDiscriminator(**model.multi_period.model_dump())}
    if model.multi_resolution is not None:
        of_waveforms["multi_resolution"] = MultiResolutionDiscriminator(**model.multi_resolution.model_dump())
    return of_waveforms, DurationDiscriminator(
        settings.hidden_channels,
        **model.duration_discriminator.model_dump(),
        voice_channels=settings.voice_channels,
    )


def train_settings(params: Params) -> TrainSettings:
    """Return ``train`` of ``params.yaml`` with the project's seed, but for what names other voices and corpora."""
    values = params.train.model_dump(exclude={"replay_corpus", "base_duration_discriminator"})
    return TrainSettings.from_dict({**values, "seed": params.project.seed})


def speaker_table(params: Params, corpus: Path) -> dict[str, int]:
    """Return speaker name to id: those of the corpus, then further ones of ``train.replay_corpus``."""
    speakers = corpus_speakers(corpus)
    if params.train.replay_corpus is not None:
        replayed = corpus_speakers(Path(params.train.replay_corpus))
        for name in sorted(replayed, key=replayed.__getitem__):
            speakers.setdefault(name, len(speakers))
    return speakers


def training_clips(params: Params, corpus: Path, *, features: CorpusFeatures | None = None) -> TrainingClips:
    """Read the training and validation clips of a corpus, and the training clips of ``train.replay_corpus``.

    ``features`` are the BERT features of their texts, None where they are off.
    """
    audio, replayed = params.audio, params.train.replay_corpus
    common: dict[str, Any] = {
        "speakers": speaker_table(params, corpus),
        "emotions": params.emotions,
        "sample_rate_hz": audio.sample_rate_hz,
        "hop_length": audio.hop_length,
        "features": features,
        "with_pitch": params.model.synthesizer.decoder == "istft" and PHASES[params.train.phase].decodes,
    }
    return TrainingClips(
        training=read_clips(corpus / "train.list", wav_folder=corpus, **common),
        validation=read_clips(corpus / "val.list", wav_folder=corpus, **common),
        hop_length=audio.hop_length,
        n_fft=audio.n_fft,
        replay=None
        if replayed is None
        else read_clips(Path(replayed) / "train.list", wav_folder=Path(replayed), **common),
    )


def speaking_style(params: Params) -> SpeakingStyle:
    """Return how the voice speaks; a trained one takes another style without being trained again."""
    return SpeakingStyle(**params.speaking.model_dump())


def voice_description(params: Params, corpus: Path, *, features: CorpusFeatures | None = None) -> VoiceDescription:
    """Return what a voice trained on a corpus is: language, emotions, speakers, sound, speaking style, BERT model."""
    trained = {item.emotion for item in read_list(corpus / "train.list")}
    own, speakers = corpus_speakers(corpus), speaker_table(params, corpus)
    return VoiceDescription(
        language=params.project.language,
        sample_rate_hz=params.audio.sample_rate_hz,
        emotion_names=params.emotions.names,
        trained_emotions=tuple(name for name in params.emotions.names if name in trained),
        speakers=tuple(sorted(speakers, key=speakers.__getitem__)),
        symbols=tuple(SYMBOLS),
        speaking=speaking_style(params),
        audio=params.audio.model_dump(),
        replayed_speakers=tuple(name for name in speakers if name not in own),
        bert=None if features is None else features.origins[params.project.language],
    )


def run_identity(
    params: Params,
    settings: SynthesizerSettings,
    *,
    digest: str,
    base: str = "none",
    features: CorpusFeatures | None = None,
) -> Mapping[str, Any]:
    """Return what a training run depends on besides its own settings.

    Args:
        params: the project's settings.
        settings: of the synthesizer.
        digest: of the corpus.
        base: digest of the base voice, ``none`` for none.
        features: BERT features of the corpus, None where they are off.
    """
    replayed = params.train.replay_corpus
    models = {} if features is None else {name: asdict(origin) for name, origin in features.origins.items()}
    return {
        **({"bert": models} if models else {}),
        "synthesizer": settings.to_dict(),
        "model": params.model.model_dump(),
        "audio": params.audio.model_dump(),
        "corpus": digest,
        "base": base,
        "base_duration_discriminator": params.train.base_duration_discriminator,
        "replay": None if replayed is None else corpus_digest(Path(replayed)),
    }


def checkpoint_folder(params: Params) -> Path:
    """Return the checkpoint that ``evaluate.checkpoint`` of ``params.yaml`` means."""
    return resolve_checkpoint(Path("models/voice"), marker=params.evaluate.checkpoint)


@dataclass(frozen=True)
class EvaluationMaterial:
    """What a voice is evaluated on.

    Attributes:
        sentences: ``(text, emotion)`` that it never saw.
        references: real clips of some of them.
        recorded: the real clips that it learned from.
        n_phones: spoken phones of every sentence, by its text.
    """

    sentences: tuple[tuple[str, str], ...]
    references: tuple[Reference, ...]
    recorded: tuple[Reference, ...]
    n_phones: Mapping[str, int]


def evaluation_material(params: Params, corpus: Path, *, emotions: Sequence[str]) -> EvaluationMaterial:
    """Collect the test list and the unseen sentences of ``evaluate.sentences``, in that order, per emotion in turn.

    Texts are compared as the front end normalises them; a sentence that training or validation knows, or whose
    emotion the voice was not trained on, is left out. A sentence may also be in one of ``export.styles``.
    """
    spoken = (*emotions, *params.styles)
    reader = front_end(params.project.language)
    trained = [item for name in ("train.list", "val.list") for item in read_list(corpus / name)]
    known = {item.text for item in trained}
    test = [item for item in read_list(corpus / "test.list") if item.emotion in emotions]
    sentences = [(item.text, item.emotion) for item in test]
    if params.evaluate.sentences is not None:
        script = Path(params.evaluate.sentences)
        for line in parse_script(script, emotions=params.emotions, styles=params.styles):
            pair = (reader.read(line.text).normalised_text, line.emotion or NEUTRAL)
            if pair[1] in spoken and pair[0] not in known and pair not in sentences:
                sentences.append(pair)
    chosen = _in_turn(sentences, spoken)[: max(params.evaluate.max_sentences, len(test))]
    return EvaluationMaterial(
        sentences=tuple(chosen),
        references=_references(test, corpus),
        recorded=_references([item for item in trained if item.emotion in emotions], corpus),
        n_phones={text: _spoken_phones(reader.read(text).phones) for text, _ in chosen},
    )


def _references(items: Sequence[CorpusItem], corpus: Path) -> tuple[Reference, ...]:
    return tuple(
        Reference(path=corpus / item.wav, text=item.text, emotion=item.emotion, n_phones=_spoken_phones(item.phones))
        for item in items
    )


def _spoken_phones(phones: Sequence[str]) -> int:
    return sum(phone not in _UNSPOKEN for phone in phones)


def _in_turn(sentences: Sequence[tuple[str, str]], emotions: Sequence[str]) -> list[tuple[str, str]]:
    """Order sentences so that the emotions take turns, each keeping its own order."""
    queues = {name: [pair for pair in sentences if pair[1] == name] for name in emotions}
    rounds = itertools.zip_longest(*queues.values())
    return [pair for group in rounds for pair in group if pair is not None]
