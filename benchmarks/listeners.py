"""What the models that listen cost for a clip, and what they say of the demo's recording and of a copy of it.

python benchmarks/listeners.py [--clips 5] [--voice models/base/compact-ko]

Prints seconds of processor time a clip for every model on one thread; the phone errors by class of so many clips of
each emotion, and of the same clips encoded and decoded by a voice; the quality of the copies (as ``voice``) and of the
clips. Needs the extras asr and quality, and resemblyzer.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr
import torch

from emotts.copy_synthesis import copied
from emotts.evaluation.intelligibility import Transcriber
from emotts.evaluation.plan import Task
from emotts.evaluation.prosody import measure_prosody
from emotts.evaluation.quality import quality_metrics, with_quality
from emotts.evaluation.report_phones import phone_section
from emotts.evaluation.report_quality import quality_section
from emotts.evaluation.spoken import Clip
from emotts.evaluation.words import Copy, word_metrics
from emotts.recognition.emotion_features import emotion_features
from emotts.recognition.quality_predictor import QualityPredictor
from emotts.recognition.recogniser import WhisperRecogniser
from emotts.recognition.speaker_encoder import SpeakerEncoder
from emotts.recognition.speech_encoder import SpeechEncoder
from emotts.recognition.whisper_models import PACKAGED
from emotts.settings import default_params
from emotts.text.frontend import front_end
from emotts.voice import Voice
from tools.render.demo import TAKE_FOLDERS
from tools.render.script import recorded_folder


def main() -> None:
    """Load every model, time it, and print what it says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=5, help="of each emotion")
    parser.add_argument("--voice", type=Path, default=Path("models/base/compact-ko"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    voice = Voice.load(options.voice)
    clips = recorded_clips(options.clips, rate_hz=voice.sample_rate_hz)
    seconds = sum(clip.samples.size for clip in clips) / voice.sample_rate_hz / len(clips)
    print(f"{len(clips)} clips of {seconds:.1f} s on average")
    settings = default_params().recogniser
    recogniser = WhisperRecogniser.load("KR", PACKAGED, settings=settings)
    predictor, speaker, encoder = QualityPredictor.load(), SpeakerEncoder.load(), SpeechEncoder.load(settings)
    show("recogniser", recogniser.transcribe, clips)
    show("quality predictor", predictor.rate, clips)
    show("encoder of the probe", encoder.features, clips)
    show("speaker encoder", speaker.embed, clips)
    show(
        "features of the classifiers", lambda samples, rate_hz: emotion_features(samples, sample_rate_hz=rate_hz), clips
    )
    show("prosody", lambda samples, rate_hz: measure_prosody(samples, sample_rate_hz=rate_hz), clips)
    copy = copier(voice)
    with tempfile.TemporaryDirectory() as folder:
        transcriber = Transcriber(recogniser, front_end("KR"))
        path = Path(folder) / "transcripts.json"
        words = word_metrics(clips, clips, transcriber, copy=copy, seed=0, path=path)
    lanes = {name: value for name, value in words.items() if ".same_text" not in name and ".spoken" not in name}
    print(*phone_section(lanes)[1:2], sep="\n")
    rated = (with_quality(copies(clips, copy), predictor), with_quality(clips, predictor))
    print(quality_section(quality_metrics(*rated, seed=0), tuple(TAKE_FOLDERS), said=())[1])


def recorded_clips(count: int, *, rate_hz: int) -> list[Clip]:
    """Return the first utterances of each emotion of the demo's recording, at the rate of a voice."""
    clips = []
    for emotion, place in TAKE_FOLDERS.items():
        take = Path(recorded_folder()) / place / "take1.flac"
        labels = take.with_name("take1.labels.txt").read_text(encoding="utf-8").splitlines()
        sound, own_hz = soundfile.read(take, dtype="float32")
        for number, line in enumerate(labels[:count]):
            start, end, text = line.split("\t")
            part = sound[round(float(start) * own_hz) : round(float(end) * own_hz)]
            samples = np.asarray(soxr.resample(part, own_hz, rate_hz), dtype=np.float32)
            task = Task(number, text, emotion, own=True, shared=False)
            clips.append(Clip(task, samples, rate_hz, None, emotion, 1.0, None))
    return clips


def show(name: str, listen: Callable[[np.ndarray, int], object], clips: Sequence[Clip]) -> None:
    """Print the processor time that a model takes for a clip, the first call left out."""
    listen(clips[0].samples, clips[0].sample_rate_hz)
    start = time.process_time()
    for clip in clips:
        listen(clip.samples, clip.sample_rate_hz)
    print(f"{name}: {(time.process_time() - start) / len(clips):.3f} s a clip")


def copier(voice: Voice) -> Copy:
    """Return what encodes and decodes a recording with a voice, by its first speaker."""
    speaker = voice.description.speakers[0]
    return lambda samples, emotion: copied(samples, voice, emotion=emotion, speaker=speaker)


def copies(clips: Sequence[Clip], copy: Copy) -> list[Clip]:
    """Return the clips, encoded and decoded."""
    return [
        Clip(clip.task, copy(clip.samples, clip.task.emotion), clip.sample_rate_hz, None, clip.heard, 1.0, None)
        for clip in clips
    ]


if __name__ == "__main__":
    main()
