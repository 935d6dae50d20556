"""What the metrics of an evaluation mean, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["Metrics", "auxiliary_classifiers", "quality_summary", "summarise"]

NEAR_FACTOR, NO_NEARER_FACTOR = 0.7, 0.9
FAR_OFF = 0.25
NOT_UNDERSTOOD = 0.6
FEW_MORE = 0.05
QUALITY_STEP = 0.3
SAME_VOICE = 0.9
SURELY_RISES = 0.9
INTENSITY_NAMES = {
    "probability": "the emotion's probability",
    "f0_mean": "distance of the pitch from neutral",
    "energy": "of the level",
    "rate": "of the tempo",
}

Metrics = Mapping[str, float]


def summarise(metrics: Metrics, *, emotions: Sequence[str]) -> list[str]:
    """Return what is good and what is not, one sentence each."""
    lines = []
    unusable = int(metrics["n_unusable"])
    if unusable:
        lines.append(f"**{unusable} of {int(metrics['n_clips'])} clips were silent or broken** and count as wrong.")
    lines.append(_emotion_summary(metrics))
    lines.extend(_auxiliary_summary(metrics))
    lines.extend(_weak_emotions(metrics, emotions))
    if "cer" in metrics:
        lines.append(_words_summary(metrics))
    if "quality" in metrics:
        lines.append(quality_summary(metrics))
    if "speaker_similarity" in metrics:
        lines.append(_speaker_summary(metrics))
    if "mcd_db" in metrics:
        lines.append(_distortion_summary(metrics))
    lines.extend(_prosody_summary(metrics, emotions))
    lines.extend(_intensity_summary(metrics))
    if "rtf" in metrics:
        faster = 1 / metrics["rtf"] if metrics["rtf"] > 0 else float("inf")
        lines.append(f"It speaks {faster:.1f} times as fast as real time on {int(metrics['rtf.threads'])} thread(s).")
    return lines


def _emotion_summary(metrics: Metrics) -> str:
    voice, chance = metrics["emotion_accuracy.balanced"], metrics["emotion_accuracy.chance"]
    reference = metrics.get("reference.emotion_accuracy.balanced")
    line = f"The meant emotion is heard in {voice:.0%} of the cases (balanced; guessing would give {chance:.0%}"
    line += f", reference speech gets {reference:.0%})" if reference is not None else ")"
    if voice < chance + 0.1:
        return f"{line}: **the emotion cannot be heard yet.**"
    if reference is not None and reference < chance + 0.2:
        return f"{line}. The classifier hardly tells those of reference speech apart either, so this says little."
    if reference is not None and voice >= reference - 0.05:
        return f"{line}: as clear as in reference speech."
    return f"{line}: heard, though less clearly than it should be."


def auxiliary_classifiers(metrics: Metrics) -> list[str]:
    """Return the names of the auxiliary classifiers that there are metrics of."""
    head, tail = "auxiliary.", ".emotion_accuracy.balanced"
    return [key[len(head) : -len(tail)] for key in metrics if key.startswith(head) and key.endswith(tail)]


def _auxiliary_summary(metrics: Metrics) -> list[str]:
    heard = []
    for name in auxiliary_classifiers(metrics):
        key = f"auxiliary.{name}.emotion_accuracy.balanced"
        reference = f"; reference speech {metrics[f'reference.{key}']:.0%}" if f"reference.{key}" in metrics else ""
        heard.append(f"by {name} alone {metrics[key]:.0%}{reference}")
    return [f"What auxiliary classifiers hear right: {', '.join(heard)}."] if heard else []


def _weak_emotions(metrics: Metrics, emotions: Sequence[str]) -> list[str]:
    weak = [
        f"{name} {metrics[key]:.0%}"
        for name in emotions
        if (key := f"emotion_accuracy.{name}") in metrics and metrics[key] < 0.5
    ]
    return [f"Heard in fewer than half of the cases: {', '.join(weak)}."] if weak else []


def _words_summary(metrics: Metrics) -> str:
    line = f"A recogniser gets {metrics['cer']:.0%} of the characters wrong"
    if "cer.over_reference" in metrics:
        line += f", of reference speech {metrics['reference.cer']:.0%}"
    if metrics["cer"] >= NOT_UNDERSTOOD:
        return f"{line}: **the words cannot be understood.**"
    if "cer.over_reference" not in metrics:
        return f"{line}."
    close = metrics["cer.over_reference"] <= FEW_MORE
    return f"{line}: as intelligible as the recording." if close else f"{line}: less intelligible than the recording."


def quality_summary(metrics: Metrics) -> str:
    """Return what the predicted quality is, and whether the recording's is higher."""
    line = f"Its predicted quality is {metrics['quality']:.1f} of 5"
    if "reference.quality" not in metrics:
        return f"{line}."
    line += f", that of reference speech {metrics['reference.quality']:.1f}"
    near = metrics["reference.quality"] - metrics["quality"] <= QUALITY_STEP
    return f"{line}: as natural as the recording." if near else f"{line}: **less natural than the recording.**"


