"""Editing a YAML file so that every other character of it, comments included, stays as it is.

PyYAML says where a key and its value are in the text; the rest of the text is never written anew.
"""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import yaml

from emotts.errors import ConfigError
from emotts.settings.yaml_reading import parse

__all__ = ["Change", "merged"]

Pair = tuple[yaml.Node, yaml.Node]
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Change:
    """A key whose value became another one; values as YAML writes them on one line."""

    key: str
    before: str
    after: str


def merged(text: str, preset: str, *, where: object, renamed: Mapping[str, str] = _NONE) -> tuple[str, list[Change]]:
    """Return YAML text with the values that a preset has for some of its keys, and what changed.

    A single value or list takes the place of the old one, whose comment stays. Where a section becomes a single
    value or the other way round, the preset's lines, comments included, take the place of the old ones, unless one
    of them is inside braces.

    Args:
        text: the document, nested mappings.
        preset: a document with some of its keys.
        where: the preset's file, for messages.
        renamed: former dotted keys, and the present ones, for messages.

    Raises:
        ConfigError: if the preset is not valid YAML, or has a key that the document does not have.
    """
    nodes, _ = parse(preset, where=where)
    if not isinstance(nodes, yaml.MappingNode):
        raise ConfigError("holds no sections", where=where, wanted="a mapping of sections")
    document: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    edits, changes = [], []
    for name, old, new in _matches(document, nodes, where=where, renamed=renamed):
        before, after = _one_line(old[1]), _one_line(new[1])
        if before == after:
            continue
        changes.append(Change(name, before, after))
        is_section = isinstance(old[1], yaml.MappingNode) or isinstance(new[1], yaml.MappingNode)
        if is_section and _begins_line(text, old[0]) and _begins_line(preset, new[0]):
            edits.append(_lines(text, old, preset=preset, new=new))
        else:
            edits.append(_inline(text, old, after))
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text, changes


def _matches(
    document: yaml.Node, preset: yaml.MappingNode, *, where: object, renamed: Mapping[str, str], head: str = ""
) -> Iterator[tuple[str, Pair, Pair]]:
    """Yield name, key and value of both sides for every value of the preset that is no section on both."""
    known = {key.value: (key, value) for key, value in document.value}
    for key, value in preset.value:
        if key.value not in known:
            present = renamed.get(head + key.value)
            near = difflib.get_close_matches(key.value, known, n=1)
            raise ConfigError(
                f"unknown key {head + key.value!r}",
                where=f"{where}:{key.start_mark.line + 1}",
                remedy=f"it is now called {present!r}" if present else f"did you mean {near[0]!r}?" if near else None,
            )
        old = known[key.value]
        if isinstance(old[1], yaml.MappingNode) and isinstance(value, yaml.MappingNode):
            yield from _matches(old[1], value, where=where, renamed=renamed, head=f"{head}{key.value}.")
        else:
            yield head + key.value, old, (key, value)


def _one_line(node: yaml.Node) -> str:
    """Return a value as YAML writes it on one line; a plain one keeps its spelling (1.0e-4)."""
    if isinstance(node, yaml.SequenceNode):
        return f"[{', '.join(_one_line(entry) for entry in node.value)}]"
    if isinstance(node, yaml.MappingNode):
        return f"{{{', '.join(f'{key.value}: {_one_line(value)}' for key, value in node.value)}}}"
    if not isinstance(node, yaml.ScalarNode) or node.style is None:
        return str(node.value)
    style = None if node.value.isprintable() else '"'
    written = yaml.safe_dump(node.value, allow_unicode=True, width=len(node.value) * 8 + 80, default_style=style)
    return str(written.splitlines()[0])


def _inline(text: str, old: Pair, words: str) -> tuple[int, int, str]:
    """Return start, end and text that replace a value; a comment behind it keeps its column where there is room."""
    start, end = old[1].start_mark.index, _end(text, old[1])
    if "\n" in text[old[0].end_mark.index : start]:  # a list in lines of its own
        start = old[0].end_mark.index + 1
    if text[start - 1] == ":":
        words = f" {words}"
    rest = text[end:].partition("\n")[0]
    blanks = len(rest) - len(rest.lstrip(" "))
    if rest[blanks:].startswith("#") and "\n" not in text[start:end]:
        words, end = words + " " * max(1, end - start + blanks - len(words)), end + blanks
    return start, end, words


def _lines(text: str, old: Pair, *, preset: str, new: Pair) -> tuple[int, int, str]:
    """Return start, end and text that replace the lines of a key and its value by the preset's."""
    start, end = _line_edges(text, old)
    first, last = _line_edges(preset, new)
    return start, end, textwrap.indent(textwrap.dedent(preset[first:last]), " " * old[0].start_mark.column)


def _begins_line(text: str, key: yaml.Node) -> bool:
    return not text[key.start_mark.index - key.start_mark.column : key.start_mark.index].strip()


def _line_edges(text: str, pair: Pair) -> tuple[int, int]:
    start = pair[0].start_mark
    end = _end(text, pair[1])
    return start.index - start.column, end + len(text[end:].partition("\n")[0])


def _end(text: str, node: yaml.Node) -> int:
    """Return where a value ends; the end of a block in PyYAML is where the next one begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    index: int = node.end_mark.index
    return len(text[:index].rstrip("\n"))
