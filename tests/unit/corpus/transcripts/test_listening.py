"""The order in which takes are listened to and reported."""

from __future__ import annotations

from functools import partial

from support.settings import parallel_settings

from emotts.corpus.transcripts.labelled_take import LabelledTake, Report
from emotts.corpus.transcripts.listening import labelled_takes

READY, HEARD = LabelledTake((), (), n_short=1), LabelledTake((), (), n_short=2)


def hear(file: str, *, report: Report) -> LabelledTake:
    report(f"{file}: 7 heard")
    return HEARD


def test_takes_that_are_labelled_come_first_and_the_order_stays() -> None:
    calls: list[tuple[int, int, str]] = []
    takes = labelled_takes(
        {"a": partial(hear, "a"), "b": READY, "c": partial(hear, "c"), "d": READY},
        parallel=parallel_settings(),
        progress=lambda *call: calls.append(call),
    )
    assert list(takes.items()) == [("a", HEARD), ("b", READY), ("c", HEARD), ("d", READY)]
    assert calls == [
        (0, 4, "b"), (1, 4, "d"), (2, 4, "a"), (2, 4, "a: 7 heard"), (3, 4, "c"), (3, 4, "c: 7 heard"), (4, 4, ""),
    ]  # fmt: skip


def test_without_anything_to_hear_no_workers_are_started() -> None:
    unusable = parallel_settings(jobs=2, backend="ray")
    assert labelled_takes({"b": READY}, parallel=unusable, progress=None) == {"b": READY}
