"""How good the voices are beside their reference speech, what they speak, and their licences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nicegui import ui

from emotts.evaluation.headline import HEADLINE
from emotts.evaluation.tables import MISSING, percent
from emotts.serving.web.controls import names_of
from emotts.serving.web.facts import VoiceFacts
from emotts.serving.web.words import Words
from emotts.voice import Voice

__all__ = ["about_panel", "metric_rows"]

_PERCENT = ("emotion_accuracy.balanced", "cer", "prosody.within_15_percent")
_DIGITS = {"quality": 2, "speaker_similarity": 3, "mcd_db": 2, "intensity.spearman.probability": 2, "rtf": 3}
_SHOWN = [name for name in HEADLINE if name in (*_PERCENT, *_DIGITS)]


def about_panel(words: Words, voices: Mapping[str, Voice], facts: Mapping[str, VoiceFacts]) -> None:
    """Show what is known of each voice.

    Args:
        words: of the page.
        voices: by name.
        facts: by the same names.
    """
    with ui.element("div").classes("web-about"):
        for name, voice in voices.items():
            with ui.element("section").classes("web-card web-about-voice"):
                ui.label(name).classes("web-head web-about-name")
                _description(words, voice)
                _metrics(words, voice, facts[name])
                ui.label(words("licence")).classes("web-head")
                ui.label(facts[name].licence or words("no_licence")).classes("web-about-licence")


def metric_rows(words: Words, metrics: Mapping[str, float], emotions: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return what each metric is called, and its values of the voice and of reference speech.

    Args:
        words: of the page.
        metrics: by the names of ``evaluation.json``.
        emotions: whose own accuracy is shown below that of all.
    """
    rows = []
    for name in _SHOWN:
        if name not in metrics:
            continue
        rows.append((words(name), _written(name, metrics[name]), _written(name, metrics.get(f"reference.{name}"))))
        if name == "emotion_accuracy.balanced":
            rows += [
                (f"· {words(each)}", percent(metrics.get(key)), percent(metrics.get(f"reference.{key}")))
                for each in emotions
                if (key := f"emotion_accuracy.{each}") in metrics
            ]
    return rows


def _written(name: str, value: float | None) -> str:
    if value is None:
        return MISSING
    return percent(value) if name in _PERCENT else f"{value:.{_DIGITS[name]}f}"


def _description(words: Words, voice: Voice) -> None:
    description = voice.description
    rows = {
        "language": words(f"language_{description.language}"),
        "emotions": ", ".join(words(name) for name in names_of(voice) if name in voice.emotions),
        "styles": ", ".join(voice.styles),
        "speakers": ", ".join(description.own_speakers),
        "rate": f"{voice.sample_rate_hz} Hz",
    }
    with ui.element("dl").classes("web-facts"):
        for key, value in rows.items():
            if value:
                with ui.element("dt"):
                    ui.label(words(key))
                with ui.element("dd"):
                    ui.label(value)


def _metrics(words: Words, voice: Voice, facts: VoiceFacts) -> None:
    ui.label(words("metrics")).classes("web-head")
    rows = metric_rows(words, facts.metrics, voice.emotions)
    if not rows:
        ui.label(words("no_metrics")).classes("web-note")
        return
    if facts.reference is not None:
        ui.label(facts.reference).classes("web-note web-about-reference")
    with ui.element("table").classes("web-metrics"):
        _row(("", words("of_voice"), words("of_reference")), cell="th")
        for row in rows:
            _row(row, cell="td")


def _row(cells: Sequence[str], *, cell: str) -> None:
    with ui.element("tr"):
        for text in cells:
            with ui.element(cell):
                ui.label(text)
