"""The table of the original's faults: each has tests, and they are there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = (TESTS.parent / "docs" / "model.md").read_text(encoding="utf-8")


def test_every_fault_has_tests_that_exist() -> None:
    rows = {int(number): row for number, row in re.findall(r"^\| (\d+) \|(.*)$", TABLE, flags=re.MULTILINE)}
    assert sorted(rows) == list(range(1, 11))
    code = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    defined = set(re.findall(r"def (test_fault_\w+)", code))
    named = {number: set(re.findall(r"`(test_fault_\w+)`", row)) for number, row in rows.items()}
    for number, names in named.items():
        assert names, number
        assert all(name.startswith(f"test_fault_{number}_") for name in names)
    assert set().union(*named.values()) == defined
