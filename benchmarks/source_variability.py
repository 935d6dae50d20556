"""The mel-cepstral distortion between two renderings of the demo's sentences: a reference for that of a voice.

python benchmarks/source_variability.py [--per-emotion 6] [--seed 1] [--write]

The first rendering is the embedded take. For the second the emotion is acted once more: another strength, tempo and
melody, other pauses; the take's room noise is added. Needs the extra demo-render; some minutes.
``--write`` keeps the metrics in ``variability.json`` beside the takes, where the evaluation finds them.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
import soundfile

from emotts.corpus.transcripts.labels import parse_label_track
from emotts.evaluation.distortion import VARIABILITY_FILE
from emotts.evaluation.mcd import mel_cepstral_distortion
from emotts.files import write_text
from emotts.text.frontend import front_end
from tools.render.demo import TAKE_FOLDERS, take_lines
from tools.render.kokoro import KOKORO_RATE_HZ, Kokoro, KokoroNetwork
from tools.render.script import SPEAKER, recorded_folder
from tools.render.studio import Studio, line_generator
from tools.render.take import room_noise

NOISE_DB = -60.0


def main() -> None:
    """Measure every emotion and print the distances."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--per-emotion", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    studio = Studio(Kokoro({f"jf_{SPEAKER}": 1.0}, network=KokoroNetwork()), front_end("KR"))
    found = {}
    for emotion in TAKE_FOLDERS:
        apart = distances(emotion, studio=studio, count=options.per_emotion, seed=options.seed)
        found[emotion] = round(float(np.mean(apart)), 3)
        print(f"{emotion}: {found[emotion]:.2f} dB over {len(apart)} sentences, {min(apart):.2f} to {max(apart):.2f}")
    print(f"mean over emotions: {np.mean(list(found.values())):.2f} dB")
    if options.write:
        how = f"benchmarks/source_variability.py --per-emotion {options.per_emotion} --seed {options.seed}"
        content = json.dumps({"mcd_db": found, "how": how}, indent=2)
        write_text(recorded_folder() / VARIABILITY_FILE, content + "\n")


def distances(emotion: str, *, studio: Studio, count: int, seed: int) -> list[float]:
    """Return the distortion in dB of sentences from all over a take."""
    take = recorded_folder() / TAKE_FOLDERS[emotion] / "take1.flac"
    samples, _ = soundfile.read(take)
    spans = {label.text: label for label in parse_label_track(take.with_name("take1.labels.txt"))}
    lines = [line for line in take_lines(emotion) if line.text in spans and len(line.text) > 12]
    apart = []
    for line in (lines[place] for place in np.linspace(0, len(lines) - 1, min(count, len(lines))).round().astype(int)):
        label = spans[line.text]
        first = samples[round(label.start_s * KOKORO_RATE_HZ) : round(label.end_s * KOKORO_RATE_HZ)]
        generator = line_generator(seed, line.text)
        second = studio.speak(line, generator=generator).samples.astype(np.float64)
        second += room_noise(len(second), sample_rate_hz=KOKORO_RATE_HZ, level_db=NOISE_DB, generator=generator)
        rates = {"first_rate_hz": KOKORO_RATE_HZ, "second_rate_hz": KOKORO_RATE_HZ}
        apart.append(mel_cepstral_distortion(first, second, **rates))
    return apart


if __name__ == "__main__":
    main()
