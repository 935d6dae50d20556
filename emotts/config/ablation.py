"""A comparison of variants: the project's settings, each time with something else changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from emotts.config.layers import Layer, named_settings, places_below
from emotts.config.params import Params
from emotts.config.reading import read_mapping, validated
from emotts.config.types import Name, Section

__all__ = ["Ablation", "Variant", "load_ablation"]


class _VariantSection(Section):
    name: Name
    params: dict[str, Any] = Field(default_factory=dict)
    emotions_as_speakers: bool = False


class _AblationSection(Section):
    name: Name
    figures: Annotated[list[str], Field(min_length=1)]
    params: dict[str, Any] = Field(default_factory=dict)
    variants: Annotated[list[_VariantSection], Field(min_length=1)]


@dataclass(frozen=True)
class Variant:
    """One training and its evaluation.

    Attributes:
        name: of the variant.
        params: the project's settings as they are in it.
        emotions_as_speakers: every emotion of the speaker becomes a speaker of its own, in one and the same emotion.
    """

    name: str
    params: Params
    emotions_as_speakers: bool


@dataclass(frozen=True)
class Ablation:
    """Variants that share corpus and judges, and the figures of ``evaluation.json`` that their table shows."""

    name: str
    figures: tuple[str, ...]
    variants: tuple[Variant, ...]


def load_ablation(path: Path, *, root: Path) -> Ablation:
    """Read a comparison; a variant's settings are params.yaml, the comparison's and its own, in that order.

    Args:
        path: the file.
        root: the project, which ``params.yaml`` is looked for in.

    Raises:
        ConfigError: if a file is missing or not YAML, a key is unknown, missing or out of range, or two variants have
            the same name; every problem is listed with its file and line.
    """
    values, places = read_mapping(path, remedy="name a comparison, such as experiments/ablation.yaml")
    section = validated(_AblationSection, values, places=places, where=path)
    layers: list[Layer] = [read_mapping(root / "params.yaml", remedy="run in the project's folder")]
    layers.append((section.params, places_below(places, ("params",))))
    own = [(each.name, each.params) for each in section.variants]
    settings = named_settings("variants", own, common=layers, places=places, where=path)
    variants = (
        Variant(each.name, params, each.emotions_as_speakers)
        for each, params in zip(section.variants, settings, strict=True)
    )
    return Ablation(section.name, tuple(section.figures), tuple(variants))
