"""The inputs of an evaluation: the voice, the sentences and reference clips, and the listeners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from emotts.evaluation.intelligibility import Transcriber
from emotts.evaluation.spoken import Reference, Speak
from emotts.evaluation.words import Copy
from emotts.recognition.protocol import EmotionModel, EmotionProbe, QualityModel, SpeakerModel

__all__ = ["EvaluatedVoice", "EvaluationMaterial", "Listeners"]


@dataclass(frozen=True)
class EvaluatedVoice:
    """A voice that is evaluated.

    Attributes:
        speak: (text, emotion, intensity) -> samples (sample,) float32; loaded already, so that ``rtf`` counts
            speaking alone.
        emotions: those that it was trained on.
        sample_rate_hz: of the samples.
        speaker: name of the speaker, as the emotion classifier knows it; None: a speaker that it does not know.
        styles: further names that sentences may be spoken in; the classifier does not know them and is not asked.
        copy: encodes and decodes a recording; None: the voice cannot.
    """

    speak: Speak
    emotions: Sequence[str]
    sample_rate_hz: int
    speaker: str | None
    styles: Sequence[str] = ()
    copy: Copy | None = None


@dataclass(frozen=True)
class EvaluationMaterial:
    """The sentences of an evaluation, and the reference speech.

    Attributes:
        sentences: (text, emotion), never seen in training.
        references: reference clips, never seen in training; distortion compares equal texts.
        n_phones: spoken phones by sentence, without punctuation and the marks at both ends.
        recorded: the clips of training. The prosody that the voice's is compared with is the mean over these and the
            references: an emotion may have a single held-out clip, which says little.
        variability: by emotion, how many dB two renderings of a sentence by the source itself are apart.
        about: what the reference speech is, shown above the tables; None: nothing is said.
    """

    sentences: Sequence[tuple[str, str]]
    references: Sequence[Reference]
    n_phones: Mapping[str, int]
    recorded: Sequence[Reference] = ()
    variability: Mapping[str, float] = field(default_factory=dict)
    about: str | None = None


@dataclass(frozen=True)
class Listeners:
    """The models that measure the clips of an evaluation.

    Attributes:
        classifier: the emotion classifier (and auxiliary ones), fitted on training clips of the speaker.
        transcriber: writes down what is said; None: no such metrics.
        speaker_encoder: tells voices apart; None: no such metrics.
        probe: a further auxiliary classifier, which takes longer; None: no such metrics.
        quality_predictor: says how natural a clip sounds; None: no such metrics.
    """

    classifier: EmotionModel
    transcriber: Transcriber | None = None
    speaker_encoder: SpeakerModel | None = None
    quality_predictor: QualityModel | None = None
    probe: EmotionProbe | None = None
