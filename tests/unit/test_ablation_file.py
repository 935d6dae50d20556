"""The comparisons that come along: that they can be read, and that their variants differ in what they say."""

from __future__ import annotations

from pathlib import Path

from emotts.config import flatten, load_ablation, load_params

REPOSITORY = Path(__file__).parents[2]


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
    seeds = {"before": (20, 21, 22, 23), "best": (20, 21, 22, 23), "fourth": (20, 21)}
    assert set(found) == {f"{setting}-{seed}" for setting, of_it in seeds.items() for seed in of_it}
    for setting, (first, *others) in seeds.items():
        for seed in others:
            assert found[f"{setting}-{seed}"] == {**found[f"{setting}-{first}"], "project.seed": seed}
    assert found["best-20"] == {}, "params.yaml has the best settings"
