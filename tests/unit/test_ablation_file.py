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
    both = [(setting, seed) for seed in (20, 21) for setting in ("before", "best", "fourth")]
    two_more = [(setting, seed) for seed in (22, 23) for setting in ("before", "best")]
    assert list(found) == [f"{setting}-{seed}" for setting, seed in both + two_more]
    for setting, seed in both + two_more:
        assert found[f"{setting}-{seed}"] == found[f"{setting}-20"] | ({} if seed == 20 else {"project.seed": seed})
    assert found["best-20"] == {}, "params.yaml has the best settings"
