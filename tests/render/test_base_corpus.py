"""The base corpus rendered by a voice of tones, whose phones have exactly known times."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from emotts.audio.io import probe, read_mono
from emotts.corpus.lists import read_metadata
from emotts.corpus.timed_items import TimedItem, read_timed_items
from emotts.text.frontend import front_end
from tools.render.base_corpus import main, render_base
from tools.render.base_plan import PlannedSentence
from tools.render.kokoro import FRAME_SAMPLES, KOKORO_RATE_HZ, Melody, Reading
from tools.render.studio import Studio

SENTENCES = [
    PlannedSentence("까치 가족, 토끼 가족 모두 모여.", "KR", "alpha", ("neutral", "sad")),
    PlannedSentence("바다가 저 멀리 보여요!", "KR", "kumo", ("happy", "neutral")),
]
VOWELS = set("aɛʌeouɯijw")
LEAD_SAMPLES = 1320


class ToneVoice:
    """Speaks each vowel as a tone of 0.15 s, everything else as silence; it is its own network."""

    def __init__(self) -> None:
        self.network = self

    def read(self, spelling: str) -> Reading:
        durations = [12.0, *(6.0 if character in VOWELS else 3.0 for character in spelling), 12.0]
        sounds = np.array([0, *(character in VOWELS for character in spelling), 0])
        return Reading(np.array(durations), {"sounds": sounds}, np.zeros(256))

    def sing(self, reading: Reading, frames: np.ndarray) -> Melody:
        values = 2 * int(frames.sum())
        return Melody(np.full(values, 200.0), np.ones(values))

    def sound(self, reading: Reading, frames: np.ndarray, *, melody: Melody) -> np.ndarray:
        pitch_hz = np.repeat(melody.pitch_hz, FRAME_SAMPLES // 2)
        phase = 2 * np.pi * np.cumsum(pitch_hz) / KOKORO_RATE_HZ
        tone = 0.02 * sum(np.sin(harmonic * phase) for harmonic in range(1, 20))
        heard = np.repeat(reading.state["sounds"], frames * FRAME_SAMPLES)
        return np.roll(tone * heard, -LEAD_SAMPLES).astype(np.float32)


def render(out: Path, sentences: list[PlannedSentence], *, alone: bool = True) -> None:
    studio = Studio(ToneVoice(), front_end("KR"))
    studios = {("alpha", "KR"): studio, ("kumo", "KR"): studio}
    render_base(out, sentences=sentences, studios=studios, seed=0, alone=alone)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("base")
    render(out, SENTENCES)
    return out


def levels_db(corpus: Path, timed: TimedItem) -> list[float]:
    """Level of the inner half of every phone."""
    samples, rate_hz = read_mono(corpus / timed.item.wav)
    edges = np.concatenate([[0.0], np.cumsum(timed.durations_s)]) * rate_hz
    inner = [(round(0.75 * a + 0.25 * b), round(0.25 * a + 0.75 * b)) for a, b in pairwise(edges)]
    return [float(10 * np.log10(np.mean(samples[a:b] ** 2) + 1e-12)) for a, b in inner]


def test_clips_and_lists(corpus: Path):
    rows = read_metadata(corpus / "metadata.list")
    assert sorted((row.speaker, row.language, row.text, row.emotion) for row in rows) == sorted(
        (each.speaker, "KR", each.text, emotion) for each in SENTENCES for emotion in each.emotions
    )
    assert sorted(row.wav for row in rows) == sorted(f"wavs/{path.name}" for path in (corpus / "wavs").iterdir())
    for row in rows:
        info = probe(corpus / row.wav)
        assert (info.sample_rate_hz, info.channels) == (22_050, 1)


def test_phones_are_those_of_the_front_end_and_durations_fill_the_clip(corpus: Path):
    reader = front_end("KR")
    for timed in read_timed_items(corpus / "durations.jsonl"):
        spoken = reader.read(timed.item.text)
        assert (timed.item.phones, timed.item.tones, timed.item.word2ph) == (
            spoken.phones,
            spoken.tones,
            spoken.word2ph,
        )
        assert sum(timed.durations_s) == pytest.approx(probe(corpus / timed.item.wav).duration_s, abs=1e-4)
        assert min(timed.durations_s) >= 0.0099


def test_the_sound_is_where_the_durations_say(corpus: Path):
    for timed in read_timed_items(corpus / "durations.jsonl"):
        levels = dict(zip(enumerate(timed.item.phones), levels_db(corpus, timed), strict=True))
        vowels = [level for (_, phone), level in levels.items() if "ᅡ" <= phone <= "ᅵ"]
        silent = [level for (_, phone), level in levels.items() if phone in "_,.!" or phone in "ᄁᄀᄐᄇ"]
        assert min(vowels) > max(silent) + 15, timed.item.wav


def test_an_emotion_has_its_tempo_level_and_pitch(corpus: Path):
    timed = {
        each.item.emotion: each for each in read_timed_items(corpus / "durations.jsonl") if "까치" in each.item.text
    }
    vowel_s = {name: each.durations_s[2] for name, each in timed.items()}
    assert vowel_s["neutral"] == pytest.approx(0.15, rel=0.15)
    assert vowel_s["sad"] > 1.1 * vowel_s["neutral"]
    level_db = {name: levels_db(corpus, each)[2] for name, each in timed.items()}
    assert level_db["sad"] < level_db["neutral"] - 1.0


def test_a_pause_between_clauses_belongs_to_the_mark(corpus: Path):
    for timed in read_timed_items(corpus / "durations.jsonl"):
        if "," in timed.item.phones:
            assert timed.durations_s[timed.item.phones.index(",")] > 0.1


def test_what_is_there_is_not_rendered_again(tmp_path: Path):
    render(tmp_path, SENTENCES[:1])
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "wavs").iterdir()}
    (tmp_path / "wavs" / ".alpha.flac.1.part").write_bytes(b"killed here")
    render(tmp_path, SENTENCES)
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "wavs").iterdir()}
    assert len(after) == 4
    assert before.items() <= after.items()
    assert len(read_timed_items(tmp_path / "durations.jsonl")) == 4


def test_a_sentence_killed_between_its_clips_is_rendered_again_to_the_same_bytes(corpus: Path, tmp_path: Path):
    render(tmp_path, SENTENCES[1:])
    (row,) = (tmp_path / "rows").iterdir()
    row.unlink()
    sorted((tmp_path / "wavs").iterdir())[0].unlink()
    render(tmp_path, SENTENCES[1:])
    for path in (tmp_path / "wavs").iterdir():
        assert path.read_bytes() == (corpus / "wavs" / path.name).read_bytes()


def test_processes_that_share_the_work_leave_each_other_and_the_lists_alone(corpus: Path, tmp_path: Path):
    other = tmp_path / "wavs" / ".kumo.flac.1.part"
    render(tmp_path, SENTENCES[0::2], alone=False)
    other.write_bytes(b"being written by another process")
    render(tmp_path, SENTENCES[1::2], alone=False)
    assert other.is_file()
    assert not (tmp_path / "metadata.list").exists()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "wavs").glob("*.flac")}
    render(tmp_path, SENTENCES)
    assert not other.exists()
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "wavs").iterdir()}
    for name in ("metadata.list", "durations.jsonl"):
        assert (tmp_path / name).read_bytes() == (corpus / name).read_bytes()


@pytest.mark.parametrize("share", ["0/2", "3/2", "2", "1/", "a/b"])
def test_a_bad_share_is_refused_before_anything_is_loaded(
    share: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit):
        main(["--out", str(tmp_path), "--part", share])
    assert f"{share!r} is no share: 1/2 is the first of two" in capsys.readouterr().err
