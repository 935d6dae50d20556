"""Links between the run that trained a voice and later runs that evaluated or exported it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from emotts.tracking.pipeline_run import current_run_id
from emotts.tracking.run_file import load_run_id
from emotts.tracking.runs import Run, read_run
from emotts.tracking.store import open_client

__all__ = ["LATER", "TRAINED", "VOICE", "link_to_training", "run_to_go_on_in"]

VOICE = "voice.sha256"
"""The tag with the hash of the voice that a run evaluated or exported."""
TRAINED = "train.run_id"
"""The tag of such a run that names the run which trained the voice."""
LATER = "later.run_ids"
"""The tag of the latter that names the former, with commas between them."""


def run_to_go_on_in(
    root: Path,
    folders: Iterable[Path],
    *,
    voice: str,
    params: Mapping[str, object],
    has_results: Callable[[Run], bool],
) -> str | None:
    """Return the run of an earlier pass that a stage goes on in, because that pass was stopped before the stage.

    Args:
        root: the project.
        folders: that name the runs that made them, such as ``models/voice``; the first fitting one is taken.
        voice: hash of the voice.
        params: the present settings by dotted key.
        has_results: whether a run has the results of this stage already.

    Returns:
        None where this pass has a run, or none fits: it has results, other settings, or heard another voice.
    """
    if current_run_id(root) is not None:
        return None
    for folder in folders:
        run_id = load_run_id(folder)
        run = None if run_id is None else read_run(root, run_id)
        if run is None or has_results(run) or not run.made_with(params):
            continue
        if run.tags.get(VOICE, voice) == voice:
            return run.run_id
    return None


def link_to_training(root: Path, run_id: str, *, folder: Path, voice: str) -> None:
    """Note in a run which voice it heard, and in both runs, where another one trained the voice, which that other is.

    Args:
        root: the project.
        run_id: of the run that evaluated or exported the voice.
        folder: of the voice's checkpoints, which names the run that trained it.
        voice: its hash.
    """
    client = open_client(root)
    client.set_tag(run_id, VOICE, voice)
    trained = load_run_id(folder)
    if trained is None or trained == run_id:
        return
    client.set_tag(run_id, TRAINED, trained)
    training = read_run(root, trained)
    if training is not None:
        later = [each for each in training.tags.get(LATER, "").split(",") if each and each != run_id]
        client.set_tag(trained, LATER, ",".join([*later, run_id]))
