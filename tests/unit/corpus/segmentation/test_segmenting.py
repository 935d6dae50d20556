"""Recordings cut into segments: from sound to wavs and rows."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import pytest
import soundfile
from support.settings import parallel_settings, segment_settings

from emotts.audio.io import read_mono
from emotts.audio.resample import resample
from emotts.corpus.rows import Recording, Reject, Segment, read_rows
from emotts.corpus.segmentation.segment_names import segment_names
from emotts.corpus.segmentation.segmenting import SegmentSummary, segment_recordings
from emotts.corpus.sources.collect import collect_recordings
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import AudioError, ConfigError, CorpusError

RATE = 24000


def sound(*parts: tuple[float, float], rate: int = RATE, seed: int = 0) -> np.ndarray:
    """Noise of the given (seconds, amplitude) one after the other."""
    rng = np.random.default_rng(seed)
    return np.concatenate([amplitude * rng.uniform(-1, 1, round(seconds * rate)) for seconds, amplitude in parts])


def collect(root: Path, *, labelled: Sequence[str] = (), **takes: np.ndarray) -> Path:
    for name, samples in takes.items():
        path = root / "source" / f"{name.replace('__', '/')}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, RATE)
        if name in labelled:
            path.with_suffix(".labels.txt").write_text("0\t1\t가\n", encoding="utf-8")
    collect_recordings(root / "source", root / "raw", language="KR", speaker="mina", emotions=EmotionSet())
    return root / "raw"


def segment(root: Path, **changes: Any) -> SegmentSummary:
    rate_hz = changes.pop("sample_rate_hz", 22050)
    progress = changes.pop("progress", None)
    parallel = parallel_settings(jobs=changes.pop("jobs", 1))
    settings = segment_settings(**{"max_reject_fraction": 0.5, **changes})
    return segment_recordings(
        root / "raw",
        root / "segments",
        sample_rate_hz=rate_hz,
        settings=settings,
        parallel=parallel,
        progress=progress,
    )


def kept(root: Path) -> list[Segment]:
    return read_rows(root / "segments" / "segments.jsonl", Segment)


def rejected(root: Path) -> list[Reject]:
    return read_rows(root / "segments" / "rejects.jsonl", Reject)


LOUD, QUIET = 0.2, 0.0005
SHORT_PIECES = sound((4.0, LOUD), *[(1.0, LOUD), (1.2, QUIET)] * 3, (1.5, QUIET), (1.0, LOUD))


def test_pieces_are_written_at_their_places_without_a_change_of_level(tmp_path: Path) -> None:
    raw = collect(tmp_path, happy__take1=sound((1.2, QUIET), (4.0, LOUD), (1.5, QUIET), (5.0, LOUD), (0.2, QUIET)))
    summary = segment(tmp_path)
    first, second = kept(tmp_path)
    assert first.wav == "happy_take1/happy_take1_0001.wav"
    assert (first.recording, first.emotion, first.speaker, first.language) == ("happy/take1.wav", "happy", "mina", "KR")
    assert first.speech_start_s == pytest.approx(1.2, abs=0.01)
    assert first.speech_end_s == pytest.approx(5.2, abs=0.01)
    assert first.start_s == pytest.approx(first.speech_start_s - 0.5)
    assert first.end_s == pytest.approx(first.speech_end_s + 0.5)
    assert second.end_s == 11.9
    whole, _ = read_mono(raw / "happy/take1.wav")
    expected = resample(whole, from_hz=RATE, to_hz=22050)
    for row in (first, second):
        samples, rate = soundfile.read(tmp_path / "segments" / row.wav, dtype="float32")
        start = round(row.start_s * 22050)
        assert rate == 22050
        assert len(samples) == round((row.end_s - row.start_s) * 22050)
        np.testing.assert_allclose(samples, expected[start : start + len(samples)], atol=1 / 32768)
        assert soundfile.info(tmp_path / "segments" / row.wav).subtype == "PCM_16"
    assert (summary.spans, summary.kept, summary.rejected, summary.cut) == (2, 2, 0, 0)
    assert summary.kept_s == pytest.approx(first.end_s - first.start_s + second.end_s - second.start_s)


def test_short_pieces_and_clicks_stand_in_the_rejects(tmp_path: Path) -> None:
    take = ((1.0, QUIET), (0.9, LOUD), (2.0, QUIET), (0.02, 0.9), (2.0, QUIET), (4.0, LOUD), (1.2, QUIET))
    collect(tmp_path, take=sound(*take))
    summary = segment(tmp_path)
    short, click = rejected(tmp_path)
    assert (short.stage, short.recording, short.reason) == ("segment", "take.wav", "too short")
    assert short.start_s == pytest.approx(1.0, abs=0.01)
    assert "wanted 3.0 s to 15.0 s" in short.detail
    assert (click.reason, round(click.start_s, 1)) == ("click", 3.9)
    assert summary.reasons == {"too short": 1, "click": 1}
    assert summary.spans == summary.kept + summary.rejected == 3


def test_short_piece_is_joined_where_that_is_asked_for(tmp_path: Path) -> None:
    collect(tmp_path, take=sound((4.0, LOUD), (1.3, QUIET), (1.0, LOUD), (2.0, QUIET), (4.0, LOUD)))
    summary = segment(tmp_path, join_pause_s=1.5)
    assert (summary.joined, summary.kept, summary.rejected) == (1, 2, 0)
    assert kept(tmp_path)[0].speech_end_s == pytest.approx(6.3, abs=0.01)


def test_minute_without_a_pause_is_cut_at_its_quietest_places(tmp_path: Path) -> None:
    gaps = ((13.0, LOUD), (0.2, 0.02), (11.8, LOUD), (0.2, 0.02), (14.8, LOUD), (0.2, 0.02), (10.0, LOUD), (10.0, LOUD))
    collect(tmp_path, take=sound(*gaps))
    summary = segment(tmp_path)
    rows = kept(tmp_path)
    lengths = [soundfile.info(tmp_path / "segments" / row.wav).duration for row in rows]
    assert min(lengths) >= 3.0
    assert max(lengths) <= 15.0
    assert [left.end_s for left in rows[:-1]] == [right.start_s for right in rows[1:]]
    assert (rows[0].start_s, rows[-1].end_s) == (0.0, 60.2)
    for pause_s in (13.1, 25.1, 40.1):
        assert any(abs(row.end_s - pause_s) < 0.06 for row in rows)
    assert (summary.spans, summary.cut + 1) == (1, summary.kept)


def test_all_lengths_are_within_the_limits_at_an_odd_rate(tmp_path: Path) -> None:
    lengths = np.random.default_rng(4).uniform(0.3, 33.0, 14)
    collect(tmp_path, take=sound(*[part for s in lengths for part in ((float(s), LOUD), (1.217, QUIET))]))
    segment(tmp_path, sample_rate_hz=16001, max_reject_fraction=0.9)
    rows = kept(tmp_path)
    assert len(rows) == 27
    for row in rows:
        info = soundfile.info(tmp_path / "segments" / row.wav)
        assert 3.0 <= info.frames / 16001 <= 15.0


@pytest.mark.parametrize(("seconds", "amplitude"), [(3.0, 0.005), (0.5, 0.005), (1.0, 0.005)])
def test_silence_only(tmp_path: Path, seconds: float, amplitude: float) -> None:
    collect(tmp_path, take=sound((seconds, amplitude)))
    with pytest.raises(AudioError, match=r"take\.wav: recording is silent\n  found: no sound above -40\.0 dBFS"):
        segment(tmp_path)


def test_too_many_rejected(tmp_path: Path) -> None:
    collect(tmp_path, labelled=["take"], take=SHORT_PIECES)
    with pytest.raises(CorpusError, match=r"too many pieces .* rejected\n  found: 1 kept, 3 too short, of the record"):
        segment(tmp_path)
    assert len(rejected(tmp_path)) == 3
    assert not (tmp_path / "segments/segments.jsonl").exists()


def test_short_pieces_are_left_to_the_label_stage_where_there_is_no_label_track(tmp_path: Path) -> None:
    one, short = sound((1.5, QUIET), (4.0, LOUD), (1.5, QUIET)), sound((1.5, QUIET), (1.0, LOUD), (1.5, QUIET))
    collect(tmp_path, labelled=["happy__take"], happy__take=one, sad__take=SHORT_PIECES)
    summary = segment(tmp_path, max_reject_fraction=0.0)
    assert (summary.kept, summary.rejected, summary.labelled_kept, summary.labelled_lost) == (2, 3, 1, 0)
    collect(tmp_path / "all", take=short)
    assert segment(tmp_path / "all", max_reject_fraction=0.0).kept == 0
    assert kept(tmp_path / "all") == []
    assert [row.reason for row in rejected(tmp_path / "all")] == ["too short"]


def test_clicks_do_not_count_as_lost_pieces(tmp_path: Path) -> None:
    collect(tmp_path, take=sound((4.0, LOUD), *[(1.5, QUIET), (0.02, 0.9)] * 5, (1.5, QUIET)))
    assert segment(tmp_path, max_reject_fraction=0.0).reasons == {"click": 5}


def test_nothing_kept(tmp_path: Path) -> None:
    collect(tmp_path, labelled=["take"], take=sound((1.5, QUIET), (1.0, LOUD), (1.5, QUIET)))
    with pytest.raises(CorpusError, match="found: 0 kept, 1 too short, of the recordings with a label track"):
        segment(tmp_path, max_reject_fraction=1.0)


def test_six_channels_are_mixed_down_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mono = sound((4.0, LOUD), (1.5, QUIET))
    collect(tmp_path, take=np.stack([mono, mono, mono, mono, mono, mono], axis=1))
    caplog.clear()
    segment(tmp_path, sample_rate_hz=RATE)
    assert "6 channels are mixed down to one" in caplog.text
    samples, _ = soundfile.read(tmp_path / "segments" / kept(tmp_path)[0].wav)
    np.testing.assert_allclose(samples, mono[: len(samples)], atol=1 / 32768)


def test_interruption_leaves_whole_wavs_only_and_the_next_pass_starts_clean(tmp_path: Path) -> None:
    collect(tmp_path, take=sound(*[(4.0, LOUD), (1.5, QUIET)] * 4))
    calls = []

    def interrupt(done: int, total: int, note: str) -> None:
        calls.append((done, total, note))
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        segment(tmp_path, progress=interrupt)
    files = [path for path in (tmp_path / "segments").rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["take_0001.wav", "take_0002.wav"]
    assert all(soundfile.info(path).duration > 4 for path in files)
    (tmp_path / "segments/take/take_0099.wav").write_bytes(files[0].read_bytes())
    assert segment(tmp_path).kept == 4
    assert len(list((tmp_path / "segments/take").iterdir())) == 4


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    collect(tmp_path, a=sound((4.0, LOUD), seed=1), b=sound((5.0, LOUD), seed=2))
    calls: list[tuple[int, int, str]] = []
    segment(tmp_path, progress=lambda done, total, note: calls.append((done, total, note)))
    assert calls[-1] == (9, 9, "b.wav")
    assert [done for done, _, _ in calls] == sorted(done for done, _, _ in calls)


def test_recording_missing_from_the_folder(tmp_path: Path) -> None:
    raw = collect(tmp_path, take=sound((4.0, LOUD)))
    (raw / "take.wav").unlink()
    with pytest.raises(AudioError, match=r"raw/take\.wav: sound file is missing"):
        segment(tmp_path)


def row(file: str, emotion: str | None, sha256: str) -> Recording:
    return Recording(file, sha256, RATE, 1, 1.0, speaker="mina", language="KR", emotion=emotion)


def test_names_are_ascii_where_they_can_be_and_unique() -> None:
    rows = [
        row("한국어/기쁨/take 1.wav", "happy", "a" * 64),
        row("한국어/슬픔/take1.wav", "sad", "b" * 64),
        row("日本語/悲しみ/take1.wav", "sad", "c" * 64),
        row("녹음.wav", None, "d" * 64),
        row("!.wav", None, "e" * 64),
    ]
    names = ["happy_take_1", "sad_take1_bbbbbbbb", "sad_take1_cccccccc", "녹음", "recording"]
    assert segment_names(rows) == names
    assert segment_names(rows[::-1]) == names[::-1]


def test_long_names_are_cut_and_stay_distinct() -> None:
    rows = [row(f"{'가' * 80}{number}.wav", None, f"{number}" * 64) for number in (1, 2)]
    assert segment_names(rows) == [f"{'가' * 50}_11111111", f"{'가' * 50}_22222222"]
    assert segment_names(rows[:1]) == [f"{'가' * 50}_11111111"]


def test_short_pauses_in_noise_are_found_by_the_recordings_own_levels(tmp_path: Path) -> None:
    lines = [part for _ in range(4) for part in ((4.0, LOUD), (0.5, 0.01))]
    collect(tmp_path, take=sound((1.0, 0.01), *lines, (0.5, 0.01)))
    assert segment(tmp_path).spans == 1
    summary = segment(tmp_path, threshold_db="auto", min_silence_s=0.3)
    assert (summary.spans, summary.kept, summary.cut) == (4, 4, 0)
    first = kept(tmp_path)[0]
    assert [first.speech_start_s, first.speech_end_s] == pytest.approx([0.94, 5.06], abs=0.02)
    assert first.end_s - first.speech_end_s == pytest.approx(0.19, abs=0.02), "half of the pause"


def test_one_gain_brings_all_segments_of_a_recording_to_the_loudness(tmp_path: Path) -> None:
    pause = (1.2, QUIET)
    collect(tmp_path, take=sound((4.0, 0.2), pause, (4.0, 0.1)), other=sound((4.0, 0.02), pause, (4.0, 0.02)))
    segment(tmp_path)
    before = {row.wav: row.level_db for row in kept(tmp_path)}
    segment(tmp_path, loudness_lufs=-23.0)
    gains = {row.wav: row.level_db - before[row.wav] for row in kept(tmp_path)}
    assert gains["take/take_0001.wav"] == pytest.approx(gains["take/take_0002.wav"], abs=0.02)
    assert gains["other/other_0001.wav"] == pytest.approx(gains["take/take_0001.wav"] + 18, abs=0.2)
    loud, _ = soundfile.read(tmp_path / "segments/other/other_0001.wav")
    assert pyloudnorm.Meter(22050).integrated_loudness(loud) == pytest.approx(-23.0, abs=0.1)


def test_fades_begin_and_end_every_segment(tmp_path: Path) -> None:
    collect(tmp_path, take=sound((4.0, LOUD)))
    segment(tmp_path)
    plain, _ = soundfile.read(tmp_path / "segments/take/take_0001.wav", dtype="int16")
    segment(tmp_path, fade_s=0.005)
    soft, _ = soundfile.read(tmp_path / "segments/take/take_0001.wav", dtype="int16")
    assert len(soft) == len(plain)
    np.testing.assert_array_equal(soft[110:-110], plain[110:-110])
    assert (abs(soft[0]), abs(soft[-1])) == (0, 0)
    assert abs(plain[0]) > 10


def test_silence_by_the_recordings_own_levels(tmp_path: Path) -> None:
    collect(tmp_path, take=sound((4.0, 0.1)))
    with pytest.raises(AudioError, match=r"recording is silent\n  found: no sound that rises 8 dB above its noise\n"):
        segment(tmp_path, threshold_db="auto")


def test_without_silero_nothing_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collect(tmp_path, take=sound((4.0, LOUD)))
    segment(tmp_path)
    before = kept(tmp_path)
    monkeypatch.setitem(sys.modules, "silero_vad", None)
    with pytest.raises(ConfigError, match=r"params\.yaml: the package that detects speech is not installed"):
        segment(tmp_path, method="silero")
    assert kept(tmp_path) == before
