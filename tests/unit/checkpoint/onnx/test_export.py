"""The ONNX graphs of a voice compute what its networks compute, whatever the length, emotion and noise."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from support.onnx_voices import BERT_CHANNELS, write_onnx_voice
from support.places import REPOSITORY

from emotts import Voice
from emotts.checkpoint.onnx.decoder_graph import HifiGanGraph, IstftGraph
from emotts.checkpoint.onnx.export import export_onnx
from emotts.checkpoint.onnx.trial import check_speech
from emotts.checkpoint.onnx.writing import onnx_bytes
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import read_voice
from emotts.errors import CheckpointError, ConfigError
from emotts.model.decoder_istft import IstftDecoder
from emotts.model.synthesizer import Synthesizer
from emotts.workflows.export import export_for_others

onnxruntime = pytest.importorskip("onnxruntime")
onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxscript")


@dataclass(frozen=True)
class Exported:
    """A voice as networks and as graphs."""

    name: str
    folder: Path
    networks: Synthesizer
    description: VoiceDescription
    text: Any
    decoder: Any


@pytest.fixture(scope="module", params=["compact", "full"])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp(request.param)
    write_onnx_voice(request.param, folder / "voice")
    small = request.param == "compact"
    written = export_for_others(folder / "voice", folder, format="onnx", emotion=None, intensity=None, int8=small)
    assert written == f"{folder}: text.onnx, decoder.onnx{', decoder.int8.onnx' if small else ''}"
    networks, description = read_voice(folder / "voice")
    sessions = [onnxruntime.InferenceSession(folder / name) for name in ("text.onnx", "decoder.onnx")]
    return Exported(request.param, folder, networks.eval(), description, *sessions)


CALLS = [
    pytest.param(3, "neutral", 1.0, {}, id="the shortest text"),
    pytest.param(20, "happy", 1.0, {"speaker": 1, "length_scale": 0.5}, id="quick"),
    pytest.param(21, "happy:0.7+sad:0.3", 1.4, {"noise_scale": 0.9}, id="a mixture, exaggerated"),
    pytest.param(64, "wistful", 0.5, {"sdp_ratio": 1.0, "duration_noise_scale": 1.0}, id="stochastic durations"),
    pytest.param(177, "sad", 0.0, {"sdp_ratio": 0.0, "length_scale": 1.7, "pitch_shift": -3.0}, id="long and slow"),
]


def scalar(value: float) -> np.ndarray:
    return np.array(value, dtype=np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(("n_tokens", "emotion", "intensity", "changes"), CALLS)
def test_graphs_compute_what_the_networks_do(
    exported: Exported, n_tokens: int, emotion: str, intensity: float, changes: dict[str, Any]
) -> None:
    networks = exported.networks
    random = np.random.default_rng(n_tokens)
    ids = {name: random.integers(0, most, (1, n_tokens)) for name, most in (("tokens", 200), ("tones", 16))}
    ids["languages"] = np.full((1, n_tokens), 4)
    weights = np.array([exported.description.emotion_weights(emotion, intensity=intensity)], dtype=np.float32)
    features = random.standard_normal((1, BERT_CHANNELS, n_tokens), dtype=np.float32)
    bert = {"bert": features} if exported.name == "compact" else {}
    scales = {"noise_scale": 0.6, "duration_noise_scale": 0.7, "length_scale": 1.0, "sdp_ratio": 0.3}
    scales |= {name: value for name, value in changes.items() if name in scales}
    pitch = {"pitch_range": 1.3, "pitch_shift": changes.get("pitch_shift", 0.0)} if exported.name == "compact" else {}
    speaker = np.array([changes.get("speaker", 0)])

    decoded: dict[str, Any] = {}
    hook = networks.decoder.register_forward_pre_hook(
        lambda _, values, named: decoded.update(named, latents=values[0]), with_kwargs=True
    )
    waveform, lengths = networks.synthesize(
        torch.from_numpy(ids["tokens"]),
        torch.tensor([n_tokens]),
        speaker=torch.from_numpy(speaker),
        tone=torch.from_numpy(ids["tones"]),
        language=torch.from_numpy(ids["languages"]),
        ja_bert=torch.from_numpy(features) if bert else None,
        emotion=torch.from_numpy(weights),
        duration_rounding=exported.description.speaking.duration_rounding,
        generator=torch.Generator().manual_seed(2),
        **scales,
        **pitch,
    )
    hook.remove()

    drawn = torch.Generator().manual_seed(2)
    duration_noise = torch.randn(1, 2, n_tokens, generator=drawn)
    if scales["sdp_ratio"] == 0.0:  # no random durations, and no random numbers for them
        drawn.manual_seed(2)
    inputs = {**ids, **bert, "speaker": speaker, "emotion": weights, "duration_noise": duration_noise.numpy()}
    inputs["noise"] = torch.randn(1, networks.settings.latent_channels, int(lengths), generator=drawn).numpy()
    latents, durations, voice = exported.text.run(None, inputs | {name: scalar(scales[name]) for name in scales})
    assert durations.sum() == int(lengths)
    assert_close(latents, decoded["latents"])
    assert_close(voice, decoded["voice_embedding"])

    inputs = {"latents": latents, "voice": voice} | {name: scalar(value) for name, value in pitch.items()}
    if isinstance(networks.decoder, IstftDecoder):
        inputs["noise"] = networks.decoder.noise(waveform[:, 0]).numpy()
    samples, *found_pitch = exported.decoder.run(None, inputs)
    if found_pitch:
        # the source's phase adds up what rounding does to the pitch, so that the whole is close, but not that close
        np.testing.assert_allclose(found_pitch[0], decoded["pitch"].numpy(), rtol=1e-5)
        assert np.square(samples - waveform[0].numpy()).mean() ** 0.5 < 0.01 * float(waveform.std())
        decoded["pitch"] = torch.from_numpy(found_pitch[0])
    with torch.no_grad():
        wanted = networks.decoder(decoded.pop("latents"), **decoded)
    assert_close(samples, wanted[:, 0].clamp(-1.0, 1.0))


def assert_close(found: np.ndarray, wanted: torch.Tensor) -> None:
    """Compare within 1e-4 of the standard deviation."""
    assert wanted.std() > 1e-3
    np.testing.assert_allclose(found, wanted.numpy(), atol=1e-4 * float(wanted.std()), rtol=0)


@pytest.mark.slow
def test_noise_starts_again_where_a_text_is_longer(exported: Exported) -> None:
    n_tokens = 30
    ids = np.arange(n_tokens)[None]
    random = np.random.default_rng(0)
    noise = random.standard_normal((1, exported.networks.settings.latent_channels, 4), dtype=np.float32)
    inputs = {
        "tokens": ids,
        "tones": ids % 16,
        "languages": ids * 0,
        "speaker": np.array([0]),
        "emotion": np.eye(7, dtype=np.float32)[:1],
        "duration_noise": np.zeros((1, 2, n_tokens), np.float32),
        **{name: scalar(0.5) for name in ("noise_scale", "duration_noise_scale", "length_scale", "sdp_ratio")},
    }
    if exported.name == "compact":
        inputs["bert"] = np.zeros((1, BERT_CHANNELS, n_tokens), np.float32)
    short, *_ = exported.text.run(None, inputs | {"noise": noise})
    long, *_ = exported.text.run(None, inputs | {"noise": np.tile(noise, (1, 1, 100))})
    assert 4 < short.shape[2] < 400
    np.testing.assert_array_equal(short, long)


@pytest.mark.slow
def test_the_files_say_what_a_program_must_know(exported: Exported) -> None:
    described = exported.description
    for name, session in (("text.onnx", exported.text), ("decoder.onnx", exported.decoder)):
        model = onnx.load(exported.folder / name)
        assert {entry.domain: entry.version for entry in model.opset_import}[""] == 18
        onnx.checker.check_model(model, full_check=True)
        values = session.get_modelmeta().custom_metadata_map
        found = {key: json.loads(value) for key, value in values.items()}
        assert found["format"] == "emotts-onnx-1"
        assert (found["sample_rate_hz"], found["hop_length"], found["latent_channels"]) == (16000, 16, 8)
        assert found["symbols"] == list(described.symbols)
        assert found["emotions"] == list(described.emotion_names)
        assert found["trained_emotions"] == ["neutral", "happy", "sad"]
        assert found["speakers"] == ["yuna", "minsu"]
        assert found["styles"] == {"wistful": "sad 0.6"}
        assert (found["language"], found["languages"]["KR"]) == ("KR", {"id": 4, "tone_offset": 11})
        assert found["speaking"] == described.speaking.to_dict()
        assert found["bert"] == ("someone/bert" if exported.name == "compact" else None)
        content = (exported.folder / name).read_bytes()
        assert str(REPOSITORY).encode() not in content, "no paths of the machine that wrote it"
        assert str(Path(torch.__file__).parent).encode() not in content
    assert [each.name for each in exported.text.get_outputs()] == ["latents", "durations", "voice"]
    of_decoder = [each.name for each in exported.decoder.get_outputs()]
    assert of_decoder == (["samples", "pitch"] if exported.name == "compact" else ["samples"])


@pytest.mark.slow
def test_a_graph_of_other_weights_is_refused(exported: Exported) -> None:
    decoder = copy.deepcopy(exported.networks.decoder)
    graph = IstftGraph(decoder) if isinstance(decoder, IstftDecoder) else HifiGanGraph(decoder)
    inputs = {"latents": torch.ones(1, 8, 5), "voice": torch.ones(1, exported.networks.settings.voice_channels, 1)}
    if isinstance(graph, IstftGraph):
        inputs["noise"] = torch.linspace(-1.0, 1.0, 80)[None]
        inputs |= {"pitch_range": torch.tensor(1.0), "pitch_shift": torch.tensor(0.0)}
    content = (exported.folder / "decoder.onnx").read_bytes()
    check_speech(graph, inputs, content=content, where=exported.folder)
    with torch.no_grad():
        for parameter in graph.parameters():
            parameter.neg_()
    with pytest.raises(CheckpointError, match=r"speak as the voice does\n  found: \(1, 80\), \d\S* standard"):
        check_speech(graph, inputs, content=content, where=exported.folder)


@pytest.mark.slow
def test_8_bits_shape_nearly_the_same_sound_of_the_same_pitch(exported: Exported) -> None:
    if exported.name == "full":
        with pytest.raises(ConfigError, match="only the istft decoder is written with 8 bits\n  found: HifiGanDecoder"):
            export_onnx(exported.folder / "voice", exported.folder, int8=True)
        assert not (exported.folder / "decoder.int8.onnx").exists()
        return
    model = onnx.load(exported.folder / "decoder.int8.onnx")
    # two in the block, and the last layer
    assert [node.op_type for node in model.graph.node].count("MatMulInteger") == 3
    small = onnxruntime.InferenceSession(exported.folder / "decoder.int8.onnx")
    assert small.get_modelmeta().custom_metadata_map == exported.decoder.get_modelmeta().custom_metadata_map
    random = np.random.default_rng(1)
    shapes = {"latents": (1, 8, 40), "voice": (1, 8, 1), "noise": (1, 40 * 16)}
    inputs = {name: random.standard_normal(shape, dtype=np.float32) for name, shape in shapes.items()}
    inputs |= {"pitch_range": scalar(1.0), "pitch_shift": scalar(0.0)}
    (samples, pitch), (wanted, wanted_pitch) = (session.run(None, inputs) for session in (small, exported.decoder))
    np.testing.assert_array_equal(pitch, wanted_pitch)
    assert 0 < np.square(samples - wanted).mean() ** 0.5 < 0.1 * wanted.std()


BLOCKED = """
import runpy, sys
for name in ("torch", "emotts", "onnx"):
    sys.modules[name] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.slow
