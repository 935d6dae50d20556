"""The comparisons that come along: that they can be read, and that their variants differ in what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.places import REPOSITORY

from emotts.errors import ConfigError
from emotts.schema import flatten
from emotts.settings import load_ablation, load_params
from emotts.workflows.ablation_tables import write_tables


def changes(name: str) -> dict[str, dict[str, object]]:
    """Return of each variant of a comparison what differs from ``params.yaml``, but for its evaluation."""
    project = flatten(load_params(REPOSITORY / "params.yaml").model_dump())
    comparison = load_ablation(REPOSITORY / "experiments" / name, root=REPOSITORY)
    return {
        variant.name: {
            key: value
            for key, value in flatten(variant.params.model_dump()).items()
            if value != project[key] and not key.startswith("evaluate.")
        }
        for variant in comparison.variants
    }


def test_the_ablation_changes_one_thing_at_a_time() -> None:
    found = changes("ablation.yaml")
    assert found["fine-tuned"] == {}
    assert found["from-scratch"] == {"base": "none", "train.freeze_steps": 0, "train.backbone_lr_scale": 1.0}
    assert found["natural-sampling"] == {"train.sampler": "natural"}
    assert found["not-gradual"] == {"train.freeze_steps": 0, "train.backbone_lr_scale": 1.0}
    assert found["emotions-as-speakers"] == {}
    widths = {name: each for name, each in found.items() if name.startswith("emotion-embedding-")}
    assert widths == {name: {"model.synthesizer.emotion_channels": int(name.rpartition("-")[2])} for name in widths}
    assert len(widths) == 2


def test_the_seeds_of_a_setting_differ_in_nothing_else() -> None:
    found = changes("lr-and-embedding-seeds.yaml")
    wanted = {"before": (20, 21, 22, 23), "best": (20, 21, 22, 23), "fourth": (20, 21)}
    assert list(found) == [f"{setting}-{seed}" for setting, seeds in wanted.items() for seed in seeds]
    for setting, seeds in wanted.items():
        for seed in seeds:
            expected = found[f"{setting}-20"] | ({} if seed == 20 else {"project.seed": seed})
            assert found[f"{setting}-{seed}"] == expected
    assert found["best-20"] == {}, "params.yaml has the best settings"


def test_every_seed_is_measured_alike() -> None:
    comparison = load_ablation(REPOSITORY / "experiments/learning-rate.yaml", root=REPOSITORY)
    assert [(variant.setting, variant.seed) for variant in comparison.variants] == [
        (name, seed) for name in ("as-it-is", "slower") for seed in (20, 21, 22)
    ]
    own = load_params(REPOSITORY / "params.yaml").project.seed
    assert {variant.measured.project.seed for variant in comparison.variants} == {own}
    assert [variant.params.project.seed for variant in comparison.variants] == [20, 21, 22] * 2


def written(folder: Path, variants: str) -> Path:
    path = folder / "small.yaml"
    path.write_text(f"name: small\nmetrics: [rtf]\nseeds: [1, 2]\nvariants:\n{variants}", encoding="utf-8")
    return path


def test_variants_that_train_alike_share_the_first_ones_voice(tmp_path: Path) -> None:
    rows = (
        "  - name: one\n",
        "  - name: calm\n    params: {speaking: {noise_scale: 0.1}}\n",
        "  - name: brief\n    seeds: [2]\n    params: {evaluate: {max_sentences: 3}}\n",
        "  - name: slow\n    seeds: [2]\n    params: {train: {learning_rate: 1.0e-5}}\n",
        "  - name: apart\n    seeds: [2]\n    emotions_as_speakers: true\n",
    )
    comparison = load_ablation(written(tmp_path, "".join(rows)), root=REPOSITORY)
    assert {variant.name: variant.voice for variant in comparison.variants} == {
        "one-1": "one-1",
        "one-2": "one-2",
        "calm-1": "one-1",
        "calm-2": "one-2",
        "brief-2": "one-2",
        "slow-2": "slow-2",
        "apart-2": "apart-2",
    }


def test_a_name_that_a_seed_makes_is_no_other_ones(tmp_path: Path) -> None:
    variants = "  - name: a\n    seeds: [3]\n  - name: a-3\n    seeds: [4]\n"
    names = [variant.name for variant in load_ablation(written(tmp_path, variants), root=REPOSITORY).variants]
    assert names == ["a-3", "a-3-4"]
    path = written(tmp_path, "  - name: a\n    seeds: [3]\n  - name: a-3\n").read_text(encoding="utf-8")
    (tmp_path / "small.yaml").write_text(path.replace("seeds: [1, 2]\n", ""), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"small.yaml:6: two variants are named 'a-3', one of them by its seed"):
        load_ablation(tmp_path / "small.yaml", root=REPOSITORY)


def test_the_picture_and_the_tables(tmp_path: Path) -> None:
    rows = "  - name: one\n  - name: slow\n    seeds: [1]\n    params: {train: {learning_rate: 1.0e-5}}\n"
    comparison = load_ablation(written(tmp_path, rows), root=REPOSITORY)
    found = {"one-1": {"rtf": 0.25}, "one-2": {"rtf": 0.75}, "slow-1": {"cer": 1.0}}
    paths = write_tables(comparison, found, tmp_path)
    assert [path.name for path in paths] == ["table.md", "table.csv", "seeds.png"]
    assert paths[0].read_text(encoding="utf-8").splitlines() == [
        "| variant | seeds | `rtf` |",
        "|---|---|---|",
        "| one | 2 | 0.500 ± 0.354 (-2.677 to 3.677) |",
        "| slow | 1 | - |",
        "",
        "Every seed:",
        "",
        "| variant | `rtf` |",
        "|---|---|",
        "| one-1 | 0.250 |",
        "| one-2 | 0.750 |",
        "| slow-1 | - |",
    ]
    assert paths[1].read_text(encoding="utf-8").splitlines() == [
        "variant,seed,metric,value",
        "one,1,rtf,0.25",
        "one,2,rtf,0.75",
        "slow,1,rtf,",
    ]
