"""A voice of ours as a plain MeloTTS checkpoint: MeloTTS's names, our sound, whatever the emotion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from support.places import PARITY_DATA
from support.tiny_voice import speaking_style
from torch import Tensor

from emotts.checkpoint.melotts.export import export_melotts
from emotts.checkpoint.melotts.weights import load_melotts
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import write_voice
from emotts.emotions.emotion_set import BASE_EMOTIONS
from emotts.errors import CheckpointError, CorpusError
from emotts.model.synthesizer import Synthesizer
from emotts.text.symbols import SYMBOLS

EMOTIONS = (*BASE_EMOTIONS, "bored")


def voice(folder: Path, **changes: object) -> Synthesizer:
    """Write a voice of four speakers in eight emotions that are heard; of random weights where settings change."""
    plain, _ = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    torch.manual_seed(4)
    if changes:
        plain = Synthesizer(plain.settings.changed(**changes)).eval()
    synthesizer = plain.with_emotions(8, 5)
    with torch.no_grad():
        for name, parameter in synthesizer.named_parameters():
            if "voice_projection" in name and parameter.shape[1:2] == (29,):
                parameter[:, 24:] = torch.randn_like(parameter[:, 24:]) * 0.2
    description = VoiceDescription(
        language="KR",
        sample_rate_hz=16000,
        emotion_names=EMOTIONS,
        trained_emotions=("neutral", "happy", "bored"),
        speakers=("yuna", "mina", "jun", "seo"),
        symbols=tuple(SYMBOLS),
        speaking=speaking_style(sdp_ratio=0.2, pause_s=0.3),
        audio={
            "sample_rate_hz": 16000,
            "n_fft": 256,
            "hop_length": 64,
            "win_length": 256,
            "n_mels": 20,
            "mel_f_min_hz": 0.0,
            "mel_f_max_hz": None,
        },
    )
    write_voice(folder, synthesizer, description)
    return synthesizer


def speak(synthesizer: Synthesizer, **changes: Tensor) -> Tensor:
    random = torch.Generator().manual_seed(5)
    tokens = torch.randint(1, len(SYMBOLS), (1, 21), generator=random)
    torch.manual_seed(6)
    waveform, _ = synthesizer.synthesize(
        tokens,
        torch.tensor([21]),
        speaker=torch.tensor([1]),
        tone=torch.full((1, 21), 11),
        language=torch.full((1, 21), 4),
        noise_scale=0.3,
        **changes,
    )
    return waveform


@pytest.mark.slow
@pytest.mark.parametrize("flow", ["transformer", "residual"])
@pytest.mark.parametrize(
    ("emotion", "intensity", "weights"),
    [
        ("happy", 1.0, [0, 1.0, 0, 0, 0, 0, 0, 0]),
        ("기쁨", 0.25, [0.75, 0.25, 0, 0, 0, 0, 0, 0]),
        ("happy:0.5+bored:0.5", 1.5, [-0.5, 0.75, 0, 0, 0, 0, 0, 0.75]),
    ],
)
def test_the_checkpoint_speaks_as_the_voice_does(
    tmp_path: Path, flow: str, emotion: str, intensity: float, weights: list[float]
) -> None:
    steps = {"flow": "residual", "flow_n_steps": 4, "flow_n_layers": 2} if flow == "residual" else {}
    model = voice(tmp_path / "voice", **steps)
    export_melotts(tmp_path / "voice", tmp_path / "out", emotion=emotion, intensity=intensity)
    plain, report = load_melotts(tmp_path / "out" / "checkpoint.pth", tmp_path / "out" / "config.json")
    assert plain.settings.n_emotions == 0
    assert (report.skipped, report.unused_options) == ((), ())
    expected = speak(model, emotion=torch.tensor([weights]))
    torch.testing.assert_close(speak(plain), expected, atol=1e-5, rtol=0)
    neutral = speak(model)
    audible = 1e-3 if flow == "transformer" else 0.0  # untrained weights hardly hear it
    assert neutral.shape != expected.shape or (neutral - expected).abs().max() > audible


def test_the_configuration_is_melotts_own(tmp_path: Path) -> None:
    voice(tmp_path / "voice")
    export_melotts(tmp_path / "voice", tmp_path / "out", emotion="happy")
    config = json.loads((tmp_path / "out" / "config.json").read_text(encoding="utf-8"))
    original = json.loads((PARITY_DATA / "config.json").read_text(encoding="utf-8"))
    assert set(original) <= set(config)
    assert "emotions" not in config
    assert config["symbols"] == list(SYMBOLS)
    assert config["data"]["spk2id"] == {"yuna": 0, "mina": 1, "jun": 2, "seo": 3}
    assert config["data"]["disable_bert"] is True
    wanted = {name: value for name, value in original["model"].items() if name != "use_vc"}
    assert {name: config["model"][name] for name in wanted} == wanted
    state = torch.load(tmp_path / "out" / "checkpoint.pth", weights_only=True)["model"]
    assert sorted(state) == sorted(torch.load(PARITY_DATA / "checkpoint.pth", weights_only=True)["model"])


def test_what_cannot_be_exported(tmp_path: Path) -> None:
    voice(tmp_path / "voice")
    with pytest.raises(CorpusError, match="the voice has never heard 'sad'"):
        export_melotts(tmp_path / "voice", tmp_path / "out", emotion="sad")
    with pytest.raises(CheckpointError, match="the voice would be overwritten"):
        export_melotts(tmp_path / "voice", tmp_path / "voice", emotion="happy")
    voice(tmp_path / "narrow", posterior_n_layers=2)
    with pytest.raises(CheckpointError, match=r"describes another model\s+found: posterior_n_layers: 16 \(model: 2\)"):
        export_melotts(tmp_path / "narrow", tmp_path / "out", emotion="happy")
    voice(tmp_path / "deaf", bert_channels=0, ja_bert_channels=0)
    with pytest.raises(CheckpointError, match=r"deaf: MeloTTS has no such network(?s:.*)emotts preset"):
        export_melotts(tmp_path / "deaf", tmp_path / "out", emotion="happy")
    assert not (tmp_path / "out").exists()
