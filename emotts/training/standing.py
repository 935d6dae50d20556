"""How the checkpoints in a folder stand to a run: whether it can go on from them, or has ended with them."""

from __future__ import annotations

import enum

from emotts.checkpoint.store import CheckpointMeta

__all__ = ["Standing", "standing"]


class Standing(enum.Enum):
    """What can be done with the newest checkpoint of a folder; the value says why it is not gone on with."""

    BEGUN = "it can be gone on with"
    FINISHED = "it is the run's last one"
    OTHER_RUN = "settings, corpus or base changed"
    TOO_FAR = "it has more steps than train.steps, or the learning rate of a longer run"


def standing(newest: CheckpointMeta, *, fingerprint: str, steps: int) -> Standing:
    """Compare a folder's newest checkpoint with a run.

    A checkpoint with fewer steps than the run wants can be gone on with, also if it is the last of a shorter run.

    Args:
        newest: of the folder.
        fingerprint: of the run.
        steps: that the run wants.
    """
    if newest.fingerprint != fingerprint:
        return Standing.OTHER_RUN
    if newest.step < steps:
        return Standing.BEGUN
    return Standing.FINISHED if newest.step == newest.steps == steps else Standing.TOO_FAR
