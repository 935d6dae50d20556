"""`emotts say` and `emotts export` as a user meets them: sound files, and stated problems."""

from __future__ import annotations

from pathlib import Path

import soundfile
from support.command_line import Emotts, names
from support.places import REPOSITORY


def test_say_without_a_voice(emotts: Emotts, tmp_path: Path) -> None:
    done = emotts("say", "안녕하세요.", "-o", "out.wav")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "emotts: models/export: no voice is there",
        "  to do: run `dvc repro` to train and export a voice, or name another folder",
    ]
    assert names(tmp_path) == set()


def small_voice(folder: Path) -> None:
    """Write a voice of random weights that knows neutral and happy."""
    import torch

    from emotts.checkpoint.voice_description import VoiceDescription
    from emotts.checkpoint.voice_folder import write_voice
    from emotts.model.settings import SynthesizerSettings
    from emotts.model.synthesizer import Synthesizer
    from emotts.settings import load_params
    from emotts.text.symbols import N_LANGUAGES, N_TONES, SYMBOLS

    params = load_params(REPOSITORY / "params.yaml")
    values = {
        **params.model.synthesizer.model_dump(exclude_none=True),
        "n_symbols": len(SYMBOLS),
        "n_tones": N_TONES,
        "n_languages": N_LANGUAGES,
        "n_speakers": 1,
        "n_emotions": len(params.emotions),
        "spectrogram_bins": params.audio.n_fft // 2 + 1,
        "hop_length": params.audio.hop_length,
        "text_n_layers": 3,
        "posterior_n_layers": 1,
    }
    torch.manual_seed(0)
    description = VoiceDescription(
        language="KR",
        sample_rate_hz=params.audio.sample_rate_hz,
        emotion_names=params.emotions.names,
        trained_emotions=("neutral", "happy"),
        speakers=("tester",),
        symbols=tuple(SYMBOLS),
        speaking=params.speaking,
        audio=params.audio.model_dump(),
        styles={"merry": "happy 0.8"},
    )
    write_voice(folder, Synthesizer(SynthesizerSettings.from_dict(values)), description)


def test_say(emotts: Emotts, tmp_path: Path) -> None:
    small_voice(tmp_path / "voice")
    done = emotts("say", "안녕.", "--emotion", "기쁨", "--intensity", "0.5", "-o", "out.wav", "--voice", "voice")
    assert done.returncode == 0, done.stderr
    info = soundfile.info(tmp_path / "out.wav")
    assert (info.samplerate, info.channels, info.subtype) == (22050, 1, "PCM_16")
    assert done.stdout == f"out.wav: {info.frames / 22050:.2f} s at 22050 Hz\n"
    styled = emotts("say", "안녕.", "--emotion", "merry", "-o", "out.wav", "--voice", "voice")
    assert styled.returncode == 0, styled.stderr
    before = (tmp_path / "out.wav").read_bytes()
    refused = emotts("say", "안녕.", "--emotion", "sad", "-o", "out.wav", "--voice", "voice")
    assert refused.returncode == 1
    assert "emotts: the voice has never heard 'sad'" in refused.stderr
    assert (tmp_path / "out.wav").read_bytes() == before
    assert names(tmp_path) == {"voice", "voice/config.json", "voice/model.safetensors", "out.wav"}


def test_say_speaks_markup_in_every_format_and_a_table(emotts: Emotts, tmp_path: Path) -> None:
    small_voice(tmp_path / "voice")
    done = emotts("say", "[happy] 안녕. [pause 1s]네", "-o", "out.opus", "--show-reading", "--voice", "voice")
    assert done.returncode == 0, done.stderr
    info = soundfile.info(tmp_path / "out.opus")
    assert (info.samplerate, info.subtype) == (24000, "OPUS")
    assert info.duration > 1.0
    assert done.stdout.splitlines()[:2] == [
        "안녕. -> 안녕 -> ᄋ ᅡ ᆫ ᄂ ᅧ ᆼ: front end",
        "네 -> 네 -> ᄂ ᅦ: front end",
    ]
    (tmp_path / "lines.csv").write_text("text,emotion\n안녕.,happy\n네.,sad\n", encoding="utf-8")
    table = emotts("say", "--batch", "lines.csv", "-o", "spoken", "--format", "flac", "--voice", "voice")
    assert table.returncode == 1
    assert table.stdout == "spoken/manifest.jsonl: 1 spoken, 0 finished before, 1 failed\n"
    assert "lines.csv:3: the voice has never heard 'sad'" in table.stderr
    assert soundfile.info(tmp_path / "spoken/0001.flac").subtype == "PCM_16"
    both = emotts("say", "안녕.", "--batch", "lines.csv")
    assert (both.returncode, both.stderr.splitlines()[0]) == (1, "emotts: say speaks a text or a table")


def test_export_of_a_voice_that_melotts_cannot_run(emotts: Emotts, tmp_path: Path) -> None:
    small_voice(tmp_path / "voice")
    done = emotts("export", "--emotion", "happy", "--voice", "voice", "-o", "out")
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        "emotts: voice: MeloTTS has no such network",
        "  found: decoder: istft, bert_channels: 0",
    ]
    other = emotts("export", "--format", "tflite", "--voice", "voice", "-o", "out")
    assert other.stderr.splitlines() == ["emotts: unknown format", "  found: tflite", "  wanted: melotts or onnx"]
    small = emotts("export", "--int8", "--voice", "voice", "-o", "out")
    assert small.stderr.splitlines()[0] == "emotts: MeloTTS has no weights of 8 bits"
    assert not (tmp_path / "out").exists()


def test_export_of_one_emotion_as_onnx(emotts: Emotts, tmp_path: Path) -> None:
    small_voice(tmp_path / "voice")
    one = emotts("export", "--format", "onnx", "--emotion", "happy", "--voice", "voice", "-o", "out")
    assert one.returncode == 1
    assert one.stderr.splitlines() == [
        "emotts: ONNX graphs speak in all emotions of a voice; which one is said when they speak",
        "  to do: leave --emotion and --intensity out",
    ]
    assert not (tmp_path / "out").exists()
