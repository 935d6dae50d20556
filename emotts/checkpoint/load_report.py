"""The report on loaded weights: which tensors were loaded, widened, new or skipped."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

__all__ = ["LoadReport"]


@dataclass(frozen=True)
class LoadReport:
    """Which tensors were loaded and how: those of a MeloTTS checkpoint by its names, those of a warm start by ours."""

    loaded: tuple[str, ...]
    """Taken over as they were, or all their rows by name."""
    widened: tuple[str, ...] = ()
    """Taken over, with new columns or rows beside what was there."""
    fresh: tuple[str, ...] = ()
    """Nothing of them was there before."""
    skipped: tuple[tuple[str, str], ...] = ()
    """Name and reason: what the checkpoint has and the network does not."""
    unused_options: tuple[str, ...] = ()
    """Names in the configuration's model section that nobody knows; MeloTTS passes over them as well."""
    iteration: int | None = None
    """The training step that the checkpoint says it comes from."""
    notes: tuple[tuple[str, str], ...] = ()
    """Name and how: for what is widened or fresh, and for tables whose rows were matched by name."""

    @property
    def summary(self) -> str:
        """One line: how many tensors were loaded, widened, fresh and skipped."""
        counts = {name: len(getattr(self, name)) for name in ("loaded", "widened", "fresh", "skipped")}
        return ", ".join(f"{count} {name}" for name, count in counts.items())

    def lines(self) -> list[str]:
        """Return one line for every tensor that was not simply loaded, and for every note."""
        notes = dict(self.notes)
        lines = [f"{kind}: {name}{_note(notes, name)}" for kind in ("widened", "fresh") for name in getattr(self, kind)]
        lines += [f"loaded: {name}{_note(notes, name)}" for name in self.loaded if name in notes]
        return lines + [f"skipped: {name} ({reason})" for name, reason in self.skipped]

    def to_dict(self) -> dict[str, object]:
        """Return plain values for a JSON file."""
        return dataclasses.asdict(self) | {"skipped": dict(self.skipped), "notes": dict(self.notes)}

    def joined(self, other: LoadReport) -> LoadReport:
        """Return one report for both; options and iteration are those of this one."""
        return dataclasses.replace(
            self,
            loaded=self.loaded + other.loaded,
            widened=self.widened + other.widened,
            fresh=self.fresh + other.fresh,
            skipped=self.skipped + other.skipped,
            notes=self.notes + other.notes,
        )


def _note(notes: dict[str, str], name: str) -> str:
    return f" ({notes[name]})" if name in notes else ""
