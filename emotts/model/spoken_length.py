"""A bound on the length of what is spoken, so that no weights can fill the memory with it."""

from __future__ import annotations

import math

from torch import Tensor

from emotts.errors import CheckpointError

__all__ = ["MAX_FRAMES", "check_length"]

_FRAMES_PER_TOKEN = 40
"""On the average of a text; people speak some five, and a token is half a phone where blanks stand between phones."""
MAX_FRAMES = 16_000
"""Minutes: more than any passage, less than what fills the memory."""


def check_length(durations: Tensor, mask: Tensor, *, length_scale: float) -> None:
    """Refuse predicted durations that are no numbers, or out of all proportion to the text.

    Args:
        durations: frames (batch, 1, token) float, already stretched.
        mask: bool (batch, 1, token).
        length_scale: by which they were stretched.

    Raises:
        CheckpointError: if they cannot be spoken.
    """
    most = float(durations.sum(dim=(1, 2)).max())
    tokens = int(mask.sum(dim=(1, 2)).max())
    allowed = min(MAX_FRAMES, math.ceil(_FRAMES_PER_TOKEN * tokens * max(1.0, length_scale)))
    if not most <= allowed:
        raise CheckpointError(
            "the voice would speak without end: its predicted durations are out of proportion",
            found=f"{most:.4g} frames for {tokens} tokens",
            wanted=f"at most {allowed}",
            remedy="use another checkpoint, speak faster or in shorter sentences, or lower speaking.length_scale",
        )
