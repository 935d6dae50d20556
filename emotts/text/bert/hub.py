"""A BERT model's files: in a folder of the user's, in the cache of the Hugging Face hub, or on the hub."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from emotts.errors import CheckpointError, ConfigError
from emotts.hub import hub_address, snapshot

__all__ = ["HubModel", "check_folder", "locate"]

_NAME = re.compile(r"[\w.-]+/[\w.-]+@[\w.-]+")
_VOCABULARY = ("vocab.txt", "tokenizer.json")
_OTHERS = ("config.json", "tokenizer_config.json", "special_tokens_map.json", *_VOCABULARY)
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True)
class HubModel:
    """A model on the hub at one revision."""

    repository: str
    revision: str

    @classmethod
    def parse(cls, name: str) -> HubModel:
        """Read ``OWNER/NAME@REVISION``.

        Raises:
            ConfigError: if it is written otherwise.
        """
        if not _NAME.fullmatch(name):
            raise ConfigError("not the name of a model", found=repr(name), wanted="OWNER/NAME@REVISION")
        repository, _, revision = name.partition("@")
        return cls(repository, revision)

    @property
    def address(self) -> str:
        """Where its files can be seen and downloaded by hand."""
        return hub_address(self.repository, self.revision)


def check_folder(folder: Path, model: HubModel) -> None:
    """See to it that a folder holds the files of a model.

    Raises:
        CheckpointError: naming the files that are missing, and where to get them.
    """
    missing = [
        " or ".join(names)
        for names in (("config.json",), _VOCABULARY, _WEIGHTS)
        if not any((folder / name).is_file() for name in names)
    ]
    if missing:
        raise CheckpointError(
            "the BERT model is not there",
            where=folder,
            found=f"no {', no '.join(missing)}" if folder.is_dir() else "no such folder",
            wanted=f"the files of {model.repository} at revision {model.revision}",
            remedy=_by_hand(model, folder),
        )


def locate(model: HubModel, *, language: str) -> Path:
    """Return the folder of a model's files in the hub's cache; what is not there yet is downloaded.

    Args:
        model: which one.
        language: named in the message.

    Raises:
        CheckpointError: if it is not there and cannot be downloaded; the message says which files to put where.
    """
    found = f"no {' or '.join(_WEIGHTS)} in the repository"
    try:
        for local, weights in itertools.product((True, False), _WEIGHTS):
            folder = snapshot(model.repository, model.revision, files=[weights], further=_OTHERS, local=local)
            if folder is not None:
                return folder
    except OSError as error:
        found = str(error)
    raise CheckpointError(
        f"the BERT model {model.repository} is not on this machine and cannot be downloaded",
        found=found,
        wanted=f"revision {model.revision}",
        remedy=_by_hand(model, Path("FOLDER") / language),
    )


def _by_hand(model: HubModel, folder: Path) -> str:
    return (
        f"on a machine with a network, get config.json, tokenizer_config.json, vocab.txt and {_WEIGHTS[0]} or "
        f"{_WEIGHTS[1]} from {model.address}, put them into {folder}, and name {folder.parent} as text.bert_folder in "
        "params.yaml or as bert_folder of Voice.load"
    )
