"""A comparison as one html file: figures, changes, and the same sentences of the runs to play side by side."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from pathlib import Path
from string import Template

import soundfile

from emotts.audio.io import read_mono
from emotts.comparison.changes import Change
from emotts.comparison.clips import ClipKey, SpokenClip
from emotts.comparison.compare import Comparison, FigureRow
from emotts.comparison.tables import CONFIDENCE, difference_text, number_text
from emotts.corpus.rows import write_text

__all__ = ["write_page"]

_TEMPLATE = Path(__file__).parent / "page.html"


def write_page(comparison: Comparison, path: Path) -> None:
    """Write a comparison as a page that needs no other file; its sounds are inside, as FLAC.

    Raises:
        AudioError: if a clip cannot be read.
    """
    names = [results.run.name for results in comparison.results]
    runs = [f"<th>{_text(each.run.name)}<small>{each.run.run_id[:8]}</small></th>" for each in comparison.results]
    page = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=_text(" / ".join(names)),
        runs="".join(runs),
        figure_heads=runs[0] + "".join(f"{run}<th>difference</th>" for run in runs[1:]),
        figures="\n".join(_figure_row(row) for row in comparison.figures),
        confidence=_text(CONFIDENCE),
        remarks="".join(f"<li>{_text(remark)}</li>" for remark in comparison.remarks),
        changes="\n".join(_change_row(change) for change in (*comparison.settings, *comparison.data)),
        emotions="".join(f'<option value="{_text(name)}">{_text(name)}</option>' for name in _emotions(comparison)),
        clips="\n".join(_clip_rows(comparison)),
    )
    write_text(path, page)


def _text(value: str) -> str:
    return html.escape(value, quote=True)


def _figure_row(row: FigureRow) -> str:
    cells = [f"<td>{number_text(row.values[0])}</td>"]
    for value, found in zip(row.values[1:], row.differences, strict=True):
        verdict = "" if found is None else found.verdict
        cells.append(f'<td>{number_text(value)}</td><td class="{verdict}">{_text(difference_text(found))}</td>')
    return f"<tr><th>{_text(row.name)}</th>{''.join(cells)}</tr>"


def _change_row(change: Change) -> str:
    cells = "".join(f"<td>{'' if value is None else _text(value)}</td>" for value in change.values)
    return f"<tr><th>{_text(change.key)}</th>{cells}</tr>"


def _keys(comparison: Comparison) -> list[ClipKey]:
    """Return the sentences and emotions that any run spoke: those of the first run in its order, then the others."""
    return list(dict.fromkeys(clip.key for results in comparison.results for clip in results.clips))


def _emotions(comparison: Comparison) -> list[str]:
    return list(dict.fromkeys(emotion for _, emotion, _ in _keys(comparison)))


def _clip_rows(comparison: Comparison) -> Iterable[str]:
    """Yield a row for each sentence and emotion, those of a sentence together."""
    tables = [{clip.key: clip for clip in results.clips} for results in comparison.results]
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
    kind = "" if not clip.judged else "right" if clip.heard == clip.emotion else "wrong"
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
