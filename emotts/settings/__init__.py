"""``params.yaml``, studies, comparisons and recipes as frozen, checked settings.

Components own the classes of their settings; here they are composed, read and written. A setting has its one default
in ``params.yaml``: a missing key is an error as much as an unknown one. Errors name the file and the line.
"""

from __future__ import annotations

from emotts.settings.ablation import Ablation, Variant, load_ablation
from emotts.settings.params import BASES, Params
from emotts.settings.reading import default_params, default_root, load_params
from emotts.settings.recipe import Recipe, RecipePhase, load_recipe
from emotts.settings.study import ParameterSection, PrunerSection, Scalar
from emotts.settings.study_file import Study, load_study, nested

__all__ = [
    "BASES",
    "Ablation",
    "ParameterSection",
    "Params",
    "PrunerSection",
    "Recipe",
    "RecipePhase",
    "Scalar",
    "Study",
    "Variant",
    "default_params",
    "default_root",
    "load_ablation",
    "load_params",
    "load_recipe",
    "load_study",
    "nested",
]
