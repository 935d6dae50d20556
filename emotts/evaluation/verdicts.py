"""What the figures of an evaluation mean, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["Figures", "second_judges", "verdicts"]

NEAR_SHARE, NO_NEARER_SHARE = 0.7, 0.9
FAR_OFF = 0.25
NOT_UNDERSTOOD = 0.6
FEW_MORE = 0.05
SAME_VOICE = 0.9
SURELY_RISES = 0.9
INTENSITY_NAMES = {
    "probability": "the emotion's probability",
    "f0_mean": "distance of the pitch from neutral",
    "energy": "of the level",
    "rate": "of the tempo",
}

Figures = Mapping[str, float]


def verdicts(figures: Figures, *, emotions: Sequence[str]) -> list[str]:
    """Return what is good and what is not, one sentence each."""
    lines = []
    unusable = int(figures["n_unusable"])
    if unusable:
        lines.append(f"**{unusable} of {int(figures['n_clips'])} clips were silent or broken** and count as wrong.")
    lines.append(_emotion_verdict(figures))
    lines.extend(_second_verdict(figures))
    lines.extend(_weak_emotions(figures, emotions))
    if "cer" in figures:
        lines.append(_words_verdict(figures))
    if "speaker_similarity" in figures:
        lines.append(_speaker_verdict(figures))
    if "mcd_db" in figures:
        lines.append(_distortion_verdict(figures))
    lines.extend(_prosody_verdicts(figures, emotions))
    lines.extend(_intensity_verdict(figures))
    if "rtf" in figures:
        faster = 1 / figures["rtf"] if figures["rtf"] > 0 else float("inf")
        lines.append(f"It speaks {faster:.1f} times as fast as real time on {int(figures['rtf.threads'])} thread(s).")
    return lines


def _emotion_verdict(figures: Figures) -> str:
    voice, chance = figures["emotion_accuracy.balanced"], figures["emotion_accuracy.chance"]
    real = figures.get("real.emotion_accuracy.balanced")
    line = f"The meant emotion is heard in {voice:.0%} of the cases (balanced; guessing would give {chance:.0%}"
    line += f", real speech gets {real:.0%})" if real is not None else ")"
    if voice < chance + 0.1:
        return f"{line}: **the emotion cannot be heard yet.**"
    if real is not None and real < chance + 0.2:
        return f"{line}. The classifier hardly tells real emotions apart either, so this figure says little."
    if real is not None and voice >= real - 0.05:
        return f"{line}: as clear as in the real recording."
    return f"{line}: heard, though less clearly than it should be."


def second_judges(figures: Figures) -> list[str]:
    """Return the names of the second judges that there are figures of."""
    head, tail = "judge.", ".emotion_accuracy.balanced"
    return [key[len(head) : -len(tail)] for key in figures if key.startswith(head) and key.endswith(tail)]


def _second_verdict(figures: Figures) -> list[str]:
    heard = []
    for name in second_judges(figures):
        key = f"judge.{name}.emotion_accuracy.balanced"
        real = f"; real speech {figures[f'real.{key}']:.0%}" if f"real.{key}" in figures else ""
        heard.append(f"by {name} alone {figures[key]:.0%}{real}")
    return [f"Of judges with less to go by, what is heard right: {', '.join(heard)}."] if heard else []


def _weak_emotions(figures: Figures, emotions: Sequence[str]) -> list[str]:
    weak = [
        f"{name} {figures[key]:.0%}"
        for name in emotions
        if (key := f"emotion_accuracy.{name}") in figures and figures[key] < 0.5
    ]
    return [f"Heard in fewer than half of the cases: {', '.join(weak)}."] if weak else []


def _words_verdict(figures: Figures) -> str:
    line = f"A recogniser gets {figures['cer']:.0%} of the characters wrong"
    if "cer.over_real" in figures:
        line += f", of real speech {figures['real.cer']:.0%}"
    if figures["cer"] >= NOT_UNDERSTOOD:
        return f"{line}: **the words cannot be understood.**"
    if "cer.over_real" not in figures:
        return f"{line}."
    close = figures["cer.over_real"] <= FEW_MORE
    return f"{line}: as intelligible as the recording." if close else f"{line}: less intelligible than the recording."


def _speaker_verdict(figures: Figures) -> str:
    line = f"Its likeness to the speaker is {figures['speaker_similarity']:.2f}"
    line += f" (real clips among each other: {figures['real.speaker_similarity']:.2f})"
    return (
        f"{line}: the same voice." if figures["speaker_similarity.ratio"] >= SAME_VOICE else f"{line}: another voice."
    )


def _intensity_verdict(figures: Figures) -> list[str]:
    head = "intensity.spearman."
    found = {key: figures[f"{head}{key}"] for key in INTENSITY_NAMES if f"{head}{key}" in figures}
    if not found:
        return []
    parts = ", ".join(f"{INTENSITY_NAMES[key]} {value:.2f}" for key, value in found.items())
    line = f"With more intensity these rise (rank correlation, 1 is always): {parts}"
    return [f"{line}." if min(found.values()) >= SURELY_RISES else f"{line}; **not all of them surely.**"]


def _distortion_verdict(figures: Figures) -> str:
    line = f"The sound is {figures['mcd_db']:.1f} dB from the real renderings (mel-cepstral distortion"
    other_db = figures.get("real.mcd_db.other_sentence")
    if "mcd_db.ratio" in figures:
        line += f"; two renderings by the source itself are {figures['mcd_db.source_variability']:.1f} dB apart"
    if other_db is None:
        return f"{line})."
    line += f"; real clips of different sentences are {other_db:.1f} dB apart)"
    if figures["mcd_db"] >= NO_NEARER_SHARE * other_db:
        return f"{line}: **no nearer than a wrong sentence.**"
    if figures["mcd_db"] <= NEAR_SHARE * other_db:
        return f"{line}: clearly the same sentence in much the same voice."
    return f"{line}: nearer than a wrong sentence, though not near."


def _prosody_verdicts(figures: Figures, emotions: Sequence[str]) -> list[str]:
    lines = []
    if "prosody.within_15_percent" in figures:
        lines.append(
            f"{figures['prosody.within_15_percent']:.0%} of the figures of pitch, melody, loudness and tempo lie "
            "within 15 % of the real speaker's."
        )
    for measure, plain in (("f0_mean_hz", "pitch"), ("rate_phones_per_s", "tempo"), ("f0_sd_semitones", "melody")):
        differences = {
            name: figures[key] - 1 for name in emotions if (key := f"prosody.{name}.{measure}.ratio") in figures
        }
        off = [f"{name} {value:+.0%}" for name, value in differences.items() if abs(value) > FAR_OFF]
        if off:
            lines.append(f"The {plain} is far from the real one: {', '.join(off)}.")
    return lines
