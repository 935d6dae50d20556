"""Voice folders from elsewhere: whatever is damaged or hostile is refused with its file, before it is allocated."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from support.hostile import put, rewrite, safetensors_bytes
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts import Voice
from emotts.checkpoint.base.reading import read_base
from emotts.checkpoint.voice_folder import read_voice, write_voice
from emotts.errors import CheckpointError

pytestmark = pytest.mark.slow

AGAIN = "export the voice again (`dvc repro --force export`), or name another folder"
NAMES = list(DESCRIPTION.emotion_names)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "voice"
    write_voice(folder, make_synthesizer(), DESCRIPTION)
    return folder


@pytest.fixture
def voice(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "voice"))


CONFIGS: list[tuple[str, Any, str]] = [
    ("format", "emotts-voice-9", "found: emotts-voice-9\n  wanted: emotts-voice-1"),
    ("format", ["emotts-voice-1"], "not a voice of this version"),
    ("format", ..., "not a voice of this version\n  wanted: emotts-voice-1"),
    ("synthesizer", ..., "key 'synthesizer' is missing"),
    ("synthesizer", [], "synthesizer = []: Input should be"),
    ("voice", "yuna", "voice = 'yuna': Input should be"),
    ("more", 1, "unknown key 'more'"),
    ("synthesizer.n_symbols", "219", "synthesizer.n_symbols = '219': Input should be a valid integer"),
    ("synthesizer.n_symbols", 218, "synthesizer.n_symbols is 218, voice.symbols are 219"),
    ("synthesizer.n_speakers", 2, "synthesizer.n_speakers is 2, voice.speakers are 1"),
    ("synthesizer.n_emotions", 8, "synthesizer.n_emotions is 8, voice.emotion_names are 7"),
    ("synthesizer.hidden_channels", -8, "synthesizer.hidden_channels = -8: Input should be greater than 0"),
    ("synthesizer.hidden_channels", 10**9, "Input should be less than or equal to 8192"),
    ("synthesizer.hidden_channels", 10**400, "synthesizer.hidden_channels = 1000"),
    ("synthesizer.text_n_layers", 10**6, "Input should be less than or equal to 64"),
    ("synthesizer.text_n_heads", 3, "must be a multiple of text_n_heads (3)"),
    ("synthesizer.text_kernel_size", 2, "an odd number is wanted"),
    ("synthesizer.latent_channels", 7, "latent_channels (7) must be even"),
    ("synthesizer.hop_length", 18, "synthesizer.hop_length is 18, voice.audio.hop_length is 16"),
    ("synthesizer.istft.n_fft", 2**31, "synthesizer.istft.n_fft = 2147483648: Input should be less than"),
    ("synthesizer.istft.n_fft", True, "synthesizer.istft.n_fft = True: Input should be a valid integer"),
    ("synthesizer.text_dropout", float("nan"), "synthesizer.text_dropout = nan: Input should be a finite number"),
    ("voice.language", "XX", "voice.language = 'XX': Input should be 'KR', 'JP' or 'EN'"),
    ("voice.sample_rate_hz", 0, "voice.sample_rate_hz = 0: Input should be greater than or equal to 1000"),
    ("voice.sample_rate_hz", 16000.5, "Input should be a valid integer"),
    ("voice.emotion_names", [*NAMES[:6], "sad"], "a name is twice in emotion_names"),
    ("voice.emotion_names", 7, "voice.emotion_names = 7: Input should be a valid tuple"),
    ("voice.emotion_names", [*NAMES[:6], None], "voice.emotion_names.6 = None: Input should be a valid string"),
    ("voice.trained_emotions", [], "at least 1 item"),
    ("voice.trained_emotions", ["bored"], "trained_emotions has bored, which is not in emotion_names"),
    ("voice.replayed_speakers", ["mina"], "replayed_speakers has mina, which is not in speakers"),
    ("voice.speakers", [""], "voice.speakers.0 = '': String should have at least 1 character"),
    ("voice.symbols", [], "at least 1 item"),
    ("voice.symbols", {}, "voice.symbols: Input should be a valid tuple"),
    ("voice.speaking", None, "voice.speaking = None"),
    ("voice.speaking.length_scale", 1e300, "voice.speaking.length_scale = 1e+300: Input should be less than"),
    ("voice.speaking.pause_s", -1.0, "voice.speaking.pause_s = -1.0: Input should be greater than or equal to 0"),
    ("voice.speaking.noise_scale", ..., "key 'voice.speaking.noise_scale' is missing"),
    ("voice.audio", "44100", "voice.audio = '44100'"),
    ("voice.bert", {"model": "a/b@c"}, "key 'voice.bert.fingerprint' is missing"),
    ("voice.styles", {"excited": 1}, "voice.styles.excited = 1: Input should be a valid string"),
    ("voice.styles", {"excited": "hapy"}, "style 'excited' cannot be used: unknown emotion 'hapy'"),
    ("voice.age", 30, "unknown key 'voice.age'"),
]


@pytest.mark.parametrize(("key", "value", "message"), CONFIGS)
def test_a_value_of_the_configuration(voice: Path, key: str, value: Any, message: str) -> None:
    put(voice / "config.json", key, value)
    with pytest.raises(CheckpointError) as caught:
        read_voice(voice)
    assert caught.value.where == str(voice / "config.json")
    assert message in str(caught.value)
    assert caught.value.remedy == AGAIN


FILES: list[tuple[bytes, str, str]] = [
    (b"", ":1", "Expecting value"),
    (b"\xff\xfe{\x00}\x00", "", "can't decode byte 0xff"),
    (b"[" * 100_000, "", "lists within lists without end"),
    (b'{"format":\n"emotts-voice-1",}', ":2", "double quotes"),
    (b'{"format": 1, "format": 2}', "", "the key 'format' is there twice"),
    (b'{"a": ' + b"9" * 5000 + b"}", "", "Exceeds the limit"),
    (b"[]", "", "found: list\n  wanted: an object"),
    (b" " * 8_000_001, "", "found: 8000001 bytes\n  wanted: at most 8000000"),
]


@pytest.mark.parametrize(("content", "where", "message"), FILES)
def test_a_configuration_that_is_none(voice: Path, content: bytes, where: str, message: str) -> None:
    (voice / "config.json").write_bytes(content)
    with pytest.raises(CheckpointError) as caught:
        read_voice(voice)
    assert caught.value.where == f"{voice / 'config.json'}{where}"
    assert message in str(caught.value)
    assert caught.value.remedy == AGAIN


def first(entries: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Change the entry of the table of symbols."""
    name = "text_encoder.symbols.weight"
    return {**entries, name: {**entries[name], **changes}}


