"""What an evaluation depends on, so that one that is done can be told from one that is out of date."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from emotts.corpus.identity import corpus_digest
from emotts.evaluation.distortion import VARIABILITY_FILE
from emotts.evaluation.reference import ABOUT_FILE
from emotts.settings import Params

__all__ = ["evaluation_identity"]


def evaluation_identity(params: Params, *, training: str, corpus: Path, classifier: Path) -> dict[str, Any]:
    """Return everything that the metrics of a voice depend on besides the code, as JSON values.

    Args:
        params: the settings of the evaluation.
        training: fingerprint of the training that made the voice.
        corpus: folder with the test list.
        classifier: folder of the emotion classifiers.
    """
    source = Path(params.recording.source)
    read = {
        "text.lexicon": Path(params.text.lexicon),
        VARIABILITY_FILE: source / VARIABILITY_FILE,
        ABOUT_FILE: source / ABOUT_FILE,
    }
    if params.evaluate.sentences is not None:
        read["evaluate.sentences"] = Path(params.evaluate.sentences)
    identity = {
        "training": training,
        "steps": params.train.steps,
        "corpus": corpus_digest(corpus),
        "classifier": corpus_digest(classifier),
        "files": {name: _digest(path) for name, path in read.items()},
        "encoder": params.classifier.encoder,
        "evaluate": params.evaluate.model_dump(mode="json"),
        "speaking": params.speaking.model_dump(mode="json"),
        "styles": dict(params.export.styles),
        "project": params.project.model_dump(mode="json", exclude={"experiment"}),
        "on_unknown": params.corpus.on_unknown,
        "speaker": params.recording.speaker,
    }
    plain: dict[str, Any] = json.loads(json.dumps(identity))
    return plain


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
