"""Tiny real models in three languages: every phone gets the vector of its piece from the third-last layer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.tiny_bert import MECAB, write_bert

from emotts.errors import CheckpointError, TextError
from emotts.text.bert.features import BertOrigin
from emotts.text.bert.model import BertModel
from emotts.text.frontend import front_end

pytestmark = pytest.mark.slow

NAME = "someone/bert@abc123"
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
JAMO = tuple(chr(code) for code in (*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3)))


def load(folder: Path, language: str, **options: Any) -> BertModel:
    return BertModel.load(NAME, language=language, folder=folder, **{"width": 768, **options})


def layer_by_hand(folder: Path, pieces: Sequence[str]) -> np.ndarray:
    """Return the third-last hidden layer that transformers computes for ``[CLS]``, the pieces and ``[SEP]``."""
    import torch
    import transformers

    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    ids = torch.tensor([[vocabulary.index(piece) for piece in ("[CLS]", *pieces, "[SEP]")]])
    network = transformers.AutoModelForMaskedLM.from_pretrained(folder).eval()
    with torch.inference_mode():
        hidden = network(ids, output_hidden_states=True).hidden_states
    assert len(hidden) == 4, "three layers and what they start from"
    return hidden[1][0].numpy()


CASES = {
    "Korean words": (
        "KR",
        ["안녕", "##하세요", ".", "반", "##갑", "##습니다"],
        {},
        "안녕하세요. 반갑습니다.",
        ["안녕", "##하세요", ".", "반", "##갑", "##습니다", "."],
        [3 + 3, 2 + 2 + 2, 1, 3, 3, 3 + 2 + 2, 1],
    ),
    "Japanese words by MeCab": (
        "JP",
        ["コンニチ", "##ワ", "セカイ", ".", "!"],
        MECAB,
        "こんにちは、世界…！",
        # the comma is unknown; the ellipsis becomes three points, of which the first gets the only phone
        ["コンニチ", "##ワ", "[UNK]", "セカイ", ".", ".", ".", "!"],
        None,
    ),
    "English letters": (
        "EN",
        ["hello", "wor", "##ld", ",", "!", "it", "'", "s"],
        {"do_lower_case": True},
        "Hello, world! It's.",
        ["hello", ",", "wor", "##ld", "!", "it", "'", "s", "[UNK]"],
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_phone_gets_its_pieces_vector(tmp_path: Path, case: str) -> None:
    language, vocabulary, tokenizer, text, pieces, counts = CASES[case]
    write_bert(tmp_path / language, vocabulary, tokenizer=tokenizer)
    read = front_end(language).read(text)
    vectors = load(tmp_path, language).read(read.normalised_text)
    wanted = layer_by_hand(tmp_path / language, pieces)
    assert vectors.vectors.dtype == np.float16
    np.testing.assert_allclose(vectors.vectors, wanted, atol=2e-3)
    assert np.abs(wanted[1:] - wanted[:-1]).max(axis=1).min() > 0.1, "neighbours can be told apart"

    per_phone = vectors.token_vectors(read.word2ph, add_blank=False)
    assert per_phone.shape == (len(read.phones), 768)
    owners = vectors.token_pieces(read.word2ph, add_blank=False)
    assert np.array_equal(per_phone, vectors.vectors[owners].astype(np.float32))
    spoken = list(zip(read.phones, owners.tolist(), strict=True))
    assert spoken == list(zip(read.phones, OWNERS[case], strict=True))
    if counts is not None:
        assert np.bincount(owners).tolist() == [1, *counts, 1]

    # blanks as in MeloTTS: counts doubled, one more for the first
    doubled = [2 * count for count in np.unique(owners, return_counts=True)[1].tolist()]
    doubled[0] += 1
    per_token = vectors.token_vectors(read.word2ph)
    repeated = np.repeat(vectors.vectors[np.unique(owners)], doubled, axis=0).astype(np.float32)
    assert np.array_equal(per_token, repeated)
    assert len(per_token) == 2 * len(read.phones) + 1


OWNERS = {
    # 안녕 하세요 . 반 갑 습니다 .
    "Korean words": [0] + 6 * [1] + 6 * [2] + [3] + 3 * [4] + 3 * [5] + 7 * [6] + [7, 8],
    # コンニチ ワ , セカイ … !
    "Japanese words by MeCab": [0] + 7 * [1] + 2 * [2] + [3] + 5 * [4] + [5] + [8, 9],
    # hh ah l ow | , | w er l | d | ! | ih | t s
    "English letters": [0] + 4 * [1] + [2] + 3 * [3] + [4] + [5] + 2 * [6] + [7] + [9, 10],
}


def test_hangul_taken_apart_into_jamo(tmp_path: Path) -> None:
    """A lower-casing tokenizer decomposes syllables; each jamo is a piece, and its phone gets its vector."""
    pieces = [*JAMO, *(f"##{jamo}" for jamo in JAMO), "."]
    write_bert(tmp_path / "KR", pieces, tokenizer={"do_lower_case": True})
    read = front_end("KR").read("안녕하세요.")
    vectors = load(tmp_path, "KR").read(read.normalised_text)
    split = unicodedata.normalize("NFD", "안녕하세요")
    assert len(vectors.spans) == len(split) + 1
    assert read.phones[1:-2] == tuple(split)
    owners = vectors.token_pieces(read.word2ph, add_blank=False)
    assert owners.tolist() == list(range(len(split) + 3))


def test_weights_as_the_hub_has_them_give_the_same(tmp_path: Path) -> None:
    write_bert(tmp_path / "a" / "EN", LETTERS)
    write_bert(tmp_path / "b" / "EN", LETTERS, bin_file=True)
    first, second = (load(tmp_path / name, "EN") for name in "ab")
    assert first.origin == second.origin == BertOrigin(NAME, first.origin.fingerprint)
    assert np.array_equal(first.read("a b.").vectors, second.read("a b.").vectors)


def test_a_model_is_known_by_its_weights_and_its_vocabulary(tmp_path: Path) -> None:
    write_bert(tmp_path / "a" / "EN", LETTERS)
    write_bert(tmp_path / "b" / "EN", LETTERS, seed=2)
    write_bert(tmp_path / "c" / "EN", LETTERS[::-1])
    origin = load(tmp_path / "a", "EN").origin
    assert load(tmp_path / "a", "EN", origin=origin).origin == origin
    for other in "bc":
        with pytest.raises(CheckpointError, match="not the BERT model that the voice was trained with") as error:
            load(tmp_path / other, "EN", origin=origin)
        assert f"wanted: {NAME}, fingerprint {origin.fingerprint}" in str(error.value)


def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def no_weights_nor_vocabulary(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "vocab.txt").unlink()


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def damaged_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\x00" * 100)


def fewer_weights(folder: Path) -> None:
    import safetensors.numpy

    path = folder / "model.safetensors"
    state = safetensors.numpy.load_file(path)
    del state["bert.encoder.layer.1.output.dense.weight"]
    safetensors.numpy.save_file(state, path, metadata={"format": "pt"})


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (no_config, ["KR: the BERT model is not there", "found: no config.json"]),
        (
            no_weights_nor_vocabulary,
            [
                "found: no vocab.txt or tokenizer.json, no model.safetensors or pytorch_model.bin",
                "wanted: the files of someone/bert at revision abc123",
                "https://huggingface.co/someone/bert/tree/abc123, put them into",
                "as text.bert_folder in params.yaml",
            ],
        ),
        (no_folder, ["KR: the BERT model is not there", "found: no such folder"]),
        (damaged_weights, ["KR: the BERT model cannot be read", "get its files again from https://"]),
        (fewer_weights, ["weights of the BERT model are not complete", "1 missing", "encoder.layer.1.output.dense"]),
    ],
)
def test_a_wrong_folder(tmp_path: Path, change: Any, wanted: list[str]) -> None:
    change(write_bert(tmp_path / "KR", ["안", "녕"]))
    with pytest.raises(CheckpointError) as error:
        load(tmp_path, "KR")
    for text in wanted:
        assert text in str(error.value)


def test_a_model_of_another_width(tmp_path: Path) -> None:
    write_bert(tmp_path / "KR", ["안"], width=16)
    with pytest.raises(CheckpointError, match="the BERT model does not fit the voice") as error:
        load(tmp_path, "KR")
    assert "found: vectors of 16 values, 3 layers" in str(error.value)
    assert "wanted: vectors of 768 values, as model.synthesizer.ja_bert_channels says" in str(error.value)
    assert load(tmp_path, "KR", width=16).read("안").vectors.shape == (3, 16)


def test_a_text_that_is_too_long(tmp_path: Path) -> None:
    write_bert(tmp_path / "EN", LETTERS, width=16)
    model = load(tmp_path, "EN", width=16)
    assert len(model.read(" ".join("a" * 62)).vectors) == 64
    with pytest.raises(TextError, match=r"too long for the BERT model\s+found: 65 pieces\s+wanted: at most 64"):
        model.read(" ".join("a" * 63))


@pytest.mark.parametrize(("package", "language"), [("transformers", "KR"), ("fugashi", "JP"), ("unidic_lite", "JP")])
def test_without_a_package(tmp_path: Path, package: str, language: str) -> None:
    write_bert(tmp_path / language, ["ア"], tokenizer=MECAB if language == "JP" else {}, width=16)
    program = f"""
import sys
sys.modules[{package!r}] = None
import emotts.text.bert.model as bert
from emotts.errors import EmottsError
from pathlib import Path
try:
    bert.BertModel.load({NAME!r}, language={language!r}, width=16, folder=Path({str(tmp_path)!r}))
except EmottsError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("BERT features need packages that are not installed\n"), done.stdout
    assert done.stdout.endswith("to do: pip install 'emotts[bert]'\n")
    assert package in done.stdout


def test_importing_loads_no_transformers_and_reaches_for_no_network() -> None:
    program = (
        "import sys, emotts.voice, emotts.workflows.bert_features;"
        "print(sorted({'transformers', 'fugashi'} & set(sys.modules)))"
    )
    environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert json.loads(done.stdout) == []
