"""The stage ``corpus``: utterances to a corpus in MeloTTS's format, split, with a log of every utterance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotts.corpus.conversion_log import SIDES, CorpusSummary, log_text, summarise
from emotts.corpus.corpus_wavs import place_wavs, wav_names
from emotts.corpus.lists import MetadataItem, write_list, write_metadata
from emotts.corpus.melotts_format import melotts_config, write_config
from emotts.corpus.rows import Reject, Utterance, read_rows, write_rows, write_text
from emotts.corpus.split import split
from emotts.corpus.utterance_reader import Kept, Progress, TextReader, UtteranceReader
from emotts.emotions import EmotionSet
from emotts.errors import CorpusError

__all__ = ["CorpusSummary", "TextReader", "build_corpus"]


def build_corpus(
    labels: Path,
    segments: Path,
    out: Path,
    *,
    front_end: TextReader,
    emotions: EmotionSet,
    val_share: float,
    test_share: float,
    seed: int,
    max_reject_share: float,
    audio: Mapping[str, Any],
    model: Mapping[str, Any] | None = None,
    on_unknown: str = "error",
    progress: Progress = None,
) -> CorpusSummary:
    """Write ``wavs/``, the lists, ``config.json``, ``conversion_log.json`` and ``rejects.jsonl`` into ``out``.

    Args:
        labels: folder with ``utterances.jsonl``; segments: folder that its wavs are relative to.
        front_end: reads the texts.
        emotions: the emotion set of the project.
        val_share: share of each emotion for validation, ``test_share`` that for test; ``seed`` that of the split.
        max_reject_share: largest share of the utterances that may be rejected.
        audio: see :func:`emotts.corpus.melotts_format.melotts_config`, as for ``model``.
        on_unknown: ``error``: a text that cannot be read stops the stage; ``skip``: it is rejected.
        progress: called as ``progress(done, total, note)``.

    Raises:
        TextError: if a text cannot be read and ``on_unknown`` is ``error``; names wav and text.
        CorpusError: if wavs are missing, utterances are the same, too many are rejected or too few to split.
    """
    if on_unknown not in ("error", "skip"):
        raise CorpusError("on_unknown cannot be used", found=repr(on_unknown), wanted="error or skip")
    where = labels / "utterances.jsonl"
    rows = read_rows(where, Utterance)
    reader = UtteranceReader(front_end, emotions=emotions, skip=on_unknown == "skip", audio=audio)
    kept, rejects = reader.read(rows, wav_names(rows, segments, where=where), progress=progress)
    write_rows(out / "rejects.jsonl", rejects)
    _check_rejects(rows, rejects, max_reject_share=max_reject_share, where=where)
    sides = _sides(kept, val_share=val_share, test_share=test_share, seed=seed)
    summary = summarise(rows, kept, rejects, sides)
    shares = {"val_share": val_share, "test_share": test_share, "seed": seed}
    log = log_text(rows, kept, rejects, sides, summary=summary, settings=shares)
    speakers = sorted({entry.row.speaker for entry in kept})
    config = melotts_config(
        audio=audio, model=model or {}, speakers=speakers, symbols=front_end.symbols, emotions=emotions, seed=seed
    )
    _write_corpus(out, segments, kept=kept, sides=sides, config=config, log=log)
    return summary


def _check_rejects(
    rows: Sequence[Utterance], rejects: Sequence[Reject], *, max_reject_share: float, where: Path
) -> None:
    if len(rejects) > max_reject_share * len(rows) or len(rejects) == len(rows):
        reasons = ", ".join(
            f"{reason}: {count}" for reason, count in sorted(Counter(r.reason for r in rejects).items())
        )
        first = rejects[0]
        raise CorpusError(
            f"too many utterances are rejected: {len(rejects)} of {len(rows)}",
            where=where,
            found=f"{reasons}; the first is {first.wav}: {first.detail}",
            wanted=f"at most {max_reject_share:.0%} (corpus.max_reject_share)",
            remedy="correct the transcripts",
        )


def _sides(kept: Sequence[Kept], *, val_share: float, test_share: float, seed: int) -> dict[str, str]:
    """Side of each utterance by its wav in the corpus."""
    parts = split(
        [entry.item.text for entry in kept],
        [entry.item.emotion for entry in kept],
        val_share=val_share,
        test_share=test_share,
        seed=seed,
    )
    places = {"train": parts.train, "val": parts.val, "test": parts.test}
    return {kept[place].item.wav: side for side in SIDES for place in places[side]}


def _write_corpus(
    out: Path, segments: Path, *, kept: Sequence[Kept], sides: Mapping[str, str], config: Mapping[str, Any], log: str
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
    place_wavs([(segments / entry.row.wav, out / entry.item.wav) for entry in kept], folder=out / "wavs")
    write_config(out / "config.json", config)
    write_text(out / "conversion_log.json", log)
