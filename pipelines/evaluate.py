"""Stage ``evaluate``: let the voice speak held-out sentences, and measure it beside real speech."""

from pathlib import Path

from emotts import build, build_bert
from emotts.config import Params
from emotts.evaluation.evaluate import evaluate_voice
from emotts.evaluation.verdicts import verdicts
from emotts.judges.panel import EmotionPanel
from emotts.voice import Voice
from pipelines.stage import progress_bar, run_stage
from pipelines.tracked import CORPUS, open_tracker

REPORTS = Path("reports")


def main(params: Params) -> None:
    """Evaluate ``models/voice`` on the test list of ``data/corpus`` and further unseen sentences."""
    voice = Voice.load(build.checkpoint_folder(params), bert_folder=build_bert.bert_folder(params))
    material = build.evaluation_material(params, CORPUS, emotions=voice.emotions)
    with open_tracker(params) as tracker, progress_bar("evaluate") as progress:
        figures = evaluate_voice(
            speak=lambda text, emotion, intensity: voice.speak(text, emotion=emotion, intensity=intensity).samples,
            sentences=material.sentences,
            references=material.references,
            judge=EmotionPanel.load(Path("models/emotion_classifier")),
            emotions=voice.emotions,
            sample_rate_hz=voice.sample_rate_hz,
            out=REPORTS,
            speaker=params.recording.speaker,
            seed=params.project.seed,
            shared_sentences=params.evaluate.shared_sentences,
            progress=progress,
        )
        tracker.metrics(figures)
        tracker.folder(REPORTS, "evaluation")
        tracker.note("\n".join(f"- {line}" for line in verdicts(figures, emotions=voice.emotions)))


if __name__ == "__main__":
    run_stage("evaluate", main)
