"""The data report on recordings: every problem is found, with its place, and nothing is changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.data_report import SETTINGS, contents, found, good_folder, report_on
from support.settings import label_settings
from support.tone_bursts import RATE, SENTENCES, write_bursts, write_labels

from emotts.corpus.segmentation.segmenting import segment_recordings
from emotts.corpus.sources.collect import collect_recordings
from emotts.corpus.transcripts.labelling import label_segments
from emotts.emotions.emotion_set import EmotionSet
from emotts.text.frontend import FrontEnd


def test_good_recordings_have_no_error_and_are_left_alone(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    before = contents(source)
    report = report_on(source, korean)
    assert report.of("error") == []
    assert report.tables[0].title == "Recordings"
    assert report.tables[1].rows == (
        ("happy/take1.wav", "happy", "4", "0", "0", "0", "labels, 4", "4"),
        ("중립/take1.wav", "neutral", "4", "0", "0", "0", "labels, 4", "4"),
    )
    assert [row[:2] for row in report.tables[2].rows] == [("happy", "4"), ("neutral", "4"), ("all", "8")]
    assert {finding.what.split(":")[0].split(";")[0] for finding in report.of("warning")} == {
        "only 4 utterances of happy",
        "only 4 utterances of neutral",
        "0.5 minutes of usable speech",
    }
    assert contents(source) == before


def test_all_problems_are_found_at_once(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    write_bursts(source / "sad" / "take1.wav", [3.0, 1.0, 20.0, 3.0], amplitudes=[0.2, 1.5, 0.2, 0.2])
    track = write_labels(source / "sad" / "take1.wav", [3.0, 1.0, 20.0, 3.0], SENTENCES)
    (source / "sad" / "text.wav").write_text("this is text", encoding="utf-8")
    write_bursts(source / "angri" / "x.wav", [3.0], noise=0.006)
    report = report_on(source, korean)
    assert found(report, "unknown emotion 'angri'").where == str(source / "angri")
    assert "did you mean 'angry'" in found(report, "unknown emotion 'angri'").remedy
    assert found(report, "file is text, not sound").where == str(source / "sad" / "text.wav")
    assert "at 5.0-7.0 s" in found(report, "clipped").what
    assert "5.8-6.8 s" in found(report, "1 piece shorter than 3 s").what
    assert found(report, "1 piece longer than 15 s").where == str(source / "sad" / "take1.wav")
    crossing = found(report, "label crosses the cut")
    assert crossing.where == str(track)
    assert crossing.what.startswith("2 pieces not usable")
    assert "label in line 3" in crossing.what
    assert found(report, "noisy: the pauses have -44").where == str(source / "angri" / "x.wav")
    assert found(report, "unlabelled: no label track and no script, so").where == str(source / "angri" / "x.wav")
    assert found(report, "imbalanced").severity == "note"
    assert len(report.of("error")) == 2


def test_counts_are_those_of_the_stages(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    lengths_s = [3.0, 1.0, 20.0, 3.0, 3.0, 0.05]
    write_bursts(source / "sad" / "take1.wav", lengths_s, pitch_hz=300)
    write_labels(source / "sad" / "take1.wav", lengths_s[:4], SENTENCES)
    report = report_on(source, korean, segment={"max_reject_fraction": 1.0}, label={"max_reject_fraction": 1.0})
    raw, segments, labels = tmp_path / "raw", tmp_path / "segments", tmp_path / "labels"
    collect_recordings(source, raw, language="KR", speaker="a", emotions=EmotionSet())
    cut = segment_recordings(
        raw,
        segments,
        sample_rate_hz=RATE,
        settings=SETTINGS.segment.model_copy(update={"max_reject_fraction": 1.0}),
    )
    labelled = label_segments(
        segments, raw, labels, emotions=EmotionSet(), settings=label_settings(max_reject_fraction=1.0)
    )
    pieces, usable = report.tables[1].rows, report.tables[2].rows
    assert sum(int(row[2]) for row in pieces) == cut.kept
    assert sum(int(row[4]) + int(row[5]) for row in pieces) == cut.rejected
    assert {row[0]: int(row[1]) for row in usable[:-1]} == labelled.counts
    assert usable[-1][1] == str(labelled.n_kept)
    assert {reason: count for reason, count in labelled.reasons.items() if count} == {
        "label crosses the cut": 2,
        "no transcript": 1,
    }
    assert found(report, "not usable: label crosses the cut").what.startswith("2 pieces")
    assert found(report, "not usable: no text").what.startswith("1 piece")


def test_every_faulty_label_is_named_with_its_line(tmp_path: Path, korean: FrontEnd) -> None:
    path = tmp_path / "take.wav"
    write_bursts(path, [3.0] * 4)
    track = tmp_path / "take.labels.txt"
    lines = [
        "1.4\t4.4\t[happy] 안녕하세요 여러분.",
        "5.8\tx\t[happy] 오늘은",
        "10.2\t13.2\t[hapy] 내일은",
        "14.6\t17.6\t[sad] 어제는 Ж 밤",
    ]
    track.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = report_on(path, korean)
    assert found(report, "bad number").where == f"{track}:2"
    assert found(report, "unknown emotion 'hapy'").where == f"{track}:3"
    unreadable = found(report, "holds characters that cannot be read")
    assert unreadable.where == f"{track}:4"
    assert unreadable.severity == "error"
    assert "'Ж' (U+0416)" in unreadable.what
    assert found(report, "2 pieces not usable: no text").where == str(track)
    assert "2 of 4" in found(report, "too many pieces are without a usable text").what


def test_unreadable_text_is_a_warning_where_it_is_skipped(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    track = source / "happy" / "take1.labels.txt"
    track.write_text(track.read_text(encoding="utf-8").replace("친구", "Жя"), encoding="utf-8")
    assert found(report_on(source, korean), "cannot be read").severity == "error"
    skipping = report_on(source, korean, corpus={"on_unknown": "skip"})
    assert found(skipping, "cannot be read").severity == "warning"
    (error,) = skipping.of("error")
    assert error.what == (
        "only 3 utterances of happy: 2 are kept for validation and test, and 1 is too few to fit the emotion "
        "classifier, which wants 2"
    )
    assert error.remedy == "record at least 10 of happy, or leave it out"


def test_label_over_silence(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    track = source / "happy" / "take1.labels.txt"
    with track.open("a", encoding="utf-8") as stream:
        stream.write("18.3\t18.6\t아무 말도 없는 곳\n")
    assert found(report_on(source, korean), "label over silence").where == f"{track}:5"


def test_track_of_another_encoding(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    track = source / "happy" / "take1.labels.txt"
    track.write_bytes(track.read_text(encoding="utf-8").encode("cp949"))
    finding = found(report_on(source, korean), "file is not UTF-8")
    assert finding.severity == "error"
    assert "CP949" in finding.what


def test_script_with_a_line_missing(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    write_bursts(source / "sad" / "take.wav", [3.0] * 4, pitch_hz=300)
    script = source / "sad" / "take.txt"
    script.write_text("\n".join(SENTENCES[:3]) + "\n", encoding="utf-8")
    finding = found(report_on(source, korean), "the script does not fit its recording")
    assert finding.severity == "error"
    assert finding.where == str(script)
    assert "3 lines, 4 pieces of speech" in finding.what
    script.write_text("\n".join(f"{text} 그렇지요." for text in SENTENCES) + "\n", encoding="utf-8")
    report = report_on(source, korean)
    assert not report.has_errors
    assert report.tables[1].rows[1] == ("sad/take.wav", "sad", "4", "0", "0", "0", "script, 4", "4")


def test_script_with_faulty_lines_is_not_matched(tmp_path: Path, korean: FrontEnd) -> None:
    path = tmp_path / "take.wav"
    write_bursts(path, [3.0] * 4)
    script = tmp_path / "take.txt"
    script.write_text("[happy] 하나\n[happ] 둘|셋\n[happy] 넷\n", encoding="utf-8")
    report = report_on(path, korean)
    assert found(report, "unknown emotion 'happ'").where == f"{script}:2"
    assert "3 lines, 4 pieces of speech" in found(report, "the script does not fit").what
    assert found(report, "not one usable utterance").severity == "error"


def test_wrong_text_is_suspected_by_its_length(tmp_path: Path, korean: FrontEnd) -> None:
    path = tmp_path / "happy" / "take.wav"
    write_bursts(path, [3.0] * 8)
    texts = [f"{text} {number}" for number in range(2) for text in SENTENCES]
    texts[5] = "네."
    write_labels(path, [3.0] * 8, texts)
    finding = found(report_on(tmp_path, korean), "possibly the wrong text")
    assert "too little text" in finding.what
    assert finding.where == f"{path} 23.4-26.4 s"


def test_emotion_that_nothing_names(tmp_path: Path, korean: FrontEnd) -> None:
    path = tmp_path / "take.wav"
    write_bursts(path, [3.0] * 4)
    write_labels(path, [3.0] * 4, [*SENTENCES[:3], f"[happy] {SENTENCES[3]}"])
    report = report_on(path, korean)
    assert found(report, "no emotion").what.startswith("3 pieces not usable")
    assert found(report, "only one utterance of happy").severity == "error"
    assert found(report, "one emotion only (happy)").severity == "error"
    assert found(report, "no neutral utterances").severity == "warning"


def test_no_pause_in_a_minute(tmp_path: Path, korean: FrontEnd) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, 0.2 * np.sin(2 * np.pi * 220 * np.arange(60 * RATE) / RATE), RATE)
    finding = found(report_on(path, korean), "no pause of 1 s below -40 dBFS in 60 s")
    assert "segment.threshold_db" in finding.remedy


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros(5 * RATE), "all samples are zero"),
        (np.full(5 * RATE, np.nan), "samples are not finite"),
        (1e-3 * np.random.default_rng(0).standard_normal(5 * RATE), "recording is silent"),
    ],
)
def test_sound_that_cannot_be_used(tmp_path: Path, korean: FrontEnd, samples: np.ndarray, message: str) -> None:
    path = tmp_path / "take.wav"
    soundfile.write(path, samples, RATE, subtype="FLOAT")
    report = report_on(path, korean)
    assert found(report, message).severity == "error"
    assert found(report, message).where == str(path)


def test_low_rate_and_many_channels(tmp_path: Path, korean: FrontEnd) -> None:
    write_bursts(tmp_path / "low.wav", [3.0], rate=8000)
    noise = 0.1 * np.random.default_rng(0).standard_normal((4 * RATE, 6))
    soundfile.write(tmp_path / "six.wav", noise, RATE)
    report = report_on(tmp_path, korean)
    assert found(report, "8000 Hz; at least 16000 Hz").severity == "error"
    assert found(report, "6 channels are mixed down").where == str(tmp_path / "six.wav")


def test_files_that_do_not_belong(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    stray = source / "happy" / "take1.label.txt"
    stray.write_text("x", encoding="utf-8")
    shutil.copy(source / "happy" / "take1.wav", source / "happy" / "take2.wav")
    (source / "happy" / "take1.txt").write_text("x", encoding="utf-8")
    report = report_on(source, korean)
    assert found(report, "text file belongs to no recording").where == str(stray)
    assert found(report, "same content as").where == str(source / "happy" / "take2.wav")
    assert found(report, "the label track take1.labels.txt goes before").severity == "note"


def test_recording_in_another_language(tmp_path: Path, korean: FrontEnd) -> None:
    good_folder(tmp_path / "日本語")
    report = report_on(tmp_path, korean)
    messages = [finding for finding in report.of("error") if "another language (JP)" in finding.what]
    assert len(messages) == 2


def test_empty_folder(tmp_path: Path, korean: FrontEnd) -> None:
    report = report_on(tmp_path, korean)
    assert [finding.severity for finding in report.findings] == ["error"]
    assert "no sound file in the source; found: an empty folder" in report.findings[0].what
    assert report.tables == ()


def test_a_script_that_does_not_fit_is_aligned_where_the_recogniser_is_installed(
    tmp_path: Path, korean: FrontEnd
) -> None:
    source = good_folder(tmp_path / "recordings")
    (source / "happy/take1.labels.txt").unlink()
    (source / "happy/take1.txt").write_text("\n".join(SENTENCES[:3]), encoding="utf-8")
    alone = found(report_on(source, korean), "the script does not fit its recording")
    assert alone.severity == "error"
    assert "pip install 'emotts[asr]'" in alone.remedy
    report = report_on(source, korean, hears=True)
    finding = found(report, "the script does not fit its recording")
    assert finding.severity == "note"
    assert found(report, "what can be used is known when the label stage has heard").severity == "note"
    assert report.of("error") == []
    assert finding.what.endswith("; the label stage aligns it with what it hears")


def test_a_take_without_a_text_may_be_recognised(tmp_path: Path, korean: FrontEnd) -> None:
    source = good_folder(tmp_path / "recordings")
    (source / "happy/take1.labels.txt").unlink()
    alone = found(report_on(source, korean), "unlabelled")
    assert alone.remedy.endswith("beside it, or set label.recognise: true")
    report = report_on(source, korean, hears=True, label={"recognise": True})
    assert found(report, "the label stage writes down what it hears (label.recognise)").severity == "note"
