"""A corpus of four utterances, made at once."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from emotts.audio.io import write_wav
from emotts.corpus.lists import CorpusItem, write_list
from emotts.text.frontend import front_end
from emotts.text.symbols import SYMBOLS

__all__ = ["write_small_corpus"]


def write_small_corpus(folder: Path) -> None:
    """Write a corpus of four utterances with a real text each; the wavs last 1, 2, 3 and 4 s at 16 kHz."""
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
            write_wav(folder / wav, np.full(16000 * next(seconds), 0.1, dtype=np.float32), sample_rate_hz=16000)
            read = reader.read(text)
            items.append(
                CorpusItem(wav, "yuna", "KR", read.normalised_text, read.phones, read.tones, read.word2ph, emotion)
            )
        write_list(folder / f"{side}.list", items)
    config = {"data": {"spk2id": {"yuna": 0}}, "symbols": SYMBOLS, "emotions": {"neutral": 0, "happy": 1}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
