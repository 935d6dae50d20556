"""The evaluation in words and tables, for the person who made the voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from emotts.corpus.rows import write_text
from emotts.evaluation.prosody import UNITS

__all__ = ["report_text", "verdicts", "write_report"]

CLEARLY_HEARD = 0.8
NEAR_SHARE, NO_NEARER_SHARE = 0.7, 0.9
FAR_OFF = 0.25

Figures = Mapping[str, float]


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
        "## Prosody beside real speech",
        _prosody_table(figures, emotions),
        "![Prosody per emotion](prosody.png)",
        "![F0 of one sentence in every emotion](f0_contours.png)",
        "## Closeness and speed",
        _other_table(figures),
        "Every figure stands in `evaluation.json`; the clips are in `samples/EMOTION/`, their texts in "
        "`samples/samples.json`. Please listen: no figure here says whether the words can be understood.",
    ]
    return "\n\n".join(parts) + "\n"


def verdicts(figures: Figures, *, emotions: Sequence[str]) -> list[str]:
    """Return what is good and what is not, one sentence each."""
    lines = []
    unusable = int(figures["n_unusable"])
    if unusable:
        lines.append(f"**{unusable} of {int(figures['n_clips'])} clips were silent or broken** and count as wrong.")
    lines.append(_emotion_verdict(figures))
    lines.extend(_weak_emotions(figures, emotions))
    if "mcd_db" in figures:
        lines.append(_distortion_verdict(figures))
    lines.extend(_prosody_verdicts(figures, emotions))
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


def _weak_emotions(figures: Figures, emotions: Sequence[str]) -> list[str]:
    weak = [
        f"{name} {figures[key]:.0%}"
        for name in emotions
        if (key := f"emotion_accuracy.{name}") in figures and figures[key] < 0.5
    ]
    return [f"Heard in fewer than half of the cases: {', '.join(weak)}."] if weak else []


def _distortion_verdict(figures: Figures) -> str:
    line = f"The sound is {figures['mcd_db']:.1f} dB from the real renderings (mel-cepstral distortion"
    other_db = figures.get("real.mcd_db.other_sentence")
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
    for measure, plain in (("f0_mean_hz", "pitch"), ("rate_phones_per_s", "tempo"), ("f0_sd_semitones", "melody")):
        differences = {
            name: figures[key]
            for name in emotions
            if (key := f"prosody.{name}.{measure}.relative_difference") in figures
        }
        off = [f"{name} {value:+.0%}" for name, value in differences.items() if abs(value) > FAR_OFF]
        if off:
            lines.append(f"The {plain} is far from the real one: {', '.join(off)}.")
    return lines


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
        real = _percent(figures.get("real.emotion_accuracy.balanced")) if not prefix else "–"
        rows.append([label, _percent(figures.get(key)), "–", "–", real, "–", "–"])
    return _table(rows)


def _accuracy_cells(figures: Figures, key: str) -> list[str]:
    if key not in figures:
        return ["–", "–", "0"]
    interval = f"{figures[f'{key}.low']:.0%} – {figures[f'{key}.high']:.0%}"
    return [_percent(figures[key]), interval, f"{figures[f'{key}.count']:.0f}"]


def _prosody_table(figures: Figures, emotions: Sequence[str]) -> str:
    rows = [["emotion", *UNITS.values()]]
    for name in emotions:
        cells = []
        for measure in UNITS:
            voice, real = figures.get(f"prosody.{name}.{measure}"), figures.get(f"real.prosody.{name}.{measure}")
            cells.append(f"{_number(voice)} (real {_number(real)})")
        rows.append([name, *cells])
    return _table(rows)


def _other_table(figures: Figures) -> str:
    rows = [["figure", "value", "what it means"]]
    if "mcd_db" in figures:
        value = f"{figures['mcd_db']:.2f} dB ({figures['mcd_db.low']:.2f} – {figures['mcd_db.high']:.2f})"
        meaning = f"mel-cepstral distortion over {figures['mcd_db.count']:.0f} sentences; 0 is the same clip"
        rows.append(["`mcd_db`", value, meaning])
    else:
        rows.append(["`mcd_db`", "–", "no sentence was spoken whose real rendering is at hand"])
    if "real.mcd_db.other_sentence" in figures:
        value = f"{figures['real.mcd_db.other_sentence']:.2f} dB"
        rows.append(["`real.mcd_db.other_sentence`", value, "the same between real clips of different sentences"])
    speed = f"{figures['rtf']:.3f}" if "rtf" in figures else "–"
    rows.append(["`rtf`", speed, "seconds of computing per second of sound, loading left out; under 1 is live"])
    rows.append(["`n_unusable`", f"{figures['n_unusable']:.0f}", "clips that were silent, too short or not numbers"])
    return _table(rows)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body])
