"""The full-size preset: exactly the published names and shapes, a warm start, and one real training step."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import torch
import yaml
from support.places import PARITY_DATA, REPOSITORY
from torch import Tensor, nn

from emotts.checkpoint.base.reading import read_base
from emotts.checkpoint.base.warm_start import warm_start
from emotts.checkpoint.melotts.config import model_section
from emotts.checkpoint.melotts.weights import melotts_names, save_melotts
from emotts.emotions.emotion_set import BASE_EMOTIONS
from emotts.model.synthesizer import Synthesizer
from emotts.settings import Params
from emotts.text.symbols import SYMBOLS
from emotts.training.batch import Batch, Clip, collate
from emotts.training.modules import make_fabric, set_up_modules
from emotts.training.step import TrainingStep
from emotts.workflows.networks import build_discriminators, build_networks, synthesizer_settings

PUBLISHED = MappingProxyType(json.loads((PARITY_DATA / "full_shapes.json").read_text()))
EMOTION_CHANNELS = 256


def merged(old: Any, new: Any) -> Any:
    """Return nested mappings with the values of ``new`` where it has some."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return old | {key: merged(old.get(key), value) for key, value in new.items()}


@pytest.fixture(scope="module")
def params() -> Params:
    values = yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8"))
    preset = yaml.safe_load((REPOSITORY / "experiments/presets/melotts.yaml").read_text(encoding="utf-8"))
    return Params.model_validate(merged(values, preset))


def shapes(network: nn.Module, names: dict[str, str]) -> dict[str, list[int]]:
    state = network.state_dict()
    return {foreign: list(state[ours].shape) for ours, foreign in names.items()}


def old_name(name: str) -> str:
    return name.replace("parametrizations.weight.original0", "weight_g").replace(
        "parametrizations.weight.original1", "weight_v"
    )


def test_without_emotions_it_is_the_published_generator(params: Params) -> None:
    settings = synthesizer_settings(params, n_speakers=256)
    with torch.device("meta"):
        plain = Synthesizer(settings.changed(n_emotions=0, emotion_channels=0))
    assert shapes(plain, melotts_names(plain)) == PUBLISHED["generator"]


def test_with_emotions_only_what_reads_the_voice_is_wider(params: Params) -> None:
    with torch.device("meta"):
        synthesizer = Synthesizer(synthesizer_settings(params, n_speakers=256))
    found = shapes(synthesizer, melotts_names(synthesizer))
    differing = {name for name, shape in PUBLISHED["generator"].items() if found[name] != shape}
    assert len(differing) == 9
    for name in differing:
        assert name.endswith(("cond.weight", "cond_layer.weight_v", "spk_emb_linear.weight")), name
        rows, columns, *rest = PUBLISHED["generator"][name]
        assert found[name] == [rows, columns + EMOTION_CHANNELS, *rest]
    assert synthesizer.state_dict()["voice.emotions.table"].shape == (7, EMOTION_CHANNELS)


def test_the_discriminators_are_the_published_ones(params: Params) -> None:
    settings = synthesizer_settings(params, n_speakers=1)
    with torch.device("meta"):
        of_waveforms, of_durations = build_discriminators(params, settings)
    assert list(of_waveforms) == ["multi_period"], "MeloTTS has no other"
    network = of_waveforms["multi_period"]
    names = {
        name: old_name(name).replace("parts.", "discriminators.").replace("output_conv", "conv_post")
        for name in network.state_dict()
    }
    assert shapes(network, names) == PUBLISHED["discriminator"]
    found = sorted(list(value.shape) for value in of_durations.state_dict().values())
    voice = [192, 256, 1]
    wanted = [shape if shape != voice else [192, 512, 1] for shape in PUBLISHED["duration_discriminator"].values()]
    assert found == sorted(wanted)


def make_audible(plain: Synthesizer) -> None:
    """Give a freshly drawn model weights with which every part is heard: nothing zero, a waveform of some loudness."""
    with torch.no_grad():
        for parameter in plain.parameters():
            if not parameter.any():
                torch.nn.init.normal_(parameter, std=0.02)
        for layer in plain.decoder.upsamplers:
            length = layer.parametrizations.weight.original0
            length.fill_(math.sqrt(layer.stride[0] * layer.out_channels / layer.in_channels))
        for name, parameter in plain.decoder.residual_blocks.named_parameters():
            if name.endswith("original0"):
                parameter.fill_(0.5)
        torch.nn.init.normal_(plain.decoder.output_conv.weight, std=0.05)


