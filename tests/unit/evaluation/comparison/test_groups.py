"""Groups of runs that differ in the seed: their spread, their differences, and the formats for other programs."""

from __future__ import annotations

import csv
import io
import json

import pytest
from support.run_results import clip, results

from emotts.errors import ConfigError
from emotts.evaluation.comparison.compare import compare_groups, grouped
from emotts.evaluation.comparison.differences import RunGroup, RunResults, group_difference
from emotts.evaluation.comparison.formats import as_csv, as_json, as_markdown
from emotts.evaluation.comparison.intervals import unpaired_difference
from emotts.evaluation.comparison.seeds import seed_difference, spread, spread_text

NAME = "emotion_accuracy.sad"


def seeds(rights: list[int], *, name: str) -> RunGroup:
    """Return runs of one setting; of 20 clips each, so many are heard right."""
    return RunGroup(tuple(spoken(right, name=f"{name}-{number}") for number, right in enumerate(rights)))


def spoken(right: int, *, name: str) -> RunResults:
    clips = [clip(f"text {place}", "sad", "sad" if place < right else "happy") for place in range(20)]
    return results({NAME: right / 20, "rtf": 0.5}, clips, name=name)


def test_a_spread_is_mean_deviation_and_students_interval() -> None:
    found = spread([1.0, 2.0, 4.0])
    assert (found.mean, found.count) == (pytest.approx(7 / 3), 3)
    assert found.sd == pytest.approx(1.5275252)
    assert (found.low, found.high) == pytest.approx((7 / 3 - 3.794583, 7 / 3 + 3.794583))  # 4.3026527 of t, 2 d.f.
    assert spread_text(found) == "2.333 ± 1.528 (-1.461 to 6.128)"
    assert spread_text(spread([0.25])) == "0.250"
    with pytest.raises(ValueError, match="no values"):
        spread([])


def test_the_difference_over_seeds_is_welchs() -> None:
    found = seed_difference([1.0, 2.0, 3.0], [2.0, 6.0])
    assert found is not None
    # variances 1 and 8: standard error 2.0817, 1.168 degrees of freedom
    assert found.value == 2.0
    assert (found.low, found.high) == pytest.approx((-17.0, 21.0), abs=0.3)
    same = seed_difference([1.0, 1.0], [2.0, 2.0])
    assert same is not None
    assert (same.value, same.low, same.high) == (1.0, 1.0, 1.0)
    assert seed_difference([1.0], [2.0, 3.0]) is None


def test_a_difference_of_groups_has_both_intervals() -> None:
    first, second = seeds([4, 6], name="before"), seeds([17, 19], name="after")
    found = group_difference(NAME, first, second)
    assert found is not None
    assert found.value == pytest.approx(0.65)
    fractions = [[sum(place < right for right in rights) / 2 for place in range(20)] for rights in ([4, 6], [17, 19])]
    clips = unpaired_difference(*fractions)
    assert (found.low, found.high) == pytest.approx((clips.low, clips.high)), "a clip counts once"
    over_seeds = seed_difference([0.2, 0.3], [0.85, 0.95])
    assert over_seeds is not None
    assert (found.seeds_low, found.seeds_high) == pytest.approx((over_seeds.low, over_seeds.high))
    assert found.outcome == "better"


def test_seeds_can_make_a_certain_difference_of_clips_unsure() -> None:
    found = group_difference(NAME, seeds([0, 10], name="before"), seeds([14, 20], name="after"))
    assert found is not None
    assert found.low is not None
    assert found.seeds_low is not None
    assert found.low > 0 > found.seeds_low
    assert found.outcome == "unsure"
    alone = group_difference(NAME, seeds([0], name="before"), seeds([14, 20], name="after"))
    assert alone is not None
    assert (alone.seeds_low, alone.outcome) == (None, "better"), "one seed says nothing of seeds"


def test_a_metric_that_a_run_of_a_group_lacks_has_no_difference() -> None:
    first = RunGroup((results({"rtf": 0.5}), results({}, name="two")))
    assert group_difference("rtf", first, RunGroup((results({"rtf": 0.25}),))) is None


def test_names_between_vs_are_groups() -> None:
    assert grouped(["a", "b", "c"]) == (("a",), ("b",), ("c",))
    assert grouped(["a", "b", "vs", "c"]) == (("a", "b"), ("c",))
    for wanted, message in ((["a"], "one run cannot be compared"), (["a", "vs"], "a group of runs is empty")):
        with pytest.raises(ConfigError, match=message):
            grouped(wanted)


def test_a_comparison_as_csv_json_and_markdown() -> None:
    comparison = compare_groups([seeds([4, 6], name="before"), seeds([17, 19], name="after|x")])
    found = comparison.metrics[0].differences[0]
    assert found is not None
    rows = list(csv.DictReader(io.StringIO(as_csv(comparison))))
    titles = comparison.titles
    assert titles[0].startswith("before-0 (")
    assert titles[0].endswith(") and 1 more")
    assert [(row["metric"], row["runs"], row["seeds"]) for row in rows] == [
        (name, title, "2") for name in (NAME, "rtf") for title in titles
    ]
    assert (float(rows[1]["value"]), float(rows[1]["difference"])) == (pytest.approx(0.9), found.value)
    assert (float(rows[1]["seeds_low"]), rows[1]["outcome"]) == (found.seeds_low, "better")
    assert rows[0]["difference"] == ""
    content = json.loads(as_json(comparison))
    assert content["runs"][1]["run_ids"] == [each.run.run_id for each in comparison.groups[1].results]
    assert content["metrics"][0]["spreads"][0]["mean"] == 0.25
    assert content["metrics"][0]["differences"][0]["outcome"] == "better"
    lines = as_markdown(comparison).splitlines()
    assert lines[0] == f"| metric | {titles[0]} | {titles[1].replace('|', chr(92) + '|')} | difference |"
    assert lines[2].startswith(f"| `{NAME}` | 0.250 ± 0.071 (2 seeds) | 0.900 ± 0.071 (2 seeds) | +0.650 [")
    assert lines[2].endswith("] better |")
    assert lines[3].split(" | ")[-1] == "+0.000 seeds [+0.000, +0.000] unsure |"
