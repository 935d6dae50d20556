"""What is known of a voice besides its description: how good it is, beside what, and its licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["VoiceFacts"]


@dataclass(frozen=True)
class VoiceFacts:
    """Facts of a voice.

    Attributes:
        metrics: of its evaluation, by the names of ``evaluation.json``; empty where it has none.
        reference: what the reference speech is, in the words of whoever made the recording; None where nobody says it.
        licence: the text that lies with the voice; None where none does.
    """

    metrics: Mapping[str, float] = field(default_factory=dict)
    reference: str | None = None
    licence: str | None = None
