"""Reading a comparison: variants of the project's settings, each with one or more seeds, and the metrics to compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from emotts.errors import ConfigError
from emotts.schema import Name, Settings
from emotts.settings.former_names import refuse_former_metrics
from emotts.settings.overrides import Overrides, named_settings, places_below
from emotts.settings.params import Params
from emotts.settings.reading import Location, read_mapping, validated
from emotts.settings.study import Seeds

__all__ = ["Ablation", "Variant", "load_ablation"]

_AFTER_TRAINING = {"speaking", "evaluate", "export"}
"""What a training does not read: variants that differ in nothing else have the same voice."""


class _VariantSection(Settings):
    name: Name
    params: dict[str, Any] = Field(default_factory=dict)
    seeds: Seeds | None = None
    emotions_as_speakers: bool = False


class _AblationSection(Settings):
    renamed: ClassVar = {"figures": "metrics"}
    name: Name
    metrics: Annotated[list[str], Field(min_length=1)]
    seeds: Seeds | None = None
    params: dict[str, Any] = Field(default_factory=dict)
    variants: Annotated[list[_VariantSection], Field(min_length=1)]


@dataclass(frozen=True)
class Variant:
    """One training and its evaluation.

    Attributes:
        name: of the variant; with several seeds, that of the setting and the seed (``narrow-21``).
        setting: its name in the file; variants of one setting differ in the seed alone.
        seed: of the training.
        params: the project's settings as they are in it.
        measured: the same with the seed that the file's settings have: all seeds of a setting speak the same sentences.
        emotions_as_speakers: every emotion of the speaker becomes a speaker of its own, in one and the same emotion.
        voice: name of the variant that trains the voice: the first one whose training is the same.
    """

    name: str
    setting: str
    seed: int
    params: Params
    measured: Params
    emotions_as_speakers: bool
    voice: str


@dataclass(frozen=True)
class Ablation:
    """Variants that share corpus and classifiers, and the metrics of ``evaluation.json`` that their table shows."""

    name: str
    metrics: tuple[str, ...]
    variants: tuple[Variant, ...]
    path: Path
    places: Mapping[Location, str]

    def place(self, *location: str | int) -> str:
        """Return ``file:line`` of a part of the comparison's file."""
        return self.places.get(location, str(self.path))


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
    refuse_former_metrics((name, places["metrics", number]) for number, name in enumerate(section.metrics))
    overrides: list[Overrides] = [read_mapping(root / "params.yaml", remedy="run in the project's folder")]
    overrides.append((section.params, places_below(places, ("params",))))
    own = [(each.name, each.params) for each in section.variants]
    settings = named_settings("variants", own, common=overrides, places=places, where=path)
    variants: list[Variant] = []
    for number, (each, params) in enumerate(zip(section.variants, settings, strict=True)):
        for variant in _with_seeds(each, params, seeds=each.seeds or section.seeds):
            if variant.name in {other.name for other in variants}:
                raise ConfigError(
                    f"two variants are named {variant.name!r}, one of them by its seed",
                    where=places["variants", number, "name"],
                    remedy="give one of them another name",
                )
            variants.append(_sharing(variant, variants))
    return Ablation(section.name, tuple(section.metrics), tuple(variants), path, places)


def _with_seeds(section: _VariantSection, params: Params, *, seeds: Sequence[int] | None) -> Iterator[Variant]:
    """Yield a setting once with each seed; without any, once as it is."""
    for seed in seeds or [params.project.seed]:
        yield Variant(
            name=section.name if seeds is None else f"{section.name}-{seed}",
            setting=section.name,
            seed=seed,
            params=params.changed(project=params.project.changed(seed=seed)),
            measured=params,
            emotions_as_speakers=section.emotions_as_speakers,
            voice="",
        )


def _sharing(variant: Variant, before: Sequence[Variant]) -> Variant:
    """Return a variant with the name of the first one that trains the same voice; often that is itself."""
    same = (other.name for other in before if _training(other) == _training(variant))
    return replace(variant, voice=next(same, variant.name))


def _training(variant: Variant) -> tuple[bool, dict[str, Any]]:
    return variant.emotions_as_speakers, variant.params.model_dump(exclude=_AFTER_TRAINING)
