"""What holds for the split of every corpus."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from emotts.corpus.split import Split, split
from emotts.errors import CorpusError

EMOTIONS = ("neutral", "happy", "sad", "angry")
SIDES = ("train", "val", "test")


@st.composite
def corpora(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Return texts and emotions: each emotion has texts of its own, and some that it shares with others or repeats."""
    own = draw(st.dictionaries(st.sampled_from(EMOTIONS), st.integers(2, 8), min_size=1))
    shared = st.tuples(st.integers(0, 6).map("shared {}".format), st.sampled_from(sorted(own)))
    corpus = [(f"{emotion} {number}", emotion) for emotion, count in own.items() for number in range(count)]
    return draw(st.permutations([*corpus, *draw(st.lists(shared, max_size=20))]))


fractions = st.tuples(st.floats(0, 0.6), st.floats(0, 0.6)).filter(lambda pair: sum(pair) < 1)
seeds = st.integers(0, 2**32 - 1)
MANY = settings(max_examples=300)


def divide(corpus: Sequence[tuple[str, str]], shares: tuple[float, float], seed: int) -> Split:
    val, test = shares
    texts, emotions = [text for text, _ in corpus], [emotion for _, emotion in corpus]
    return split(texts, emotions, val_fraction=val, test_fraction=test, seed=seed)


def outcome(corpus: Sequence[tuple[str, str]], shares: tuple[float, float], seed: int) -> Split | str:
    """Return the split, or why there is none."""
    try:
        return divide(corpus, shares, seed)
    except CorpusError as error:
        return str(error)


def on_side(parts: Split, side: str, corpus: Sequence[tuple[str, str]]) -> Counter[tuple[str, str]]:
    return Counter(corpus[place] for place in getattr(parts, side))


@MANY
@given(corpora(), fractions, seeds)
def test_every_item_is_on_one_side_and_every_text_as_well(
    corpus: list[tuple[str, str]], shares: tuple[float, float], seed: int
) -> None:
    parts = outcome(corpus, shares, seed)
    assume(isinstance(parts, Split))
    assert sorted((*parts.train, *parts.val, *parts.test)) == list(range(len(corpus)))
    for side in SIDES:
        assert list(getattr(parts, side)) == sorted(getattr(parts, side))
    sides = {side: {text for text, _ in on_side(parts, side, corpus)} for side in SIDES}
    assert sum(len(texts) for texts in sides.values()) == len({text for text, _ in corpus})


@MANY
@given(corpora(), fractions, seeds)
def test_every_emotion_is_where_it_is_promised_to_be(
    corpus: list[tuple[str, str]], shares: tuple[float, float], seed: int
) -> None:
    parts = outcome(corpus, shares, seed)
    assume(isinstance(parts, Split))
    counts = {side: Counter(emotion for _, emotion in on_side(parts, side, corpus).elements()) for side in SIDES}
    for emotion, count in Counter(emotion for _, emotion in corpus).items():
        assert counts["train"][emotion] >= 1
        if count >= 3:
            assert counts["val"][emotion] >= 1
            assert counts["test"][emotion] >= 1


@MANY
@given(st.dictionaries(st.sampled_from(EMOTIONS), st.integers(2, 40), min_size=1), fractions, seeds)
def test_of_different_texts_each_emotion_gives_exactly_its_fraction(
    sizes: dict[str, int], shares: tuple[float, float], seed: int
) -> None:
    assume(max(sizes.values()) >= 3)
    corpus = [(f"{emotion} {number}", emotion) for emotion, size in sizes.items() for number in range(size)]
    parts = divide(corpus, shares, seed)
    counts = {side: Counter(corpus[place][1] for place in getattr(parts, side)) for side in SIDES}
    val, test = shares
    for emotion, size in sizes.items():
        if size == 2:
            wanted = (2, 0, 0)
        else:
            n_test = min(max(1, int(size * test + 0.5)), size - 2)
            n_val = min(max(1, int(size * val + 0.5)), size - n_test - 1)
            wanted = (size - n_val - n_test, n_val, n_test)
        assert tuple(counts[side][emotion] for side in SIDES) == wanted


@MANY
@given(corpora(), fractions, seeds, st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_split_in_any_order(
    corpus: list[tuple[str, str]], shares: tuple[float, float], seed: int, shuffler: random.Random
) -> None:
    turned = shuffler.sample(corpus, len(corpus))
    first, second, other = (outcome(rows, shares, seed) for rows in (corpus, corpus, turned))
    assert first == second
    if isinstance(first, Split) and isinstance(other, Split):
        for side in SIDES:
            assert on_side(other, side, turned) == on_side(first, side, corpus)
    else:
        assert other == first, "the same message"


@MANY
@given(
    st.lists(st.tuples(st.integers(0, 5).map("shared {}".format), st.sampled_from(EMOTIONS)), max_size=20),
    fractions,
    seeds,
)
def test_three_texts_of_its_own_are_enough_for_every_emotion(
    shared: list[tuple[str, str]], shares: tuple[float, float], seed: int
) -> None:
    own = [(f"{emotion} {number}", emotion) for emotion in EMOTIONS for number in range(3)]
    parts = divide([*own, *shared], shares, seed)
    assert len(parts.train) + len(parts.val) + len(parts.test) == len(own) + len(shared)


def plain_split(corpus: Sequence[tuple[str, str]], shares: tuple[float, float], seed: int) -> Split | None:
    """Return the split by its rule word for word, every text looked at for every draw; None where the order fails."""
    totals = Counter(emotion for _, emotion in corpus)
    groups: dict[str, Counter[str]] = {}
    for text, emotion in corpus:
        groups.setdefault(text, Counter())[emotion] += 1
    names = sorted(groups)
    remaining = random.Random(seed).sample(names, len(names))
    sides: dict[str, str] = {}
    for side, share, later in (("test", shares[1], 2), ("val", shares[0], 1)):
        have: Counter[str] = Counter()
        wanted = {name: max(1, int(n * share + 0.5)) if n >= 3 else 0 for name, n in totals.items()}
        for emotion in sorted(totals, key=lambda name: (totals[name], name)):
            while have[emotion] < wanted[emotion]:
                left = Counter(name for text in remaining for name in groups[text])
                spare = {name: left[name] - (later if totals[name] >= 3 else 1) for name in totals}
                fitting = [
                    (sum(max(0, have[name] + n - wanted[name]) for name, n in groups[text].items()), place)
                    for place, text in enumerate(remaining)
                    if emotion in groups[text] and all(spare[name] >= 1 for name in groups[text])
                ]
                if not fitting or (have[emotion] and min(fitting)[0] > wanted[emotion] - have[emotion]):
                    break
                text = remaining.pop(min(fitting)[1])
                sides[text] = side
                have.update(groups[text])
            if wanted[emotion] and not have[emotion]:
                return None
    places = {
        side: tuple(n for n, (text, _) in enumerate(corpus) if sides.get(text, "train") == side) for side in SIDES
    }
    return Split(**places)


@MANY
@given(corpora(), fractions, seeds)
def test_the_split_is_that_of_its_rule(corpus: list[tuple[str, str]], shares: tuple[float, float], seed: int) -> None:
    assume(max(Counter(emotion for _, emotion in corpus).values()) >= 3)
    plain = plain_split(corpus, shares, seed)
    if plain is not None:
        assert outcome(corpus, shares, seed) == plain
