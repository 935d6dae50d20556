"""What the sections of ``params.yaml`` are made of."""

from __future__ import annotations

from typing import Annotated

import pydantic
from pydantic import Field

__all__ = [
    "Momentum",
    "Name",
    "NaturalFloat",
    "NaturalInt",
    "PositiveFloat",
    "PositiveInt",
    "Section",
    "Share",
]

Share = Annotated[float, Field(ge=0.0, le=1.0)]
PositiveFloat = Annotated[float, Field(gt=0.0)]
PositiveInt = Annotated[int, Field(gt=0)]
NaturalInt = Annotated[int, Field(ge=0)]
NaturalFloat = Annotated[float, Field(ge=0.0)]
Momentum = Annotated[float, Field(ge=0.0, lt=1.0)]
Name = Annotated[str, Field(min_length=1, pattern=r"^[^|\s]+$")]


class Section(pydantic.BaseModel):
    """One section of ``params.yaml``: frozen, no unknown keys, no silent conversion of types."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True)
