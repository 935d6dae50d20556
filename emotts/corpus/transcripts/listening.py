"""Listening to the takes that have no texts of their own: one after the other, or several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from emotts.corpus.transcripts.labelled_take import LabelledTake, Report
from emotts.parallel import ParallelSettings, parallel_map, works_here
from emotts.progress import Progress

__all__ = ["Listening", "labelled_takes"]


class Listening(Protocol):
    """The work that labels a take by listening to it; it can be pickled."""

    def __call__(self, *, report: Report) -> LabelledTake:
        """Label the take; ``report`` is called with a note on what is done."""
        ...


@dataclass(frozen=True)
class _Task:
    """One take that is listened to.

    Attributes:
        done: number of takes that are labelled before it.
        file: of the recording.
        listening: the work.
    """

    done: int
    file: str
    listening: Listening


_Reporter = Callable[[int, str], None]
"""Is called with the number of takes that are done, and a note."""


def labelled_takes(
    work: Mapping[str, LabelledTake | Listening], *, parallel: ParallelSettings | None, progress: Progress | None
) -> dict[str, LabelledTake]:
    """Do the work that is left, and return all takes by their recordings, in the order of ``work``.

    Args:
        work: the labelled take of each recording, or what is left to do for it.
        parallel: how many takes are listened to at once; the result is the same.
        progress: called with takes done, takes in all, and the recording at work; first with those that are labelled.
    """
    report = _reporter(progress, len(work))
    done: dict[str, LabelledTake] = {}
    left: dict[str, Listening] = {}
    for file, take in work.items():
        if isinstance(take, LabelledTake):
            report(len(done), file)
            done[file] = take
        else:
            left[file] = take
    tasks = [_Task(number, file, listening) for number, (file, listening) in enumerate(left.items(), len(done))]
    how = parallel if tasks else None  # no workers for nothing
    listen = partial(_listen, report=report if works_here(how) else None)
    for task, take in zip(_named(tasks, report), parallel_map(listen, tasks, parallel=how), strict=True):
        done[task.file] = take
    report(len(done), "")
    return {file: done[file] for file in work}


def _named(tasks: Sequence[_Task], report: _Reporter) -> Iterator[_Task]:
    """Yield the tasks, and report each before its result is waited for."""
    for task in tasks:
        report(task.done, task.file)
        yield task


def _listen(task: _Task, *, report: _Reporter | None) -> LabelledTake:
    return task.listening(report=_silent if report is None else partial(report, task.done))


def _silent(note: str) -> None:
    """Report nothing: the progress is another process's."""


def _reporter(progress: Progress | None, total: int) -> _Reporter:
    def report(done: int, note: str) -> None:
        if progress is not None:
            progress(done, total, note)

    return report
