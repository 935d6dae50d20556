"""The split, over many seeds and sizes."""

import random
from collections import Counter

import pytest

from emotts.corpus.split import split
from emotts.errors import CorpusError


def corpus(sizes):
    emotions = [name for name, size in sizes.items() for _ in range(size)]
    return [f"{emotion} {place}" for place, emotion in enumerate(emotions)], emotions


def counted(places, emotions):
    return Counter(emotions[place] for place in places)


def check(parts, texts, emotions):
    """What holds for every split."""
    places = [*parts.train, *parts.val, *parts.test]
    assert sorted(places) == list(range(len(texts)))
    sides = [{texts[place] for place in side} for side in (parts.train, parts.val, parts.test)]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]
    for emotion, size in Counter(emotions).items():
        if size >= 3:
            for side in (parts.train, parts.val, parts.test):
                assert counted(side, emotions)[emotion] >= 1


def test_sixty_two_utterances_stay_sixty_two():
    texts, emotions = corpus({"happy": 16, "sad": 37, "angry": 9})
    parts = split(texts, emotions, val_fraction=0.1, test_fraction=0.15, seed=20)
    assert counted(parts.val, emotions) == {"happy": 2, "sad": 4, "angry": 1}
    assert counted(parts.test, emotions) == {"happy": 2, "sad": 6, "angry": 1}
    assert counted(parts.train, emotions) == {"happy": 12, "sad": 27, "angry": 7}
    assert len(parts.train) + len(parts.val) + len(parts.test) == 62


def test_many_seeds_and_sizes():
    generator = random.Random(5)
    for seed in range(300):
        sizes = {name: generator.choice([2, 3, 4, 5, 9, 16, 37]) for name in "abcd"[: generator.randrange(1, 5)]}
        sizes["a"] = max(3, sizes["a"])
        texts, emotions = corpus(sizes)
        parts = split(
            texts, emotions, val_fraction=generator.uniform(0, 0.4), test_fraction=generator.uniform(0, 0.4), seed=seed
        )
        check(parts, texts, emotions)
        for name, size in sizes.items():
            if size == 2:
                assert counted(parts.train, emotions)[name] == 2


def test_shared_texts_stay_together():
    generator = random.Random(6)
    for seed in range(200):
        texts, emotions = [], []
        for sentence in range(generator.randrange(8, 30)):
            for emotion in ("happy", "sad", "angry"):
                if generator.random() < 0.8 or sentence < 6:
                    texts.append(f"text {sentence}")
                    emotions.append(emotion)
        check(split(texts, emotions, val_fraction=0.1, test_fraction=0.2, seed=seed), texts, emotions)


def test_three_texts_in_three_emotions():
    texts = ["a", "b", "c"] * 3
    emotions = ["happy"] * 3 + ["sad"] * 3 + ["angry"] * 3
    parts = split(texts, emotions, val_fraction=0.1, test_fraction=0.1, seed=1)
    check(parts, texts, emotions)
    assert {len(parts.train), len(parts.val), len(parts.test)} == {3}


def test_the_seed_decides_and_the_order_of_the_items_does_not():
    texts, emotions = corpus({"happy": 16, "sad": 37})
    one = split(texts, emotions, val_fraction=0.1, test_fraction=0.1, seed=1)
    assert split(texts, emotions, val_fraction=0.1, test_fraction=0.1, seed=1) == one
    assert split(texts, emotions, val_fraction=0.1, test_fraction=0.1, seed=2) != one
    turned = split(texts[::-1], emotions[::-1], val_fraction=0.1, test_fraction=0.1, seed=1)
    assert {texts[::-1][place] for place in turned.test} == {texts[place] for place in one.test}


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({}, "too few utterances to split.*\n.*found: 0 .none."),
        ({"happy": 2}, "too few utterances to split.*\n.*found: 2 .happy 2."),
        ({"happy": 9, "sad": 1}, "emotion 'sad' has one utterance only.*\n.*happy 9, sad 1"),
        ({"happy": 2, "sad": 2}, "no emotion has enough.*\n.*happy 2, sad 2"),
    ],
)
def test_too_few(sizes, message):
    with pytest.raises(CorpusError, match=message):
        split(*corpus(sizes), val_fraction=0.1, test_fraction=0.1, seed=1)


def test_too_few_different_texts():
    with pytest.raises(CorpusError, match="'sad' has too few different texts.*\n.*4 utterances with 2 different texts"):
        split(
            ["a", "b", "c", "d", "d", "d", "e"],
            ["happy"] * 3 + ["sad"] * 4,
            val_fraction=0.1,
            test_fraction=0.1,
            seed=1,
        )


def test_bad_arguments():
    with pytest.raises(CorpusError, match="fractions of the split cannot be used"):
        split(["a"], ["happy"], val_fraction=0.5, test_fraction=0.5, seed=1)
    with pytest.raises(CorpusError, match="2 texts, 1 emotions"):
        split(["a", "b"], ["happy"], val_fraction=0.1, test_fraction=0.1, seed=1)
