"""Damaged and hostile model files, made by code."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

__all__ = ["header", "nested", "put", "rewrite", "safetensors_bytes", "zip_bomb"]


def nested(values: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Return a copy of nested mappings with another value for a dotted key; the key goes where the value is ``...``."""
    name, _, rest = key.partition(".")
    changed = dict(values)
    if rest:
        changed[name] = nested(changed[name], rest, value)
    elif value is ...:
        del changed[name]
    else:
        changed[name] = value
    return changed


def put(path: Path, key: str, value: Any) -> None:
    """Change one value of a JSON file."""
    values = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(nested(values, key, value), ensure_ascii=False), encoding="utf-8")


def header(path: Path) -> tuple[dict[str, Any], bytes]:
    """Return the header and the numbers of a safetensors file."""
    content = path.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8 : 8 + size]), content[8 + size :]


def safetensors_bytes(entries: Any, numbers: bytes) -> bytes:
    """Return a safetensors file of any header, valid or not."""
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + numbers


def rewrite(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the header of a safetensors file, and leave its numbers."""
    entries, numbers = header(path)
    path.write_bytes(safetensors_bytes(change(entries), numbers))


def zip_bomb(path: Path, *, size: int) -> None:
    """Write a zip archive, named as torch names its parts, that unpacks to ``size`` zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}.")
        with archive.open("archive/data/0", "w") as stream:
            for _ in range(size // 2**20):
                stream.write(bytes(2**20))
