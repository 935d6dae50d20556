"""Speaking everything that an evaluation measures, and reading the reference speech beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from emotts.evaluation.distortion import with_distortion
from emotts.evaluation.inputs import EvaluatedVoice, EvaluationMaterial
from emotts.evaluation.intensity import Curve, speak_curves
from emotts.evaluation.plan import plan_tasks
from emotts.evaluation.prosody import Prosody, prosody_by_emotion
from emotts.evaluation.settings import EvaluateSettings
from emotts.evaluation.spoken import Clip, measure_recorded, read_references, speak_tasks
from emotts.progress import Progress
from emotts.recognition.protocol import EmotionModel

__all__ = ["Spoken", "speak_material"]


class _Hearing(TypedDict):
    """How every clip is heard."""

    classifier: EmotionModel
    speaker: str | None
    sample_rate_hz: int


@dataclass(frozen=True)
class Spoken:
    """The clips of an evaluation.

    Attributes:
        clips: of the voice.
        reference: the reference clips.
        prosody: means by emotion, of the voice and of reference speech.
        curves: the voice at all intensities.
    """

    clips: Sequence[Clip]
    reference: Sequence[Clip]
    prosody: tuple[dict[str, Prosody], dict[str, Prosody]]
    curves: Sequence[Curve]


def speak_material(
    voice: EvaluatedVoice,
    material: EvaluationMaterial,
    *,
    classifier: EmotionModel,
    settings: EvaluateSettings,
    seed: int,
    progress: Progress | None,
) -> Spoken:
    """Let the voice speak everything, and read the reference clips; one classifier hears all of them.

    Raises:
        CorpusError: if there is no sentence, or one in an emotion that the voice does not have.
        AudioError: if a reference cannot be read.
    """
    rate_hz = voice.sample_rate_hz
    tasks = plan_tasks(
        material.sentences,
        emotions=voice.emotions,
        styles=voice.styles,
        shared_sentences=settings.shared_sentences,
        seed=seed,
    )
    heard_by: _Hearing = {"classifier": classifier, "speaker": voice.speaker, "sample_rate_hz": rate_hz}
    reference = read_references(material.references, **heard_by)
    spoken = speak_tasks(tasks, speak=voice.speak, n_phones=material.n_phones, progress=progress, **heard_by)
    clips = with_distortion(spoken, reference)
    recorded = measure_recorded(material.recorded, sample_rate_hz=rate_hz)
    curves = speak_curves(
        material.sentences,
        speak=voice.speak,
        emotions=voice.emotions,
        per_emotion=settings.intensity_sentences,
        progress=progress,
        **heard_by,
    )
    voice_prosody = prosody_by_emotion(_prosody(_in_own_emotion(clips)))
    return Spoken(clips, reference, (voice_prosody, prosody_by_emotion([*_prosody(reference), *recorded])), curves)


def _in_own_emotion(clips: Sequence[Clip]) -> list[Clip]:
    """Return the clips in the emotion that their sentence was written for; of an emotion without any, all its clips."""
    own = [clip for clip in clips if clip.task.own]
    covered = {clip.task.emotion for clip in own if clip.problem is None}
    return [*own, *(clip for clip in clips if clip.task.emotion not in covered)]


def _prosody(clips: Sequence[Clip]) -> list[tuple[str, Prosody]]:
    return [(clip.task.emotion, clip.prosody) for clip in clips if clip.prosody is not None]
