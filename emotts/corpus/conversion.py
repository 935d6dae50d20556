"""The stage ``corpus``: utterances become a split corpus in MeloTTS's format, with a log of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotts.corpus.conversion_log import SIDES, CorpusSummary, log_text, summarise
from emotts.corpus.corpus_wavs import place_wavs, wav_names
from emotts.corpus.lists import MetadataItem, write_list, write_metadata
from emotts.corpus.melotts_format import CorpusBasis, corpus_config, write_config
from emotts.corpus.rows import Reject, Utterance, read_rows, write_rows
from emotts.corpus.settings import CorpusSettings
from emotts.corpus.split import split
from emotts.corpus.utterance_reader import Kept, TextReader, UtteranceReader, read_utterances
from emotts.errors import CorpusError
from emotts.files import write_text
from emotts.parallel import ParallelSettings
from emotts.progress import Progress

__all__ = ["CorpusSummary", "TextReader", "build_corpus"]


def build_corpus(
    labels: Path,
    segments: Path,
    out: Path,
    *,
    front_end: TextReader,
    settings: CorpusSettings,
    basis: CorpusBasis,
    parallel: ParallelSettings | None = None,
    progress: Progress | None = None,
) -> CorpusSummary:
    """Write ``wavs/``, the lists, ``config.json``, ``conversion_log.json`` and ``rejects.jsonl`` into ``out``.

    Args:
        labels: folder with ``utterances.jsonl`` and the wavs that were cut along script lines.
        segments, out: folder with the other wavs; folder to write into.
        front_end: reads the texts; in parallel it must be such that it can be pickled.
        settings: how the utterances are split, and what happens to a text that cannot be read.
        basis: emotions, audio and seed of the project.
        parallel, progress: see :func:`emotts.corpus.utterance_reader.read_utterances`.

    Raises:
        TextError: if a text cannot be read and ``settings.on_unknown`` is ``error``; names wav and text.
        CorpusError: if wavs are missing, utterances are the same, too many are rejected or too few to split.
    """
    where = labels / "utterances.jsonl"
    folders = {"segments": segments, "labels": labels}
    rows = read_rows(where, Utterance)
    names = wav_names(rows, folders, where=where)
    reader = UtteranceReader(front_end, emotions=basis.emotions, skip=settings.on_unknown != "error", audio=basis.audio)
    kept, rejects = read_utterances(reader, rows, names=names, parallel=parallel, progress=progress)
    write_rows(out / "rejects.jsonl", rejects)
    _check_rejects(rows, rejects, max_reject_fraction=settings.max_reject_fraction, where=where)
    sides = _sides(kept, settings, seed=basis.seed)
    summary = summarise(rows, kept, rejects, sides)
    how = {"val_fraction": settings.val_fraction, "test_fraction": settings.test_fraction, "seed": basis.seed}
    log = log_text(rows, kept, rejects, sides, summary=summary, settings=how)
    config = corpus_config(basis, speakers=sorted({entry.row.speaker for entry in kept}), symbols=front_end.symbols)
    _write_corpus(out, folders, kept=kept, sides=sides, config=config, log=log)
    return summary


def _check_rejects(
    rows: Sequence[Utterance], rejects: Sequence[Reject], *, max_reject_fraction: float, where: Path
) -> None:
    if len(rejects) > max_reject_fraction * len(rows) or len(rejects) == len(rows):
        reasons = ", ".join(
            f"{reason}: {count}" for reason, count in sorted(Counter(r.reason for r in rejects).items())
        )
        first = rejects[0]
        raise CorpusError(
            f"too many utterances are rejected: {len(rejects)} of {len(rows)}",
            where=where,
            found=f"{reasons}; the first is {first.wav}: {first.detail}",
            wanted=f"at most {max_reject_fraction:.0%} (corpus.max_reject_fraction)",
            remedy="correct the transcripts",
        )


def _sides(kept: Sequence[Kept], settings: CorpusSettings, *, seed: int) -> dict[str, str]:
    """Return the side of each utterance by its wav in the corpus."""
    parts = split(
        [entry.item.text for entry in kept],
        [entry.item.emotion for entry in kept],
        val_fraction=settings.val_fraction,
        test_fraction=settings.test_fraction,
        seed=seed,
    )
    places = {"train": parts.train, "val": parts.val, "test": parts.test}
    return {kept[place].item.wav: side for side in SIDES for place in places[side]}


def _write_corpus(
    out: Path,
    folders: Mapping[str, Path],
    *,
    kept: Sequence[Kept],
    sides: Mapping[str, str],
    config: Mapping[str, Any],
    log: str,
) -> None:
    """Write the lists, the wavs, the configuration and last the log."""
    items = [entry.item for entry in kept]
    metadata = [
        MetadataItem(item.wav, item.speaker, item.language, entry.row.text, item.emotion)
        for item, entry in zip(items, kept, strict=True)
    ]
    write_metadata(out / "metadata.list", metadata)
    for side in SIDES:
        write_list(out / f"{side}.list", [item for item in items if sides[item.wav] == side])
    place_wavs(
        [(folders[entry.row.folder] / entry.row.wav, out / entry.item.wav) for entry in kept], folder=out / "wavs"
    )
    write_config(out / "config.json", config)
    write_text(out / "conversion_log.json", log)
