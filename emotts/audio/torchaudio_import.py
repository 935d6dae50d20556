"""The only importer of torchaudio: ``from emotts.audio.torchaudio_import import torchaudio``.

Published torchaudio wheels link CUDA. Beside a torch without CUDA their compiled part cannot be loaded and the plain
import raises OSError, although everything that is written in Python (transforms, functional, models) would work. There,
and only there, this module puts a stand-in in the place of the compiled part and imports again.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any, NoReturn

__all__ = ["torchaudio"]

_EXTENSION = "torchaudio._extension"


def _import_torchaudio() -> Any:
    try:
        return importlib.import_module("torchaudio")
    except OSError:
        for name in [name for name in sys.modules if name == "torchaudio" or name.startswith("torchaudio.")]:
            del sys.modules[name]
        sys.modules[_EXTENSION] = _extension_stub()
        return importlib.import_module("torchaudio")


def _extension_stub() -> ModuleType:
    """Return a module with the names that torchaudio takes from its loader of compiled code, saying "not there"."""

    def fail_if_no_align(function: Any) -> Any:
        def unavailable(*_args: Any, **_kwargs: Any) -> NoReturn:
            raise RuntimeError(f"torchaudio.{function.__name__} needs the compiled part of torchaudio")

        return unavailable

    stub = ModuleType(_EXTENSION)
    vars(stub).update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        _IS_RIR_AVAILABLE=False,
        _check_cuda_version=lambda: None,
        fail_if_no_align=fail_if_no_align,
    )
    return stub


torchaudio: Any = _import_torchaudio()
