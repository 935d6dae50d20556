"""The identity of a corpus: its speakers, its digest and its size."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from emotts.audio.io import probe
from emotts.corpus.lists import read_list
from emotts.errors import CorpusError

__all__ = ["corpus_digest", "corpus_metrics", "corpus_speakers"]


def corpus_speakers(corpus: Path) -> dict[str, int]:
    """Return speaker name to id, as the corpus's ``config.json`` has it.

    Raises:
        CorpusError: if the file is missing or damaged.
    """
    path = corpus / "config.json"
    try:
        speakers: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))["data"]["spk2id"]
    except (OSError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise CorpusError(
            "not a corpus's configuration", where=path, found=repr(error), remedy="run `dvc repro corpus`"
        ) from error
    return dict(speakers)


def corpus_digest(corpus: Path) -> str:
    """Return the SHA-256 of every file of a corpus, names included."""
    digest = hashlib.sha256()
    for path in sorted(path for path in corpus.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(corpus)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def corpus_metrics(corpus: Path) -> dict[str, float]:
    """Return counts and seconds of a corpus by list and emotion, named ``corpus.train.happy.clips`` and so on."""
    metrics: dict[str, float] = {}
    for name in ("train", "val", "test"):
        for item in read_list(corpus / f"{name}.list"):
            duration_s = probe(corpus / item.wav).duration_s
            for key in (f"corpus.{name}", f"corpus.{name}.{item.emotion}"):
                metrics[f"{key}.clips"] = metrics.get(f"{key}.clips", 0.0) + 1
                metrics[f"{key}.seconds"] = metrics.get(f"{key}.seconds", 0.0) + duration_s
    return metrics