HEADERS: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda entries: [], "a header that is no object"),
    (lambda entries: {name: entries[name] for name in list(entries)[1:]}, "bytes of numbers; the header describes"),
    (lambda entries: {**entries, "x": 1}, "'x' described as 1"),
    (lambda entries: {**entries, "x": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 0]}}, "'x' described as"),
    (lambda entries: {**entries, "x": {"dtype": "F32", "shape": [2**62], "data_offsets": [0, 4]}}, "'x' described as"),
    (lambda entries: {**entries, "x": {"dtype": "F32", "shape": [2**39], "data_offsets": [0, 4]}}, "header describes"),
    (lambda entries: {**entries, "x": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}, "x is not part of the"),
    (lambda entries: first(entries, dtype="BOOL"), "'text_encoder.symbols.weight' described as"),
    (lambda entries: first(entries, dtype="C64"), "'text_encoder.symbols.weight' described as"),
    (lambda entries: first(entries, shape=[8, 219]), "is (8, 219), the network has (219, 8)"),
    (lambda entries: first(entries, shape=[True, 1752]), "described as"),
    (lambda entries: first(entries, shape="219"), "described as"),
]


@pytest.mark.parametrize(("change", "message"), HEADERS)
def test_a_header_of_the_weights(voice: Path, change: Callable[[dict[str, Any]], Any], message: str) -> None:
    rewrite(voice / "model.safetensors", change)
    with pytest.raises(CheckpointError) as caught:
        read_voice(voice)
    assert caught.value.where == str(voice / "model.safetensors")
    assert message in str(caught.value)
    assert caught.value.remedy == AGAIN


WEIGHTS: list[tuple[bytes, str]] = [
    (b"", "no header"),
    (b"\0" * 100, "no header"),
    (b"\xff" * 100, "no header"),
    (b"\x10\0\0\0\0\0\0\0" + b"x" * 16, "a header that is not JSON"),
    (b"\x20\xa1\x07\0\0\0\0\0" + b"[" * 500_000, "a header that is not JSON (RecursionError)"),
    (safetensors_bytes({str(n): 0 for n in range(500_000)}, b""), "bytes; 4000000 at most"),
]


