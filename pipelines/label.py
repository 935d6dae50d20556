"""Stage ``label``: give every segment its text and emotion."""

from pathlib import Path

from emotts.config import Params
from emotts.corpus.labelling import label_segments
from pipelines.stage import run_stage


def main(params: Params) -> None:
    """Join ``data/segments`` with the label tracks and scripts of ``data/raw`` into ``data/labels``."""
    label_segments(
        Path("data/segments"),
        Path("data/raw"),
        Path("data/labels"),
        emotions=params.emotions,
        max_reject_share=params.label.max_reject_share,
    )


if __name__ == "__main__":
    run_stage("label", main)
