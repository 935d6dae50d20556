"""Where settings meet classes: the names agree, the project's own model has the promised size, material is unseen."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from emotts import build
from emotts.audio.io import write_wav
from emotts.checkpoint.voice_folder import SpeakingStyle
from emotts.config import LossWeightsSection, Params, SpeakingSection, SynthesizerSection, TrainSection, load_params
from emotts.corpus.identity import corpus_digest, corpus_figures, corpus_speakers
from emotts.corpus.lists import CorpusItem, write_list
from emotts.errors import CorpusError
from emotts.model.settings import SynthesizerSettings
from emotts.text.frontend import front_end
from emotts.text.symbols import SYMBOLS
from emotts.training.settings import LossWeights, TrainSettings

PROJECT = Path(__file__).parents[2] / "params.yaml"


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(PROJECT)


def names(dataclass: type) -> set[str]:
    return {field.name for field in dataclasses.fields(dataclass)}


def test_settings_and_classes_have_the_same_names() -> None:
    derived = {"n_symbols", "n_tones", "n_languages", "n_speakers", "n_emotions", "spectrogram_bins", "hop_length"}
    elsewhere = {"replay_corpus", "base_duration_discriminator"}
    assert set(TrainSection.model_fields) - elsewhere | {"seed"} == names(TrainSettings)
    assert set(LossWeightsSection.model_fields) == names(LossWeights)
    assert set(SynthesizerSection.model_fields) | derived == names(SynthesizerSettings)
    assert set(SpeakingSection.model_fields) == names(SpeakingStyle)


def test_the_projects_own_networks(params: Params) -> None:
    settings = build.synthesizer_settings(params, n_speakers=1)
    assert (settings.n_symbols, settings.n_emotions, settings.spectrogram_bins) == (219, 7, 513)
    networks = build.training_networks(params, settings)
    speaking = sum(
        parameter.numel()
        for name, parameter in networks.synthesizer.named_parameters()
        if not name.startswith("posterior_encoder")
    )
    assert speaking < 10_000_000
    again = build.training_networks(params, settings)
    for first, second in zip(networks.synthesizer.parameters(), again.synthesizer.parameters(), strict=True):
        assert np.array_equal(first.detach().numpy(), second.detach().numpy()), "the weights follow from the seed"
    assert build.train_settings(params).seed == params.project.seed


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus of four utterances with a real text each; the wavs last 1, 2, 3 and 4 s."""
    reader = front_end("KR")
    sides = {
        "train": [("안녕하세요.", "neutral"), ("와, 드디어 합격했어요! 제가 정말 해냈다고요!", "happy")],
        "val": [("고마워요.", "neutral")],
        "test": [("잘 가요.", "happy")],
    }
    seconds = iter((1, 2, 3, 4))
    for side, rows in sides.items():
        items = []
        for number, (text, emotion) in enumerate(rows):
            wav = f"wavs/{side}_{number}.wav"
            write_wav(tmp_path / wav, np.full(16000 * next(seconds), 0.1, dtype=np.float32), sample_rate_hz=16000)
            read = reader.read(text)
            items.append(
                CorpusItem(wav, "yuna", "KR", read.normalised_text, read.phones, read.tones, read.word2ph, emotion)
            )
        write_list(tmp_path / f"{side}.list", items)
    config = {"data": {"spk2id": {"yuna": 0}}, "symbols": SYMBOLS, "emotions": {"neutral": 0, "happy": 1}}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return tmp_path


def test_counts_and_seconds_of_a_corpus(corpus: Path) -> None:
    figures = corpus_figures(corpus)
    assert figures["data.train.clips"] == 2
    assert figures["data.train.seconds"] == 3.0
    assert figures["data.train.happy.seconds"] == 2.0
    assert figures["data.test.happy.clips"] == 1
    assert "data.val.happy.clips" not in figures


def test_the_digest_sees_every_byte_and_name(corpus: Path) -> None:
    digest = corpus_digest(corpus)
    assert digest == corpus_digest(corpus)
    (corpus / "wavs/val_0.wav").rename(corpus / "wavs/val_1.wav")
    assert corpus_digest(corpus) != digest


def test_a_damaged_configuration(corpus: Path) -> None:
    assert corpus_speakers(corpus) == {"yuna": 0}
    (corpus / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"config.json: not a corpus's configuration[\s\S]*dvc repro corpus"):
        corpus_speakers(corpus)


def test_a_voice_knows_the_emotions_of_its_training_list(params: Params, corpus: Path) -> None:
    description = build.voice_description(params, corpus)
    assert description.trained_emotions == ("neutral", "happy")
    assert description.speakers == ("yuna",)
    assert description.emotion_names == params.emotions.names


@pytest.mark.parametrize(
    ("decoder", "phase", "tracked"),
    [("istft", "joint", True), ("istft", "autoencoder", True), ("istft", "prior", False), ("hifigan", "joint", False)],
)
def test_pitch_is_tracked_where_a_pitched_decoder_learns(
    params: Params, corpus: Path, decoder: str, phase: str, tracked: bool
) -> None:
    model = params.model
    synthesizer = model.synthesizer.model_copy(update={"decoder": decoder})
    changed = params.model_copy(
        update={
            "audio": params.audio.model_copy(update={"sample_rate_hz": 16000}),
            "model": model.model_copy(update={"synthesizer": synthesizer}),
            "train": params.train.model_copy(update={"phase": phase}),
        }
    )
    clip = build.training_clips(changed, corpus).training[0]
    assert (clip.pitch is not None) == tracked


def test_evaluation_speaks_only_what_training_never_saw(params: Params, corpus: Path) -> None:
    material = build.evaluation_material(params, corpus, emotions=("neutral", "happy"))
    texts = [text for text, _ in material.sentences]
    assert material.sentences[0][1] == "neutral"
    assert ("잘 가요.", "happy") in material.sentences
    assert "와, 드디어 합격했어요! 제가 정말 해냈다고요!" not in texts, "it is in the training list"
    assert {emotion for _, emotion in material.sentences} == {"neutral", "happy"}
    assert len(material.sentences) == params.evaluate.max_sentences
    assert len(set(texts)) == len(texts)
    (reference,) = material.references
    assert (reference.path.name, reference.n_phones) == ("test_0.wav", 7)
    assert material.n_phones[reference.text] == 7
    assert material.n_phones.keys() == set(texts)
    assert [each.path.name for each in material.recorded] == ["train_0.wav", "train_1.wav", "val_0.wav"]


def test_evaluation_speaks_in_styles_too(params: Params, corpus: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("[wistful] 문을 나서다가 웃었어요.\n[happy] 좋아요.\n[sad] 싫어요.\n", encoding="utf-8")
    changes = {
        "evaluate": params.evaluate.model_copy(update={"sentences": str(script)}),
        "export": params.export.model_copy(update={"styles": {"Wistful": "happy 0.5"}}),
    }
    styled = params.model_copy(update=changes)
    material = build.evaluation_material(styled, corpus, emotions=("neutral", "happy"))
    assert ("문을 나서다가 웃었어요.", "wistful") in material.sentences
    assert "싫어요." not in [text for text, _ in material.sentences], "the voice was not trained on sad"
    unstyled = params.model_copy(update={"evaluate": changes["evaluate"]})
    with pytest.raises(CorpusError, match=r"script.txt:1: unknown emotion 'wistful'"):
        build.evaluation_material(unstyled, corpus, emotions=("neutral", "happy"))
