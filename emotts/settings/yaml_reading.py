"""YAML of settings, read strictly: what can be read in two ways, or grows beyond its file, is refused with its line."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any

import yaml

from emotts.errors import ConfigError

__all__ = ["parse", "read_text"]

_MAX_BYTES = 1_000_000
_MAX_DEPTH = 20
_MAX_DIGITS = 30
_MAX_VALUES = 20_000
_SPELL = "write the values themselves"
_KINDS = frozenset({"null", "bool", "int", "float", "str"})
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def read_text(path: Path) -> str:
    """Return the text of a settings file.

    Raises:
        ConfigError: if it is larger than settings can be, or not UTF-8; the line is named.
    """
    size = path.stat().st_size
    if size > _MAX_BYTES:
        raise ConfigError(
            "file is too large for settings",
            where=path,
            found=f"{size} bytes",
            wanted=f"at most {_MAX_BYTES}",
            remedy="name a YAML file with settings",
        )
    content = path.read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ConfigError("file is UTF-16", where=path, wanted="UTF-8", remedy="save it as UTF-8 in your editor")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            "file is not UTF-8",
            where=f"{path}:{line}",
            found=f"byte 0x{content[error.start]:02x}",
            remedy="save it as UTF-8 in your editor",
        ) from error


def parse(text: str, *, where: object) -> tuple[yaml.Node | None, Any]:
    """Return a YAML document as nodes, which know their places, and as plain values.

    Args:
        text: the document.
        where: the file, for messages.

    Raises:
        ConfigError: if it is not YAML, or has a key twice, an alias of itself, a tag, a date, a number of many
            digits, an unprintable character, too many levels or values; the line is named.
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    except _Refusal as error:
        where = f"{where}:{error.line}"
        raise ConfigError("cannot be read as settings", where=where, found=error.found, remedy=error.remedy) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"{error.reason}: #x{error.character:04x}"
        raise ConfigError("not valid YAML", where=f"{where}:{line}", found=found) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = where if mark is None else f"{where}:{mark.line + 1}"
        raise ConfigError("not valid YAML", where=place, found=getattr(error, "problem", error)) from error


class _Refusal(yaml.YAMLError):
    """Something that settings do not need, its line, and what to do."""

    def __init__(self, found: str, at: Any, *, remedy: str) -> None:
        super().__init__(found)
        self.line = at.start_mark.line + 1
        self.found = found
        self.remedy = remedy


class _Loader(yaml.SafeLoader):
    """Composes nodes as PyYAML does, and refuses as soon as it comes upon what settings do not need."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._sizes: dict[int, int] = {}
        """Number of values of every finished node, those behind its aliases included, by id."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) and id(self.anchors.get(event.anchor)) not in self._sizes:
            raise _Refusal(
                f"the alias *{event.anchor}, which stands for nothing that is complete", event, remedy=_SPELL
            )
        if getattr(event, "tag", None) is not None:
            raise _Refusal(f"the tag {event.tag}", event, remedy="remove it")
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _Refusal(f"more than {_MAX_DEPTH} levels", event, remedy="remove the brackets")
        node = super().compose_node(parent, index)
        self._depth -= 1
        if isinstance(node, yaml.ScalarNode):
            _check_scalar(node)
            self._check_number(node)
        if isinstance(node, yaml.MappingNode):
            _check_keys(node)
        if node is not None:
            self._measure(node)
        return node

    def _measure(self, node: yaml.Node) -> None:
        parts = node.value if isinstance(node, yaml.CollectionNode) else []
        parts = [each for part in parts for each in (part if isinstance(part, tuple) else (part,))]
        size = self._sizes[id(node)] = 1 + sum(self._sizes[id(part)] for part in parts)
        if size > _MAX_VALUES:
            raise _Refusal(f"more than {_MAX_VALUES} values, counted through aliases", node, remedy=_SPELL)

    def _check_number(self, node: yaml.ScalarNode) -> None:
        kind = _kind(node)
        try:
            if kind == "int":
                self.construct_yaml_int(node)
            elif kind == "float":
                self.construct_yaml_float(node)
        except ValueError as error:
            found = f"{node.value!r}, which looks like a number and is none"
            raise _Refusal(found, node, remedy="write digits, or put a word in quotes") from error


def _kind(node: yaml.ScalarNode) -> str:
    return str(node.tag).rpartition(":")[2]


def _check_scalar(node: yaml.ScalarNode) -> None:
    shown, kind = f"{node.value[:40]!r}", _kind(node)
    if _UNPRINTABLE.search(node.value):
        raise _Refusal(f"an unprintable character in {shown}", node, remedy="remove it")
    if kind not in _KINDS and node.value != "<<":
        raise _Refusal(f"{shown}, which YAML reads as a {kind}", node, remedy="put it in quotes if it is a word")
    if kind in ("int", "float") and (len(node.value) > _MAX_DIGITS or ":" in node.value):
        found = f"a number of {len(node.value)} characters, {shown}"
        raise _Refusal(found, node, remedy="write a number of a few digits, or put a word in quotes")


def _check_keys(node: yaml.MappingNode) -> None:
    known: dict[str, int] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or _kind(key) not in ("str", "merge"):
            found = f"the key {key.value}, which is no word" if isinstance(key, yaml.ScalarNode) else "a list as a key"
            raise _Refusal(found, key, remedy="put it in quotes if it is a word")
        if key.value in known:
            found = f"the key {key.value!r} for the second time; the first is in line {known[key.value]}"
            raise _Refusal(found, key, remedy="remove one of them")
        known[key.value] = key.start_mark.line + 1