@pytest.mark.parametrize(("content", "message"), WEIGHTS)
def test_weights_that_are_none(voice: Path, content: bytes, message: str) -> None:
    (voice / "model.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError, match="weights are damaged or no safetensors file") as caught:
        read_voice(voice)
    assert message in str(caught.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_weights_that_are_no_numbers(voice: Path, value: float) -> None:
    weights = load_file(voice / "model.safetensors")
    weights["duration_predictor.output_conv.bias"][0] = value
    save_file(weights, voice / "model.safetensors")
    with pytest.raises(CheckpointError, match="weights are not finite\n  found: duration_predictor.output_conv.bias"):
        read_voice(voice)


def test_weights_of_whole_numbers(voice: Path) -> None:
    weights = load_file(voice / "model.safetensors")
    name = "duration_predictor.output_conv.bias"
    save_file({**weights, name: weights[name].to(torch.int8)}, voice / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"bias has numbers of the kind I8, not floating-point ones"):
        read_voice(voice)


@pytest.mark.parametrize(
    ("symbols", "found"),
    [
        ([*DESCRIPTION.symbols[1:], "_"], "symbol 0: ('\"',), 219 symbols"),
        ([*DESCRIPTION.symbols[:218], "new"], "symbol 218: ('new',), 219 symbols"),
    ],
)
def test_other_symbols_are_for_a_base_voice_alone(voice: Path, symbols: list[str], found: str) -> None:
    put(voice / "config.json", "voice.symbols", symbols)
    put(
        voice / "config.json", "voice.audio", {"sample_rate_hz": 16000, "n_fft": 64, "hop_length": 16, "win_length": 64}
    )
    with pytest.raises(CheckpointError, match="was trained on other symbols") as caught:
        Voice.load(voice)
    assert (caught.value.where, caught.value.found) == (str(voice), found)
    assert caught.value.remedy is not None
    assert "train a voice that starts from it (base in params.yaml)" in caught.value.remedy
    assert read_base(voice).symbols == tuple(symbols), "as the remedy says"


@pytest.mark.parametrize("bias", [6.0, 20.0, 200.0])
def test_a_voice_that_would_speak_without_end(voice: Path, bias: float) -> None:
    weights = load_file(voice / "model.safetensors")
    weights["duration_predictor.output_conv.bias"][0] = bias
    save_file(weights, voice / "model.safetensors")
    with pytest.raises(CheckpointError, match="would speak without end") as caught:
        Voice.load(voice).speak("안녕하세요.")
    assert caught.value.wanted == "at most 1240"  # 40 frames for each of 31 tokens
    assert caught.value.found is not None
    assert caught.value.found.endswith("frames for 31 tokens")


def test_as_told_a_slow_voice_speaks_when_it_is_slowed_less(voice: Path) -> None:
    weights = load_file(voice / "model.safetensors")
    weights["duration_predictor.output_conv.bias"][0] = 4.2
    save_file(weights, voice / "model.safetensors")
    with pytest.raises(CheckpointError, match="speak faster"):
        Voice.load(voice).speak("안녕하세요.")
    assert Voice.load(voice).speak("안녕하세요.", speed=4.0).duration_s < 1.3


def test_a_voice_from_before_and_a_half_precise_one_are_read(voice: Path, tmp_path: Path) -> None:
    style = [f"voice.speaking.{name}" for name in ("pitch_range", "duration_rounding", "pause_rule")]
    windows = ("synthesizer.istft.noise_n_fft", "synthesizer.istft.noise_frames")
    before = read_voice(voice)[0].settings
    for key in (*style, *windows, "voice.bert", "voice.styles", "voice.replayed_speakers"):
        put(voice / "config.json", key, ...)
    synthesizer, description = read_voice(voice)
    assert synthesizer.settings == before
    assert description == DESCRIPTION
    write_voice(tmp_path / "half", synthesizer, description, half=True)
    assert read_voice(tmp_path / "half")[1] == description
    values = json.loads((voice / "config.json").read_text(encoding="utf-8"))
    assert values["voice"]["symbols"] == list(DESCRIPTION.symbols)
