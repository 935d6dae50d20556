"""Stage ``recording``: copy the source recordings unchanged."""

from pathlib import Path

from emotts.corpus.sources.collect import collect_recordings
from emotts.paths import RAW
from emotts.settings import Params
from pipelines.stage import run_stage


def main(params: Params) -> None:
    """Copy the sources named in ``params.yaml`` to ``data/raw`` and write ``recordings.jsonl``."""
    collect_recordings(
        Path(params.recording.source),
        RAW,
        language=params.project.language,
        speaker=params.recording.speaker,
        emotions=params.emotions,
        layout=params.recording.layout,
        parallel=params.parallel,
    )


if __name__ == "__main__":
    run_stage("recording", main)
