"""Two or more runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from emotts.comparison.changes import Change, data_changes, setting_changes
from emotts.comparison.clips import SAMPLES, TRANSCRIPTS, read_clips
from emotts.comparison.differences import Difference, RunResults, difference, same_clips
from emotts.comparison.figures import main_figures
from emotts.errors import ConfigError
from emotts.tracking.runs import Run, download_artifacts, find_run

__all__ = ["Comparison", "FigureRow", "compare_results", "read_results"]

_JUDGE = "models.emotion_classifier"


@dataclass(frozen=True)
class FigureRow:
    """A figure in every run, and how each run differs from the first; None where a run lacks it."""

    name: str
    values: tuple[float | None, ...]
    differences: tuple[Difference | None, ...]


@dataclass(frozen=True)
class Comparison:
    """Runs side by side; the first is the one that the others are compared to.

    Attributes:
        settings, data: what is not the same in all runs.
        remarks: what to keep in mind when reading the figures.
    """

    results: tuple[RunResults, ...]
    figures: tuple[FigureRow, ...]
    settings: tuple[Change, ...]
    data: tuple[Change, ...]
    remarks: tuple[str, ...]


def read_results(root: Path, wanted: Sequence[str], *, model: str, folder: Path) -> tuple[RunResults, ...]:
    """Read runs and the clips of their evaluations.

    Args:
        root: the project.
        wanted: what names each run, as :func:`~emotts.tracking.runs.find_run` takes it.
        model: name of the registered model.
        folder: gets the clips.

    Raises:
        ConfigError: if there is no such run, several, or the same run twice.
        CorpusError: if a run's clips are damaged.
    """
    runs = [find_run(root, name, model=model) for name in wanted]
    for place, run in enumerate(runs):
        if run.run_id in {other.run_id for other in runs[:place]}:
            raise ConfigError("the same run is named twice", found=run.title, wanted="two different runs")
    return tuple(_results(root, run, folder / run.run_id) for run in runs)


def _results(root: Path, run: Run, folder: Path) -> RunResults:
    samples = download_artifacts(root, run, path=SAMPLES, folder=folder)
    if samples is None:
        return RunResults(run, ())
    clips = read_clips(samples, transcripts=download_artifacts(root, run, path=TRANSCRIPTS, folder=folder))
    judged = (replace(clip, judged=f"emotion_accuracy.{clip.emotion}" in run.metrics) for clip in clips)
    return RunResults(run, tuple(judged))


def compare_results(results: Sequence[RunResults], *, everything: bool = False) -> Comparison:
    """Compare runs to the first of them.

    Args:
        results: of two runs or more.
        everything: show curves, prosody and the figures of real speech too.
    """
    runs = [each.run for each in results]
    names = set().union(*(run.metrics for run in runs))
    first = results[0]
    rows = [
        FigureRow(
            name,
            tuple(run.metrics.get(name) for run in runs),
            tuple(difference(name, first, other) for other in results[1:]),
        )
        for name in [*main_figures(names), *(sorted(names - set(main_figures(names))) if everything else [])]
    ]
    return Comparison(
        results=tuple(results),
        figures=tuple(rows),
        settings=tuple(setting_changes(runs)),
        data=tuple(data_changes(runs)),
        remarks=tuple(_remarks(results)),
    )


def _remarks(results: Sequence[RunResults]) -> list[str]:
    first, others = results[0], results[1:]
    remarks = [f"{each.run.title} is {each.run.status}" for each in results if each.run.status != "FINISHED"]
    silent = [each.run.title for each in results if not each.clips]
    remarks += [f"{title} holds no spoken clips: its figures have no confidence" for title in silent]
    for other in others:
        if first.clips and other.clips and not same_clips(first, other):
            common = len({clip.key for clip in first.clips} & {clip.key for clip in other.clips})
            counts = f"{common} of {len(first.clips)} and {len(other.clips)} clips are the same"
            remarks.append(f"{other.run.title} spoke other sentences than {first.run.title}: {counts}")
    if len({each.run.tags.get(_JUDGE) for each in results}) > 1:
        remarks.append("the runs were judged by different emotion classifiers: their accuracies differ by that too")
    return remarks
