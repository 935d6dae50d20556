"""Which trial of a study begins next, if its budget allows one: the values that are given, and what is noted of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emotts.settings import Scalar, Study
from emotts.workflows.tuning.attempts import trial_number
from emotts.workflows.tuning.space import grid_points, own_values

__all__ = ["next_trial", "voice_owner"]

_SPEAKING = "speaking."


def next_trial(attempts: Sequence[Any], study: Study) -> tuple[Mapping[str, Scalar], dict[str, Any]] | None:
    """Return given values and attributes of the next trial; None where the budget is spent or a grid at its end.

    First come the project's own values, then those that the file enqueues. The sampler chooses what is not given.

    Args:
        attempts: the last attempt at every trial, in their order; those taken over cost nothing.
        study: what its file says.
    """
    own = [each for each in attempts if "taken_over" not in each.user_attrs]
    if _is_spent(own, study):
        return None
    attributes: dict[str, Any] = {"trial": len(attempts)}
    if study.section.sampler.kind == "grid":
        points = grid_points(study)
        return (points[len(own)], attributes) if len(own) < len(points) else None
    present = own_values(study)
    if not own and present is not None and present not in [each.params for each in attempts]:
        return present, {**attributes, "own_settings": True}
    used = {each.user_attrs.get("enqueued") for each in attempts}
    for number, values in enumerate(study.section.enqueue):
        if number not in used:
            given = {name: value for name, value in values.items() if name in study.search}
            return given, {**attributes, "enqueued": number}
    return {}, attributes


def _is_spent(attempts: Sequence[Any], study: Study) -> bool:
    budget = study.section.budget
    return (
        (budget.trials is not None and len(attempts) >= budget.trials)
        or (budget.hours is not None and _total(attempts, "seconds") >= budget.hours * 3600)
        or (budget.steps is not None and _total(attempts, "steps") >= budget.steps)
    )


def _total(attempts: Sequence[Any], name: str) -> float:
    return sum(float(attempt.user_attrs.get(name, 0.0)) for attempt in attempts)


def voice_owner(attempts: Sequence[Any], number: int, *, values: Mapping[str, Scalar]) -> int:
    """Return the first trial that trains the same voice as trial ``number``, often that itself.

    Trials that differ only in how they speak share a voice, where the study varies ``speaking``.

    Args:
        attempts: the last attempt at every trial.
        number: of the trial.
        values: of the trial.
    """
    if not any(name.startswith(_SPEAKING) for name in values):
        return number
    trained = _trained(values)
    same = (
        trial_number(each)
        for each in attempts
        if trial_number(each) < number and "taken_over" not in each.user_attrs and _trained(each.params) == trained
    )
    return next(same, number)


def _trained(values: Mapping[str, Scalar]) -> dict[str, Scalar]:
    return {name: value for name, value in values.items() if not name.startswith(_SPEAKING)}
