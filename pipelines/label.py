"""Stage ``label``: give every segment its text and emotion."""

from emotts.corpus.corrections.corrected_takes import Corrector
from emotts.corpus.transcripts.labelling import label_segments
from emotts.paths import CORRECTIONS, LABELS, RAW, SEGMENTS
from emotts.progress import progress_bar
from emotts.settings import Params
from emotts.workflows.label_recognition import label_recognition
from pipelines.stage import run_stage


def main(params: Params) -> None:
    """Join ``data/segments`` with the label tracks and scripts of ``data/raw`` into ``data/labels``, as corrected."""
    emotions, rate_hz = params.emotions, params.audio.sample_rate_hz
    corrector = Corrector.of(CORRECTIONS, RAW, out=LABELS, sample_rate_hz=rate_hz, emotions=emotions)
    recognition = label_recognition(params)
    with progress_bar("label") as progress:
        label_segments(
            SEGMENTS,
            RAW,
            LABELS,
            emotions=emotions,
            settings=params.label,
            recognition=recognition,
            corrector=corrector,
            progress=progress,
        )


if __name__ == "__main__":
    run_stage("label", main)
