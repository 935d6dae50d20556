"""A voice trained with BERT features: it speaks with them, says what is missing, or is told to go without."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from support.places import PARITY_DATA
from support.tiny_bert import write_bert
from support.tiny_voice import DESCRIPTION, make_synthesizer, speaking_style

from emotts import Voice
from emotts.checkpoint.melotts.export import export_melotts
from emotts.checkpoint.melotts.weights import load_melotts
from emotts.checkpoint.voice_folder import read_voice, write_voice
from emotts.errors import CheckpointError
from emotts.text.bert.model import BertModel

NAME = "someone/bert@abc123"
WIDTH = 16
AUDIO = {"n_fft": 256, "hop_length": 64, "win_length": 256, "n_mels": 20}
PIECES = ["안녕", "##하세요", ".", "반", "##갑습니다"]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_bert(folder / "KR", PIECES, width=WIDTH)
    return folder


@pytest.fixture(scope="module")
def export(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    origin = BertModel.load(NAME, language="KR", width=WIDTH, folder=models).origin
    emotions = ("neutral", "happy")
    description = dataclasses.replace(
        DESCRIPTION,
        emotion_names=emotions,
        trained_emotions=emotions,
        speaking=speaking_style(pause_s=0.0),
        bert=origin,
    )
    synthesizer = make_synthesizer(n_emotions=2, ja_bert_channels=WIDTH)
    folder = tmp_path_factory.mktemp("export")
    write_voice(folder, synthesizer, description)
    return folder


@pytest.mark.slow
def test_it_speaks_with_the_features_of_each_sentence(export: Path, models: Path) -> None:
    synthesizer, description = read_voice(export)
    bert = BertModel.load(NAME, language="KR", width=WIDTH, folder=models)
    voice = Voice(synthesizer, description, bert=bert)
    given: list[torch.Tensor] = []
    synthesize = synthesizer.synthesize

    def listen(*arguments: Any, **options: Any) -> Any:
        given.append(options["ja_bert"])
        return synthesize(*arguments, **options)

    synthesizer.synthesize = listen
    spoken = voice.speak("안녕하세요. 반갑습니다.").samples
    assert [tuple(features.shape) for features in given] == [(1, WIDTH, 2 * 15 + 1), (1, WIDTH, 2 * 16 + 1)]
    first = bert.read("안녕하세요.").vectors
    # one boundary, 안녕 with six phones, 하세요 with six, the point, one boundary; blanks between
    counts = [3, 12, 12, 2, 2]
    assert np.array_equal(given[0][0].T.numpy(), np.repeat(first, counts, axis=0).astype(np.float32))
    loaded = Voice.load(export, device="cpu", bert_folder=models).speak("안녕하세요. 반갑습니다.").samples
    assert np.allclose(spoken, loaded, atol=1e-5), "weight normalisation is folded where a voice is loaded"


def test_it_speaks_otherwise_without_them_if_told_to(export: Path, models: Path) -> None:
    zeros = Voice.load(export, bert_zeros=True)
    spoken = zeros.speak("안녕하세요.", emotion="happy").samples
    synthesizer, description = read_voice(export)
    assert np.allclose(Voice(synthesizer, description).speak("안녕하세요.", emotion="happy").samples, spoken, atol=1e-5)
    with_features = Voice.load(export, bert_folder=models).speak("안녕하세요.", emotion="happy").samples
    assert with_features.shape != spoken.shape or np.abs(with_features - spoken).max() > 1e-4


def test_without_its_model_it_says_what_to_do(export: Path, models: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError) as error:
        Voice.load(export, bert_folder=tmp_path)
    message = str(error.value)
    assert message.startswith(f"{tmp_path}/KR: the voice was trained with BERT features: the BERT model is not there")
    assert "https://huggingface.co/someone/bert/tree/abc123" in message
    assert "bert_zeros=True of Voice.load, --bert-zeros of `emotts say`" in message

    shutil.copytree(models / "KR", tmp_path / "KR")
    write_bert(tmp_path / "KR", PIECES, width=WIDTH, seed=9)
    with pytest.raises(CheckpointError, match="not the BERT model that the voice was trained with"):
        Voice.load(export, bert_folder=tmp_path)


def test_a_voice_from_before_has_no_model(export: Path, tmp_path: Path) -> None:
    synthesizer, description = read_voice(export)
    write_voice(tmp_path, synthesizer, dataclasses.replace(description, bert=None))
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    del config["voice"]["bert"]
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert read_voice(tmp_path)[1].bert is None
    assert Voice.load(tmp_path).speak("안녕하세요.").samples.size > 0


@pytest.mark.parametrize("trained_with", [True, False])
def test_as_a_melotts_checkpoint_it_wants_bert_as_it_was_trained(
    export: Path, tmp_path: Path, trained_with: bool
) -> None:
    plain, _ = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    description = dataclasses.replace(
        read_voice(export)[1],
        speakers=("a", "b", "c", "d"),
        audio={**AUDIO, "sample_rate_hz": 16000, "mel_f_min_hz": 0.0, "mel_f_max_hz": None},
    )
    if not trained_with:
        description = dataclasses.replace(description, bert=None)
    write_voice(tmp_path / "voice", plain.with_emotions(2, 4), description)
    export_melotts(tmp_path / "voice", tmp_path / "out", emotion="happy")
    config = json.loads((tmp_path / "out" / "config.json").read_text(encoding="utf-8"))
    assert config["data"]["disable_bert"] is not trained_with
