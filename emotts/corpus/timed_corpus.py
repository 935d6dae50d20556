"""Building a training corpus from rendered clips whose phone times are known."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from emotts.audio.io import probe
from emotts.audio.settings import AudioSettings
from emotts.corpus.conversion_log import SIDES
from emotts.corpus.corpus_wavs import place_wavs
from emotts.corpus.lists import write_list
from emotts.corpus.melotts_format import CorpusBasis, corpus_config, write_config
from emotts.corpus.rows import Reject, write_rows
from emotts.corpus.timed_items import DURATIONS_FILE, TimedItem, read_timed_items, write_timed_items
from emotts.errors import CorpusError

__all__ = ["build_timed_corpus", "side_of"]

_LOG = logging.getLogger(__name__)


def build_timed_corpus(
    source: Path,
    out: Path,
    *,
    languages: Collection[str],
    symbols: Sequence[str],
    basis: CorpusBasis,
    val_fraction: float,
    test_fraction: float,
) -> dict[str, int]:
    """Write ``wavs/``, the lists, ``durations.jsonl``, ``rejects.jsonl`` and ``config.json`` into ``out``.

    The side of a clip follows from its text and the seed alone: a clip stays on its side when others come.

    Args:
        source: folder with ``durations.jsonl`` and the wavs that it names; its phones are taken as they are.
        out: folder to write into.
        languages: codes of the languages that clips may be in.
        symbols: the symbol table in the order of the ids.
        basis: emotions, audio and seed of the project.
        val_fraction, test_fraction: fractions of the texts for validation and test.

    Returns:
        Number of clips by side.

    Raises:
        CorpusError: if a row is damaged or does not fit, or a side is empty.
        AudioError: if a wav is missing or no sound.
    """
    where = source / DURATIONS_FILE
    timed, rejects = _usable(read_timed_items(where), source, languages=languages, audio=basis.audio, where=where)
    sides = {each.item.wav: side_of(each.item.text, val_fraction, test_fraction, seed=basis.seed) for each in timed}
    counts = _counts(sides, where=where)
    write_rows(out / "rejects.jsonl", rejects)
    _write_clips(timed, sides, source=source, out=out)
    speakers = sorted({each.item.speaker for each in timed})
    write_config(out / "config.json", corpus_config(basis, speakers=speakers, symbols=symbols))
    told = " + ".join(f"{counts[side]} {side}" for side in SIDES)
    _LOG.info("corpus: %d clips of %d speakers = %s; %d rejected", len(timed), len(speakers), told, len(rejects))
    return {side: counts[side] for side in SIDES}


def _write_clips(timed: Sequence[TimedItem], sides: Mapping[str, str], *, source: Path, out: Path) -> None:
    for side in SIDES:
        write_list(out / f"{side}.list", [each.item for each in timed if sides[each.item.wav] == side])
    write_timed_items(out / DURATIONS_FILE, timed)
    place_wavs([(source / each.item.wav, out / each.item.wav) for each in timed], folder=out / "wavs")


def _counts(sides: Mapping[str, str], *, where: Path) -> Counter[str]:
    """Return the number of clips by side; raises where training or validation has none."""
    counts = Counter(sides.values())
    if not (counts["train"] and counts["val"]):
        raise CorpusError(
            "too few clips for training and validation",
            where=where,
            found=f"{counts.total()} clips: {dict(counts)}",
            remedy="render more",
        )
    return counts


def side_of(text: str, val_fraction: float, test_fraction: float, *, seed: int) -> str:
    """Return ``train``, ``val`` or ``test`` for a text; the same text is always on the same side."""
    digest = hashlib.sha256(f"{seed} {text}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    if place < val_fraction:
        return "val"
    return "test" if place < val_fraction + test_fraction else "train"


def _usable(
    timed: Sequence[TimedItem], source: Path, *, languages: Collection[str], audio: AudioSettings, where: Path
) -> tuple[list[TimedItem], list[Reject]]:
    """Return the clips that have a frame for every token, and the others."""
    kept: list[TimedItem] = []
    rejects: list[Reject] = []
    for number, each in enumerate(timed, 1):
        item = each.item
        if item.language not in languages:
            raise CorpusError(
                "clip is in another language",
                where=f"{where}:{number}",
                found=item.language,
                wanted=" or ".join(languages),
                remedy="name every language of the clips in corpus.languages of the recipe",
            )
        info = probe(source / item.wav)
        n_tokens, n_frames = 2 * len(item.phones) + 1, info.n_samples // audio.hop_length
        if n_tokens <= n_frames:
            kept.append(each)
            continue
        detail = f"{n_tokens} tokens, {n_frames} frames"
        rejects.append(
            Reject("corpus", item.wav, 0.0, info.duration_s, "text too long for its sound", detail, item.wav)
        )
    return kept, rejects
