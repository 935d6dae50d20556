"""The description of a voice: language, emotions, speakers, sample rate, speaking style."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from emotts.checkpoint.speaking_style import STYLE_BEFORE, SpeakingStyle
from emotts.emotions.emotion_set import NEUTRAL, EmotionSet
from emotts.emotions.styles import read_styles
from emotts.errors import CheckpointError, ConfigError, CorpusError
from emotts.text.bert.features import BertOrigin

__all__ = ["VoiceDescription"]


@dataclass(frozen=True)
class VoiceDescription:
    """Everything about a voice but its weights. A speaker's or emotion's id is its place in the tuple.

    ``bert`` is the model whose features the voice was trained with, None if none.
    ``styles`` are named mixtures, read by :func:`emotts.emotions.styles.read_styles`.
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

    def check_symbols(self, symbols: Sequence[str], *, where: object) -> None:
        """Raise CheckpointError unless the voice was trained on these very symbols: with others it would babble."""
        pairs = itertools.zip_longest(self.symbols, symbols)
        number = next((number for number, (own, wanted) in enumerate(pairs) if own != wanted), None)
        if number is not None:
            raise CheckpointError(
                "the voice was trained on other symbols than the front ends write",
                where=where,
                found=f"symbol {number}: {self.symbols[number : number + 1]}, {len(self.symbols)} symbols",
                wanted=f"{tuple(symbols[number : number + 1])}, {len(symbols)} symbols",
                remedy="use the version of emotts that trained it, or train a voice that starts from it (base in "
                "params.yaml): symbols are matched by name then",
            )

    @property
    def own_speakers(self) -> tuple[str, ...]:
        """The speakers of the voice's own corpus, without those who are merely replayed."""
        return tuple(speaker for speaker in self.speakers if speaker not in self.replayed_speakers)

    def speaker_id(self, name: str | None) -> int:
        """Return a speaker's id; if no name is given, that of the only one who is not merely replayed.

        Raises:
            CorpusError: if the name is unknown, or missing where there are several speakers.
        """
        if name is None and len(self.own_speakers) == 1:
            return self.speakers.index(self.own_speakers[0])
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
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        bert = None if self.bert is None else dataclasses.asdict(self.bert)
        return {**fields, "speaking": self.speaking.to_dict(), "bert": bert}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> VoiceDescription:
        """Build from the values of :meth:`to_dict`; a missing or unknown key raises ``TypeError``."""
        style = SpeakingStyle.from_dict({**STYLE_BEFORE, **values["speaking"]})
        names = ("emotion_names", "trained_emotions", "speakers", "symbols")
        tuples = {name: tuple(values[name]) for name in names}
        tuples["replayed_speakers"] = tuple(values.get("replayed_speakers", ()))
        bert = None if values.get("bert") is None else BertOrigin(**values["bert"])
        return cls(**{**values, **tuples, "speaking": style, "bert": bert})
