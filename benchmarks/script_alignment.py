"""How well scripts are aligned: takes as people read them, made of a labelled recording, and what becomes of them.

python benchmarks/script_alignment.py RECORDING... --language KR [--variants abcdefghw] [--seed 1] [--wording lines]

RECORDING is a sound file with its label track (NAME.labels.txt) beside it, such as the demo's. Needs the extra asr.
Variants:
    a: pauses of 0.4 to 2.5 s, as in all of them;
    b: lines of the script are not read;
    c: starts that break off (0.1 to 1.2 s before the line), and lines that are read twice, the second time stretched
        or shortened by up to 6 %;
    d: remarks that are not in the script;
    e: pauses within lines, and lines with hardly a pause between them;
    f: one word of every third line of the script is another than the one said;
    g: no script: the text is what is recognised;
    h: b to f together;
    w: the script of the next recording.
Right are lines whose text is what is said in their segment, phone by phone. Of the accepted texts that are not right,
wording counts those within 30 % of the phones said, gross all others. The last column is CPU time by length of sound.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from read_takes import Spoken, Take, build, read_lines

from emotts.corpus.rows import Recording, Segment, Utterance, read_rows, write_rows
from emotts.corpus.segmentation.pieces import Limits
from emotts.corpus.segmentation.segmenting import segment_recordings
from emotts.corpus.sources.copying import sha256_of
from emotts.corpus.transcripts.aligned_take import align_take
from emotts.corpus.transcripts.alignment.edits import compare
from emotts.corpus.transcripts.alignment.phones import PhoneCosts, spoken_phones
from emotts.corpus.transcripts.labelled_take import LabelledTake, Recognition
from emotts.corpus.transcripts.labels import ScriptLine
from emotts.corpus.transcripts.recognised_take import recognise_take
from emotts.corpus.transcripts.scripts import Piece
from emotts.corpus.transcripts.take_script import TakeScript, written_lines
from emotts.emotions.emotion_set import EmotionSet
from emotts.recognition.recogniser import WhisperRecogniser
from emotts.settings import default_params
from emotts.text.frontend import FrontEnd, front_end

LIMITS = Limits(keep_ms=500, min_ms=0, max_ms=30_000, join_ms=0)
"""No length is too short: the texts are looked at here, not the lengths."""
WORDING_DISTANCE = 0.3


@dataclass
class Counts:
    """What became of the lines of a variant."""

    wanted: int = 0
    right: int = 0
    wording: int = 0
    gross: int = 0
    speech_s: float = 0.0
    right_s: float = 0.0
    sound_s: float = 0.0
    cpu_s: float = 0.0

    def __str__(self) -> str:
        lines = f"{self.wanted:6d} {self.right:5d} {100 * self.right / max(1, self.wanted):4.0f}"
        speech = 100 * self.right_s / max(self.speech_s, 1e-9)
        return f"{lines} {speech:6.1f}  {self.wording:6d} {self.gross:5d}  {self.cpu_s / self.sound_s:6.2f}"


def main() -> None:
    """Build the takes, align them, and print the table."""
    options = _options()
    params = default_params()
    reader = front_end(options.language)
    recogniser = WhisperRecogniser.load(options.language, params.label.recogniser, settings=params.recogniser)
    material = [read_lines(path, most=options.lines) for path in options.recordings]
    print("variant wording wanted right  %   speech% wording gross  CPU/sound")
    with tempfile.TemporaryDirectory() as folder:
        recognition = Recognition(lambda: recogniser, reader, options.kept or Path(folder) / "kept", LIMITS, 22050)
        for variant in options.variants:
            counts = {wording: Counts() for wording in ("-" if variant == "g" else options.wording).split(",")}
            for number, own in enumerate(material):
                generator = np.random.default_rng([options.seed, number, ord(variant)])
                take, script = build(own, variant=variant, pauses=options.pauses, generator=generator)
                if variant == "w":
                    script = list(material[(number + 1) % len(material)].texts)
                sound = Path(folder) / f"{variant}{number}.wav"
                take.write(sound, noise_db=options.noise, generator=generator)
                for wording, each in counts.items():
                    began = time.process_time()
                    labelled = label(sound, script, wording=wording, recognition=recognition)
                    each.cpu_s += time.process_time() - began
                    count(labelled, take, script, own.texts, counts=each, reader=reader)
            for wording, each in counts.items():
                print(f"{variant:7s} {wording:7s} {each}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path, nargs="+")
    parser.add_argument("--language", default="KR")
    parser.add_argument("--variants", default="abcdefghw")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", type=int, default=None, help="take the first so many lines of each recording")
    parser.add_argument("--wording", default="strict,lines")
    parser.add_argument("--noise", type=float, default=-60.0, help="dBFS")
    parser.add_argument("--kept", type=Path, default=None, help="folder that keeps what was heard for the next time")
    parser.add_argument("--pauses", type=float, nargs=2, default=(0.4, 2.5), help="s")
    return parser.parse_args()


def label(sound: Path, script: Sequence[str | None], *, wording: str, recognition: Recognition) -> LabelledTake:
    """Align a sound file with a script (one text a line, None where the script lacks the line), or recognise it.

    ``wording`` is as in ``params.yaml``; with ``-`` there is no script.
    """
    info, language = soundfile.info(sound), recognition.front_end.language
    recording = Recording(
        sound.name, sha256_of(sound), info.samplerate, 1, info.duration, "reader", language, "neutral"
    )
    out, emotions = sound.parent / "out", EmotionSet()
    if wording == "-":
        pieces = segmented(recording, sound.parent)
        return recognise_take(
            recording, pieces, sound=sound, out=out, recognition=recognition, emotions=emotions, report=_silent
        )
    path = sound.with_suffix(".txt")
    lines = [ScriptLine(text, line=number) for number, text in enumerate(script) if text is not None]
    take = TakeScript(
        recording, sound, sound.stem, path, lines, written_lines(lines, path, reader=recognition.front_end)
    )
    settings = default_params().label.changed(wording=wording)
    return align_take(take, out, recognition=recognition, settings=settings, emotions=emotions, report=_silent)


def segmented(recording: Recording, folder: Path) -> list[Piece]:
    """Return the pieces that the stage segment makes of a recording in a folder."""
    write_rows(folder / "recordings.jsonl", [recording])
    segment_recordings(folder, folder / "segments", sample_rate_hz=22050, settings=default_params().segment)
    rows = read_rows(folder / "segments/segments.jsonl", Segment)
    return [Piece(row.speech_start_s, row.speech_end_s, row) for row in rows]


def count(
    labelled: LabelledTake,
    take: Take,
    script: Sequence[str | None],
    texts: Sequence[str],
    *,
    counts: Counts,
    reader: FrontEnd,
) -> None:
    """Compare what was accepted with what was said."""
    wanted = {
        each.line
        for each in take.spoken
        if each.line is not None and script[each.line : each.line + 1] == [texts[each.line]]
    }
    right: set[int] = set()
    for row in labelled.utterances:
        said = within(row, take.spoken)
        lines = [each.line for each in said if each.line is not None]
        whole = len(lines) == len(said) > 0
        distance = phone_distance(row.text, " ".join(texts[line] for line in lines), reader) if whole else 1.0
        if distance == 0:
            right.update(lines)
        elif distance <= WORDING_DISTANCE:
            counts.wording += 1
        else:
            counts.gross += 1
            print(f"  gross: {row.start_s:.2f}-{row.end_s:.2f} s {row.text!r} over {[each.line for each in said]}")
    lengths = {each.line: each.end_s - each.start_s for each in take.spoken}
    counts.wanted += len(wanted)
    counts.right += len(right & wanted)
    counts.speech_s += sum(lengths[line] for line in wanted)
    counts.right_s += sum(lengths[line] for line in right & wanted)
    counts.sound_s += take.seconds


def phone_distance(text: str, said: str, reader: FrontEnd) -> float:
    """Return how far the phones of a text are from those that were said, for each phone said."""
    heard, spoken = spoken_phones(text, reader), spoken_phones(said, reader)
    costs = PhoneCosts([*heard, *spoken])
    return compare(costs.ids(heard), costs.ids(spoken), costs=costs).distance


def within(row: Utterance, spoken: Sequence[Spoken]) -> list[Spoken]:
    """Return what is said in an utterance: all of which more than 0.15 s lie in it."""
    return [each for each in spoken if min(row.end_s, each.end_s) - max(row.start_s, each.start_s) > 0.15]


def _silent(_: str) -> None:
    """Report nothing."""


if __name__ == "__main__":
    main()
