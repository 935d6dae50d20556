"""The section ``text`` of the settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from emotts.ranges import FilePath
from emotts.schema import Settings

__all__ = ["BertModels", "TextSettings"]

ModelName = Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+@[\w.-]+$")]
"""A model on the Hugging Face hub: ``OWNER/NAME@REVISION``."""


class BertModels(Settings):
    """The BERT model of each language."""

    KR: ModelName
    JP: ModelName
    EN: ModelName


class TextSettings(Settings):
    """The user's own words; whether BERT features are used, and where their models are."""

    lexicon: FilePath
    bert: bool
    bert_folder: FilePath | None
    bert_models: BertModels
