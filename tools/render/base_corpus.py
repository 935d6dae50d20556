"""Renders the corpus of the base voice: ``python -m tools.render.base_corpus --out FOLDER`` (extra ``demo-render``).

Each Korean, Japanese and English sentence is spoken by one of eight speakers in two emotions. What is there is not
rendered again, so that a stopped rendering goes on where it was; see :mod:`tools.render.base_plan` for who says what.
Several processes may share the work, each with a ``--part``.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import soundfile

from emotts.corpus.lists import CorpusItem, MetadataItem, write_metadata
from emotts.corpus.timed_items import TimedItem, read_timed_items, write_timed_items
from emotts.files import replacing
from emotts.text.frontend import front_end
from tools.render.base_clip import CLIP_RATE_HZ, in_room, phone_durations_s
from tools.render.base_plan import BASE_VOICES, PlannedSentence, plan
from tools.render.kokoro import Kokoro, KokoroNetwork
from tools.render.script import BASE_LANGUAGES, base_sentences
from tools.render.studio import Studio, line_generator

__all__ = ["gather", "main", "render_base"]

logger = logging.getLogger(__name__)

_GATHER_EVERY = 50


def render_base(
    out: Path,
    *,
    sentences: Sequence[PlannedSentence],
    studios: Mapping[tuple[str, str], Studio],
    seed: int,
    alone: bool = True,
) -> None:
    """Write the clips of ``sentences`` that are not there yet, and the lists of all that are.

    ``studios`` is by speaker and language.

    ``rows/NAME.jsonl`` is written when both clips of a sentence are, and says that it is done. ``metadata.list`` and
    ``durations.jsonl`` are put together from these every 50 sentences and at the end. Where other processes render into
    the folder too (not ``alone``), the lists are left to a rendering of all sentences after them, and so is what a
    killed process left behind.
    """
    if alone:
        _remove_leftovers(out)
    todo = [sentence for sentence in sentences if not _row_path(out, sentence).is_file()]
    logger.info("%d sentences, %d of them to be rendered", len(sentences), len(todo))
    start_s, audio_s = time.monotonic(), 0.0
    for number, sentence in enumerate(todo, 1):
        items = _render(out, sentence, studio=studios[sentence.speaker, sentence.language], seed=seed)
        write_timed_items(_row_path(out, sentence), items)
        audio_s += sum(sum(timed.durations_s) for timed in items)
        per_minute = 60.0 * audio_s / (time.monotonic() - start_s)
        logger.info("%d/%d %.0f s of speech a minute: %s", number, len(todo), per_minute, items[0].item.wav)
        if alone and number % _GATHER_EVERY == 0:
            gather(out)
    if alone:
        gather(out)


def gather(out: Path) -> None:
    """Write ``metadata.list`` and ``durations.jsonl`` of the sentences that are done."""
    items = [timed for path in sorted((out / "rows").glob("*.jsonl")) for timed in read_timed_items(path)]
    write_timed_items(out / "durations.jsonl", items)
    rows = [timed.item for timed in items]
    write_metadata(
        out / "metadata.list",
        [MetadataItem(row.wav, row.speaker, row.language, row.text, row.emotion) for row in rows],
    )


def _render(out: Path, sentence: PlannedSentence, *, studio: Studio, seed: int) -> list[TimedItem]:
    """Let a speaker read a sentence, and write it in each of its emotions."""
    spoken_text = studio.reader.read(sentence.text)
    parts = studio.rehearse(spoken_text, sentence.text)
    items = []
    for emotion in sentence.emotions:
        generator = line_generator(seed, f"{sentence.speaker} {emotion} {sentence.text}")
        clip, times_s = in_room(studio.perform(parts, emotion, generator=generator), generator=generator)
        item = CorpusItem(
            wav=f"wavs/{sentence.speaker}_{_name(sentence)}_{emotion}.flac",
            speaker=sentence.speaker,
            language=sentence.language,
            text=spoken_text.normalised_text,
            phones=spoken_text.phones,
            tones=spoken_text.tones,
            word2ph=spoken_text.word2ph,
            emotion=emotion,
        )
        with replacing(out / item.wav) as temporary:
            soundfile.write(temporary, clip, CLIP_RATE_HZ, format="FLAC", subtype="PCM_16")
        durations_s = phone_durations_s(times_s, length_s=len(clip) / CLIP_RATE_HZ)
        items.append(TimedItem(item, tuple(float(value) for value in durations_s)))
    return items


def _name(sentence: PlannedSentence) -> str:
    """Name that stays with the sentence when others come and go."""
    return hashlib.sha256(sentence.text.encode()).hexdigest()[:10]


def _row_path(out: Path, sentence: PlannedSentence) -> Path:
    return out / "rows" / f"{_name(sentence)}.jsonl"


def _remove_leftovers(out: Path) -> None:
    """Remove the temporary files of a rendering that was killed."""
    for leftover in out.rglob(".*.part"):
        leftover.unlink()


def main(arguments: Sequence[str] | None = None) -> None:
    """Render the base corpus into a folder, or go on with it."""
    parser = argparse.ArgumentParser(prog="python -m tools.render.base_corpus", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into; what is there stays")
    parser.add_argument("--seed", type=int, default=0, help="seed of order, emotions, variation, pauses and noise")
    parser.add_argument("--threads", type=int, default=1, help="threads of the network")
    parser.add_argument("--limit", type=int, help="render the first sentences of the order alone")
    parser.add_argument(
        "--part",
        type=_part,
        metavar="K/N",
        help="render the K-th of N shares, beside processes with the others; afterwards, the same command without it "
        "puts the lists together",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    sentences = plan({language: base_sentences(language) for language in BASE_LANGUAGES}, seed=options.seed)
    sentences = sentences[: options.limit]
    alone = options.part is None
    render_base(
        options.out,
        sentences=sentences if alone else sentences[options.part],
        studios=_studios(KokoroNetwork(threads=options.threads)),
        seed=options.seed,
        alone=alone,
    )


def _studios(network: KokoroNetwork) -> dict[tuple[str, str], Studio]:
    """Return the studio of each speaker and language."""
    readers = {language: front_end(language, on_unknown="error") for language in BASE_LANGUAGES}
    voices = {name: Kokoro(each.shares, network=network) for name, each in BASE_VOICES.items()}
    return {
        (name, language): Studio(voices[name], reader, BASE_VOICES[name].pitch_st)
        for name in BASE_VOICES
        for language, reader in readers.items()
    }


def _part(text: str) -> slice:
    """Return which sentences ``K/N`` means: every N-th one, so that each share is as balanced as the whole."""
    number, _, shares = text.partition("/")
    if not (number.isdecimal() and shares.isdecimal() and 1 <= int(number) <= int(shares)):
        raise argparse.ArgumentTypeError(f"{text!r} is no share: 1/2 is the first of two")
    return slice(int(number) - 1, None, int(shares))


if __name__ == "__main__":
    main()
