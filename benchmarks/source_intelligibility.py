"""The intelligibility of the demo's source, on the sentences that a voice was evaluated with.

python -m tools.render.demo --evaluation --out RENDERED       # once; extra demo-render
python benchmarks/source_intelligibility.py RENDERED [--reports reports]

Prints the character error rates of the voice (``reports/transcripts.json``) and, as ``reference``, of the source's
renderings of the same sentences. Those of the test clips were heard by the evaluation already. Needs the extra asr.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import soundfile

from emotts.evaluation.intelligibility import Transcriber, Transcript, intelligibility_metrics
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip
from emotts.recognition.recogniser import WhisperRecogniser
from emotts.recognition.whisper_models import PACKAGED
from emotts.settings import default_params
from emotts.text.frontend import front_end
from emotts.text.phonemes import FrontEnd


def main() -> None:
    """Transcribe the source's renderings and print the error rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rendered", type=Path)
    parser.add_argument("--reports", type=Path, default=Path("reports"))
    options = parser.parse_args()
    rows = json.loads((options.reports / "transcripts.json").read_text(encoding="utf-8"))
    every = [Transcript(**row) for row in rows]
    voice = [each for each in every if not each.reference]
    source = {(each.text, each.emotion): each for each in every if each.reference}
    reader = front_end("KR")
    renderings = rendered(options.rendered, reader=reader)
    clips = []
    for number, each in enumerate(voice):
        key = each.text, each.emotion
        if key not in source:
            samples, rate_hz = soundfile.read(renderings[key], dtype="float32")
            task = Task(number, each.text, each.emotion, own=True, shared=False)
            clips.append(Clip(task, samples, rate_hz, problem=None, heard="", probability=0.0, prosody=None))
    transcriber = Transcriber(WhisperRecogniser.load("KR", PACKAGED, settings=default_params().recogniser), reader)
    source |= {(each.text, each.emotion): each for each in transcriber.take(clips, reference=True)}
    same = [source[each.text, each.emotion] for each in voice]
    for name, value in intelligibility_metrics([*voice, *same], seed=0).items():
        print(f"{name}: {value:.3f}")


def rendered(folder: Path, *, reader: FrontEnd) -> dict[tuple[str, str], Path]:
    """Return the renderings by text, as the front end normalises it, and emotion."""
    lines = (folder / "evaluation.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.split("\t") for line in lines]
    return {(reader.read(text).normalised_text, emotion): folder / name for name, emotion, text in parts}


if __name__ == "__main__":
    main()
