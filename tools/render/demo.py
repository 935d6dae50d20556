"""Renders the demo recordings from their scripts (extra ``demo-render``).

``python -m tools.render.demo --out FOLDER`` renders the Korean one, whose takes are in the repository;
``--language JP`` and ``--language EN`` render six minutes of the same speaker in another language.
"""

from __future__ import annotations

import argparse
import importlib
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from emotts.files import write_text
from emotts.text.frontend import front_end
from tools.render.acting import SpokenUtterance
from tools.render.kokoro import KOKORO_RATE_HZ, Kokoro, KokoroNetwork
from tools.render.script import SPEAKER, ScriptLine, evaluation_sentences, load_outliers, recorded_lines
from tools.render.studio import Studio, line_generator
from tools.render.take import Take, assemble, label_track

__all__ = ["TAKE_FOLDERS", "main", "render_evaluation", "render_takes", "take_lines"]

logger = logging.getLogger(__name__)

TAKE_FOLDERS: Mapping[str, str] = MappingProxyType(
    {"happy": "한국어/기쁨/PTD", "sad": "한국어/슬픔/PTD", "angry": "한국어/분노/PTD", "neutral": "한국어/중립/PTD"}
)
"""Emotion -> folder of its take in the Korean recording, language/emotion/PTD."""
_FOLDERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "KR": TAKE_FOLDERS,
        "JP": MappingProxyType({emotion: f"日本語/{emotion}/PTD" for emotion in TAKE_FOLDERS}),
        "EN": MappingProxyType({emotion: f"English/{emotion}/PTD" for emotion in TAKE_FOLDERS}),
    }
)
_SHARES: Mapping[str, float] = MappingProxyType({f"jf_{SPEAKER}": 1.0})
_NOISE_DB = -60.0
_LONGEST_PIECE_S = 14.5


def take_lines(emotion: str, *, language: str = "KR") -> list[ScriptLine]:
    """Return what the take of an emotion says, in order: its recorded lines with the outliers among them."""
    lines = [line for line in recorded_lines(language) if line.emotion == emotion]
    outliers = [line for line in load_outliers() if line.emotion == emotion] if language == "KR" else []
    for number, outlier in enumerate(outliers, 1):
        lines.insert(number * len(lines) // (len(outliers) + 1), outlier)
    return lines


def render_takes(out: Path, *, studio: Studio, seed: int = 0) -> None:
    """Write ``FOLDER/take1.flac``, ``take1.txt`` and ``take1.labels.txt`` for each emotion below ``out``."""
    language = studio.reader.language
    for emotion, folder in _FOLDERS[language].items():
        generator = line_generator(seed, emotion)
        lines = take_lines(emotion, language=language)
        utterances = []
        for number, line in enumerate(lines, 1):
            spoken = studio.speak(line, generator=generator)
            utterances.append((spoken.samples, _marks(line.text, spoken)))
            logger.info("%s %d/%d: %.1f s", emotion, number, len(lines), len(spoken.samples) / KOKORO_RATE_HZ)
        take = assemble(utterances, sample_rate_hz=KOKORO_RATE_HZ, noise_db=_NOISE_DB, generator=generator)
        _write_take(out / folder, take, lines)


def render_evaluation(out: Path, *, studio: Studio, seed: int = 0) -> None:
    """Write the unrecorded sentences as ``EMOTION_NNN.wav``, and ``evaluation.txt`` with name, mark, text."""
    soundfile = _soundfile()
    out.mkdir(parents=True, exist_ok=True)
    sentences = evaluation_sentences(studio.reader.language)
    names = []
    for number, (text, emotion) in enumerate(sentences):
        line = ScriptLine(text, emotion, recorded=False)
        spoken = studio.speak(line, generator=line_generator(seed, text))
        name = f"{emotion}_{number:03d}.wav"
        soundfile.write(out / name, spoken.samples, KOKORO_RATE_HZ, subtype="PCM_16")
        names.append(f"{name}\t{emotion}\t{text}\n")
        logger.info("evaluation %d/%d: %s", number + 1, len(sentences), name)
    write_text(out / "evaluation.txt", "".join(names))


def _marks(text: str, spoken: SpokenUtterance) -> list[tuple[int, int, str]]:
    """One label for the utterance, or one a sentence where it is too long to stay in one piece."""
    if len(spoken.samples) <= _LONGEST_PIECE_S * KOKORO_RATE_HZ:
        return [(0, len(spoken.samples), text)]
    return list(spoken.sentences)


def _write_take(folder: Path, take: Take, lines: Sequence[ScriptLine]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _soundfile().write(
        folder / "take1.flac", take.samples, KOKORO_RATE_HZ, subtype="PCM_16", format="FLAC", compression_level=1.0
    )
    write_text(folder / "take1.txt", "".join(f"{line.text}\n" for line in lines))
    write_text(folder / "take1.labels.txt", label_track(take.labels))
    logger.info("%s: %.1f s", folder, len(take.samples) / KOKORO_RATE_HZ)


def _soundfile() -> Any:
    return importlib.import_module("soundfile")


def main(arguments: Sequence[str] | None = None) -> None:
    """Render the takes, or the evaluation sentences, into a folder."""
    parser = argparse.ArgumentParser(prog="python -m tools.render.demo", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--seed", type=int, default=0, help="seed of variation, pauses and noise")
    parser.add_argument("--language", choices=sorted(_FOLDERS), default="KR", help="of the recording (KR)")
    parser.add_argument("--threads", type=int, default=2, help="threads of the network")
    parser.add_argument("--evaluation", action="store_true", help="render the sentences that were not recorded")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    network = KokoroNetwork(threads=options.threads)
    studio = Studio(Kokoro(_SHARES, network=network), front_end(options.language, on_unknown="error"))
    render = render_evaluation if options.evaluation else render_takes
    render(options.out, studio=studio, seed=options.seed)


if __name__ == "__main__":
    main()
