"""The evaluation in words and tables, for the person who made the voice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from emotts.corpus.rows import write_text
from emotts.evaluation.intensity import INTENSITIES, MEASURES
from emotts.evaluation.prosody import MATCHED, UNITS
from emotts.evaluation.tables import MISSING, number, percent, table
from emotts.evaluation.verdicts import Figures, second_judges, verdicts

__all__ = ["report_text", "write_report"]


def write_report(path: Path, figures: Figures, *, emotions: Sequence[str]) -> None:
    """Write :func:`report_text` to a Markdown file, whole or not at all."""
    write_text(path, report_text(figures, emotions=emotions))


def report_text(figures: Figures, *, emotions: Sequence[str]) -> str:
    """Return the report in Markdown, made of nothing but the figures of ``evaluation.json``."""
    parts = [
        "# How good is this voice?",
        _what_was_done(figures, emotions),
        "## In short",
        "\n".join(f"- {line}" for line in verdicts(figures, emotions=emotions)),
        "## Emotions: what the classifier hears",
        _accuracy_table(figures, emotions),
        "An interval is Wilson's at 95 %: with few clips it is wide, and two rows whose intervals overlap do not "
        "differ for certain. The classifier was fitted on real training speech of this speaker; what it makes of "
        "real speech that it has never heard is the mark to measure the voice by (one that exaggerates can pass it).",
        "![Emotion meant and emotion heard](confusion.png)",
        *_second_judges(figures, emotions),
        "## Prosody beside real speech",
        _prosody_table(figures, emotions),
        *_ratios(figures, emotions),
        "![Prosody per emotion](prosody.png)",
        "![F0 of one sentence in every emotion](f0_contours.png)",
        *_words(figures, emotions),
        *_intensity(figures, emotions),
        "## Closeness and speed",
        _other_table(figures),
        "Every figure stands in `evaluation.json`; the clips are in `samples/EMOTION/`, their texts in "
        "`samples/samples.json`. Please listen: no figure replaces it.",
    ]
    return "\n\n".join(parts) + "\n"


def _what_was_done(figures: Figures, emotions: Sequence[str]) -> str:
    return (
        f"The voice spoke {int(figures['n_sentences'])} sentences that it had never seen, each in the emotion it was "
        f"written for, and {int(figures['n_shared_sentences'])} of them in every emotion ({', '.join(emotions)}): "
        f"{int(figures['n_clips'])} clips. {int(figures['real.n_clips'])} real clips that neither the voice nor the "
        "classifier was trained on stand beside them."
    )


def _accuracy_table(figures: Figures, emotions: Sequence[str]) -> str:
    rows = [["emotion", "voice", "95 % interval", "clips", "real speech", "95 % interval", "clips"]]
    for name in emotions:
        rows.append([name, *_accuracy_cells(figures, f"emotion_accuracy.{name}")])
        rows[-1].extend(_accuracy_cells(figures, f"real.emotion_accuracy.{name}"))
    for label, prefix in (("**balanced**", ""), ("same sentences alone", "shared_text.")):
        key = f"{prefix}emotion_accuracy.balanced"
        real = percent(figures.get("real.emotion_accuracy.balanced")) if not prefix else MISSING
        rows.append([label, percent(figures.get(key)), MISSING, MISSING, real, MISSING, MISSING])
    return table(rows)


def _accuracy_cells(figures: Figures, key: str) -> list[str]:
    if key not in figures:
        return [MISSING, MISSING, "0"]
    interval = f"{figures[f'{key}.low']:.0%} – {figures[f'{key}.high']:.0%}"
    return [percent(figures[key]), interval, f"{figures[f'{key}.count']:.0f}"]


def _second_judges(figures: Figures, emotions: Sequence[str]) -> list[str]:
    names = second_judges(figures)
    if not names:
        return []
    rows = [["second judge", "", "balanced", *emotions]]
    for name in names:
        for prefix, label in (("", "voice"), ("real.", "real speech")):
            head = f"{prefix}judge.{name}.emotion_accuracy"
            rows.append([name, label, *(percent(figures.get(f"{head}.{key}")) for key in ("balanced", *emotions))])
    return [
        "Second judges, each fitted on the same clips by one kind of features alone, so that one classifier's taste "
        "does not decide:",
        table(rows),
    ]


def _ratios(figures: Figures, emotions: Sequence[str]) -> list[str]:
    if "prosody.within_15_percent" not in figures:
        return []
    rows = [["emotion", *(UNITS[measure].split(" (")[0] for measure in MATCHED)]]
    for name in emotions:
        rows.append([name, *(_ratio(figures, f"prosody.{name}.{measure}") for measure in MATCHED)])
    return [
        "The voice as a share of the real speaker (1 is equal; of the level, the ratio of the amplitudes); bold: more "
        "than 15 % off:",
        table(rows),
    ]


def _ratio(figures: Figures, key: str) -> str:
    if f"{key}.ratio" not in figures:
        return MISSING
    cell = f"{figures[f'{key}.ratio']:.2f}"
    return cell if figures[f"{key}.within_15_percent"] else f"**{cell}**"


def _words(figures: Figures, emotions: Sequence[str]) -> list[str]:
    if "cer" not in figures:
        return []
    rows = [["characters a recogniser gets wrong", "all", "95 % interval", "clips", *emotions]]
    for prefix, label in (("", "voice"), ("real.", "real speech")):
        key = f"{prefix}cer"
        if key in figures:
            interval = f"{figures[f'{key}.low']:.0%} – {figures[f'{key}.high']:.0%}"
            own = (percent(figures.get(f"{key}.{name}")) for name in emotions)
            rows.append([label, percent(figures[key]), interval, f"{figures[f'{key}.count']:.0f}", *own])
    return ["## Words", table(rows), "What was heard in each clip stands in `transcripts.json`."]


def _intensity(figures: Figures, emotions: Sequence[str]) -> list[str]:
    if "intensity.n_sentences" not in figures:
        return []
    acted = [name for name in emotions if f"intensity.spearman.probability.{name}" in figures]
    rows = [["rank correlation with intensity", "mean", *acted]]
    for measure, label in MEASURES.items():
        key = f"intensity.spearman.{measure}"
        cells = (figures.get(name) for name in (key, *(f"{key}.{emotion}" for emotion in acted)))
        rows.append([label.split(" (")[0], *(MISSING if cell is None else f"{cell:.2f}" for cell in cells)])
    return [
        "## Intensity",
        f"{figures['intensity.n_sentences']:.0f} sentences were spoken at {len(INTENSITIES)} intensities from "
        f"{INTENSITIES[0]:g} to {INTENSITIES[-1]:g}. 1: what is measured always rises with intensity; 0: it does not "
        "follow it.",
        table(rows),
        "![Curves over intensity](intensity.png)",
    ]


def _prosody_table(figures: Figures, emotions: Sequence[str]) -> str:
    rows = [["emotion", *UNITS.values()]]
    for name in emotions:
        cells = []
        for measure in UNITS:
            voice, real = figures.get(f"prosody.{name}.{measure}"), figures.get(f"real.prosody.{name}.{measure}")
            cells.append(f"{number(voice)} (real {number(real)})")
        rows.append([name, *cells])
    return table(rows)


def _other_table(figures: Figures) -> str:
    rows = [["figure", "value", "what it means"]]
    if "mcd_db" in figures:
        value = f"{figures['mcd_db']:.2f} dB ({figures['mcd_db.low']:.2f} – {figures['mcd_db.high']:.2f})"
        meaning = f"mel-cepstral distortion over {figures['mcd_db.count']:.0f} sentences; 0 is the same clip"
        rows.append(["`mcd_db`", value, meaning])
    else:
        rows.append(["`mcd_db`", MISSING, "no sentence was spoken whose real rendering is at hand"])
    if "mcd_db.ratio" in figures:
        own = f"{figures['mcd_db.source_variability']:.2f} dB"
        meaning = "the same between two renderings of these sentences by the source itself"
        rows.append(["`mcd_db.source_variability`", own, meaning])
        rows.append(["`mcd_db.ratio`", f"{figures['mcd_db.ratio']:.2f}", "the first over the second"])
    if "real.mcd_db.other_sentence" in figures:
        value = f"{figures['real.mcd_db.other_sentence']:.2f} dB"
        rows.append(["`real.mcd_db.other_sentence`", value, "the same between real clips of different sentences"])
    if "speaker_similarity" in figures:
        real = f"{figures['real.speaker_similarity']:.3f}"
        meaning = f"likeness to real clips of the speaker (cosine); theirs to each other is {real}"
        rows.append(["`speaker_similarity`", f"{figures['speaker_similarity']:.3f}", meaning])
    speed = f"{figures['rtf']:.3f}" if "rtf" in figures else MISSING
    rows.append(["`rtf`", speed, "seconds of computing per second of sound, loading left out; under 1 is live"])
    rows.append(["`n_unusable`", f"{figures['n_unusable']:.0f}", "clips that were silent, too short or not numbers"])
    return table(rows)
