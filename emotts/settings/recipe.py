"""The recipe of a base voice: a corpus, and training phases one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from emotts.schema import Fraction, Name, Settings
from emotts.settings.overrides import Overrides, named_settings, places_below
from emotts.settings.params import Params
from emotts.settings.reading import read_mapping, validated

__all__ = ["Recipe", "RecipeCorpus", "RecipePhase", "load_recipe"]

# the schedule of a fine-tuning: between the phases of one voice nothing is new, so nothing would learn first
_NO_FREEZING: Overrides = ({"train": {"freeze_steps": 0, "backbone_lr_scale": 1.0}}, {})


Languages = Annotated[tuple[Literal["KR", "JP", "EN"], ...], Field(strict=False, min_length=1, max_length=3)]


class RecipeCorpus(Settings):
    """Where the clips come from (a folder with ``durations.jsonl``), and the fractions of texts that are held out.

    ``languages`` are those of the clips; None: ``project.language`` alone, the language that samples are spoken in.
    """

    renamed: ClassVar = {"val_share": "val_fraction", "test_share": "test_fraction"}
    source: Annotated[str, Field(min_length=1)]
    val_fraction: Fraction
    test_fraction: Fraction
    languages: Languages | None = None


class _PhaseSection(Settings):
    name: Name
    params: dict[str, Any]


class _RecipeSection(Settings):
    name: Name
    preset: str | None = None
    corpus: RecipeCorpus
    params: dict[str, Any] = Field(default_factory=dict)
    phases: Annotated[list[_PhaseSection], Field(min_length=1)]


@dataclass(frozen=True)
class RecipePhase:
    """A phase: its name, and the settings of the project as they are in it."""

    name: str
    params: Params


@dataclass(frozen=True)
class Recipe:
    """How a base voice comes about. Each phase starts from the voice that the one before ended with."""

    name: str
    corpus: RecipeCorpus
    phases: tuple[RecipePhase, ...]


def load_recipe(path: Path, *, root: Path) -> Recipe:
    """Read a recipe; the settings of a phase are params.yaml, the preset, the recipe's and the phase's, in that order.

    The gradual schedule of ``params.yaml`` and the preset does not count: the recipe's own is every parameter at the
    full rate from the first step unless it says otherwise.

    Args:
        path: the recipe.
        root: the project, which ``params.yaml`` and the preset are looked for in.

    Raises:
        ConfigError: if a file is missing or not YAML, a key is unknown, missing or out of range, or two phases have
            the same name; every problem is listed with its file and line.
    """
    values, places = read_mapping(path, remedy="name a recipe, such as experiments/base-compact-ko.yaml")
    recipe = validated(_RecipeSection, values, places=places, where=path)
    overrides: list[Overrides] = [read_mapping(root / "params.yaml", remedy="run in the project's folder")]
    if recipe.preset is not None:
        overrides.append(read_mapping(root / recipe.preset, remedy=f"correct preset in {path}"))
    overrides.append(_NO_FREEZING)
    overrides.append((recipe.params, places_below(places, ("params",))))
    own = [(phase.name, phase.params) for phase in recipe.phases]
    settings = named_settings("phases", own, common=overrides, places=places, where=path)
    phases = (RecipePhase(name, params) for (name, _), params in zip(own, settings, strict=True))
    return Recipe(recipe.name, recipe.corpus, tuple(phases))
