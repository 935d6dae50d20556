"""The base of all settings: frozen, checked, without hidden defaults; and the types of their values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, NamedTuple, Self

import pydantic
from pydantic import Field
from pydantic_core import ErrorDetails

from emotts.errors import ConfigError

__all__ = [
    "BelowOne",
    "Fraction",
    "IntegerTable",
    "Integers",
    "Name",
    "Problem",
    "RuleError",
    "Settings",
    "explain",
    "flatten",
]

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
BelowOne = Annotated[float, Field(ge=0.0, lt=1.0)]
"""Such as a dropout or the decay of an average."""
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^|\s\x00-\x1f\x7f]+$")]
Integers = Annotated[
    tuple[Annotated[int, Field(gt=0, le=65_536)], ...], Field(strict=False, min_length=1, max_length=32)
]
"""Positive whole numbers, at least one; written as a list in YAML and JSON."""
IntegerTable = Annotated[tuple[Integers, ...], Field(strict=False, min_length=1, max_length=32)]


_LONGEST_SHOWN = 80
_EXPONENT = re.compile(r"([-+]?\d+(?:\.\d*)?)e([-+]?)(\d+)", re.IGNORECASE)


class Settings(pydantic.BaseModel):
    """Settings of one component: frozen, no unknown keys, no silent conversion of types, finite numbers.

    ``renamed`` maps the former names of its keys to the present ones: what was stored under a former name can still be
    read (:meth:`from_dict`), and ``params.yaml`` gets an error that names the present one.
    """

    model_config = pydantic.ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, str_max_length=4096
    )
    renamed: ClassVar[Mapping[str, str]] = {}

    def changed(self, **values: object) -> Self:
        """Return a copy with some values changed, checked anew.

        Raises:
            ConfigError: as :meth:`from_dict`.
        """
        return self.from_dict({**{name: getattr(self, name) for name in type(self).model_fields}, **values})

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers, words, lists and mappings, as JSON and YAML hold them; what is None is left out."""
        return self.model_dump(mode="json", exclude_none=True)

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """Read what :meth:`to_dict` wrote, under present or former names.

        Raises:
            ConfigError: if a key is unknown or missing, or a value has the wrong type or range; all are listed.
        """
        try:
            return cls.model_validate({cls.renamed.get(name, name): value for name, value in values.items()})
        except pydantic.ValidationError as error:
            problems = (problem.text for problem in explain(error, cls))
            raise ConfigError(f"the settings cannot be used: {'; '.join(problems)}") from error


class RuleError(ValueError):
    """A rule across keys is broken.

    Args:
        text: what is wrong.
        key: the key to correct, from the section that has the rule.
    """

    def __init__(self, text: str, *, key: Sequence[str]) -> None:
        self.key = tuple(key)
        super().__init__(text)


class Problem(NamedTuple):
    """What is wrong with a value, and where it is in the settings."""

    location: tuple[str | int, ...]
    text: str


def explain(error: pydantic.ValidationError, kind: type[pydantic.BaseModel]) -> list[Problem]:
    """Return what is wrong with settings of a kind, in words."""
    found = error.errors()
    unknown = {tuple(each["loc"]) for each in found if each["type"] == "extra_forbidden"}
    problems = []
    for each in found:
        location = (*each["loc"], *_blamed(each))
        former = _former_names(kind, location)
        if each["type"] == "missing" and unknown & {(*location[:-1], name) for name in former}:
            continue  # said of the former name
        problems.append(Problem(location, _text(each, kind, location)))
    return problems


def flatten(values: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    """Return nested mappings as one mapping with dotted keys; lists stay values."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, prefix=f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _blamed(problem: ErrorDetails) -> tuple[str, ...]:
    """Return the key that a rule across keys names, from its section."""
    error = problem.get("ctx", {}).get("error")
    return error.key if isinstance(error, RuleError) else ()


def _text(problem: ErrorDetails, kind: type[pydantic.BaseModel], location: Sequence[str | int]) -> str:
    name = ".".join(str(part) for part in location)
    if problem["type"] == "extra_forbidden":
        section = _section(kind, location)
        known = getattr(section, "renamed", {}).get(location[-1])
        if known is not None:
            return f"{name!r} is now called {known!r}"
        near = difflib.get_close_matches(str(location[-1]), list(getattr(section, "model_fields", {})), n=1, cutoff=0.5)
        return f"unknown key {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if problem["type"] == "missing":
        return f"key {name!r} is missing"
    said = str(problem["msg"]).removeprefix("Value error, ")
    if not name or isinstance(problem["input"], Mapping):  # a rule across keys: it names them itself
        return f"{name}: {said}" if name else said
    shown = repr(problem["input"])
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}..."
    return f"{name} = {shown}: {said}{_number_hint(problem['input'])}"


def _number_hint(value: object) -> str:
    """Explain YAML's surprise that an exponent needs a point and a sign: ``1e-4`` and ``1.0e4`` are words."""
    match = _EXPONENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return ""
    number, sign, power = match.groups()
    return f"; YAML reads that as a word: write {number if '.' in number else f'{number}.0'}e{sign or '+'}{power}"


def _former_names(kind: type[pydantic.BaseModel], location: Sequence[str | int]) -> set[str]:
    renamed: Mapping[str, str] = getattr(_section(kind, location), "renamed", {})
    return {former for former, present in renamed.items() if location and present == location[-1]}


def _section(kind: type[pydantic.BaseModel], location: Sequence[str | int]) -> type[pydantic.BaseModel] | None:
    """Return the class of the settings that a key is in, None for what has no class of its own."""
    section: type[pydantic.BaseModel] | None = kind
    for part in location[:-1] if location else ():
        field = getattr(section, "model_fields", {}).get(part)
        kinds = () if field is None else getattr(field.annotation, "__args__", (field.annotation,))
        section = next((each for each in kinds if hasattr(each, "model_fields")), None)
    return section
