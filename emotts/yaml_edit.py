"""Changes to a YAML file that leave every other character of it, comments above all, as it was."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from emotts.errors import ConfigError

__all__ = ["Change", "merged", "replaced"]

Path = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A key whose value became another one; values as YAML writes them on one line."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


def replaced(text: str, changes: Mapping[Path, str]) -> str:
    """Return YAML text with some values replaced by words.

    Args:
        text: the document, nested mappings.
        changes: path of a key to its new value.

    Raises:
        KeyError: if there is no such key.
    """
    document = _compose(text)
    edits = []
    for path, value in changes.items():
        node = document
        for name in path:
            node = _pairs(node)[name][1]
        if node.value != value:
            edits.append(_inline(text, node, _scalar(value)))
    return _applied(text, edits)


def merged(text: str, preset: str, *, where: object) -> tuple[str, list[Change]]:
    """Return YAML text with the values that a preset has for some of its keys, and what changed.

    A single value or list takes the place of the old one, whose comment stays. Where a section becomes a single
    value or the other way round, the preset's lines, comments included, take the place of the old ones.

    Args:
        text: the document, nested mappings.
        preset: a document with some of its keys.
        where: the preset's file, for messages.

    Raises:
        ConfigError: if the preset is not valid YAML, or has a key that the document does not have.
    """
    try:
        nodes = _compose(preset)
    except yaml.YAMLError as error:
        raise ConfigError("not valid YAML", where=where, found=" ".join(str(error).split())) from error
    if not isinstance(nodes, yaml.MappingNode):
        raise ConfigError("holds no sections", where=where, wanted="a mapping of sections")
    edits: list[_Edit] = []
    changes: list[Change] = []
    for name, (key, old), (new_key, new) in _matches(_compose(text), nodes, where=where):
        before, after = _one_line(old), _one_line(new)
        if before == after:
            continue
        changes.append(Change(".".join(name), before, after))
        if isinstance(old, yaml.MappingNode) or isinstance(new, yaml.MappingNode):
            edits.append(_lines(text, key, old, preset=preset, new_key=new_key, new=new))
        else:
            edits.append(_inline(text, old, after))
    return _applied(text, edits), changes


Pair = tuple[yaml.Node, yaml.Node]


def _matches(
    document: yaml.Node, preset: yaml.MappingNode, *, where: object, path: Path = ()
) -> Iterator[tuple[Path, Pair, Pair]]:
    """Yield path, key and value nodes of both sides for every value of the preset that is no section on both."""
    known = _pairs(document)
    for name, (new_key, new) in _pairs(preset).items():
        full = (*path, name)
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise ConfigError(
                f"unknown key {'.'.join(full)!r}",
                where=f"{where}:{new_key.start_mark.line + 1}",
                remedy=f"did you mean {near[0]!r}?" if near else None,
            )
        old = known[name][1]
        if isinstance(old, yaml.MappingNode) and isinstance(new, yaml.MappingNode):
            yield from _matches(old, new, where=where, path=full)
        else:
            yield full, known[name], (new_key, new)


def _compose(text: str) -> Any:
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _pairs(node: yaml.Node) -> dict[str, Pair]:
    return {key.value: (key, value) for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _one_line(node: yaml.Node) -> str:
    """Return a value as YAML writes it on one line; a plain one keeps its spelling (1.0e-4)."""
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.style is None else _scalar(node.value)
    if isinstance(node, yaml.SequenceNode):
        return f"[{', '.join(_one_line(entry) for entry in node.value)}]"
    return f"{{{', '.join(f'{key.value}: {_one_line(value)}' for key, value in node.value)}}}"


def _scalar(value: str) -> str:
    """Return a text as YAML writes it on one line, in quotes where it needs them."""
    style = None if value.isprintable() else '"'
    written: str = yaml.safe_dump(value, allow_unicode=True, width=len(value) * 8 + 80, default_style=style)
    return written.splitlines()[0]


def _inline(text: str, node: yaml.Node, value: str) -> _Edit:
    """Replace a value; a comment behind it keeps its column where there is room."""
    start, end = node.start_mark.index, _end(node)
    in_block = isinstance(node, yaml.SequenceNode) and not node.flow_style
    if in_block:  # the list begins on a line of its own
        start = text.rindex(":", 0, start) + 1
        return _Edit(start, end, f" {value}")
    rest = text[end:].split("\n", 1)[0]
    blanks = len(rest) - len(rest.lstrip(" "))
    if rest[blanks:].startswith("#"):
        value, end = value + " " * max(1, end - start + blanks - len(value)), end + blanks
    return _Edit(start, end, value)


def _lines(text: str, key: yaml.Node, old: yaml.Node, *, preset: str, new_key: yaml.Node, new: yaml.Node) -> _Edit:
    """Replace the lines of a key and its value by the preset's, indented as the old ones."""
    block = preset[_line_start(preset, new_key.start_mark.index) : _line_end(preset, _end(new))]
    shift = key.start_mark.column - new_key.start_mark.column
    indented = "\n".join(_shifted(line, shift) for line in block.split("\n"))
    return _Edit(_line_start(text, key.start_mark.index), _line_end(text, _end(old)), indented)


def _shifted(line: str, shift: int) -> str:
    return (" " * shift + line if shift >= 0 else line[-shift:]) if line.strip() else line


def _end(node: yaml.Node) -> int:
    """Return where a value ends; the end of a block in PyYAML is where the next one begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    index: int = node.end_mark.index
    return index


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _applied(text: str, edits: list[_Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
