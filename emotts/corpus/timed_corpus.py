"""A corpus with known phone times, as it was rendered, to a corpus that a voice is trained on."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotts.audio.io import probe
from emotts.corpus.conversion_log import SIDES
from emotts.corpus.corpus_wavs import place_wavs
from emotts.corpus.lists import write_list
from emotts.corpus.melotts_format import melotts_config, write_config
from emotts.corpus.rows import Reject, write_rows
from emotts.corpus.timed_items import TimedItem, read_timed_items, write_timed_items
from emotts.emotions import EmotionSet
from emotts.errors import CorpusError

__all__ = ["DURATIONS_FILE", "build_timed_corpus", "side_of"]

DURATIONS_FILE = "durations.jsonl"
_LOG = logging.getLogger(__name__)


def build_timed_corpus(
    source: Path,
    out: Path,
    *,
    language: str,
    symbols: Sequence[str],
    emotions: EmotionSet,
    audio: Mapping[str, Any],
    val_share: float,
    test_share: float,
    seed: int,
) -> dict[str, int]:
    """Write ``wavs/``, the lists, ``durations.jsonl``, ``rejects.jsonl`` and ``config.json`` into ``out``.

    The side of a clip follows from its text and the seed alone, so that a clip stays on its side when others come.

    Args:
        source: folder with ``durations.jsonl`` and the wavs that it names; its phones are taken as they are.
        out: folder to write into.
        language: code of the language.
        symbols: the symbol table in the order of the ids.
        emotions: the emotion set of the project.
        audio: see :func:`emotts.corpus.melotts_format.melotts_config`.
        val_share, test_share: shares of the texts for validation and test.
        seed: of the split.

    Returns:
        Number of clips by side.

    Raises:
        CorpusError: if a row is damaged or does not fit, or a side is empty.
        AudioError: if a wav is missing or no sound.
    """
    where = source / DURATIONS_FILE
    timed, rejects = _usable(read_timed_items(where), source, language=language, audio=audio, where=where)
    sides = {each.item.wav: side_of(each.item.text, val_share, test_share, seed=seed) for each in timed}
    counts = Counter(sides.values())
    if not (counts["train"] and counts["val"]):
        raise CorpusError(
            "too few clips for training and validation",
            where=where,
            found=f"{len(timed)} clips: {dict(counts)}",
            remedy="render more",
        )
    write_rows(out / "rejects.jsonl", rejects)
    for side in SIDES:
        write_list(out / f"{side}.list", [each.item for each in timed if sides[each.item.wav] == side])
    write_timed_items(out / DURATIONS_FILE, timed)
    place_wavs([(source / each.item.wav, out / each.item.wav) for each in timed], folder=out / "wavs")
    speakers = sorted({each.item.speaker for each in timed})
    config = melotts_config(audio=audio, model={}, speakers=speakers, symbols=symbols, emotions=emotions, seed=seed)
    write_config(out / "config.json", config)
    _LOG.info(
        "corpus: %d clips of %d speakers = %d train + %d val + %d test; %d rejected",
        *(len(timed), len(speakers), *(counts[side] for side in SIDES), len(rejects)),
    )
    return {side: counts[side] for side in SIDES}


def side_of(text: str, val_share: float, test_share: float, *, seed: int) -> str:
    """Return ``train``, ``val`` or ``test`` for a text; the same text is always on the same side."""
    digest = hashlib.sha256(f"{seed} {text}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    if place < val_share:
        return "val"
    return "test" if place < val_share + test_share else "train"


def _usable(
    timed: Sequence[TimedItem], source: Path, *, language: str, audio: Mapping[str, Any], where: Path
) -> tuple[list[TimedItem], list[Reject]]:
    """Return the clips that have a frame for every token, and the others."""
    kept: list[TimedItem] = []
    rejects: list[Reject] = []
    for number, each in enumerate(timed, 1):
        item = each.item
        if item.language != language:
            raise CorpusError(
                "clip is in another language", where=f"{where}:{number}", found=item.language, wanted=language
            )
        info = probe(source / item.wav)
        n_tokens, n_frames = 2 * len(item.phones) + 1, info.n_samples // int(audio["hop_length"])
        if n_tokens <= n_frames:
            kept.append(each)
            continue
        detail = f"{n_tokens} tokens, {n_frames} frames"
        rejects.append(
            Reject("corpus", item.wav, 0.0, info.duration_s, "text too long for its sound", detail, item.wav)
        )
    return kept, rejects
