"""The wavs of a corpus: their names, and copying them into its folder."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from emotts.corpus.rows import Utterance
from emotts.errors import CorpusError
from emotts.files import replacing

__all__ = ["place_wavs", "wav_names"]


def wav_names(rows: Sequence[Utterance], folders: Mapping[str, Path], *, where: Path) -> dict[str, str]:
    """Name in the corpus of every wav: its own where these are distinct, else with its folders.

    Args:
        rows: the utterances.
        folders: what their wavs are relative to, by :attr:`Utterance.folder`.
        where: file of the utterances.
    """
    if not rows:
        raise CorpusError("there are no utterances", where=where, remedy="look into rejects.jsonl of the label stage")
    short = Counter(PurePosixPath(row.wav).name.casefold() for row in rows)
    names: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        if row.wav in names:
            raise CorpusError(f"duplicate utterance {row.wav!r}", where=f"{where}:{number}")
        if not (folders[row.folder] / row.wav).is_file():
            raise CorpusError(
                "utterance's wav is missing", where=f"{where}:{number}", found=row.wav, remedy="run `dvc repro`"
            )
        name = PurePosixPath(row.wav).name
        names[row.wav] = f"wavs/{name if short[name.casefold()] == 1 else row.wav.replace('/', '__')}"
    return names


def place_wavs(pairs: Sequence[tuple[Path, Path]], *, folder: Path) -> None:
    """Hard-link or copy wavs into the corpus, and remove those of an earlier pass."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in set(folder.iterdir()) - {target for _, target in pairs}:
        stale.unlink()
    for source, target in pairs:
        with replacing(target) as temporary:
            _link_or_copy(source, temporary)


def _link_or_copy(source: Path, target: Path) -> None:
    """Hard-link a wav of the project; what a link stands for may be somebody else's, and is copied."""
    if source.is_symlink():
        shutil.copyfile(source, target)
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
