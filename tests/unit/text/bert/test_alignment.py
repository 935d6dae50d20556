"""Which piece's vector each phone gets: by hand, for words, jamo, uncovered characters and blanks."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from emotts.errors import TextError
from emotts.text.bert.alignment import phone_pieces, token_pieces
from emotts.text.frontend import front_end

EXPECTED = Path(__file__).parents[1] / "expected"


def pieces(text: str, word2ph: tuple[int, ...], *spans: tuple[int, int]) -> list[int]:
    return phone_pieces(text, word2ph, np.array(spans, dtype=np.int32).reshape(-1, 2)).tolist()


def test_the_phones_of_a_character_get_the_vector_of_its_piece() -> None:
    # 안녕 | ##하 | . with a word of its own behind a space
    found = pieces("안녕하 네.", (1, 3, 3, 2, 2, 1, 1), (0, 2), (2, 3), (4, 5), (5, 6))
    assert found == [0, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5]


def test_pieces_of_one_character_share_its_phones_in_order() -> None:
    assert pieces("안녕", (1, 3, 2, 1), (0, 1), (0, 1), (0, 1), (1, 2), (1, 2), (1, 2)) == [0, 1, 2, 3, 4, 5, 7]
    assert pieces("안", (1, 3, 1), (0, 1), (0, 1)) == [0, 1, 1, 2, 3]


def test_a_character_without_phones_and_one_without_a_piece() -> None:
    assert pieces("ab", (1, 2, 0, 1), (0, 1), (1, 2)) == [0, 1, 1, 3]
    assert pieces("abc", (1, 1, 2, 1, 1), (0, 1), (2, 3)) == [0, 1, 1, 1, 2, 3]
    assert pieces("ab", (1, 1, 1, 1), (1, 2)) == [0, 0, 1, 2]


def test_blanks_go_with_the_phone_before_them() -> None:
    # counts 1, 2, 1 become 3, 4, 2: doubled, and one more for the first
    assert token_pieces(np.array([0, 1, 1, 2], dtype=np.int32)).tolist() == [0, 0, 0, 1, 1, 1, 1, 2, 2]


def test_counts_of_another_text() -> None:
    with pytest.raises(
        TextError, match=r"'안녕 네': the counts of phones do not fit the text\s+found: 4 counts"
    ) as error:
        pieces("안녕 네", (1, 3, 3, 1), (0, 2), (3, 4))
    assert "wanted: 5: one for each of 3 characters and for both ends" in str(error.value)
    assert "dvc repro --force corpus" in str(error.value)


@pytest.mark.parametrize("language", ["KR", "JP", "EN"])
def test_the_counts_of_every_expected_sentence_fit(language: str) -> None:
    reader = front_end(language)
    with (EXPECTED / f"{language.lower()}.tsv").open(encoding="utf-8") as file:
        texts = [row[0] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row[0][:1] != "#"]
    assert len(texts) >= 150
    for text in texts:
        read = reader.read(text)
        whole = np.array([(0, len(read.normalised_text))], dtype=np.int32)
        found = phone_pieces(read.normalised_text, read.word2ph, whole)
        assert found.tolist() == [0] + [1] * (len(read.phones) - 2) + [2]
