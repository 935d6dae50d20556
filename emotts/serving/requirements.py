"""The pip requirements of a served voice: what speaking needs, in the versions that it was tried with."""

from __future__ import annotations

import importlib.metadata

from emotts.errors import ConfigError

__all__ = ["serving_requirements"]

_SPEAKING = (
    "filelock",
    "ko-speech-tools[g2p]",
    "mecab-ko",
    "mlflow-skinny",
    "num2words",
    "numpy",
    "pandas",
    "psutil",
    "pydantic",
    "pyopenjtalk-plus",
    "pyyaml",
    "safetensors",
    "soundfile",
    "soxr",
    "torch",
)
"""The packages that :mod:`emotts.serving.pyfunc` reaches when it speaks, and MLflow without its UI and stores."""
_BERT = ("fugashi", "huggingface_hub", "transformers", "unidic-lite")
"""Those of a voice that reads BERT features."""


def serving_requirements(*, bert: bool) -> list[str]:
    """Return a requirement with an exact version for every package that a voice needs to speak as an MLflow model.

    The versions are the installed ones; MLflow tries the voice with them when it is registered.

    Args:
        bert: whether the voice reads BERT features.

    Raises:
        ConfigError: if a package is not installed.
    """
    return [f"{name}=={_version(name)}" for name in (*_SPEAKING, *(_BERT if bert else ()))]


def _version(requirement: str) -> str:
    """Return the installed version of a package, without the name of a local build such as ``+cpu``."""
    name = requirement.partition("[")[0]
    try:
        return importlib.metadata.version(name).partition("+")[0]
    except importlib.metadata.PackageNotFoundError as error:
        raise ConfigError(
            f"the package {name} is missing, so the voice cannot be served with it",
            remedy="install emotts with its dependencies (`make`, or pip install 'emotts[bert]' for a voice with BERT)",
        ) from error