def _speaker_summary(metrics: Metrics) -> str:
    line = f"Its speaker similarity is {metrics['speaker_similarity']:.2f}"
    line += f" (reference clips among each other: {metrics['reference.speaker_similarity']:.2f})"
    return (
        f"{line}: the same voice." if metrics["speaker_similarity.ratio"] >= SAME_VOICE else f"{line}: another voice."
    )


def _intensity_summary(metrics: Metrics) -> list[str]:
    head = "intensity.spearman."
    found = {key: metrics[f"{head}{key}"] for key in INTENSITY_NAMES if f"{head}{key}" in metrics}
    if not found:
        return []
    parts = ", ".join(f"{INTENSITY_NAMES[key]} {value:.2f}" for key, value in found.items())
    line = f"With more intensity these rise (rank correlation, 1 is always): {parts}"
    return [f"{line}." if min(found.values()) >= SURELY_RISES else f"{line}; **not all of them surely.**"]


def _distortion_summary(metrics: Metrics) -> str:
    line = f"The sound is {metrics['mcd_db']:.1f} dB from the reference renderings (mel-cepstral distortion"
    other_db = metrics.get("reference.mcd_db.other_sentence")
    if "mcd_db.ratio" in metrics:
        line += f"; two renderings by the source itself are {metrics['mcd_db.source_variability']:.1f} dB apart"
    if other_db is None:
        return f"{line})."
    line += f"; reference clips of different sentences are {other_db:.1f} dB apart)"
    if metrics["mcd_db"] >= NO_NEARER_FACTOR * other_db:
        return f"{line}: **no nearer than a wrong sentence.**"
    if metrics["mcd_db"] <= NEAR_FACTOR * other_db:
        return f"{line}: clearly the same sentence in much the same voice."
    return f"{line}: nearer than a wrong sentence, though not near."


def _prosody_summary(metrics: Metrics, emotions: Sequence[str]) -> list[str]:
    lines = []
    if "prosody.within_15_percent" in metrics:
        lines.append(
            f"{metrics['prosody.within_15_percent']:.0%} of the ratios of pitch, melody, loudness and tempo lie "
            "within 15 % of reference speech."
        )
    for measure, plain in (("f0_mean_hz", "pitch"), ("rate_phones_per_s", "tempo"), ("f0_sd_semitones", "melody")):
        differences = {
            name: metrics[key] - 1 for name in emotions if (key := f"prosody.{name}.{measure}.ratio") in metrics
        }
        off = [f"{name} {value:+.0%}" for name, value in differences.items() if abs(value) > FAR_OFF]
        if off:
            lines.append(f"The {plain} is far from that of reference speech: {', '.join(off)}.")
    return lines
