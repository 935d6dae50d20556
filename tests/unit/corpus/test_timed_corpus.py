"""A rendered corpus as one to train on: nothing lost, every text on its side for good, its times beside the lists."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.rendered import TEXTS, write_rendered
from support.settings import audio_settings

from emotts.corpus.identity import corpus_speakers
from emotts.corpus.lists import read_list
from emotts.corpus.melotts_format import CorpusBasis
from emotts.corpus.timed_corpus import build_timed_corpus, side_of
from emotts.corpus.timed_items import read_timed_items, write_timed_items
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import AudioError, CorpusError
from emotts.text.symbols import SYMBOLS


def build(source: Path, out: Path, **changes: Any) -> dict[str, int]:
    values: dict[str, Any] = {"languages": ("KR",), "val_fraction": 0.3, "test_fraction": 0.2}
    basis = CorpusBasis(EmotionSet(), audio_settings(), 20)
    return build_timed_corpus(source, out, symbols=SYMBOLS, basis=basis, **{**values, **changes})


def test_every_clip_is_on_one_side_with_its_times(tmp_path: Path) -> None:
    timed = write_rendered(tmp_path / "in")
    counts = build(tmp_path / "in", tmp_path / "out")
    rows = {side: read_list(tmp_path / "out" / f"{side}.list") for side in counts}
    assert {side: len(items) for side, items in rows.items()} == counts
    assert sum(counts.values()) == len(timed) == 16
    assert sorted(item.wav for items in rows.values() for item in items) == sorted(each.item.wav for each in timed)
    assert read_timed_items(tmp_path / "out/durations.jsonl") == timed
    assert corpus_speakers(tmp_path / "out") == {"alpha": 0, "kumo": 1}
    for side, items in rows.items():
        for item in items:
            assert side_of(item.text, 0.3, 0.2, seed=20) == side
            assert (tmp_path / "out" / item.wav).read_bytes() == (tmp_path / "in" / item.wav).read_bytes()


def test_a_clip_stays_on_its_side_when_others_come(tmp_path: Path) -> None:
    write_rendered(tmp_path / "in", texts=TEXTS[:6])
    build(tmp_path / "in", tmp_path / "out")
    before = {item.wav: side for side in ("train", "val", "test") for item in read_list(tmp_path / f"out/{side}.list")}
    write_rendered(tmp_path / "in")
    build(tmp_path / "in", tmp_path / "out")
    after = {item.wav: side for side in ("train", "val", "test") for item in read_list(tmp_path / f"out/{side}.list")}
    assert len(before) == 12
    assert before.items() <= after.items()


def test_clips_in_several_languages_make_one_corpus(tmp_path: Path) -> None:
    others = {"JP": ("おはようございます。", "ありがとう。"), "EN": ("Good morning.", "Thank you.")}
    timed = write_rendered(tmp_path / "in", languages=others)
    counts = build(tmp_path / "in", tmp_path / "out", languages=("KR", "JP", "EN"))
    items = [item for side in counts for item in read_list(tmp_path / f"out/{side}.list")]
    assert Counter(item.language for item in items) == {"KR": 16, "JP": 4, "EN": 4}
    assert len(timed) == 24
    assert corpus_speakers(tmp_path / "out") == {"alpha": 0, "kumo": 1}
    with pytest.raises(
        CorpusError, match=r"jsonl:21: clip is in another(?s:.*)wanted: KR or JP(?s:.*)corpus.languages"
    ):
        build(tmp_path / "in", tmp_path / "out", languages=("KR", "JP"))


def test_fractions_are_met_over_many_texts() -> None:
    sides = [side_of(f"text {number}", 0.2, 0.1, seed=1) for number in range(2000)]
    assert sides.count("val") / 2000 == pytest.approx(0.2, abs=0.03)
    assert sides.count("test") / 2000 == pytest.approx(0.1, abs=0.03)
    assert sides != [side_of(f"text {number}", 0.2, 0.1, seed=2) for number in range(2000)]


def test_a_text_too_long_for_its_sound_is_rejected_with_the_reason(tmp_path: Path) -> None:
    timed = write_rendered(tmp_path / "in")
    long = dataclasses.replace(timed[3].item, phones=("ᅡ",) * 60, tones=(11,) * 60, word2ph=(60,))
    timed[3] = dataclasses.replace(timed[3], item=long, durations_s=(0.005,) * 60)
    write_timed_items(tmp_path / "in/durations.jsonl", timed)
    counts = build(tmp_path / "in", tmp_path / "out")
    assert sum(counts.values()) == 15
    (row,) = (json.loads(line) for line in (tmp_path / "out/rejects.jsonl").read_text().splitlines())
    assert (row["wav"], row["reason"]) == (long.wav, "text too long for its sound")
    assert row["detail"].startswith("121 tokens, ")


def test_what_does_not_fit(tmp_path: Path) -> None:
    timed = write_rendered(tmp_path / "in")
    with pytest.raises(CorpusError, match=r"durations\.jsonl:1: clip is in another language(?s:.*)wanted: JP"):
        build(tmp_path / "in", tmp_path / "out", languages=("JP",))
    with pytest.raises(CorpusError, match=r"too few clips for training and validation(?s:.*)16 clips"):
        build(tmp_path / "in", tmp_path / "out", val_fraction=0.0)
    (tmp_path / "in" / timed[2].item.wav).unlink()
    with pytest.raises(AudioError, match=r"1_neutral\.wav"):
        build(tmp_path / "in", tmp_path / "out")
