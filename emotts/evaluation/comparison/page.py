"""A comparison as one html file: metrics, changes, and the same sentences of the runs to play side by side."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from pathlib import Path
from string import Template

import soundfile

from emotts.audio.io import read_mono
from emotts.evaluation.comparison.changes import Change
from emotts.evaluation.comparison.clips import ClipKey, SpokenClip
from emotts.evaluation.comparison.compare import Comparison, MetricRow
from emotts.evaluation.comparison.differences import RunResults
from emotts.evaluation.comparison.tables import CONFIDENCE, difference_text, value_text
from emotts.files import write_text
from emotts.tracking.runs import Run

__all__ = ["write_page"]

_TEMPLATE = Path(__file__).parent / "page.html"


def write_page(comparison: Comparison, path: Path) -> None:
    """Write a comparison as a page that needs no other file; its sounds, of all runs, are inside, as FLAC.

    Raises:
        AudioError: if a clip cannot be read.
    """
    runs = _runs(comparison)
    groups = [_head(group.results[0].run, len(group.results) - 1) for group in comparison.groups]
    page = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=_text(" / ".join(each.run.name for each in runs)),
        runs="".join(_head(each.run) for each in runs),
        groups="".join(groups),
        metric_heads=groups[0] + "".join(f"{group}<th>difference</th>" for group in groups[1:]),
        metrics="\n".join(_metric_row(row) for row in comparison.metrics),
        confidence=_text(CONFIDENCE),
        remarks="".join(f"<li>{_text(remark)}</li>" for remark in comparison.remarks),
        changes="\n".join(_change_row(change) for change in (*comparison.settings, *comparison.data)),
        emotions="".join(f'<option value="{_text(name)}">{_text(name)}</option>' for name in _emotions(comparison)),
        clips="\n".join(_clip_rows(comparison)),
    )
    write_text(path, page)


def _text(value: str) -> str:
    return html.escape(value, quote=True)


def _runs(comparison: Comparison) -> list[RunResults]:
    """Return the runs of all groups: each of them is heard."""
    return [each for group in comparison.groups for each in group.results]


def _head(run: Run, others: int = 0) -> str:
    """Return the head of a run's column, or of that of a group with other runs."""
    more = f" and {others} more" if others else ""
    return f"<th>{_text(run.name)}<small>{run.run_id[:8]}{more}</small></th>"


def _metric_row(row: MetricRow) -> str:
    cells = [f"<td>{value_text(row.spreads[0])}</td>"]
    for value, found in zip(row.spreads[1:], row.differences, strict=True):
        outcome = "" if found is None else found.outcome
        cells.append(f'<td>{value_text(value)}</td><td class="{outcome}">{_text(difference_text(found))}</td>')
    return f"<tr><th>{_text(row.name)}</th>{''.join(cells)}</tr>"


def _change_row(change: Change) -> str:
    cells = "".join(f"<td>{'' if value is None else _text(value)}</td>" for value in change.values)
    return f"<tr><th>{_text(change.key)}</th>{cells}</tr>"


def _keys(comparison: Comparison) -> list[ClipKey]:
    """Return the sentences and emotions that any run spoke: those of the first run in its order, then the others."""
    return list(dict.fromkeys(clip.key for results in _runs(comparison) for clip in results.clips))


def _emotions(comparison: Comparison) -> list[str]:
    return list(dict.fromkeys(emotion for _, emotion, _ in _keys(comparison)))


def _clip_rows(comparison: Comparison) -> Iterable[str]:
    """Yield a row for each sentence and emotion, those of a sentence together."""
    tables = [{clip.key: clip for clip in results.clips} for results in _runs(comparison)]
    keys = _keys(comparison)
    for text in dict.fromkeys(text for text, _, _ in keys):
        again = ""
        for key in (key for key in keys if key[0] == text):
            clips = [table.get(key) for table in tables]
            head = f"<th{again}>{_text(text)}</th><td>{_text(key[1])}</td>"
            heard = {None if clip is None else clip.heard for clip in clips}
            attributes = f'data-emotion="{_text(key[1])}" data-differs="{int(len(heard) > 1)}"'
            button = '<td><button type="button" class="turn">in turn</button></td>'
            yield f"<tr {attributes}>{head}{''.join(map(_clip_cell, clips))}{button}</tr>"
            again = ' class="again"'


def _clip_cell(clip: SpokenClip | None) -> str:
    if clip is None:
        return '<td class="none">not spoken</td>'
    kind = "" if not clip.classified else "right" if clip.heard == clip.emotion else "wrong"
    heard = f'<span class="{kind}">{_text(clip.heard)}</span> <small>{clip.probability:.2f}</small>'
    if clip.sound is None:
        return f"<td>{heard}</td>"
    sound = f'<audio controls preload="none" src="data:audio/flac;base64,{_encoded(clip.sound)}"></audio>'
    return f"<td>{sound}{heard}</td>"


def _encoded(path: Path) -> str:
    samples, sample_rate_hz = read_mono(path)
    stream = io.BytesIO()
    soundfile.write(stream, samples, sample_rate_hz, format="FLAC", subtype="PCM_16")
    return base64.b64encode(stream.getvalue()).decode("ascii")
