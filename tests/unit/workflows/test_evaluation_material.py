"""An evaluation speaks what training never saw."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from support.places import REPOSITORY
from support.small_corpus import write_small_corpus

from emotts.corpus.lists import read_list, write_list
from emotts.errors import CorpusError
from emotts.settings import Params, load_params
from emotts.workflows.evaluated_speaker import evaluated_speaker
from emotts.workflows.evaluation_material import read_material

PROJECT = REPOSITORY / "params.yaml"


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(PROJECT)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus of four utterances with a real text each; the wavs last 1, 2, 3 and 4 s."""
    write_small_corpus(tmp_path)
    return tmp_path


def test_the_demo_is_evaluated_on_a_hundred_sentences_an_equal_part_of_them_in_each_emotion(
    params: Params, corpus: Path
) -> None:
    emotions = ("neutral", "happy", "sad", "angry")
    material = read_material(params, corpus, emotions=emotions)
    assert Counter(emotion for _, emotion in material.sentences) == dict.fromkeys(emotions, 25)
    written = {text for name in ("base_ko", "ko_outliers") for text in lines_of(f"emotts/demo/script/{name}.txt")}
    assert not written & {text for text, _ in material.sentences}


def lines_of(path: str) -> set[str]:
    """Return the texts of a script, without their marks."""
    return {line.partition("] ")[2] for line in (REPOSITORY / path).read_text(encoding="utf-8").splitlines()}


@pytest.mark.slow
def test_evaluation_speaks_only_what_training_never_saw(params: Params, corpus: Path) -> None:
    fewer = params.model_copy(update={"evaluate": params.evaluate.changed(max_sentences=40)})
    material = read_material(fewer, corpus, emotions=("neutral", "happy"))
    texts = [text for text, _ in material.sentences]
    assert material.sentences[0][1] == "neutral"
    assert ("잘 가요.", "happy") in material.sentences
    assert "와, 드디어 합격했어요! 제가 정말 해냈다고요!" not in texts, "it is in the training list"
    assert {emotion for _, emotion in material.sentences} == {"neutral", "happy"}
    assert len(material.sentences) == 40
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
    material = read_material(styled, corpus, emotions=("neutral", "happy"))
    assert ("문을 나서다가 웃었어요.", "wistful") in material.sentences
    assert "싫어요." not in [text for text, _ in material.sentences], "the voice was not trained on sad"
    unstyled = params.model_copy(update={"evaluate": changes["evaluate"]})
    with pytest.raises(CorpusError, match=r"script.txt:1: unknown emotion 'wistful'"):
        read_material(unstyled, corpus, emotions=("neutral", "happy"))


def test_of_several_speakers_the_one_with_most_emotions_in_the_test_list_is_evaluated(
    params: Params, corpus: Path
) -> None:
    assert evaluated_speaker(params, corpus) is None
    several = params.model_copy(update={"recording": params.recording.model_copy(update={"speaker": "all"})})
    (row,), trained = read_list(corpus / "test.list"), read_list(corpus / "train.list")
    told = [("mina", "happy"), ("mina", "happy"), ("bora", "happy"), ("bora", "neutral"), ("yuna", "happy")]
    test = [
        replace(row, wav=f"wavs/{number}.wav", speaker=name, emotion=emotion)
        for number, (name, emotion) in enumerate(told)
    ]
    write_list(corpus / "test.list", test)
    write_list(corpus / "train.list", [replace(item, speaker="bora") for item in trained[:1]] + trained[1:])
    assert evaluated_speaker(several, corpus) == "bora"
    material = read_material(several, corpus, emotions=("neutral", "happy"))
    assert [each.emotion for each in material.references] == ["happy", "neutral"]
    assert [each.path.name for each in material.recorded] == ["train_0.wav"]
    assert material.about is not None
    assert material.about.endswith("All of this is about one of them, bora.")
    write_list(corpus / "test.list", [])
    assert evaluated_speaker(several, corpus) == "bora", "as many clips of training as yuna, and the first by name"
