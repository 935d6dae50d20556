"""A rendered corpus of seconds, with the time of every phone, and a recipe of very small networks for it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from support.project import REPOSITORY, TINY

from emotts.audio.io import write_wav
from emotts.corpus.lists import CorpusItem
from emotts.corpus.timed_items import TimedItem, write_timed_items
from emotts.text.frontend import front_end

TEXTS = ("안녕하세요.", "고마워요.", "반가워요.", "어서 오세요.", "잘 가요.", "또 만나요.", "미안해요.", "괜찮아요.")
RATE_HZ = 22050


def write_rendered(
    folder: Path, *, texts: Sequence[str] = TEXTS, languages: Mapping[str, Sequence[str]] | None = None
) -> list[TimedItem]:
    """Write clips of two speakers in two emotions, and ``durations.jsonl``.

    Args:
        folder: to write into.
        texts: in Korean.
        languages: texts in other languages, by language; each speaker speaks all of them.
    """
    random = np.random.default_rng(0)
    timed = []
    every = {"KR": texts, **(languages or {})}
    lines = [(language, text) for language, spoken in every.items() for text in spoken]
    readers = {language: front_end(language) for language in every}
    for number, (language, text) in enumerate(lines):
        read = readers[language].read(text)
        for emotion in ("neutral", "happy"):
            durations_s = np.round(random.uniform(0.04, 0.09, len(read.phones)), 6)
            item = CorpusItem(
                wav=f"wavs/{number}_{emotion}.wav",
                speaker=("kumo", "alpha")[number % 2],
                language=language,
                text=read.normalised_text,
                phones=read.phones,
                tones=read.tones,
                word2ph=read.word2ph,
                emotion=emotion,
            )
            samples = 0.1 * random.standard_normal(round(float(durations_s.sum()) * RATE_HZ)).astype(np.float32)
            write_wav(folder / item.wav, samples, sample_rate_hz=RATE_HZ)
            timed.append(TimedItem(item, tuple(float(value) for value in durations_s)))
    write_timed_items(folder / "durations.jsonl", timed)
    return timed


def write_recipe(root: Path, **changes: Any) -> Path:
    """Lay a project out that has ``params.yaml`` and ``recipe.yaml`` alone; ``changes`` are of the recipe's keys."""
    root.mkdir(parents=True, exist_ok=True)
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, root / name)
    params: dict[str, Any] = {"base": "none"}
    for name, value in TINY.items():
        section = params
        *path, key = name.split(".")
        for part in path:
            section = section.setdefault(part, {})
        section[key] = value
    params["train"] |= {"steps": 4, "batch_size": 3, "segment_frames": 8, "validate_every": 2, "sample_every": 100}
    recipe = {
        "name": "small",
        "corpus": {"source": "rendered", "val_fraction": 0.3, "test_fraction": 0.0},
        "params": params,
        "phases": [
            {"name": "sound", "params": {"train": {"phase": "autoencoder"}}},
            {"name": "text", "params": {"train": {"phase": "prior", "alignment_slack_frames": 3}}},
            {"name": "all", "params": {"train": {"phase": "joint"}}},
        ],
    }
    path = root / "recipe.yaml"
    path.write_text(yaml.safe_dump(_merged(recipe, changes), allow_unicode=True), encoding="utf-8")
    return path


def _merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    both = {name: _merged(values[name], value) for name, value in changes.items() if isinstance(value, Mapping)}
    return {**values, **changes, **both}
