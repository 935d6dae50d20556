"""Clips and labelled recordings on their way to utterances: whole, with the text and intensity that they came with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.settings import label_settings, segment_settings
from support.sources import EMOTIONS, fill

from emotts.corpus.rows import Recording, Reject, Segment, Utterance, read_rows
from emotts.corpus.segmentation.segmenting import SegmentSummary, segment_recordings
from emotts.corpus.sources.collect import collect_recordings
from emotts.corpus.transcripts.labelling import label_segments
from emotts.errors import CorpusError

RATE = 16000
RNG = np.random.default_rng(8)


def speech(path: Path, *bursts: tuple[float, float], seconds: float) -> Path:
    """Write noise at these times, silence elsewhere."""
    samples = np.zeros(round(seconds * RATE))
    for start_s, end_s in bursts:
        place = slice(round(start_s * RATE), round(end_s * RATE))
        samples[place] = RNG.uniform(-0.3, 0.3, len(samples[place]))
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, RATE)
    return path


class Stages:
    """The stages up to the labels, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.source, self.folder = folder / "source", folder

    def collect(self, layout: str = "auto") -> list[Recording]:
        return collect_recordings(
            self.source, self.folder / "raw", language="KR", speaker="mina", emotions=EMOTIONS, layout=layout
        )

    def segment(self) -> SegmentSummary:
        settings = segment_settings(max_reject_fraction=1.0)
        return segment_recordings(self.folder / "raw", self.folder / "segments", sample_rate_hz=RATE, settings=settings)

    def label(self) -> tuple[list[Utterance], list[Reject]]:
        out = self.folder / "labels"
        label_segments(
            self.folder / "segments",
            self.folder / "raw",
            out,
            emotions=EMOTIONS,
            settings=label_settings(max_reject_fraction=0.9),
        )
        return read_rows(out / "utterances.jsonl", Utterance), read_rows(out / "rejects.jsonl", Reject)

    def all(self) -> tuple[list[Utterance], list[Reject]]:
        self.collect()
        self.segment()
        return self.label()

    def segments(self) -> list[tuple[str, float, float]]:
        rows = read_rows(self.folder / "segments/segments.jsonl", Segment)
        return [(row.recording, row.start_s, row.end_s) for row in rows]


@pytest.fixture
def stages(tmp_path: Path) -> Stages:
    return Stages(tmp_path)


def test_clips_stay_whole_and_keep_their_texts(stages: Stages) -> None:
    """A pause of 1.2 s, at which a recording would be cut, and a length of 0.8 s, which a piece may not have."""
    speech(stages.source / "a.wav", (0.2, 1.0), (2.2, 3.0), seconds=3.2)
    speech(stages.source / "b.wav", (0.1, 0.7), seconds=0.8)
    fill(stages.source, {"metadata.csv": "file,text,emotion,level\na.wav,안녕 여러분,happy,strong\nb.wav,가,sad,\n"})
    utterances, rejects = stages.all()
    assert stages.segments() == [("a.wav", 0.0, 3.2), ("b.wav", 0.0, 0.8)]
    assert [
        (row.recording, row.text, row.emotion, row.intensity, row.text_source, row.emotion_source, row.intensity_source)
        for row in utterances
    ] == [
        ("a.wav", "안녕 여러분", "happy", 1.5, "given", "layout", "layout"),
        ("b.wav", "가", "sad", 1.0, "given", "layout", None),
    ]
    assert rejects == []
    recordings = read_rows(stages.folder / "raw/recordings.jsonl", Recording)
    assert [row.told_by for row in recordings] == ["metadata.csv:2", "metadata.csv:3"]


def test_clips_that_are_too_long_are_cut_and_lose_their_text(stages: Stages) -> None:
    speech(stages.source / "a.wav", (0.5, 8.0), (9.5, 17.0), seconds=17.5)
    speech(stages.source / "b.wav", (0.5, 4.0), seconds=4.5)
    fill(stages.source, {"metadata.csv": "file,text,emotion\na.wav,긴 문장,happy\nb.wav,가,sad\n"})
    utterances, rejects = stages.all()
    assert [row.recording for row in utterances] == ["b.wav"]
    assert [(row.recording, row.reason) for row in rejects] == [
        ("a.wav", "clip was cut, its text is that of the whole")
    ] * 2
    assert rejects[0].detail == "2 pieces; the text of the clip is '긴 문장'"


