"""The file that keeps a corpus's features: exact round trip, off, and what is missing or damaged."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from emotts.errors import CorpusError
from emotts.text.bert.features import FEATURES_FILE, STATE_FILE, BertOrigin, CorpusFeatures, TextVectors, read_features

ORIGINS = {"KR": BertOrigin("a/b@1", "f1"), "EN": BertOrigin("c/d@2", "f2")}


def vectors(text: str, *spans: tuple[int, int], seed: int = 0) -> TextVectors:
    values = np.random.default_rng(seed).standard_normal((len(spans) + 2, 4)).astype(np.float16)
    return TextVectors(text, values, np.array(spans, dtype=np.int32).reshape(-1, 2))


@pytest.fixture
def features() -> CorpusFeatures:
    texts = {
        ("KR", "네, 그/래요."): vectors("네, 그/래요.", (0, 1), (1, 2), (3, 7), seed=1),
        ("EN", "네, 그/래요."): vectors("네, 그/래요.", (0, 7), seed=2),
    }
    return CorpusFeatures(ORIGINS, texts)


def test_what_is_written_is_read(tmp_path: Path, features: CorpusFeatures) -> None:
    features.write(tmp_path)
    read = read_features(tmp_path)
    assert read is not None
    assert read.origins == ORIGINS
    assert read.texts.keys() == features.texts.keys()
    for key, wanted in features.texts.items():
        assert read.texts[key].text == key[1]
        assert read.texts[key].vectors.dtype == np.float16
        assert np.array_equal(read.texts[key].vectors, wanted.vectors)
        assert np.array_equal(read.texts[key].spans, wanted.spans)
    assert {path.name for path in tmp_path.iterdir()} == {STATE_FILE, FEATURES_FILE}
    before = (tmp_path / FEATURES_FILE).read_bytes()
    features.write(tmp_path)
    assert (tmp_path / FEATURES_FILE).read_bytes() == before, "the same features are the same file"


def test_off_is_a_small_file_and_clears_what_was_there(tmp_path: Path, features: CorpusFeatures) -> None:
    features.write(tmp_path)
    CorpusFeatures({}, {}).write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [STATE_FILE]
    assert json.loads((tmp_path / STATE_FILE).read_text(encoding="utf-8")) == {"models": {}}
    assert read_features(tmp_path) is None


def test_a_text_without_features(features: CorpusFeatures) -> None:
    assert features.of("KR", "네, 그/래요.", where="x") is features.texts["KR", "네, 그/래요."]
    with pytest.raises(CorpusError, match=r"train.list:3: no BERT features were computed for this text") as error:
        features.of("KR", "아니요.", where="train.list:3")
    assert "found: '아니요.'" in str(error.value)
    assert "dvc repro bert" in str(error.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (STATE_FILE, None),
        (STATE_FILE, b"{"),
        (STATE_FILE, b"[]"),
        (STATE_FILE, b'{"models": {"KR": {"model": "a"}}}'),
        (FEATURES_FILE, None),
        (FEATURES_FILE, b"\x00" * 40),
    ],
)
def test_missing_and_damaged_files(tmp_path: Path, features: CorpusFeatures, name: str, content: bytes | None) -> None:
    features.write(tmp_path)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError, match=f"{name}: the BERT features of the corpus are missing or damaged"):
        read_features(tmp_path)
