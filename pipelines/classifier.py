"""Stage ``classifier``: fit the judge of emotions on real speech."""

from pathlib import Path

from emotts.config import Params
from emotts.judges.fitting import fit_emotion_classifier
from pipelines.stage import progress_bar, run_stage
from pipelines.tracked import open_tracker

OUT = Path("models/emotion_classifier")


def main(params: Params) -> None:
    """Fit on the training utterances of ``data/corpus`` alone; score on the held-out ones."""
    with open_tracker(params) as tracker, progress_bar("classifier") as progress:
        report = fit_emotion_classifier(
            Path("data/corpus"),
            OUT,
            emotions=params.emotions,
            folds=params.classifier.folds,
            repeats=params.classifier.repeats,
            seed=params.project.seed,
            progress=progress,
        )
        tracker.metrics({f"classifier.{name}": value for name, value in report.figures.items()})
        for picture in sorted(OUT.glob("*.png")):
            tracker.file(picture, "pictures/classifier")


if __name__ == "__main__":
    run_stage("classifier", main)