def test_clips_too_short_for_speech_are_rejected(stages: Stages) -> None:
    speech(stages.source / "a.wav", (0.05, 0.2), seconds=0.25)
    speech(stages.source / "b.wav", (0.1, 1.0), seconds=1.2)
    fill(stages.source, {"metadata.csv": "file,text,emotion\na.wav,어,happy\nb.wav,가,sad\n"})
    utterances, _ = stages.all()
    (reject,) = read_rows(stages.folder / "segments/rejects.jsonl", Reject)
    assert (reject.recording, reject.reason) == ("a.wav", "clip too short")
    assert [row.recording for row in utterances] == ["b.wav"]


def test_a_clip_without_speech_is_rejected_and_stops_nothing(stages: Stages) -> None:
    noise = 1e-4 * np.random.default_rng(1).standard_normal(2 * RATE)
    stages.source.mkdir(parents=True, exist_ok=True)
    soundfile.write(stages.source / "a.wav", noise, RATE, subtype="FLOAT")
    speech(stages.source / "b.wav", (0.1, 1.0), seconds=1.2)
    fill(stages.source, {"metadata.csv": "file,text,emotion\na.wav,어,happy\nb.wav,가,sad\n"})
    utterances, rejects = stages.all()
    (reject,) = read_rows(stages.folder / "segments/rejects.jsonl", Reject)
    assert (reject.recording, reject.reason) == ("a.wav", "no speech in the clip")
    assert ([row.recording for row in utterances], rejects) == (["b.wav"], [])


def test_a_script_of_one_line_makes_its_recording_a_clip(stages: Stages) -> None:
    speech(stages.source / "happy strong/a.wav", (0.2, 1.0), (2.2, 3.0), seconds=3.2)
    speech(stages.source / "sad/b.wav", (0.5, 4.0), (5.5, 9.0), seconds=9.5)
    fill(stages.source, {"happy strong/a.txt": "[angry] 안녕 여러분\n", "sad/b.txt": "하나입니다\n둘입니다\n"})
    utterances, _ = stages.all()
    assert [(row.recording, row.text, row.emotion, row.intensity, row.text_source) for row in utterances] == [
        ("happy strong/a.wav", "안녕 여러분", "angry", 1.5, "given"),
        ("sad/b.wav", "하나입니다", "sad", 1.0, "script"),
        ("sad/b.wav", "둘입니다", "sad", 1.0, "script"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "take.srt",
            "1\n00:00:00,400 --> 00:00:04,100\n[happy 0.5] 하나\n\n2\n00:00:05,400 --> 00:00:09,100\n[sad] 둘\n",
        ),
        ("take.csv", "start_ms,end_ms,text,emotion,intensity\n400,4100,하나,happy,0.5\n5400,9100,둘,sad,\n"),
        ("take.txt", "0,4\t4,1\t[happy 0.5] 하나\n5,4\t9,1\t[sad] 둘\n"),
        ("TAKE.Labels.TXT", "0.4\t4.1\t[happy weak] 하나\n5.4\t9.1\t[sad] 둘\n"),
    ],
)
def test_label_files_of_all_kinds_reach_the_label_stage(stages: Stages, name: str, text: str) -> None:
    speech(stages.source / "take.WAV", (0.5, 4.0), (5.5, 9.0), seconds=9.5)
    fill(stages.source, {name: text})
    utterances, rejects = stages.all()
    assert [(row.text, row.emotion, row.intensity, row.text_source, row.intensity_source) for row in utterances] == [
        ("하나", "happy", 0.5, "labels", "labels"),
        ("둘", "sad", 1.0, "labels", None),
    ]
    assert rejects == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_all_files_that_whisper_writes_are_one(stages: Stages, encoding: str) -> None:
    speech(stages.source / "take.wav", (0.5, 4.0), (5.5, 9.0), seconds=9.5)
    times = ("00:00:00.400 --> 00:00:04.100", "00:00:05.400 --> 00:00:09.100")
    segments = [{"start": 0.4, "end": 4.1, "text": " [happy] one"}, {"start": 5.4, "end": 9.1, "text": " [sad] two"}]
    files = {
        "take.json": json.dumps({"text": " one two", "segments": segments, "language": "en"}),
        "take.vtt": f"WEBVTT\n\n{times[0]}\n[happy] one\n\n{times[1]}\n[sad] two\n",
        "take.tsv": "start\tend\ttext\n400\t4100\t[happy] one\n5400\t9100\t[sad] two\n",
        "take.txt": "[happy] one\n[sad] two\n",
    }
    files["take.srt"] = f"1\n{times[0]}\n[happy] one\n\n2\n{times[1]}\n[sad] two\n".replace(".", ",")
    fill(stages.source, files)
    for name, text in files.items():
        (stages.source / name).write_bytes(text.encode(encoding))
    utterances, _ = stages.all()
    assert [(row.text, row.emotion, row.text_source) for row in utterances] == [
        ("one", "happy", "labels"),
        ("two", "sad", "labels"),
    ]
    assert read_rows(stages.folder / "raw/recordings.jsonl", Recording)[0].labels == "take.json"