@pytest.mark.slow
def test_a_warm_start_at_full_size_speaks_as_its_base_in_every_emotion(params: Params, tmp_path: Path) -> None:
    torch.manual_seed(0)
    published = synthesizer_settings(params, n_speakers=256)
    plain = Synthesizer(published.changed(n_emotions=0, emotion_channels=0))
    make_audible(plain)
    config = json.loads((PARITY_DATA / "config.json").read_text())
    config["model"] = model_section(plain.settings)
    config["data"] |= {"sampling_rate": 44100, "filter_length": 2048, "hop_length": 512, "win_length": 2048}
    config["data"] |= {"n_speakers": 256, "spk2id": {"KR": 7}}
    save_melotts(plain, tmp_path, config=config)
    written = torch.load(tmp_path / "checkpoint.pth", weights_only=True)["model"]
    assert {name: list(value.shape) for name, value in written.items()} == PUBLISHED["generator"]
    base = read_base(tmp_path)
    expected = speak(base.synthesizer, speaker=7)
    assert 0.1 < expected.abs().max() < 0.999
    ours = synthesizer_settings(params, n_speakers=1)
    for emotion_channels in (1, 64, EMOTION_CHANNELS):
        synthesizer = Synthesizer(ours.changed(emotion_channels=emotion_channels)).eval()
        report = warm_start(
            synthesizer,
            base,
            symbols=SYMBOLS,
            speakers=("KR",),
            emotions=BASE_EMOTIONS,
            audio={name: getattr(params.audio, name) for name in base.audio},
        )
        assert report.fresh == ("voice.emotions.table",)
        assert (len(report.loaded), len(report.widened), report.skipped) == (len(PUBLISHED["generator"]) - 9, 9, ())
        for emotion in range(len(BASE_EMOTIONS)):
            found = speak(synthesizer, speaker=0, emotion=torch.tensor([emotion]))
            torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)


def speak(synthesizer: Synthesizer, *, speaker: int, emotion: Tensor | None = None) -> Tensor:
    """Return the waveform of fifteen tokens, with random features and the same draws each time."""
    random = torch.Generator().manual_seed(1)
    torch.manual_seed(2)
    waveform, _ = synthesizer.synthesize(
        torch.randint(1, len(SYMBOLS), (1, 15), generator=random),
        torch.tensor([15]),
        speaker=torch.tensor([speaker]),
        tone=torch.full((1, 15), 11),
        language=torch.full((1, 15), 4),
        bert=torch.randn(1, 1024, 15, generator=random),
        ja_bert=torch.randn(1, 768, 15, generator=random),
        emotion=emotion,
    )
    return waveform


def one_clip(params: Params) -> Batch:
    random = torch.Generator().manual_seed(0)
    n_tokens, n_frames, audio = 15, 40, params.audio
    clip = Clip(
        wav="clip.wav",
        tokens=torch.randint(1, len(SYMBOLS), (n_tokens,), generator=random),
        tones=torch.full((n_tokens,), 11),
        languages=torch.full((n_tokens,), 4),
        waveform=0.1 * torch.randn(n_frames * audio.hop_length, generator=random),
        n_frames=n_frames,
        speaker=0,
        emotion=3,
    )
    mirror = (audio.n_fft - audio.hop_length) // 2
    return collate([clip], hop_length=audio.hop_length, mirror_samples=mirror, min_frames=params.train.segment_frames)


@pytest.mark.slow
def test_one_real_training_step(params: Params) -> None:
    """Forward, the discriminators' backward passes and the generator's, on one clip of half a second."""
    networks = build_networks(params, synthesizer_settings(params, n_speakers=1))
    sizes = {
        "generator": sum(value.numel() for value in networks.synthesizer.parameters()),
        "discriminator": sum(value.numel() for value in networks.waveform_discriminators["multi_period"].parameters()),
    }
    assert 51e6 < sizes["generator"] < 54e6
    assert 46.7e6 < sizes["discriminator"] < 46.8e6
    train = params.train
    fabric = make_fabric(train.changed(precision="32"))
    modules = set_up_modules(fabric, networks, settings=train)
    step = TrainingStep(fabric, modules, settings=train)
    batch = one_clip(params).to(fabric.device)
    watched = {name: next(iter(network.parameters())) for name, network in modules.networks.items() if name != "ema"}
    before = {name: value.detach().clone() for name, value in watched.items()}
    metrics = step.run(batch, step=0)
    assert all(bool(value.isfinite()) for value in metrics.values())
    assert {"loss/mel", "loss/adversarial", "loss/discriminator/multi_period", "loss/discriminator/duration"} <= set(
        metrics
    )
    for name, value in watched.items():
        assert not torch.equal(value, before[name]), name
