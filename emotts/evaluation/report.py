"""The report of an evaluation, in words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from emotts.evaluation.intensity import INTENSITIES, MEASURES
from emotts.evaluation.prosody import MATCHED, UNITS
from emotts.evaluation.report_phones import phone_section
from emotts.evaluation.report_quality import quality_section
from emotts.evaluation.summary import Metrics, auxiliary_classifiers, summarise
from emotts.evaluation.tables import MISSING, number, percent, table
from emotts.files import write_text

__all__ = ["report_text", "write_report"]


def write_report(path: Path, metrics: Metrics, *, emotions: Sequence[str], about: str | None = None) -> None:
    """Write :func:`report_text` to a Markdown file, whole or not at all."""
    write_text(path, report_text(metrics, emotions=emotions, about=about))


def report_text(metrics: Metrics, *, emotions: Sequence[str], about: str | None = None) -> str:
    """Return the report in Markdown, made of the metrics of ``evaluation.json``.

    ``about``: what the reference speech is; it is said above every table that compares with it.
    """
    said = [] if about is None else [f"> {about}"]
    parts = [
        "# How good is this voice?",
        _what_was_done(metrics, emotions),
        "## In short",
        "\n".join(f"- {line}" for line in summarise(metrics, emotions=emotions)),
        "## Emotions: what the classifier hears",
        *said,
        _accuracy_table(metrics, emotions),
        "An interval is Wilson's at 95 %: with few clips it is wide, and two rows whose intervals overlap do not "
        "differ for certain. The classifier was fitted on training speech of this speaker. Compare the voice with the "
        "reference speech, which the classifier has never heard (a voice that exaggerates can exceed it).",
        "![Emotion meant and emotion heard](confusion.png)",
        *_auxiliary_classifiers(metrics, emotions),
        "## Prosody beside reference speech",
        *said,
        _prosody_table(metrics, emotions),
        *_ratios(metrics, emotions),
        "![Prosody per emotion](prosody.png)",
        "![F0 of one sentence in every emotion](f0_contours.png)",
        *_words(metrics, emotions, said=said),
        *phone_section(metrics),
        *quality_section(metrics, emotions, said=said),
        *_intensity(metrics, emotions),
        "## Closeness and speed",
        *said,
        _other_table(metrics),
        "Every metric is in `evaluation.json`; the clips are in `samples/EMOTION/`, their texts in "
        "`samples/samples.json`. Please listen: no metric replaces it.",
    ]
    return "\n\n".join(parts) + "\n"


def _what_was_done(metrics: Metrics, emotions: Sequence[str]) -> str:
    return (
        f"The voice spoke {int(metrics['n_sentences'])} sentences that it had never seen, each in the emotion it was "
        f"written for, and {int(metrics['n_shared_sentences'])} of them in every emotion ({', '.join(emotions)}): "
        f"{int(metrics['n_clips'])} clips. {int(metrics['reference.n_clips'])} reference clips stand beside them: "
        "neither the voice nor the classifier was trained on these."
    )


def _accuracy_table(metrics: Metrics, emotions: Sequence[str]) -> str:
    rows = [["emotion", "voice", "95 % interval", "clips", "reference speech", "95 % interval", "clips"]]
    for name in emotions:
        rows.append([name, *_accuracy_cells(metrics, f"emotion_accuracy.{name}")])
        rows[-1].extend(_accuracy_cells(metrics, f"reference.emotion_accuracy.{name}"))
    for label, prefix in (("**balanced**", ""), ("same sentences alone", "shared_text.")):
        key = f"{prefix}emotion_accuracy.balanced"
        reference = percent(metrics.get("reference.emotion_accuracy.balanced")) if not prefix else MISSING
        rows.append([label, percent(metrics.get(key)), MISSING, MISSING, reference, MISSING, MISSING])
    return table(rows)


def _accuracy_cells(metrics: Metrics, key: str) -> list[str]:
    if key not in metrics:
        return [MISSING, MISSING, "0"]
    interval = f"{metrics[f'{key}.low']:.0%} – {metrics[f'{key}.high']:.0%}"
    return [percent(metrics[key]), interval, f"{metrics[f'{key}.count']:.0f}"]


def _auxiliary_classifiers(metrics: Metrics, emotions: Sequence[str]) -> list[str]:
    names = auxiliary_classifiers(metrics)
    if not names:
        return []
    rows = [["auxiliary classifier", "", "balanced", *emotions]]
    for name in names:
        for prefix, label in (("", "voice"), ("reference.", "reference speech")):
            head = f"{prefix}auxiliary.{name}.emotion_accuracy"
            rows.append([name, label, *(percent(metrics.get(f"{head}.{key}")) for key in ("balanced", *emotions))])
    return [
        "Auxiliary classifiers, each fitted on the same clips by only one kind of features, so that no single "
        "classifier decides:",
        table(rows),
    ]


def _ratios(metrics: Metrics, emotions: Sequence[str]) -> list[str]:
    if "prosody.within_15_percent" not in metrics:
        return []
    rows = [["emotion", *(UNITS[measure].split(" (")[0] for measure in MATCHED)]]
    for name in emotions:
        rows.append([name, *(_ratio(metrics, f"prosody.{name}.{measure}") for measure in MATCHED)])
    return [
        "The voice divided by the reference (1 is equal; for the level, the ratio of the amplitudes); bold: more than "
        "15 % off:",
        table(rows),
    ]


def _ratio(metrics: Metrics, key: str) -> str:
    if f"{key}.ratio" not in metrics:
        return MISSING
    cell = f"{metrics[f'{key}.ratio']:.2f}"
    return cell if metrics[f"{key}.within_15_percent"] else f"**{cell}**"


def _words(metrics: Metrics, emotions: Sequence[str], *, said: Sequence[str]) -> list[str]:
    if "cer" not in metrics:
        return []
    rows = [["characters a recogniser gets wrong", "all", "95 % interval", "clips", *emotions]]
    for prefix, label in (("", "voice"), ("reference.", "reference speech")):
        key = f"{prefix}cer"
        if key in metrics:
            interval = f"{metrics[f'{key}.low']:.0%} – {metrics[f'{key}.high']:.0%}"
            own = (percent(metrics.get(f"{key}.{name}")) for name in emotions)
            rows.append([label, percent(metrics[key]), interval, f"{metrics[f'{key}.count']:.0f}", *own])
    return ["## Words", *said, table(rows), "`transcripts.json` lists what was heard in each clip."]


def _intensity(metrics: Metrics, emotions: Sequence[str]) -> list[str]:
    if "intensity.n_sentences" not in metrics:
        return []
    acted = [name for name in emotions if f"intensity.spearman.probability.{name}" in metrics]
    rows = [["rank correlation with intensity", "mean", *acted]]
    for measure, label in MEASURES.items():
        key = f"intensity.spearman.{measure}"
        cells = (metrics.get(name) for name in (key, *(f"{key}.{emotion}" for emotion in acted)))
        rows.append([label.split(" (")[0], *(MISSING if cell is None else f"{cell:.2f}" for cell in cells)])
    return [
        "## Intensity",
        f"{metrics['intensity.n_sentences']:.0f} sentences were spoken at {len(INTENSITIES)} intensities from "
        f"{INTENSITIES[0]:g} to {INTENSITIES[-1]:g}. 1: what is measured always rises with intensity; 0: it does not "
        "follow it.",
        table(rows),
        "![Curves over intensity](intensity.png)",
    ]


def _prosody_table(metrics: Metrics, emotions: Sequence[str]) -> str:
    rows = [["emotion", *UNITS.values()]]
    for name in emotions:
        cells = []
        for measure in UNITS:
            written = percent if measure.endswith("_fraction") else number
            key = f"prosody.{name}.{measure}"
            cells.append(f"{written(metrics.get(key))} (reference {written(metrics.get(f'reference.{key}'))})")
        rows.append([name, *cells])
    return table(rows)


def _other_table(metrics: Metrics) -> str:
    rows = [["metric", "value", "what it means"]]
    if "mcd_db" in metrics:
        value = f"{metrics['mcd_db']:.2f} dB ({metrics['mcd_db.low']:.2f} – {metrics['mcd_db.high']:.2f})"
        meaning = f"mel-cepstral distortion over {metrics['mcd_db.count']:.0f} sentences; 0 is the same clip"
        rows.append(["`mcd_db`", value, meaning])
    else:
        rows.append(["`mcd_db`", MISSING, "no sentence that was spoken has a reference rendering"])
    if "mcd_db.ratio" in metrics:
        own = f"{metrics['mcd_db.source_variability']:.2f} dB"
        meaning = "the same between two renderings of these sentences by the source itself"
        rows.append(["`mcd_db.source_variability`", own, meaning])
        rows.append(["`mcd_db.ratio`", f"{metrics['mcd_db.ratio']:.2f}", "the first over the second"])
    if "reference.mcd_db.other_sentence" in metrics:
        value = f"{metrics['reference.mcd_db.other_sentence']:.2f} dB"
        rows.append(
            ["`reference.mcd_db.other_sentence`", value, "the same between reference clips of different sentences"]
        )
    if "speaker_similarity" in metrics:
        reference = f"{metrics['reference.speaker_similarity']:.3f}"
        meaning = f"speaker similarity to reference clips of the speaker (cosine); theirs to each other is {reference}"
        rows.append(["`speaker_similarity`", f"{metrics['speaker_similarity']:.3f}", meaning])
    speed = f"{metrics['rtf']:.3f}" if "rtf" in metrics else MISSING
    rows.append(["`rtf`", speed, "seconds of computing per second of sound, loading left out; under 1 is live"])
    rows.append(["`n_unusable`", f"{metrics['n_unusable']:.0f}", "clips that were silent, too short or not numbers"])
    return table(rows)
