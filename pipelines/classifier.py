"""Stage ``classifier``: fit the emotion classifiers on the recording."""

from emotts.paths import CLASSIFIER, CORPUS
from emotts.progress import progress_bar
from emotts.recognition.fitting import fit_emotion_classifier
from emotts.recognition.speech_encoder import SpeechEncoder
from emotts.settings import Params
from emotts.tracking.metric_names import detail
from pipelines.stage import run_stage
from pipelines.tracked import open_tracker


def main(params: Params) -> None:
    """Fit only on the training utterances of ``data/corpus``; score on the held-out ones."""
    with open_tracker(params) as tracker, progress_bar("classifier") as progress:
        report = fit_emotion_classifier(
            CORPUS,
            CLASSIFIER,
            emotions=params.emotions,
            settings=params.classifier,
            seed=params.project.seed,
            encoder=None if params.classifier.encoder == "none" else SpeechEncoder.load(params.recogniser),
            progress=progress,
        )
        tracker.metrics(detail({f"classifier.{name}": value for name, value in report.metrics.items()}))
        for picture in sorted(CLASSIFIER.glob("*.png")):
            tracker.file(picture, "pictures/classifier")


if __name__ == "__main__":
    run_stage("classifier", main)
