"""Recordings that are cut off: whole pieces are kept, the one that it ends in is rejected, and a warning says so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.data_report import found, good_folder, report_on
from support.settings import segment_settings
from support.sounds import RATE_HZ, by_ffmpeg
from support.tone_bursts import RATE, write_bursts

from emotts.audio.resample import resample
from emotts.corpus.rows import Recording, Reject, Segment, read_rows
from emotts.corpus.segmentation.cut_off_end import CUT_OFF, split_off_end
from emotts.corpus.segmentation.pieces import Piece
from emotts.corpus.segmentation.segmenting import segment_recordings
from emotts.corpus.sources.collect import collect_recordings
from emotts.emotions.emotion_set import EmotionSet
from emotts.text.frontend import FrontEnd

PIECES = (Piece(0, 4000, 500, 3500), Piece(4500, 9000, 5000, 8900))
SPANS = ((500, 3500), (5000, 8900))


@pytest.mark.parametrize(
    ("spans", "length_ms", "kept"),
    [
        (SPANS, 9000, 1),  # within the pause, which is too short to say that the sentence has ended
        (SPANS, 9899, 1),
        (SPANS, 9900, 2),  # a whole pause follows
        ((*SPANS, (10000, 10500)), 10500, 2),  # what it ends in is too short for a piece, and rejected as such
    ],
)
def test_the_piece_that_a_recording_ends_in(spans: tuple[tuple[int, int], ...], length_ms: int, kept: int) -> None:
    whole, lost = split_off_end(PIECES, spans, length_ms=length_ms, min_silence_ms=1000)
    assert whole == list(PIECES[:kept])
    assert lost == [(piece, CUT_OFF) for piece in PIECES[kept:]]


def test_no_pieces() -> None:
    assert split_off_end((), (), length_ms=900, min_silence_ms=1000) == ([], [])


def cut_take(folder: Path, name: str, *options: str) -> Path:
    """Write four bursts of 3 s, of which the file holds the first two whole and a part of the third."""
    path = folder / "sad" / name
    write_bursts(path.with_name("bursts.wav"), [3.0] * 4, pitch_hz=300)
    samples, rate = soundfile.read(path.with_name("bursts.wav"))
    by_ffmpeg(path, resample(samples.astype(np.float32), from_hz=rate, to_hz=RATE_HZ), *options)
    path.with_name("bursts.wav").unlink()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * 0.65)])
    return path


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("take.wav", ()),
        ("take.flac", ()),
        ("take.mp3", ("-b:a", "64k")),
        ("take.ogg", ()),
        ("take.m4a", ("-movflags", "+faststart")),
    ],
)
def test_of_a_cut_recording_whole_pieces_are_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, options: tuple[str, ...]
) -> None:
    path = cut_take(tmp_path / "source", name, *options)
    raw, out = tmp_path / "raw", tmp_path / "segments"
    (recording,) = collect_recordings(tmp_path / "source", raw, language="KR", speaker="a", emotions=EmotionSet())
    assert recording == read_rows(raw / "recordings.jsonl", Recording)[0]
    assert recording.is_cut_off
    promised = (
        r"there; its kind of file does not say of how many" if name == "take.ogg" else r"of 1[89]\.\d\d s are there"
    )
    said = rf"{re.escape(str(path))} is cut off: \d+\.\d\d s (are )?{promised}; its last piece is used only if a pause"
    assert re.search(said, caplog.text)
    segment_recordings(raw, out, sample_rate_hz=22050, settings=segment_settings(min_length_s=0.5))
    starts = [row.speech_start_s for row in read_rows(out / "segments.jsonl", Segment)]
    assert starts == pytest.approx([1.4, 5.8], abs=0.03)
    (reject,) = read_rows(out / "rejects.jsonl", Reject)
    assert reject.reason == "cut off"
    assert reject.end_s == pytest.approx(recording.duration_s, abs=0.002)
    assert reject.start_s == pytest.approx(10.2, abs=0.03)
    assert reject.detail.endswith("the recording ends within it")


@pytest.mark.slow
def test_the_check_says_the_same(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    path = source / "happy/take1.wav"
    path.write_bytes(path.read_bytes()[: -4 * RATE])
    report = report_on(source, korean)
    finding = found(report, "cut off: 17.00 s of 19.00 s are there; its last piece is used only if")
    assert (finding.severity, finding.where, finding.remedy) == ("warning", str(path), "copy the recording again")
    assert not [each for each in report.findings if "ends within speech" in each.what]


def test_a_clip_that_is_cut_off_is_rejected_whole(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_bursts(tmp_path / f"source/{name}.wav", [3.0], pitch_hz=200 if name == "a" else 300)
    path = tmp_path / "source/b.wav"
    path.write_bytes(path.read_bytes()[:-RATE])
    (tmp_path / "source/metadata.csv").write_text("file,text,emotion\na.wav,가,happy\nb.wav,나,sad\n", encoding="utf-8")
    raw = tmp_path / "raw"
    (kept,) = collect_recordings(tmp_path / "source", raw, language="KR", speaker="a", emotions=EmotionSet())
    assert (kept.file, kept.is_clip, kept.is_cut_off) == ("a.wav", True, False)
    (reject,) = read_rows(raw / "rejects.jsonl", Reject)
    assert (reject.recording, reject.reason) == ("b.wav", "sound file is truncated")
    assert reject.detail == "5.30 s of 5.80 s are there"
