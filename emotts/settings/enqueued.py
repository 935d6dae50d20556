"""Checking the trials that a study's file puts in line itself."""

from __future__ import annotations

from collections.abc import Callable

from emotts.errors import ConfigError
from emotts.settings.former_names import unknown_key
from emotts.settings.study import ParameterSection, Scalar, StudySection

__all__ = ["check_enqueued"]


def check_enqueued(section: StudySection, place: Callable[[int, str], str]) -> None:
    """Refuse values that the search space does not have.

    Args:
        section: the study.
        place: returns ``file:line`` of a key of one of the trials, counted from 0.

    Raises:
        ConfigError: if a key is not searched or a value lies outside of its range; every problem is listed.
    """
    problems = [
        f"{place(number, name)}: {text}"
        for number, values in enumerate(section.enqueue)
        for name, value in values.items()
        if (text := _problem(section, name, value))
    ]
    if problems:
        raise ConfigError("\n".join(problems), remedy="correct the values under enqueue")


def _problem(section: StudySection, name: str, value: Scalar) -> str | None:
    if name not in section.search:
        return f"{unknown_key(name, section.search)} (only what is searched can be enqueued)"
    if section.search[name].holds(value):
        return None
    return f"{name}: {value!r} lies outside of the search space ({_space(section.search[name])})"


def _space(parameter: ParameterSection) -> str:
    if parameter.choices is not None:
        return f"one of {', '.join(map(repr, parameter.choices))}"
    step = "" if parameter.step is None else f" in steps of {parameter.step:g}"
    return f"{parameter.low:g} to {parameter.high:g}{step}"
