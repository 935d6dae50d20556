"""Files that are no settings, or hostile ones, are refused with their line; mended as told, they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from emotts.errors import ConfigError
from emotts.settings.reading import read_mapping

FILES = [
    # (content, where, message, remedy, mended content; None: no further try)
    (b"\xff\xfea\x00:\x00", "", "file is UTF-16", "save it as UTF-8", None),
    ("a: \xe9\n".encode("latin-1"), ":1", "file is not UTF-8\n  found: byte 0xe9", "save it as UTF-8", "a: \xe9\n"),
    (b"a: 1\nb: \x80\n", ":2", "file is not UTF-8\n  found: byte 0x80", "save it as UTF-8", None),
    (b"a: 1\nb: 2\na: 3\n", ":3", "the key 'a' for the second time; the first is in line 1", "remove one", b"a: 1\n"),
    (b"a:\n  b: 1\n  b: 1\n", ":3", "the key 'b' for the second time", "remove one of them", b"a:\n  b: 1\n"),
    (b"a: {b: 1, 'b': 2}\n", ":1", "the key 'b' for the second time", "remove one of them", b"a: {b: 1}\n"),
    (b"a: &x [*x]\n", ":1", "the alias *x, which stands for nothing that is complete", "write the values", b"a: [1]\n"),
    (b"a: *x\n", ":1", "the alias *x, which stands for nothing", "write the values themselves", b"a: 1\n"),
    (
        b"a: !!python/object:os.system x\n",
        ":1",
        "the tag tag:yaml.org,2002:python/object:os.system",
        "remove it",
        b"a: x\n",
    ),
    (b"a: !!int x\n", ":1", "the tag tag:yaml.org,2002:int", "remove it", b"a: x\n"),
    (b"a: 1\nb: " + b"9" * 5000, ":2", "a number of 5000 characters, '9999", "a few digits", b"a: 1\nb: 99\n"),
    (b"a: 0x" + b"f" * 5000, ":1", "a number of 5002 characters", "put a word in quotes", b"a: '0xff'\n"),
    (b"a: 1:30\n", ":1", "a number of 4 characters, '1:30'", "put a word in quotes", b"a: '1:30'\n"),
    (b"a: 0b_\n", ":1", "'0b_', which looks like a number and is none", "put a word in quotes", b"a: '0b_'\n"),
    (
        b"a: 2026-01-01\n",
        ":1",
        "which YAML reads as a timestamp",
        "put it in quotes",
        b"a: '2026-01-01'\n",
    ),
    (b"a: =\n", ":1", "'=', which YAML reads as a value", "put it in quotes", b"a: '='\n"),
    (b'a: "x\\0y"\n', ":1", r"an unprintable character in 'x\x00y'", "remove it", b"a: xy\n"),
    (b'a: "x\\ey"\n', ":1", r"an unprintable character in 'x\x1by'", "remove it", b"a: xy\n"),
    (b"a: b\0c\n", ":1", "special characters are not allowed: #x0000", None, None),
    (b"a: 1\n\nb: \x07\n", ":3", "special characters are not allowed: #x0007", None, None),
    (b"1: 2\n", ":1", "the key 1, which is no word", "put it in quotes", b"'1': 2\n"),
    (b"yes: 2\n", ":1", "the key yes, which is no word", "put it in quotes", b"'yes': 2\n"),
    (b"? [a]\n: b\n", ":1", "a list as a key", "put it in quotes", b"'[a]': b\n"),
    (b"a: " + b"[" * 30, ":1", "more than 20 levels", "remove the brackets", b"a: [[1]]\n"),
    (b"a: " + b"[" * 100_000, ":1", "more than 20 levels", "remove the brackets", None),
    (b"a: " + b"{b: " * 30 + b"1" + b"}" * 30, ":1", "more than 20 levels", "remove the brackets", b"a: {b: 1}\n"),
    (b"a: 1\n---\nb: 2\n", ":2", "but found another document", None, None),
    (b"a: [1,\n", ":2", "not valid YAML", None, None),
    (b"a:\n\t- b\n", ":2", "not valid YAML", None, None),
    (b"[1, 2]\n", "", "holds no sections\n  found: list\n  wanted: a mapping of sections", None, None),
    (b"", "", "holds no sections", None, None),
    (b"#" * 1_000_001, "", "file is too large for settings\n  found: 1000001 bytes", "name a YAML file", None),
]


@pytest.mark.parametrize(("content", "where", "message", "remedy", "mended"), FILES)
def test_a_file_is_refused_by_line(
    tmp_path: Path, content: bytes, where: str, message: str, remedy: str | None, mended: bytes | str | None
) -> None:
    path = tmp_path / "study.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_mapping(path, remedy="name a study")
    assert caught.value.where == f"{path}{where}"
    assert message in str(caught.value)
    assert (remedy or "") in (caught.value.remedy or "")
    if mended is not None:
        path.write_bytes(mended.encode() if isinstance(mended, str) else mended)
        assert read_mapping(path, remedy="name a study")[0].keys() <= {"a", "b", "1", "yes", "[a]"}


def test_aliases_cannot_blow_a_file_up(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    path.write_text("\n".join(lines))
    with pytest.raises(ConfigError, match="more than 20000 values, counted through aliases") as caught:
        read_mapping(path, remedy="name a study")
    assert caught.value.where == f"{path}:5"
    path.write_text("\n".join(lines[:3]))
    assert len(read_mapping(path, remedy="name a study")[0]["a2"][9][9]) == 10
