"""What a probe hears in the clips, beside the other auxiliary classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from emotts.evaluation.measures import UNUSABLE
from emotts.evaluation.spoken import Clip
from emotts.progress import Progress
from emotts.recognition.encoder_probe import PROBE
from emotts.recognition.protocol import EmotionProbe

__all__ = ["with_probe"]


def with_probe(
    clips: Sequence[Clip], probe: EmotionProbe, *, speaker: str | None, progress: Progress | None = None
) -> list[Clip]:
    """Return the clips with what the probe heard in them, under its name; an unusable one is heard as unusable.

    Args:
        clips: of a voice or of reference speech.
        probe: hears one clip after the other.
        speaker: who speaks, as the probe knows it; None: a speaker that it does not know.
        progress: called with done, total and a note.

    Raises:
        CorpusError: if the speaker is named but unknown.
    """
    probed = []
    for done, clip in enumerate(clips, 1):
        heard = UNUSABLE
        if clip.problem is None:
            chances = probe.probabilities(clip.samples, clip.sample_rate_hz, speaker=speaker)
            heard = probe.emotions[int(chances.argmax())]
        probed.append(replace(clip, auxiliary_heard={**clip.auxiliary_heard, PROBE: heard}))
        if progress is not None:
            progress(done, len(clips), "probing emotions")
    return probed