def test_a_table_with_times_becomes_a_label_track(stages: Stages) -> None:
    speech(stages.source / "take.wav", (0.5, 4.0), (5.5, 9.0), seconds=9.5)
    fill(
        stages.source,
        {"all.csv": "file,start,end,text,emotion\ntake.wav,0.4,4.1,하나,happy\ntake.wav,5.4,9.1,둘,sad\n"},
    )
    utterances, _ = stages.all()
    assert (stages.folder / "raw/take.labels.txt").read_text(encoding="utf-8") == (
        "0.400000\t4.100000\t[happy] 하나\n5.400000\t9.100000\t[sad] 둘\n"
    )
    assert [(row.text, row.emotion) for row in utterances] == [("하나", "happy"), ("둘", "sad")]


def test_a_segment_across_two_emotions_is_rejected(stages: Stages) -> None:
    speech(stages.source / "take.wav", (0.5, 4.0), (4.4, 8.0), (9.5, 13.0), seconds=13.5)
    fill(stages.source, {"take.labels.txt": "0.4\t4.1\t[happy] 하나\n4.3\t8.1\t[sad] 둘\n9.4\t13.1\t[sad] 셋\n"})
    utterances, rejects = stages.all()
    assert [row.text for row in utterances] == ["셋"]
    assert [(row.reason, row.detail) for row in rejects] == [("two emotions in one segment", "happy, sad")]


def test_labels_of_no_speech_are_listed(stages: Stages) -> None:
    speech(stages.source / "take.wav", (0.5, 4.0), (7.0, 11.0), seconds=11.5)
    rows = "0.4\t4.1\t[happy] 하나\n5\t6\t[sad] 둘\n6.9\t11\t[sad] 셋\n30\t31\t[sad] 넷\n"
    fill(stages.source, {"take.labels.txt": rows})
    utterances, rejects = stages.all()
    assert ([row.text for row in utterances], rejects) == (["하나", "셋"], [])
    unused = read_rows(stages.folder / "labels/unused_labels.jsonl", Reject)
    assert [(row.start_s, row.reason, row.detail, row.line) for row in unused] == [
        (5.0, "label over silence", "둘", 2),
        (30.0, "label behind the end", "넷", 4),
    ]


def test_times_in_milliseconds_stop_the_label_stage_with_the_line(stages: Stages) -> None:
    speech(stages.source / "take.wav", (0.5, 4.0), (5.5, 9.0), seconds=9.5)
    fill(stages.source, {"take.labels.txt": "400\t4100\t[happy] 하나\n5400\t9100\t[sad] 둘\n"})
    with pytest.raises(CorpusError, match=r"take\.labels\.txt:1: labels lie behind the end(.|\n)*divide them by 1000"):
        stages.all()


def test_composed_and_decomposed_names_belong_together(stages: Stages) -> None:
    speech(stages.source / "\u1100\u1161.wav", (0.5, 4.0), seconds=4.5)
    fill(stages.source, {"가.labels.txt": "0.4\t4.1\t[happy] 하나\n"})
    utterances, _ = stages.all()
    assert [(row.recording, row.text) for row in utterances] == [("가.wav", "하나")]


def test_a_line_separator_in_a_name_goes_through_all_stages(stages: Stages) -> None:
    speech(stages.source / "happy/a\u2028b.wav", (0.5, 4.0), seconds=4.5)
    fill(stages.source, {"happy/a\u2028b.labels.txt": "0.4\t4.1\t하나\n"})
    utterances, _ = stages.all()
    assert [(row.recording, row.wav) for row in utterances] == [("happy/a\u2028b.wav", "happy_a_b/happy_a_b_0001.wav")]