def test_the_example_speaks_as_the_voice_without_torch_and_emotts(exported: Exported) -> None:
    voice = Voice(exported.networks, exported.description)
    (read,) = voice.reading("안녕, 하세요.")

    def spoken_by_example(seed: int) -> np.ndarray:
        command = [sys.executable, "-c", BLOCKED, str(REPOSITORY / "examples/speak_onnx.py"), str(exported.folder)]
        command += [" ".join(read.phones), "--tones", " ".join(map(str, read.tones)), "--emotion", "happy:0.5+sad:1.5"]
        command += ["--intensity", "1.2", "--speed", "0.8", "--speaker", "minsu", "--seed", str(seed)]
        subprocess.run([*command, "-o", str(exported.folder / "out.wav")], check=True)
        samples, rate_hz = soundfile.read(exported.folder / "out.wav", dtype="float32")
        assert rate_hz == 16000
        return samples

    samples = spoken_by_example(0)
    if exported.description.speaking.noise_scale:  # numpy's noise is not torch's
        np.testing.assert_array_equal(spoken_by_example(0), samples)
        assert not np.array_equal(spoken_by_example(1), samples)
        return
    spoken = voice.speak("안녕, 하세요.", emotion="happy:0.5+sad:1.5", intensity=1.2, speed=0.8, speaker="minsu")
    assert spoken.samples.std() > 0.1
    np.testing.assert_allclose(samples, spoken.samples, atol=1.5 / 32768)


class Unwritable(torch.nn.Module):
    """A network that asks for the value of a number, as no graph can."""

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        return latents * 2.0 if latents.sum() > 0 else latents


@pytest.mark.slow
def test_a_network_that_cannot_be_a_graph() -> None:
    with pytest.raises(CheckpointError, match="networks cannot be written as ONNX\n  found: .*data-dependent"):
        onnx_bytes(Unwritable(), {"latents": torch.ones(2)}, lengths={}, outputs=("samples",), metadata={})


@pytest.mark.parametrize("package", ["onnx", "onnxscript", "onnxruntime"])
def test_a_missing_package_is_named_with_the_command(
    package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigError, match=rf"{package} is missing[\s\S]*to do: pip install 'emotts\[onnx\]'"):
        export_onnx(tmp_path / "voice", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_no_voice(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no voice is there"):
        export_onnx(tmp_path / "voice", tmp_path / "out")
