"""Recordings taken in from files and folders, and those that are refused."""

import hashlib
import logging
import os
import signal
from pathlib import Path

import numpy as np
import pytest
import soundfile

from emotts.corpus.rows import Recording, Reject, read_rows
from emotts.corpus.sources.collect import MIN_SAMPLE_RATE_HZ, collect_recordings
from emotts.corpus.sources.copying import copy_file, sha256_of
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import AudioError, CorpusError


def record(path: Path, *, seed: int = 0, rate: int = 16000, channels: int = 1, seconds: float = 0.5) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = np.random.default_rng(seed).uniform(-0.3, 0.3, (int(seconds * rate), channels))
    soundfile.write(path, sound, rate)
    return path


def take_in(source: Path, out: Path) -> list[Recording]:
    return collect_recordings(source, out, language="KR", speaker="mina", emotions=EmotionSet())


def test_folder_is_copied_untouched_and_listed(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "raw"
    record(source / "한국어/기쁨/PTD/take1.flac", seed=1, rate=24000, channels=2)
    record(source / "한국어/슬픔/take1.wav", seed=2)
    (source / "한국어/슬픔/take1.txt").write_text("비가 와요.\n", encoding="utf-8")
    (source / "한국어/슬픔/take1.labels.txt").write_text("0\t1\t비가 와요.\n", encoding="utf-8")
    rows = take_in(source, out)
    assert rows == read_rows(out / "recordings.jsonl", Recording)
    happy = (source / "한국어/기쁨/PTD/take1.flac").read_bytes()
    assert rows[0] == Recording(
        file="한국어/기쁨/PTD/take1.flac",
        sha256=hashlib.sha256(happy).hexdigest(),
        sample_rate_hz=24000,
        channels=2,
        duration_s=0.5,
        speaker="mina",
        language="KR",
        emotion="happy",
    )
    assert (out / rows[0].file).read_bytes() == happy
    assert (rows[1].emotion, rows[1].script, rows[1].labels) == (
        "sad",
        "한국어/슬픔/take1.txt",
        "한국어/슬픔/take1.labels.txt",
    )
    assert (out / "한국어/슬픔/take1.txt").read_text(encoding="utf-8") == "비가 와요.\n"


def test_all_speakers_whom_the_source_names(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for seed, name in enumerate("abcd"):
        record(source / f"{name}.wav", seed=seed)
    table = "file,text,emotion,speaker\na.wav,가,happy,mina\nb.wav,나,happy,bora\nc.wav,다,sad,mina\nd.wav,라,sad,\n"
    (source / "clips.csv").write_text(table, encoding="utf-8")
    rows = collect_recordings(source, tmp_path / "raw", language="KR", speaker="all", emotions=EmotionSet())
    assert [(row.file, row.speaker) for row in rows] == [("a.wav", "mina"), ("b.wav", "bora"), ("c.wav", "mina")]
    (reject,) = read_rows(tmp_path / "raw/rejects.jsonl", Reject)
    assert (reject.recording, reject.reason) == ("d.wav", "no speaker is named")
    (source / "clips.csv").write_text("file,text,speaker\na.wav,가,mina\n", encoding="utf-8")
    (row,) = collect_recordings(source, tmp_path / "raw", language="KR", speaker="all", emotions=EmotionSet())
    assert row.speaker == "mina"


def test_all_speakers_of_a_source_that_names_none(tmp_path: Path) -> None:
    take = record(tmp_path / "happy/take.wav")
    with pytest.raises(CorpusError, match=r"names no speakers\n  found: recording.speaker: all\n(.|\n)*--speaker"):
        collect_recordings(take, tmp_path / "raw", language="KR", speaker="all", emotions=EmotionSet())


def test_copy_is_a_file_of_its_own(tmp_path: Path) -> None:
    source = record(tmp_path / "take.wav")
    (row,) = take_in(source, tmp_path / "raw")
    assert row.emotion is None
    (tmp_path / "raw/take.wav").chmod(0o444)
    assert source.stat().st_mode & 0o200
    assert source.stat().st_ino != (tmp_path / "raw/take.wav").stat().st_ino


def test_other_files_are_counted_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    record(tmp_path / "source/happy/a.wav")
    for name in ("cover.jpg", "back.jpg", ".DS_Store"):
        (tmp_path / "source/happy" / name).write_bytes(b"x")
    with caplog.at_level(logging.INFO):
        take_in(tmp_path / "source", tmp_path / "raw")
    assert "3 files of other kinds ignored" in caplog.text
    assert ".DS_Store x1, .jpg x2" in caplog.text
    assert "1 files in, 1 kept" in caplog.text


def test_same_content_twice_names_both(tmp_path: Path) -> None:
    first = record(tmp_path / "source/happy/a.wav")
    (tmp_path / "source/sad").mkdir()
    (tmp_path / "source/sad/b.wav").write_bytes(first.read_bytes())
    with pytest.raises(CorpusError, match=r"sad/b\.wav: two recordings have the same content\n.*happy/a\.wav"):
        take_in(tmp_path / "source", tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


def test_8_khz_is_refused(tmp_path: Path) -> None:
    record(tmp_path / "phone.wav", rate=8000)
    message = r"phone\.wav: sample rate is too low for a voice\n  found: 8000 Hz\n  wanted: at least 16000 Hz"
    with pytest.raises(AudioError, match=message):
        take_in(tmp_path / "phone.wav", tmp_path / "raw")


def test_six_channels_are_taken_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    record(tmp_path / "room.wav", channels=6)
    (row,) = take_in(tmp_path / "room.wav", tmp_path / "raw")
    assert row.channels == 6
    assert "has 6 channels; they will be mixed down" in caplog.text


def test_one_bad_file_leaves_nothing_behind(tmp_path: Path) -> None:
    record(tmp_path / "source/happy/a.wav")
    (tmp_path / "source/happy/b.wav").write_text("not a sound", encoding="utf-8")
    with pytest.raises(AudioError, match=r"b\.wav: file is text, not sound"):
        take_in(tmp_path / "source", tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(("source", "out"), [(".", "data/raw"), ("data/raw/old", "data/raw"), ("data", "data")])
def test_source_and_target_inside_each_other(tmp_path: Path, source: str, out: str) -> None:
    record(tmp_path / source / "a.wav")
    with pytest.raises(CorpusError, match="lie inside each other"):
        take_in(tmp_path / source, tmp_path / out)


@pytest.mark.parametrize("speaker", ["", "two words", "a|b"])
def test_speaker_names_that_the_lists_cannot_hold(tmp_path: Path, speaker: str) -> None:
    with pytest.raises(CorpusError, match="speaker name .* cannot be used"):
        collect_recordings(tmp_path, tmp_path / "raw", language="KR", speaker=speaker, emotions=EmotionSet())


def test_interrupted_copy_leaves_no_file(tmp_path: Path) -> None:
    """The copy waits for the rest of a pipe when the interruption comes."""
    pipe = tmp_path / "take.wav"
    os.mkfifo(pipe)
    holder = os.open(pipe, os.O_RDWR)
    os.write(holder, b"half")

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            copy_file(pipe, tmp_path / "raw" / "take.wav")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        os.close(holder)
    assert list((tmp_path / "raw").iterdir()) == []


def test_interrupted_pass_leaves_no_list_of_an_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = record(tmp_path / "take.wav")
    take_in(source, tmp_path / "raw")
    monkeypatch.setattr("pathlib.Path.replace", lambda *arguments: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        take_in(record(source, seed=1), tmp_path / "raw")
    assert [path.name for path in (tmp_path / "raw").iterdir()] == ["take.wav"]


def test_copy_that_the_disk_refuses(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(CorpusError, match="file cannot be copied"):
        copy_file(tmp_path / "file", tmp_path / "file" / "below")


def test_sha256(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_lowest_rate_is_below_every_model(tmp_path: Path) -> None:
    record(tmp_path / "a.wav", rate=MIN_SAMPLE_RATE_HZ)
    assert take_in(tmp_path / "a.wav", tmp_path / "raw")[0].sample_rate_hz == 16000
