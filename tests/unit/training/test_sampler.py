"""Batches: nothing dropped, balanced, seeded, resumable, dealt out evenly."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest

from emotts.errors import CorpusError
from emotts.training.sampler import BatchSampler, Replay, Shard

GROUPS = [1] * 16 + [2] * 37 + [3] * 9
LENGTHS = np.random.default_rng(0).integers(3 * 22050, 15 * 22050, size=len(GROUPS)).tolist()


def make(kind: str = "natural", *, seed: int = 0, rank: int = 0, world_size: int = 1, **changes) -> BatchSampler:
    arguments = {"batch_size": 8, "length_jitter": 0.15} | changes
    return BatchSampler(LENGTHS, GROUPS, kind=kind, seed=seed, shard=Shard(rank, world_size), **arguments)


def test_a_natural_epoch_holds_every_clip_once() -> None:
    sampler = make()
    for epoch in range(3):
        batches = sampler.epoch(epoch)
        assert sorted(itertools.chain(*batches)) == list(range(62))
        assert sorted(len(batch) for batch in batches) == [7, 7, 8, 8, 8, 8, 8, 8]


def test_a_balanced_epoch_drops_nothing_and_holds_every_emotion_equally_often() -> None:
    clips = list(itertools.chain(*make("balanced").epoch(4)))
    assert Counter(GROUPS[clip] for clip in clips) == {1: 37, 2: 37, 3: 37}
    counts = Counter(clips)
    assert set(counts) == set(range(62))
    assert all(counts[clip] == 1 for clip in range(16, 53))
    assert {counts[clip] for clip in range(16)} == {2, 3}
    assert {counts[clip] for clip in range(53, 62)} == {4, 5}


def test_fault_2_long_clips_stay_whatever_their_length() -> None:
    lengths = [5, 10_000_000, 6, 7]
    sampler = BatchSampler(lengths, [0] * 4, batch_size=2, kind="natural", seed=0)
    assert sorted(itertools.chain(*sampler.epoch(0))) == [0, 1, 2, 3]


def test_clips_of_a_batch_are_of_similar_length() -> None:
    lengths = np.asarray(LENGTHS)
    spreads = [np.ptp(lengths[batch]) for batch in make(length_jitter=0.0).epoch(0)]
    assert np.mean(spreads) < np.ptp(lengths) / 6


def test_companions_change_from_epoch_to_epoch() -> None:
    sampler = make()
    first, second = ({frozenset(batch) for batch in sampler.epoch(epoch)} for epoch in (0, 1))
    assert first != second


def test_the_same_seed_gives_the_same_batches_and_another_seed_others() -> None:
    assert make().epoch(7) == make().epoch(7)
    assert make().epoch(7) != make(seed=1).epoch(7)
    assert make("balanced").epoch(7) == make("balanced").epoch(7)


def test_batches_go_on_from_any_position() -> None:
    straight = list(itertools.islice(make("balanced").batches(), 40))
    for start in (1, 13, 14, 15, 30):
        resumed = list(itertools.islice(make("balanced").batches(start), 40 - start))
        assert resumed == straight[start:]
    assert make("balanced").steps_per_epoch == 14
    assert make("balanced").position(15) == (1, 1)


@pytest.mark.parametrize("world_size", [2, 3])
@pytest.mark.parametrize("kind", ["natural", "balanced"])
def test_shards_are_disjoint_equal_in_number_and_complete(kind: str, world_size: int) -> None:
    shards = [make(kind, rank=rank, world_size=world_size).epoch(2) for rank in range(world_size)]
    assert len({len(shard) for shard in shards}) == 1
    clips = Counter(itertools.chain(*itertools.chain(*shards)))
    assert clips == Counter(itertools.chain(*make(kind).epoch(2)))


def test_batches_that_meet_in_a_step_are_of_similar_length() -> None:
    lengths = np.asarray(LENGTHS)
    left, right = (make(rank=rank, world_size=2, length_jitter=0.0).epoch(0) for rank in (0, 1))
    gaps = [abs(lengths[a].mean() - lengths[b].mean()) for a, b in zip(left, right, strict=True)]
    assert max(gaps) < np.ptp(lengths) / 4


def test_fewer_clips_than_processes_is_an_error() -> None:
    with pytest.raises(CorpusError, match=r"found: 1 clips, 2 processes"):
        BatchSampler([1], [0], batch_size=4, kind="natural", seed=0, shard=Shard(0, 2))


@pytest.mark.parametrize("batch_size", [1, 2, 3])
@pytest.mark.parametrize("world_size", [1, 2, 3])
def test_no_process_gets_an_empty_batch(world_size: int, batch_size: int) -> None:
    for n_clips in range(world_size, 20):
        batches = []
        for rank in range(world_size):
            sampler = BatchSampler(
                range(n_clips),
                [0] * n_clips,
                batch_size=batch_size,
                kind="natural",
                seed=0,
                shard=Shard(rank, world_size),
            )
            batches += sampler.epoch(0)
        assert sorted(itertools.chain(*batches)) == list(range(n_clips))
        sizes = {len(batch) for batch in batches}
        assert min(sizes) >= 1
        assert max(sizes) <= batch_size + (batch_size == 1 and n_clips % world_size > 0)


# ---- replay


def with_replay(
    kind: str = "natural", *, own: int = 30, replayed: int = 50, fraction: float = 0.25, **changes
) -> BatchSampler:
    groups = [1] * (own - 10) + [2] * 10 + [0] * replayed
    lengths = np.random.default_rng(1).integers(1000, 9000, size=own + replayed).tolist()
    arguments = {"batch_size": 8, "seed": 0} | changes
    return BatchSampler(lengths, groups, kind=kind, replay=Replay(replayed, fraction), **arguments)


def test_replayed_clips_are_their_fraction_on_top_of_every_own_clip() -> None:
    sampler = with_replay()
    seen: set[int] = set()
    for epoch in range(60):
        clips = list(itertools.chain(*sampler.epoch(epoch)))
        assert sorted(clip for clip in clips if clip < 30) == list(range(30))
        replayed = [clip for clip in clips if clip >= 30]
        assert len(replayed) == len(set(replayed)) == 10, "a quarter of 40"
        seen.update(replayed)
    assert len(seen) == 50, "other ones in every epoch"


def test_the_fraction_is_exact_in_expectation() -> None:
    sampler = with_replay(fraction=0.1)  # 30 * 0.1 / 0.9 = 3.333...
    counts = Counter(sum(clip >= 30 for clip in itertools.chain(*sampler.epoch(epoch))) for epoch in range(3000))
    assert set(counts) == {3, 4}
    mean = sum(count * times for count, times in counts.items()) / 3000
    assert mean == pytest.approx(10 / 3, abs=4 * (2 / 9 / 3000) ** 0.5)
    assert {len(sampler.epoch(epoch)) for epoch in range(50)} == {sampler.steps_per_epoch} == {5}


def test_few_clips_are_replayed_several_times_and_balance_is_that_of_the_own_clips() -> None:
    clips = list(itertools.chain(*with_replay("balanced", replayed=4, fraction=0.5).epoch(0)))
    assert Counter(1 if clip < 20 else 2 if clip < 30 else 0 for clip in clips) == {1: 20, 2: 20, 0: 40}
    assert set(Counter(clip for clip in clips if clip >= 30).values()) == {10}


def test_without_a_fraction_nothing_is_replayed_and_nothing_changes() -> None:
    alone = BatchSampler(LENGTHS, GROUPS, batch_size=8, kind="natural", seed=3)
    beside = BatchSampler(
        [*LENGTHS, 5, 6], [*GROUPS, 0, 0], batch_size=8, kind="natural", seed=3, replay=Replay(2, 0.0)
    )
    assert [alone.epoch(number) for number in range(3)] == [beside.epoch(number) for number in range(3)]


def test_replay_is_no_substitute_for_own_clips() -> None:
    with pytest.raises(CorpusError, match="found: 0 clips, 1 processes"):
        BatchSampler([1, 2], [0, 0], batch_size=1, kind="natural", seed=0, replay=Replay(2, 0.5))
