"""Speaks phones with the files of `emotts export --format onnx`; needs numpy and onnxruntime alone.

python examples/speak_onnx.py FOLDER "_ ᄋ ᅡ ᆫ ᄂ ᅧ ᆼ . _" --emotion happy:0.7+surprised:0.3 -o happy.wav
"""

import argparse
import json
import wave

import numpy as np
import onnxruntime

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("folder")
parser.add_argument("phones", help="as emotts.Voice.reading gives them, separated by blanks")
parser.add_argument("--tones", help="a number for each; left out: 0")
parser.add_argument("--emotion", default="neutral", help="an emotion of the voice, or a mixture")
parser.add_argument("--intensity", type=float, default=1.0)
parser.add_argument("--speed", type=float, default=1.0)
parser.add_argument("--speaker", help="left out: the first")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("-o", "--output", default="speech.wav")
options = parser.parse_args()

text, decoder = (onnxruntime.InferenceSession(f"{options.folder}/{name}.onnx") for name in ("text", "decoder"))
voice = {name: json.loads(value) for name, value in text.get_modelmeta().custom_metadata_map.items()}
style, language = voice["speaking"], voice["languages"][voice["language"]]
random = np.random.default_rng(options.seed)

# neutral + intensity * (mixture - neutral)
emotion = np.zeros((1, len(voice["emotions"])), np.float32)
for name, _, weight in (part.partition(":") for part in options.emotion.split("+")):
    emotion[0, voice["emotions"].index(name)] += float(weight or 1.0)
emotion *= options.intensity / emotion.sum()
emotion[0, voice["emotions"].index("neutral")] += 1.0 - options.intensity

# a 0 between all ids and at both ends
phones = options.phones.split()
tones = [int(tone) for tone in options.tones.split()] if options.tones else [0] * len(phones)
rows = np.zeros((3, 1, 2 * len(phones) + 1), np.int64)
rows[0, 0, 1::2] = [voice["symbols"].index(phone) for phone in phones]
rows[1, 0, 1::2] = [tone + language["tone_offset"] for tone in tones]
rows[2, 0, 1::2] = language["id"]

inputs = dict(zip(("tokens", "tones", "languages"), rows, strict=True))
inputs["speaker"] = np.array([voice["speakers"].index(options.speaker) if options.speaker else 0])
inputs["emotion"] = emotion
inputs["noise"] = random.standard_normal((1, voice["latent_channels"], 16 * rows.shape[2]), np.float32)
inputs["duration_noise"] = random.standard_normal((1, 2, rows.shape[2]), np.float32)
inputs |= {name: np.float32(style[name])[...] for name in ("noise_scale", "duration_noise_scale", "sdp_ratio")}
inputs["length_scale"] = np.float32(style["length_scale"] / options.speed)[...]
for each in text.get_inputs():
    if each.name == "bert":  # without its features such a voice speaks less well
        inputs["bert"] = np.zeros((1, each.shape[1], rows.shape[2]), np.float32)
latents, durations, embedding = text.run(None, inputs)

inputs = {"latents": latents, "voice": embedding}
if voice["decoder"] == "istft":
    inputs["noise"] = random.standard_normal((1, latents.shape[2] * voice["hop_length"]), np.float32)
    inputs |= {"pitch_range": np.float32(style["pitch_range"])[...], "pitch_shift": np.float32(0.0)[...]}
samples = decoder.run(None, inputs)[0][0]

with wave.open(options.output, "wb") as file:
    file.setparams((1, 2, voice["sample_rate_hz"], 0, "NONE", ""))
    file.writeframes((samples * 32767).round().astype("<i2").tobytes())
