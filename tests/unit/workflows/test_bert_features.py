"""BERT features of a corpus: which texts, by which model, and what is said where settings and folder differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from support.places import REPOSITORY
from support.tiny_bert import write_bert

from emotts.corpus.lists import CorpusItem, write_list
from emotts.errors import CheckpointError, ConfigError, CorpusError
from emotts.settings import Params, load_params
from emotts.text.frontend import front_end
from emotts.workflows import bert_features
from emotts.workflows.networks import synthesizer_settings
from emotts.workflows.training import run_identity, voice_description
from emotts.workflows.training_data import read_training_data

pytestmark = pytest.mark.slow

PROJECT = REPOSITORY / "params.yaml"


def make_params(folder: Path, **text: Any) -> Params:
    values = yaml.safe_load(PROJECT.read_text(encoding="utf-8"))
    values["text"] |= {"bert": True, "bert_folder": str(folder / "models"), **text}
    values["model"]["synthesizer"]["ja_bert_channels"] = 16
    path = folder / "params.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return load_params(path)


def write_rows(path: Path, texts: list[str], *, language: str = "KR") -> None:
    reader = front_end(language)
    items = []
    for number, text in enumerate(texts):
        read = reader.read(text)
        phones = (read.normalised_text, read.phones, read.tones, read.word2ph)
        items.append(CorpusItem(f"wavs/{path.stem}_{number}.wav", "yuna", language, *phones, "neutral"))
    write_list(path, items)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_rows(folder / "train.list", ["네, 좋아요.", "아니요.", "네, 좋아요."])
    write_rows(folder / "val.list", ["정말요?"])
    write_rows(folder / "test.list", ["글쎄요."])
    write_bert(tmp_path / "models" / "KR", ["네", "좋", "##아요", "아", "##니요", ","], width=16)
    return folder


def test_every_text_of_training_and_validation_once(tmp_path: Path, corpus: Path) -> None:
    params = make_params(tmp_path)
    seen: list[tuple[int, int, str]] = []
    features = bert_features.compute_features(params, corpus, progress=lambda *at: seen.append(at))
    assert list(features.texts) == [("KR", "네, 좋아요."), ("KR", "아니요."), ("KR", "정말요?")]
    assert seen == [(1, 3, "KR"), (2, 3, "KR"), (3, 3, "KR")]
    model = bert_features.load_bert(params, "KR")
    assert features.origins == {"KR": model.origin}
    assert model.origin.model == params.text.bert_models.KR
    for (_, text), vectors in features.texts.items():
        assert np.array_equal(vectors.vectors, model.read(text).vectors)
    features.write(tmp_path / "bert")
    read = bert_features.corpus_features(params, tmp_path / "bert")
    assert read is not None
    assert read.origins == features.origins


def test_a_replayed_corpus_of_another_language(tmp_path: Path, corpus: Path) -> None:
    write_rows(tmp_path / "other" / "train.list", ["Hello."], language="EN")
    write_bert(tmp_path / "models" / "EN", ["hello", "."], width=16)
    params = make_params(tmp_path)
    train = params.train.model_copy(update={"replay_corpus": str(tmp_path / "other"), "replay_fraction": 0.2})
    params = params.model_copy(update={"train": train})
    features = bert_features.compute_features(params, corpus)
    assert set(features.origins) == {"EN", "KR"}
    assert features.of("EN", "hello.", where="").vectors.shape == (4, 16)


def test_the_run_and_the_voice_know_the_model(tmp_path: Path, corpus: Path) -> None:
    (corpus / "config.json").write_text('{"data": {"spk2id": {"yuna": 0}}, "symbols": [], "emotions": []}')
    params = make_params(tmp_path)
    features = bert_features.compute_features(params, corpus)
    settings = synthesizer_settings(params, n_speakers=1)
    off = run_identity(params, settings, data=read_training_data(params, corpus))
    data = read_training_data(params, corpus, features=features)
    on = run_identity(params, settings, data=data)
    origin = features.origins["KR"]
    assert on == {**off, "bert": {"KR": {"model": origin.model, "fingerprint": origin.fingerprint}}}
    description = voice_description(params, data)
    assert description.bert == origin
    assert type(description).from_dict(description.to_dict()) == description
    assert voice_description(params, read_training_data(params, corpus)).bert is None


def test_a_folder_of_another_setting(tmp_path: Path, corpus: Path) -> None:
    on = make_params(tmp_path)
    bert_features.compute_features(on, corpus).write(tmp_path / "bert")
    off = make_params(tmp_path, bert=False)
    with pytest.raises(CorpusError, match=r"belong to another setting\s+found: features\s+wanted: text.bert: false"):
        bert_features.corpus_features(off, tmp_path / "bert")
    bert_features.compute_features(off, corpus).write(tmp_path / "bert")
    assert bert_features.corpus_features(off, tmp_path / "bert") is None
    with pytest.raises(CorpusError, match=r"found: none\s+wanted: text.bert: true\s+to do: run `dvc repro`"):
        bert_features.corpus_features(on, tmp_path / "bert")


def test_a_language_without_a_model(tmp_path: Path, corpus: Path) -> None:
    params = make_params(tmp_path)
    with pytest.raises(
        CheckpointError, match=r"models/JP: the BERT model is not there[\s\S]*tohoku-nlp/bert-base-japan"
    ):
        bert_features.load_bert(params, "JP")
    with pytest.raises(ConfigError, match=r"text.bert_models in params.yaml: there is no BERT model for ZH"):
        bert_features.load_bert(params, "ZH")


def test_settings_that_do_not_fit(tmp_path: Path) -> None:
    text = PROJECT.read_text(encoding="utf-8").replace("bert: false ", "bert: true ")
    (tmp_path / "params.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"text.bert: true needs model.synthesizer.ja_bert_channels above 0"):
        load_params(tmp_path / "params.yaml")
    (tmp_path / "params.yaml").write_text(text.replace("@1779cc", "#1779cc"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"text.bert_models.KR = 'kykim/bert-kor-base#1779cc"):
        load_params(tmp_path / "params.yaml")
