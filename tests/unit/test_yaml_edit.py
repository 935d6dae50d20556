"""Changes to YAML text: values where they belong, everything else as it was."""

from __future__ import annotations

import pytest
import yaml

from emotts.errors import ConfigError
from emotts.yaml_edit import Change, merged, replaced

TEXT = """\
# head
one: 1         # first
two:
  a: [1, 2]    # a list
  # between
  b:           # a section
    deep: 1.0  # deep
    more: word # more

  c: null      # nothing

three:
  - x          # a block list
  - y          # its end
four: end
"""


def test_replaced_words() -> None:
    after = replaced(
        TEXT, {("two", "b", "more"): "한국어: #1", ("four",): "end", ("two", "b", "deep"): "a longer word"}
    )
    assert after == TEXT.replace("word # more", "'한국어: #1' # more").replace("1.0  # deep", "a longer word # deep")
    with pytest.raises(KeyError):
        replaced(TEXT, {("two", "missing"): "x"})


def test_single_values_and_lists_keep_their_comments() -> None:
    after, changes = merged(TEXT, "two: {a: [3], b: {deep: 1.0e-4}}\none: 100\nfour: end\n", where="p")
    assert after == TEXT.replace("1         #", "100       #").replace("[1, 2]    #", "[3]       #").replace(
        "1.0  # deep", "1.0e-4 # deep"
    )
    assert changes == [
        Change("two.a", "[1, 2]", "[3]"),
        Change("two.b.deep", "1.0", "1.0e-4"),
        Change("one", "1", "100"),
    ]


def test_a_section_becomes_a_value_and_a_value_a_section() -> None:
    preset = "two:\n    b: null   # gone\n    c:\n        x: [[1], [2]]  # new\n        y: true\n"
    after, changes = merged(TEXT, preset, where="p")
    old = "  b:           # a section\n    deep: 1.0  # deep\n    more: word # more\n\n  c: null      # nothing\n"
    new = "  b: null   # gone\n\n  c:\n      x: [[1], [2]]  # new\n      y: true\n"
    assert after == TEXT.replace(old, new)
    assert yaml.safe_load(after)["two"] == {"a": [1, 2], "b": None, "c": {"x": [[1], [2]], "y": True}}
    assert changes[0] == Change("two.b", "{deep: 1.0, more: word}", "null")
    back, _ = merged(after, f"two:\n{old}", where="p")
    assert back == TEXT


def test_a_block_list_is_replaced() -> None:
    after, _ = merged(TEXT, "three: [z]\n", where="p")
    assert yaml.safe_load(after)["three"] == ["z"]
    assert after.endswith("four: end\n")
    after, _ = merged(TEXT, "two:\n  a:\n    - 7\n    - 8\n", where="p")
    assert after == TEXT.replace("[1, 2]", "[7, 8]")


def test_words_that_look_like_something_else_stay_words() -> None:
    after, _ = merged(TEXT, 'four: "1"\n', where="p")
    assert yaml.safe_load(after)["four"] == "1"


def test_the_same_values_change_nothing() -> None:
    assert merged(TEXT, TEXT, where="p") == (TEXT, [])


@pytest.mark.parametrize(
    ("preset", "message"),
    [
        ("two:\n  bb: 1\n", r"p:2: unknown key 'two.bb'\s+to do: did you mean 'b'"),
        ("one:\n  x: 1\n", None),
        ("- 1\n", "holds no sections"),
        ("a: [", "not valid YAML"),
        ("", "holds no sections"),
    ],
)
def test_presets_that_cannot_be_used(preset: str, message: str | None) -> None:
    if message is None:
        assert merged(TEXT, preset, where="p")[0].startswith("# head\none:\n  x: 1\ntwo:")
        return
    with pytest.raises(ConfigError, match=message):
        merged(TEXT, preset, where="p")
