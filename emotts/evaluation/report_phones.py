"""The part of the report that says which sounds are lost where."""

from __future__ import annotations

from emotts.evaluation.phone_errors import LANES
from emotts.evaluation.summary import Metrics
from emotts.evaluation.tables import percent, table

__all__ = ["phone_section"]


def phone_section(metrics: Metrics) -> list[str]:
    """Return the paragraphs on errors by class of phones; none without a recogniser."""
    lanes = [lane for lane in LANES if f"phone_errors.{lane}" in metrics]
    if not lanes:
        return []
    head = f"phone_errors.{lanes[-1]}."
    classes = [key[len(head) : -len(".count")] for key in metrics if key.startswith(head) and key.endswith(".count")]
    rows = [["phones a recogniser gets wrong", *(LANES[lane] for lane in lanes), "phones"]]
    for name in classes:
        keys = [f"phone_errors.{lane}.{name}" for lane in lanes]
        cells = (percent(metrics.get(key)) for key in keys)
        rows.append([name.replace("_", " "), *cells, f"{metrics[f'{keys[-1]}.count']:.0f}"])
    total = sum(metrics[f"{head}{name}.count"] for name in classes)
    for label, end in (("heard and not written", ".added"), ("**all of these**", "")):
        cells = (percent(metrics.get(f"phone_errors.{lane}{end}")) for lane in lanes)
        rows.append([label, *cells, f"{total:.0f}"])
    return [
        "### Which sounds are lost, and where",
        table(rows),
        "From left to right: the recogniser's own errors and the speaker's; what encoder and decoder of the voice add, "
        "without text; what is added where the voice speaks the same sentences from text; all its sentences. `phones` "
        "counts those of the last column.",
    ]
