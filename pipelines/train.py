"""Stage ``train``: train the voice, or go on with a training that was interrupted."""

import json
from contextlib import ExitStack
from pathlib import Path

from emotts import build, build_base, build_bert
from emotts.config import Params
from emotts.corpus.identity import corpus_digest
from emotts.corpus.lists import read_list
from emotts.corpus.rows import write_text
from emotts.monitor import WARM_START_FILE, TrainingMonitor
from emotts.training.loop import train
from pipelines.bert import FEATURES
from pipelines.stage import progress_bar, run_stage
from pipelines.tracked import CORPUS, open_tracker

VOICE = Path("models/voice")


def main(params: Params) -> None:
    """Train on ``data/corpus``; checkpoints go to ``models/voice``."""
    features = build_bert.corpus_features(params, FEATURES)
    description = build.voice_description(params, CORPUS, features=features)
    settings = build.synthesizer_settings(params, n_speakers=len(description.speakers))
    networks, report = build_base.started_networks(params, settings, description=description)
    if report is None:
        (VOICE / WARM_START_FILE).unlink(missing_ok=True)
    else:
        write_text(VOICE / WARM_START_FILE, json.dumps(report.to_dict(), indent=1, ensure_ascii=False) + "\n")
    clips = build.training_clips(params, CORPUS, features=features)
    with ExitStack() as stack:
        monitor = TrainingMonitor(
            lambda run_id: stack.enter_context(open_tracker(params, run_id)),
            description,
            clips=clips,
            items=read_list(CORPUS / "val.list"),
            spectrogram=networks.spectrogram,
            mel=networks.mel,
            folder=VOICE,
            progress=stack.enter_context(progress_bar("train")),
            bert=None if features is None else build_bert.load_bert(params, params.project.language),
        )
        train(
            networks,
            build.train_settings(params),
            clips=clips,
            folder=VOICE,
            identity=build.run_identity(
                params,
                settings,
                digest=corpus_digest(CORPUS),
                base=build_base.base_identity(params),
                features=features,
            ),
            description={"synthesizer": settings.to_dict(), "voice": description.to_dict()},
            code_version=build.code_version(),
            hooks=monitor.hooks(),
        )


if __name__ == "__main__":
    run_stage("train", main)
