"""JSON files of voices and checkpoints, which may come from elsewhere: of a sensible size, with every key once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from emotts.errors import CheckpointError

__all__ = ["read_json"]

_MAX_BYTES = 8_000_000


def read_json(path: Path, *, what: str, remedy: str) -> dict[str, Any]:
    """Return the object that a JSON file holds.

    Args:
        path: the file.
        what: the problem if it holds anything else, such as ``not a voice's configuration``.
        remedy: what to do then.

    Raises:
        CheckpointError: if it is missing, too large, not UTF-8, not JSON, or no object; the line is named.
    """
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise CheckpointError(
                what, where=path, found=f"{size} bytes", wanted=f"at most {_MAX_BYTES}", remedy=remedy
            )
        values = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once)
    except FileNotFoundError as error:
        raise CheckpointError("file is missing", where=path, remedy=remedy) from error
    except json.JSONDecodeError as error:
        raise CheckpointError(what, where=f"{path}:{error.lineno}", found=error.msg, remedy=remedy) from error
    except RecursionError as error:
        raise CheckpointError(what, where=path, found="lists within lists without end", remedy=remedy) from error
    except ValueError as error:
        raise CheckpointError(what, where=path, found=error, remedy=remedy) from error
    if not isinstance(values, dict):
        raise CheckpointError(what, where=path, found=type(values).__name__, wanted="an object", remedy=remedy)
    return values


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        twice = next(name for number, (name, _) in enumerate(pairs) if name in dict(pairs[:number]))
        raise ValueError(f"the key {twice!r} is there twice")
    return values
