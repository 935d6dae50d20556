"""The run for what a stage does with a trained voice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from emotts.checkpoint.voice_folder import checkpoint_hash
from emotts.paths import VOICE
from emotts.settings import Params
from emotts.tracking import Tracker
from emotts.tracking.links import link_to_training, run_to_go_on_in
from emotts.tracking.runs import Run
from emotts.workflows.run_inputs import logged_settings
from pipelines.tracked import open_tracker

__all__ = ["open_voice_tracker"]


def open_voice_tracker(
    params: Params, checkpoint: Path, *, made_by: Sequence[Path], has_results: Callable[[Run], bool]
) -> Tracker:
    """Open the run for what a stage does with a trained voice, and note in it which voice that is.

    It is this pass's run; else that of an earlier pass which was stopped before this stage; else a new one.

    Args:
        params: the settings.
        checkpoint: of the voice.
        made_by: folders that name the runs that may be gone on in, the first fitting one first.
        has_results: whether a run has the results of this stage already.
    """
    root, voice = Path(), checkpoint_hash(checkpoint)
    run_id = run_to_go_on_in(root, made_by, voice=voice, params=logged_settings(params), has_results=has_results)
    tracker = open_tracker(params, run_id)
    link_to_training(root, tracker.run_id, folder=VOICE, voice=voice)
    return tracker
