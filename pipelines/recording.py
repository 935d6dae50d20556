"""Stage ``recording``: take in the source recordings untouched."""

from pathlib import Path

from emotts.config import Params
from emotts.corpus.collect import collect_recordings
from pipelines.stage import run_stage


def main(params: Params) -> None:
    """Copy the sources named in ``params.yaml`` to ``data/raw`` and write ``recordings.jsonl``."""
    collect_recordings(
        Path(params.recording.source),
        Path("data/raw"),
        language=params.project.language,
        speaker=params.recording.speaker,
        emotions=params.emotions,
    )


if __name__ == "__main__":
    run_stage("recording", main)
