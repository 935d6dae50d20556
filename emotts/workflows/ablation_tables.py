"""The results of a comparison of variants: its table, the same as CSV, and a picture where there are several seeds."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from emotts.evaluation.comparison.seeds import Spread, spread, spread_text
from emotts.evaluation.plots_seeds import seeds_figure
from emotts.files import write_text
from emotts.plotting import save_figure
from emotts.settings import Ablation

__all__ = ["write_tables"]

Metrics = Mapping[str, float]
_NONE = "-"


def write_tables(ablation: Ablation, found: Mapping[str, Metrics], folder: Path) -> list[Path]:
    """Write ``table.md`` and ``table.csv``, and ``seeds.png`` where a setting has several seeds; return their paths.

    Args:
        ablation: the comparison.
        found: the metrics of every variant by its name.
        folder: where to write.
    """
    groups = _by_setting(ablation, found)
    written = [folder / "table.md", folder / "table.csv"]
    write_text(folder / "table.csv", _csv(ablation, found))
    if max(map(len, groups.values())) == 1:
        write_text(folder / "table.md", "\n".join(_table(ablation, found)) + "\n")
        return written
    lines = [*_spreads(ablation, groups), "", "Every seed:", "", *_table(ablation, found)]
    write_text(folder / "table.md", "\n".join(lines) + "\n")
    values = {name: {setting: _values(group, name) for setting, group in groups.items()} for name in ablation.metrics}
    title = f"{ablation.name}: every seed, their mean and its 95 % interval"
    save_figure(seeds_figure(values, title=title), folder / "seeds.png")
    return [*written, folder / "seeds.png"]


def _by_setting(ablation: Ablation, found: Mapping[str, Metrics]) -> dict[str, list[Metrics]]:
    groups: dict[str, list[Metrics]] = {}
    for variant in ablation.variants:
        groups.setdefault(variant.setting, []).append(found[variant.name])
    return groups


def _values(group: Sequence[Metrics], name: str) -> list[float]:
    return [metrics[name] for metrics in group if name in metrics]


def _spreads(ablation: Ablation, groups: Mapping[str, Sequence[Metrics]]) -> list[str]:
    """Return a table of settings: mean, standard deviation between seeds, and the 95 % interval of the mean."""
    lines = [_head("variant | seeds", ablation.metrics), f"|---|---{'|---' * len(ablation.metrics)}|"]
    for setting, group in groups.items():
        cells = [_spread_cell(_values(group, name)) for name in ablation.metrics]
        lines.append(f"| {setting} | {len(group)} | {' | '.join(cells)} |")
    return lines


def _spread_cell(values: Sequence[float]) -> str:
    found: Spread | None = spread(values) if values else None
    return _NONE if found is None else spread_text(found)


def _table(ablation: Ablation, found: Mapping[str, Metrics]) -> list[str]:
    """Return a table of variants; a metric that has a 95 % interval over clips is followed by it."""
    lines = [_head("variant", ablation.metrics), f"|---{'|---' * len(ablation.metrics)}|"]
    for variant in ablation.variants:
        cells = [_cell(found[variant.name], name) for name in ablation.metrics]
        lines.append(f"| {variant.name} | {' | '.join(cells)} |")
    return lines


def _head(first: str, names: Sequence[str]) -> str:
    return f"| {first} | {' | '.join(f'`{name}`' for name in names)} |"


def _cell(metrics: Metrics, name: str) -> str:
    if name not in metrics:
        return _NONE
    ends = [metrics.get(f"{name}.{end}") for end in ("low", "high")]
    interval = "" if None in ends else f" ({ends[0]:.2f} to {ends[1]:.2f})"
    return f"{metrics[name]:.3f}{interval}"


def _csv(ablation: Ablation, found: Mapping[str, Metrics]) -> str:
    """Return one line a variant and metric: setting, seed, metric, value."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["variant", "seed", "metric", "value"])
    for variant in ablation.variants:
        for name in ablation.metrics:
            writer.writerow([variant.setting, variant.seed, name, found[variant.name].get(name, "")])
    return stream.getvalue()
