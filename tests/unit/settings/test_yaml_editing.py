"""Changes to YAML text: values where they belong, everything else as it was."""

from __future__ import annotations

import pytest
import yaml

from emotts.errors import ConfigError
from emotts.settings.yaml_editing import Change, merged

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


def test_words_in_quotes_and_without() -> None:
    values = {"two": {"b": {"more": "한국어: #1", "deep": "a longer word"}}, "four": "end"}
    after, _ = merged(TEXT, yaml.safe_dump(values, allow_unicode=True), where="p")
    assert after == TEXT.replace("word # more", "'한국어: #1' # more").replace("1.0  # deep", "a longer word # deep")


USERS = """\
four:
    a:    1     # aligned, and indented by four
    empty:   # to be filled
    none:
    folded: >
      some
      words
    flow: {p: 1,q: 'it''s'}
    lists: [1,    # one
        2]    # two
    items:
    -  x   # block list
    s:
      t: ~ # deep
last:   0x10"""


@pytest.mark.parametrize(
    ("preset", "old", "new"),
    [
        ("four: {a: 2.0e-4}", "a:    1     #", "a:    2.0e-4 #"),
        ("four: {empty: 7}", "empty:   #", "empty: 7 #"),
        ("four: {none: 7}", "none:\n", "none: 7\n"),
        ("four: {folded: x}", ">\n      some\n      words\n", "x\n"),
        ("four: {flow: {q: ' r'}}", "'it''s'", "' r'"),
        ("four: {lists: [3]}", "[1,    # one\n        2]", "[3]"),
        ("four: {items: [y, z]}", "items:\n    -  x ", "items: [y, z] "),
        ("four: {s: null, a: 3}", "a:    1 ", "a:    3 "),
        ("four: {s: null, a: {b: 2}}", "a:    1     #", "a:    {b: 2} #"),
        ("four: {flow: {p: {x: 1}}}", "p: 1", "p: {x: 1}"),
        ("last: {y: [1.0e-4]}", "last:   0x10", "last: {y: [1.0e-4]}"),
        ("last: '17'", "0x10", "'17'"),
    ],
)
def test_a_file_that_is_written_otherwise_is_not_reformatted(preset: str, old: str, new: str) -> None:
    after, _ = merged(USERS, preset, where="p")
    wanted = USERS.replace(old, new)
    if "s: null" in preset:
        wanted = wanted.replace("s:\n      t: ~ # deep", "s: null # deep")
    assert after == wanted
    values = yaml.safe_load(after)
    for name, value in yaml.safe_load(preset).get("four", {}).items():
        assert values["four"][name] == (value if name != "flow" else {**yaml.safe_load(USERS)["four"]["flow"], **value})


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
