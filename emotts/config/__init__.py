"""``params.yaml`` as frozen, validated sections.

Every default stands in ``params.yaml`` and nowhere else: a section has no default values, so a missing key is
an error as much as an unknown one. Errors name the file and the line.
"""

from __future__ import annotations

from emotts.config.ablation import Ablation, Variant, load_ablation
from emotts.config.networks import SynthesizerSection
from emotts.config.params import BASES, Params
from emotts.config.reading import flatten, load_params
from emotts.config.recipe import Recipe, RecipePhase, load_recipe
from emotts.config.study import ParameterSection, PrunerSection, SamplerSection, Scalar
from emotts.config.study_file import Study, load_study, nested
from emotts.config.training import LossWeightsSection, SpeakingSection, TrainSection

__all__ = [
    "BASES",
    "Ablation",
    "LossWeightsSection",
    "ParameterSection",
    "Params",
    "PrunerSection",
    "Recipe",
    "RecipePhase",
    "SamplerSection",
    "Scalar",
    "SpeakingSection",
    "Study",
    "SynthesizerSection",
    "TrainSection",
    "Variant",
    "flatten",
    "load_ablation",
    "load_params",
    "load_recipe",
    "load_study",
    "nested",
]
