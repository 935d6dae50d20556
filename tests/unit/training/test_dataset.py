"""Clips from a corpus list: real files, real lengths, nothing guessed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from emotts.audio.io import write_wav
from emotts.corpus.lists import CorpusItem, CorpusList, write_list
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import AudioError, CorpusError
from emotts.text.bert.features import CorpusFeatures, TextVectors
from emotts.text.encode import encode
from emotts.training.dataset import ClipDataset, ClipFormat, read_clips

RATE_HZ, HOP = 8000, 32
PHONES = ("_", "ᄋ", "ᅡ", "ᆫ", "_")
ITEM = CorpusItem(
    wav="wavs/a.wav",
    speaker="다온",
    language="KR",
    text="안",
    phones=PHONES,
    tones=(0, 0, 0, 0, 0),
    word2ph=(1, 3, 1),
    emotion="sad",
)


def sound(n_samples: int, *, seed: int = 0) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(n_samples)).astype(np.float32)


def corpus(folder: Path, *items: CorpusItem, n_samples: int = 2 * RATE_HZ + 7) -> Path:
    for number, item in enumerate(items):
        if not (folder / item.wav).exists():
            write_wav(folder / item.wav, sound(n_samples, seed=number), sample_rate_hz=RATE_HZ)
    write_list(folder / "train.list", items)
    return folder / "train.list"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wavs").mkdir()
    return tmp_path


def read(path: Path, **changes) -> ClipDataset:
    form = {"sample_rate_hz": RATE_HZ, "hop_length": HOP}
    form |= {
        name: changes.pop(name)
        for name in ("hop_length", "sample_rate_hz", "keep_bytes", "add_blank", "with_pitch")
        if name in changes
    }
    arguments = {"speakers": {"지우": 0, "다온": 1}, "emotions": EmotionSet(), **changes}
    return read_clips(CorpusList.read(path), format=ClipFormat(**form), **arguments)


def test_a_clip_holds_ids_sound_speaker_and_emotion(folder: Path) -> None:
    clip = read(corpus(folder, ITEM))[0]
    wanted = encode(PHONES, ITEM.tones, language="KR", add_blank=True)
    assert clip.tokens.tolist() == wanted.tokens.tolist()
    assert clip.tones.tolist() == wanted.tones.tolist()
    assert clip.languages.tolist() == wanted.languages.tolist()
    assert (clip.speaker, clip.emotion, clip.wav) == (1, 2, str(folder / "wavs/a.wav"))
    # cut to whole frames
    assert clip.n_frames == (2 * RATE_HZ + 7) // HOP
    assert clip.waveform.dtype == torch.float32
    assert len(clip.waveform) == clip.n_frames * HOP
    assert np.abs(clip.waveform.numpy() - sound(2 * RATE_HZ + 7)[: len(clip.waveform)]).max() < 2**-15


def test_an_alias_is_the_emotion_it_stands_for(folder: Path) -> None:
    assert read(corpus(folder, dataclasses.replace(ITEM, emotion="분노"))).emotions == [3]


def test_a_voice_is_a_speaker_in_an_emotion_and_a_language(folder: Path) -> None:
    japanese = dataclasses.replace(ITEM, wav="wavs/b.wav", language="JP", phones=("_", "a", "_"), tones=(0, 0, 0))
    japanese = dataclasses.replace(japanese, word2ph=(1, 1, 1))
    other = dataclasses.replace(ITEM, wav="wavs/c.wav", speaker="지우")
    happy = dataclasses.replace(ITEM, wav="wavs/d.wav", emotion="happy")
    again = dataclasses.replace(ITEM, wav="wavs/e.wav")
    assert read(corpus(folder, ITEM, japanese, other, happy, again)).voices == [0, 1, 2, 3, 0]


def test_fault_2_length_is_that_of_the_header_for_every_format(folder: Path) -> None:
    import soundfile

    items = [dataclasses.replace(ITEM, wav=f"wavs/{name}") for name in ("b.wav", "c.wav", "d.flac")]
    soundfile.write(folder / "wavs/b.wav", sound(20 * RATE_HZ), RATE_HZ, subtype="FLOAT")
    soundfile.write(folder / "wavs/c.wav", np.stack([sound(3 * RATE_HZ)] * 2, axis=1), RATE_HZ, subtype="PCM_24")
    soundfile.write(folder / "wavs/d.flac", sound(5 * RATE_HZ), RATE_HZ)
    clips = read(corpus(folder, *items))
    assert clips.lengths == [20 * RATE_HZ, 3 * RATE_HZ, 5 * RATE_HZ]
    assert [clips[number].n_frames for number in range(3)] == [5000, 750, 1250]


def test_fault_3_a_long_text_of_few_phones_stays(folder: Path) -> None:
    long = dataclasses.replace(ITEM, text="안" * 5000)
    assert len(read(corpus(folder, long))) == 1


def test_fault_6_an_unknown_speaker_is_an_error(folder: Path) -> None:
    path = corpus(folder, ITEM)
    with pytest.raises(CorpusError, match=r"(?s)train\.list:1: unknown speaker '다온'.*wanted: one of 지우"):
        read(path, speakers={"지우": 0})


def test_sound_is_kept_or_read_again_and_is_the_same(folder: Path) -> None:
    path = corpus(folder, ITEM)
    kept, unkept = read(path), read(path, keep_bytes=1000)
    assert (kept.in_memory, unkept.in_memory) == (True, False)
    first, again = kept[0].waveform, kept[0].waveform
    assert first.data_ptr() == again.data_ptr()
    first, again = unkept[0].waveform, unkept[0].waveform
    assert first.data_ptr() != again.data_ptr()
    assert torch.equal(kept[0].waveform, first)


def test_fault_9_nothing_is_written_beside_the_sound(folder: Path) -> None:
    clips = read(corpus(folder, ITEM))
    assert clips[0].n_frames > 0
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["a.wav", "train.list"]


def test_a_file_that_changes_while_it_is_trained_on_is_noticed(folder: Path) -> None:
    clips = read(corpus(folder, ITEM), keep_bytes=0)
    write_wav(folder / ITEM.wav, sound(100), sample_rate_hz=RATE_HZ)
    with pytest.raises(CorpusError, match=r"(?s)a\.wav: the file changed.*found: 100 samples.*wanted: 16007 samples"):
        clips[0]


def test_another_sample_rate_is_an_error(folder: Path) -> None:
    path = corpus(folder, ITEM)
    with pytest.raises(CorpusError, match=r"(?s)a\.wav: .*another sample rate.*found: 8000 Hz.*wanted: 22050 Hz"):
        read(path, sample_rate_hz=22050)


def test_a_text_longer_than_its_sound_is_an_error(folder: Path) -> None:
    path = corpus(folder, ITEM, n_samples=10 * HOP)
    with pytest.raises(CorpusError, match=r"(?s)train\.list:1: the clip is too short.*found: 11 tokens in 10 frames"):
        read(path)


def test_a_missing_file_and_an_empty_list_are_errors(folder: Path) -> None:
    path = corpus(folder, ITEM)
    (folder / ITEM.wav).unlink()
    with pytest.raises(AudioError, match=r"a\.wav"):
        read(path)
    path.write_text("")
    with pytest.raises(CorpusError, match="the list has no rows"):
        read(path)


def test_a_clip_has_its_pitch_where_it_is_wanted(folder: Path) -> None:
    time_s = np.arange(RATE_HZ) / RATE_HZ
    tone = sum(0.05 * np.cos(2 * np.pi * 210.0 * number * time_s) for number in range(1, 6))
    write_wav(folder / ITEM.wav, np.asarray(tone, dtype=np.float32), sample_rate_hz=RATE_HZ)
    path = corpus(folder, ITEM)
    assert read(path)[0].pitch is None
    clip = read(path, with_pitch=True)[0]
    assert clip.pitch is not None
    assert clip.pitch.shape == (clip.n_frames,)
    np.testing.assert_allclose(clip.pitch[5:-5] * RATE_HZ, 210.0, rtol=5e-3)


def test_bert_features_are_those_of_the_clips_text(folder: Path) -> None:
    vectors = np.arange(6, dtype=np.float16).reshape(3, 2)
    read_text = TextVectors(ITEM.text, vectors, np.array([(0, 1)], dtype=np.int32))
    features = CorpusFeatures({}, {("KR", ITEM.text): read_text})
    path = corpus(folder, ITEM)
    assert read(path)[0].ja_bert is None
    clip = read(path, features=features)[0]
    assert clip.ja_bert is not None
    assert clip.ja_bert.dtype == torch.float32
    # [CLS] for the first phone and the two blanks around it, the piece for three, [SEP] for the last
    assert clip.ja_bert.tolist() == [[0.0, 1.0]] * 3 + [[2.0, 3.0]] * 6 + [[4.0, 5.0]] * 2
    assert len(clip.ja_bert) == len(clip.tokens)
    assert read(path, features=features, add_blank=False)[0].ja_bert.tolist()[1:4] == [[2.0, 3.0]] * 3

    with pytest.raises(CorpusError, match=r"train.list:1: no BERT features were computed for this text"):
        read(path, features=CorpusFeatures({}, {("EN", ITEM.text): read_text}))
