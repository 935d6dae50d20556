"""The comparison of two or more runs, or groups of runs that differ in the seed alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from emotts.errors import ConfigError
from emotts.evaluation.comparison.changes import Change, data_changes, setting_changes
from emotts.evaluation.comparison.clips import SAMPLES, TRANSCRIPTS, read_clips
from emotts.evaluation.comparison.differences import Difference, RunGroup, RunResults, group_difference, same_clips
from emotts.evaluation.comparison.metrics import main_metrics
from emotts.evaluation.comparison.seeds import Spread, spread
from emotts.evaluation.headline import HEADLINE
from emotts.tracking.former_names import present_params
from emotts.tracking.runs import Run, download_artifacts, find_run

__all__ = ["Comparison", "MetricRow", "RunGroup", "compare_groups", "compare_results", "grouped", "read_results"]

_CLASSIFIER = "models.emotion_classifier"
_BETWEEN = "vs"


@dataclass(frozen=True)
class MetricRow:
    """A metric in every group, and how each group differs from the first; None where a group lacks it."""

    name: str
    spreads: tuple[Spread | None, ...]
    differences: tuple[Difference | None, ...]

    @property
    def values(self) -> tuple[float | None, ...]:
        """The means."""
        return tuple(None if each is None else each.mean for each in self.spreads)


@dataclass(frozen=True)
class Comparison:
    """Groups of runs side by side; the first is the one that the others are compared to. Often a group is one run.

    Attributes:
        settings, data: what is not the same in all groups; of a group, that of its first run.
        remarks: what to keep in mind when reading the metrics.
    """

    groups: tuple[RunGroup, ...]
    metrics: tuple[MetricRow, ...]
    settings: tuple[Change, ...]
    data: tuple[Change, ...]
    remarks: tuple[str, ...]

    @property
    def results(self) -> tuple[RunResults, ...]:
        """The first run of every group."""
        return tuple(group.results[0] for group in self.groups)

    @property
    def titles(self) -> tuple[str, ...]:
        """What every group is called."""
        return tuple(group.title for group in self.groups)


def grouped(wanted: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of runs that a command line names: with ``vs`` between them, or else each run alone.

    Raises:
        ConfigError: if a group is empty, or there is only one.
    """
    groups: list[list[str]] = [[]]
    for name in wanted:
        if name == _BETWEEN:
            groups.append([])
        else:
            groups[-1].append(name)
    if _BETWEEN not in wanted:
        groups = [[name] for name in wanted]
    if len(groups) < 2:
        raise ConfigError("one run cannot be compared", found=wanted[0], wanted="two runs or more")
    if not all(groups):
        raise ConfigError(
            "a group of runs is empty", found=" ".join(wanted), wanted=f"runs on both sides of every {_BETWEEN!r}"
        )
    return tuple(map(tuple, groups))


def read_results(
    root: Path, wanted: Sequence[str], *, model: str, folder: Path, former_keys: Mapping[str, str]
) -> tuple[RunResults, ...]:
    """Read runs and the clips of their evaluations.

    Args:
        root: the project.
        wanted: what names each run, as :func:`~emotts.tracking.runs.find_run` takes it.
        model: name of the registered model.
        folder: gets the clips.
        former_keys: former dotted keys of ``params.yaml``, and the present ones.

    Raises:
        ConfigError: if there is no such run, several, or the same run twice.
        CorpusError: if a run's clips are damaged.
    """
    runs = [find_run(root, name, model=model) for name in wanted]
    for place, run in enumerate(runs):
        if run.run_id in {other.run_id for other in runs[:place]}:
            raise ConfigError("the same run is named twice", found=run.title, wanted="two different runs")
    present = (replace(run, params=present_params(run.params, former_keys)) for run in runs)
    return tuple(_results(root, run, folder / run.run_id) for run in present)


def _results(root: Path, run: Run, folder: Path) -> RunResults:
    samples = download_artifacts(root, run, path=SAMPLES, folder=folder)
    if samples is None:
        return RunResults(run, ())
    clips = read_clips(samples, transcripts=download_artifacts(root, run, path=TRANSCRIPTS, folder=folder))
    classified = (replace(clip, classified=f"emotion_accuracy.{clip.emotion}" in run.metrics) for clip in clips)
    return RunResults(run, tuple(classified))


def compare_results(results: Sequence[RunResults], *, everything: bool = False) -> Comparison:
    """Compare runs, each of them alone, to the first of them; see :func:`compare_groups`."""
    return compare_groups([RunGroup((each,)) for each in results], everything=everything)


def compare_groups(groups: Sequence[RunGroup], *, everything: bool = False) -> Comparison:
    """Compare groups of runs to the first of them.

    Args:
        groups: two or more.
        everything: show curves, prosody and the metrics of reference speech too.
    """
    runs = [each.run for group in groups for each in group.results]
    names = set().union(*(run.metrics for run in runs))
    shown = [*main_metrics(names), *(sorted(names - set(main_metrics(names))) if everything else [])]
    firsts = [group.results[0].run for group in groups]
    return Comparison(
        groups=tuple(groups),
        metrics=tuple(_row(name, groups) for name in shown),
        settings=tuple(setting_changes(firsts)),
        data=tuple(data_changes(firsts)),
        remarks=tuple(_remarks([each for group in groups for each in group.results])),
    )


def _row(name: str, groups: Sequence[RunGroup]) -> MetricRow:
    values = [group.values(name) for group in groups]
    return MetricRow(
        name,
        tuple(spread(each) if each else None for each in values),
        tuple(group_difference(name, groups[0], other) for other in groups[1:]),
    )


def _remarks(results: Sequence[RunResults]) -> list[str]:
    first, others = results[0], results[1:]
    remarks = [f"{each.run.title} is {each.run.status}" for each in results if each.run.status != "FINISHED"]
    remarks += [_silence(each.run) for each in results if not each.clips]
    for other in others:
        if first.clips and other.clips and not same_clips(first, other):
            common = len({clip.key for clip in first.clips} & {clip.key for clip in other.clips})
            counts = f"{common} of {len(first.clips)} and {len(other.clips)} clips are the same"
            remarks.append(f"{other.run.title} spoke other sentences than {first.run.title}: {counts}")
    if len({each.run.tags.get(_CLASSIFIER) for each in results}) > 1:
        remarks.append("the runs were evaluated by different emotion classifiers: their accuracies differ by that too")
    return remarks


def _silence(run: Run) -> str:
    """Return why the metrics of a run without clips have no confidence."""
    evaluated, missing = HEADLINE[0] in run.metrics, run.missing_folder
    if evaluated and missing is not None:
        return f"the files of {run.title} are missing, so its metrics have no confidence: there is no {missing}"
    return f"{run.title} holds no spoken clips: its metrics have no confidence"
