"""Collating clips, and the stream of batches."""

from __future__ import annotations

import dataclasses
import itertools
from types import ModuleType

import torch

from emotts.features.spectrogram import Spectrogram
from emotts.training.batch import collate
from emotts.training.loader import load_batches


def test_ids_are_padded_with_zero_and_lengths_are_the_real_ones(toy: ModuleType) -> None:
    clips = [toy.ToyClips(8, seed=1)[number] for number in range(4)]
    batch = collate(clips, hop_length=toy.HOP, mirror_samples=16, min_frames=1)
    assert batch.wavs == ("wavs/000.wav", "wavs/001.wav", "wavs/002.wav", "wavs/003.wav")
    assert batch.token_lengths.tolist() == [len(clip.tokens) for clip in clips]
    assert batch.frame_lengths.tolist() == [len(clip.waveform) // toy.HOP for clip in clips]
    assert batch.emotion.tolist() == [0, 1, 2, 0]
    for row, clip in enumerate(clips):
        n_tokens, n_samples = len(clip.tokens), len(clip.waveform)
        assert torch.equal(batch.tokens[row, :n_tokens], clip.tokens)
        assert torch.equal(batch.tones[row, :n_tokens], clip.tones)
        assert batch.tokens[row, n_tokens:].sum() == 0
        assert torch.equal(batch.waveform[row, :n_samples], clip.waveform)
        assert (batch.waveform[row, n_samples + 16 :] == 0).all()


def test_a_clips_spectrogram_does_not_depend_on_its_batch(toy: ModuleType) -> None:
    spectrogram = Spectrogram(n_fft=toy.N_FFT, hop_length=toy.HOP, win_length=toy.N_FFT)
    clips = sorted((toy.ToyClips(8, seed=1)[n] for n in range(8)), key=lambda clip: clip.n_frames)
    batch = collate(clips, hop_length=toy.HOP, mirror_samples=(toy.N_FFT - toy.HOP) // 2, min_frames=1)
    together = spectrogram(batch.waveform)
    for row, clip in enumerate(clips):
        alone = spectrogram(clip.waveform.unsqueeze(0))[0]
        assert alone.shape[1] == clip.n_frames
        assert torch.allclose(together[row, :, : clip.n_frames], alone, atol=1e-5)


def test_a_batch_is_never_shorter_than_a_segment(toy: ModuleType) -> None:
    batch = collate([toy.ToyClips(1, seed=1)[0]], hop_length=toy.HOP, mirror_samples=16, min_frames=100)
    assert batch.waveform.shape == (1, 100 * toy.HOP)


def test_streams_from_memory_and_from_a_reader_are_equal_and_draw_no_random_number(toy: ModuleType) -> None:
    class Elsewhere(toy.ToyClips):
        in_memory = False

    wanted = [[0, 2], [3], [1, 2]]
    arguments = {"hop_length": toy.HOP, "mirror_samples": 16, "min_frames": 1}
    before = torch.get_rng_state()
    near = list(load_batches(toy.ToyClips(4, seed=1), iter(wanted), **arguments))
    far = list(load_batches(Elsewhere(4, seed=1), iter(wanted), **arguments))
    ahead = list(load_batches(toy.ToyClips(4, seed=1), iter(wanted), n_workers=2, **arguments))
    assert torch.equal(torch.get_rng_state(), before)
    for stream in (far, ahead):
        assert [batch.wavs for batch in near] == [batch.wavs for batch in stream]
        assert all(torch.equal(a.waveform, b.waveform) for a, b in zip(near, stream, strict=True))


def test_an_endless_stream_can_be_cut(toy: ModuleType) -> None:
    stream = load_batches(
        toy.ToyClips(4, seed=1), itertools.repeat([0]), hop_length=toy.HOP, mirror_samples=16, min_frames=1
    )
    assert len(list(itertools.islice(stream, 5))) == 5


def test_bert_features_are_padded_with_zero_and_moved_along(toy: ModuleType) -> None:
    clips = [toy.ToyClips(8, seed=1)[number] for number in range(3)]
    assert collate(clips, hop_length=toy.HOP, mirror_samples=16, min_frames=1).ja_bert is None
    given = [dataclasses.replace(clip, ja_bert=torch.randn(len(clip.tokens), 5)) for clip in clips]
    batch = collate(given, hop_length=toy.HOP, mirror_samples=16, min_frames=1)
    assert batch.ja_bert is not None
    assert batch.ja_bert.shape == (3, 5, batch.tokens.shape[1])
    for row, clip in enumerate(given):
        assert torch.equal(batch.ja_bert[row, :, : len(clip.tokens)].T, clip.ja_bert)
        assert (batch.ja_bert[row, :, len(clip.tokens) :] == 0).all()
    moved = batch.to(torch.device("meta"))
    assert moved.ja_bert is not None
    assert moved.ja_bert.device.type == "meta"


def test_pitch_is_padded_as_unvoiced(toy: ModuleType) -> None:
    clips = [toy.ToyClips(3, seed=0)[index] for index in range(3)]
    batch = collate(clips, hop_length=toy.HOP, mirror_samples=16, min_frames=100)
    assert batch.pitch is not None
    assert batch.pitch.shape == (3, 100)
    for row, clip in enumerate(clips):
        assert torch.equal(batch.pitch[row, : clip.n_frames], clip.pitch)
        assert not batch.pitch[row, clip.n_frames :].any()
    moved = batch.to(torch.device("meta"))
    assert moved.pitch is not None
    assert moved.pitch.device.type == "meta"
    without = [dataclasses.replace(clip, pitch=None) for clip in clips]
    assert collate(without, hop_length=toy.HOP, mirror_samples=16, min_frames=1).pitch is None
