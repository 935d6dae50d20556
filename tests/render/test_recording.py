"""The committed takes: labels, texts, and what the silence rule finds in them."""

from itertools import pairwise
from pathlib import Path

import pytest
import soundfile

from emotts.audio.silence import find_speech
from emotts.text.frontend import front_end
from tools.render.demo import TAKE_FOLDERS, take_lines
from tools.render.script import load_outliers, recorded_folder

OUTLIERS = {line.text for line in load_outliers()}


def take_of(emotion: str) -> Path:
    return recorded_folder() / TAKE_FOLDERS[emotion] / "take1.flac"


def labels_of(take: Path) -> list[tuple[float, float, str]]:
    rows = [line.split("\t") for line in take.with_name("take1.labels.txt").read_text(encoding="utf-8").splitlines()]
    return [(float(start), float(end), text) for start, end, text in rows]


def test_takes_are_small_24_khz_mono_flac():
    takes = sorted(recorded_folder().rglob("*.flac"))
    assert len(takes) == len(TAKE_FOLDERS) == 4
    for take in takes:
        info = soundfile.info(take)
        assert (info.samplerate, info.channels, info.subtype, info.format) == (24_000, 1, "PCM_16", "FLAC")
    assert sum(take.stat().st_size for take in takes) < 10_000_000


@pytest.mark.parametrize("emotion", TAKE_FOLDERS)
def test_script_beside_the_take_is_what_was_recorded(emotion: str):
    lines = take_of(emotion).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert lines == [line.text for line in take_lines(emotion)]


@pytest.mark.parametrize("emotion", TAKE_FOLDERS)
def test_labels_are_ordered_inside_the_take_and_say_the_script(emotion: str):
    take = take_of(emotion)
    labels = labels_of(take)
    end_before_s = 0.0
    for start_s, end_s, _text in labels:
        assert end_before_s < start_s < end_s
        end_before_s = end_s
    assert end_before_s < soundfile.info(take).duration
    assert " ".join(text for _, _, text in labels) == " ".join(line.text for line in take_lines(emotion))


@pytest.mark.parametrize("emotion", TAKE_FOLDERS)
def test_silence_rule_finds_exactly_the_utterances(emotion: str):
    take = take_of(emotion)
    spans = find_speech(take, threshold_db=-40.0, min_silence_s=1.0)
    lines = take_lines(emotion)
    assert len(spans) == len(lines)
    labels = labels_of(take)
    for span, line in zip(spans, lines, strict=True):
        inside = [label for label in labels if span.start_s < (label[0] + label[1]) / 2 < span.end_s]
        assert " ".join(text for _, _, text in inside) == line.text
        assert inside[0][0] == pytest.approx(span.start_s, abs=0.5)
        assert inside[-1][1] == pytest.approx(span.end_s, abs=0.5)
        assert (3.0 <= span.end_s - span.start_s + 1.0 <= 15.0) == (line.text not in OUTLIERS)
    for before, after in pairwise(spans):
        assert after.start_s - before.end_s > 1.0


def test_every_korean_phone_is_recorded_at_least_five_times():
    reader = front_end("KR")
    phones = [
        phone for emotion in TAKE_FOLDERS for line in take_lines(emotion) for phone in reader.read(line.text).phones
    ]
    onsets = [chr(code) for code in range(0x1100, 0x1113)]
    nuclei = [chr(code) for code in range(0x1161, 0x1176)]
    counts = {phone: phones.count(phone) for phone in [*onsets, *nuclei, *"ᆨᆫᆮᆯᆷᆸᆼ"]}
    assert {phone: count for phone, count in counts.items() if count < 5} == {}
