"""BERT features through DVC, of a tiny real model: refused without it, trained with, spoken with, cached."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.project import Project
from support.tiny_bert import write_bert

from emotts import Voice
from emotts.checkpoint.voice_folder import read_voice
from emotts.corpus.lists import read_list
from emotts.errors import CheckpointError
from emotts.text.bert.features import read_features

pytestmark = pytest.mark.slow


def ran(output: str) -> set[str]:
    return set(re.findall(r"^Running stage '(\w+)':", output, flags=re.MULTILINE))


def syllables(project: Project) -> list[str]:
    """Return the syllables of the corpus, each as a beginning and as a continuation."""
    items = [item for side in ("train", "val") for item in read_list(project.folder / f"data/corpus/{side}.list")]
    chars = sorted({char for item in items for char in item.text} - {" "})
    return [*chars, *(f"##{char}" for char in chars)]


def test_a_voice_is_trained_with_them(project: Project) -> None:
    project.environment |= {"HF_HUB_OFFLINE": "1", "HF_HOME": str(project.folder / "hub")}
    short = {
        "train.steps": 4,
        "train.validate_every": 4,
        "train.sample_every": 4,
        "classifier.folds": 2,
        "classifier.repeats": 1,
    }
    project.set({"text.bert": True, "model.synthesizer.ja_bert_channels": 768, **short})
    refused = project.repro("bert")
    assert refused.returncode != 0
    assert "the BERT model kykim/bert-kor-base is not on this machine and cannot be downloaded" in refused.stdout
    assert "https://huggingface.co/kykim/bert-kor-base/tree/1779cc0982ada0216dd6de0dd4e86fb78201926d" in refused.stdout
    assert "Traceback" not in refused.stdout

    models = project.folder / "models/bert"
    write_bert(models / "KR", syllables(project))
    project.set({"text.bert_folder": "models/bert"})
    done = project.repro()
    assert done.returncode == 0, done.stdout
    assert "corpus" not in ran(done.stdout)
    assert {"bert", "train", "evaluate", "export"} <= ran(done.stdout)
    check_features(project)
    check_voice(project, models)

    # out of DVC's cache, the model gone
    shutil.rmtree(project.folder / "data/bert")
    shutil.rmtree(models)
    again = project.repro("bert")
    assert again.returncode == 0, again.stdout
    assert ran(again.stdout) == set()
    check_features(project)


def check_features(project: Project) -> None:
    """Every text of training and validation has its vectors; on syllables, a piece is a character."""
    features = read_features(project.folder / "data/bert")
    assert features is not None
    items = [item for side in ("train", "val") for item in read_list(project.folder / f"data/corpus/{side}.list")]
    assert set(features.texts) == {("KR", item.text) for item in items}
    for item in items:
        read = features.of("KR", item.text, where=item.wav)
        assert read.vectors.shape == (len(item.text.replace(" ", "")) + 2, 768)
        wanted = np.repeat(read.vectors, item.word2ph, axis=0).astype(np.float32)
        assert np.array_equal(read.token_vectors(item.word2ph, add_blank=False), wanted)


def check_voice(project: Project, models: Path) -> None:
    """The projection of the features has learned, and the export speaks with the model or says what it misses."""
    synthesizer, description = read_voice(project.folder / "models/export")
    recorded = json.loads((project.folder / "data/bert/bert.json").read_text(encoding="utf-8"))["models"]["KR"]
    assert description.bert is not None
    assert (description.bert.model, description.bert.fingerprint) == (recorded["model"], recorded["fingerprint"])
    projection = synthesizer.text_encoder.ja_bert_projection
    assert projection is not None
    assert projection.weight.abs().sum() > 0

    voice = Voice.load(project.folder / "models/export", bert_folder=models)
    spoken = voice.speak("안녕하세요.", emotion="happy").samples
    assert np.isfinite(spoken).all()
    zeros = Voice.load(project.folder / "models/export", bert_zeros=True).speak("안녕하세요.", emotion="happy").samples
    assert zeros.shape != spoken.shape or not np.array_equal(zeros, spoken)
    with pytest.raises(CheckpointError, match="the voice was trained with BERT features"):
        Voice.load(project.folder / "models/export", bert_folder=project.folder / "nowhere")
    said = say(project, "--bert-folder", "models/bert")
    assert said.returncode == 0, said.stdout
    refused = say(project)
    assert refused.returncode == 1
    assert "--bert-zeros of `emotts say`" in refused.stdout
    assert say(project, "--bert-zeros").returncode == 0


def say(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    program = "from emotts.cli.app import main; main()"
    return project.run(sys.executable, "-c", program, "say", "안녕하세요.", "-o", "said.wav", *options)
