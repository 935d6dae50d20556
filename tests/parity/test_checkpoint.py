"""MeloTTS checkpoints: every name and shape, strictness, the way back, an emotion folded in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from support.places import PARITY_DATA
from torch import Tensor

from emotts.checkpoint.melotts.config import settings_from_config
from emotts.checkpoint.melotts.weights import load_melotts, melotts_names, save_melotts
from emotts.errors import CheckpointError
from emotts.model.synthesizer import Synthesizer

State = dict[str, Tensor]
FULL_MODEL = {
    "inter_channels": 192,
    "hidden_channels": 192,
    "filter_channels": 768,
    "n_heads": 2,
    "n_layers": 6,
    "n_layers_trans_flow": 3,
    "upsample_rates": [8, 8, 2, 2, 2],
    "upsample_initial_channel": 512,
    "upsample_kernel_sizes": [16, 16, 8, 2, 2],
    "gin_channels": 256,
}
FULL_DATA = {"filter_length": 2048, "hop_length": 512, "win_length": 2048, "n_speakers": 256}


def read_state() -> State:
    return dict(torch.load(PARITY_DATA / "checkpoint.pth", weights_only=True)["model"])


def read_config() -> dict[str, Any]:
    return dict(json.loads((PARITY_DATA / "config.json").read_text()))


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """Return a writer of a checkpoint and configuration, with changes to sections of the latter."""

    def write(state: State, **sections: dict[str, Any]) -> tuple[Path, Path]:
        config = read_config()
        for name, changes in sections.items():
            config[name].update(changes)
        torch.save({"model": state, "iteration": 3}, tmp_path / "checkpoint.pth")
        (tmp_path / "config.json").write_text(json.dumps(config))
        return tmp_path / "checkpoint.pth", tmp_path / "config.json"

    return write


def speak(synthesizer: Synthesizer, **changes: Any) -> Tensor:
    cases = load_file(PARITY_DATA / "cases.safetensors")
    waveform, _ = synthesizer.synthesize(
        cases["in_tokens"],
        cases["in_token_lengths"],
        speaker=cases["in_speaker"],
        tone=cases["in_tone"],
        language=cases["in_language"],
        noise_scale=0.0,
        duration_noise_scale=0.0,
        **changes,
    )
    return waveform


def test_report_names_every_tensor() -> None:
    synthesizer, report = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    assert sorted(report.loaded) == sorted(read_state())
    assert (report.widened, report.fresh, report.skipped, report.unused_options) == ((), (), (), ())
    assert report.iteration == 7
    assert not synthesizer.training
    assert all(parameter.requires_grad for parameter in synthesizer.parameters())


def test_names_and_shapes_of_the_full_size_generator() -> None:
    config = read_config()
    config["model"].update(FULL_MODEL)
    config["data"].update(FULL_DATA)
    with torch.device("meta"):
        synthesizer = Synthesizer(settings_from_config(config, where=PARITY_DATA))
    state = synthesizer.state_dict()
    shapes = {foreign: list(state[ours].shape) for ours, foreign in melotts_names(synthesizer).items()}
    assert shapes == json.loads((PARITY_DATA / "full_shapes.json").read_text())["generator"]


@pytest.mark.slow
def test_widening_at_full_size_changes_no_output() -> None:
    config = read_config()
    config["model"].update(FULL_MODEL)
    config["data"].update(FULL_DATA)
    torch.manual_seed(0)
    plain = Synthesizer(settings_from_config(config, where=PARITY_DATA)).eval()
    for parameter in plain.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.01)
    wide = plain.with_emotions(7, 256)
    expected = speak(plain, sdp_ratio=0.2)
    assert expected.abs().max() > 1e-3
    for emotion in (0, 3, 6):
        found = speak(wide, sdp_ratio=0.2, emotion=torch.tensor([emotion, 6 - emotion]))
        assert torch.allclose(found, expected, atol=1e-6, rtol=0.0)


def test_fault_5_differences_are_listed_all_at_once_and_nothing_is_loaded(
    written: Callable[..., tuple[Path, Path]],
) -> None:
    state = read_state()
    del state["dp.proj.bias"]
    state["emb_g.weight"] = torch.zeros(5, 24)
    state["enc_x.weight"] = torch.zeros(2)
    with pytest.raises(CheckpointError) as caught:
        load_melotts(*written(state))
    message = str(caught.value)
    assert "3 differences" in message
    assert "missing: dp.proj.bias (1,)" in message
    assert "unexpected: enc_x.weight (2,)" in message
    assert "other shape: emb_g.weight (5, 24), wanted (4, 24)" in message


def test_new_weight_norm_names_and_safetensors(tmp_path: Path) -> None:
    renamed = {
        name.replace(".weight_g", ".parametrizations.weight.original0").replace(
            ".weight_v", ".parametrizations.weight.original1"
        ): tensor.contiguous()
        for name, tensor in read_state().items()
    }
    save_file(renamed, tmp_path / "model.safetensors")
    synthesizer, _ = load_melotts(tmp_path / "model.safetensors", PARITY_DATA / "config.json")
    expected, _ = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    assert torch.equal(speak(synthesizer), speak(expected))


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04 cut off"])
def test_damaged_files(tmp_path: Path, content: bytes) -> None:
    for name in ("checkpoint.pth", "model.safetensors"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CheckpointError, match=f"{name}: (the checkpoint cannot be read|weights are damaged)"):
            load_melotts(tmp_path / name, PARITY_DATA / "config.json")


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"none\.pth: file is missing"):
        load_melotts(tmp_path / "none.pth", PARITY_DATA / "config.json")
    with pytest.raises(CheckpointError, match=r"none\.json: file is missing"):
        load_melotts(PARITY_DATA / "checkpoint.pth", tmp_path / "none.json")


def test_code_inside_a_pickle_is_not_run(tmp_path: Path) -> None:
    torch.save({"model": {"weight": Path("anything")}}, tmp_path / "checkpoint.pth")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_melotts(tmp_path / "checkpoint.pth", PARITY_DATA / "config.json")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"use_mel_posterior_encoder": True}, "mel spectra is not supported"),
        ({"flow_share_parameter": True}, "its code for it does not exist"),
        ({"n_layers": 2}, "n_layers = 2"),
        ({"n_layers_trans_flow": 2}, "n_layers_trans_flow = 2"),
        ({"gin_channels": 0}, "speaker_channels = 0: Input should be greater than 0"),
        ({"hidden_channels": "32"}, "option model.hidden_channels cannot be used"),
        ({"upsample_rates": [4, 4, 2]}, "3 upsample_rates need as many kernels, not 4"),
        ({"resblock_dilation_sizes": [[1, 3], [1, 3], [1, 3]]}, "residual block 1 needs 3 dilations"),
        ({"n_heads": 0}, r"option model.n_heads cannot be used\s+found: 0\s+wanted: at least 1"),
        ({"n_heads": 5}, r"hidden_channels \(32\) must be a multiple of text_n_heads \(5\)"),
        ({"inter_channels": 7}, r"latent_channels \(7\) must be even"),
        ({"p_dropout": 1.5}, r"option model.p_dropout cannot be used\s+found: 1.5\s+wanted: from 0 to 1"),
        ({"upsample_rates": [4, -4, -4]}, "wanted: a list of positive whole numbers"),
    ],
)
def test_options_that_are_refused(
    written: Callable[..., tuple[Path, Path]], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(CheckpointError, match=message):
        load_melotts(*written(read_state(), model=changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"use_mel_posterior_encoder": True}, r"mel spectra is not supported\s+found: data.use_mel_posterior_encoder"),
        ({"n_speakers": -1}, r"option data.n_speakers cannot be used\s+found: -1\s+wanted: at least 0"),
        ({"n_speakers": None}, r"option data.n_speakers cannot be used\s+found: None\s+wanted: int"),
        ({"filter_length": 0}, "option data.filter_length cannot be used"),
    ],
)
def test_data_that_is_refused(written: Callable[..., tuple[Path, Path]], changes: dict[str, Any], message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        load_melotts(*written(read_state(), data=changes))


@pytest.mark.parametrize(
    ("section", "value", "message"),
    [
        ("model", [], "found: no model"),
        ("symbols", [], "found: no symbols"),
        ("symbols", [1, 2], "found: no symbols"),
        ("num_tones", 0, r"option num_tones cannot be used\s+found: 0"),
    ],
)
def test_configurations_that_are_none(tmp_path: Path, section: str, value: Any, message: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps(read_config() | {section: value}))
    with pytest.raises(CheckpointError, match=message):
        load_melotts(PARITY_DATA / "checkpoint.pth", tmp_path / "config.json")


def test_a_residual_flow_passes_over_the_sharing_of_a_transformers() -> None:
    config = read_config()
    config["model"].update(flow_share_parameter=True, use_transformer_flow=False)
    assert settings_from_config(config, where=PARITY_DATA).flow == "residual"


def test_options_that_nobody_knows_are_reported(written: Callable[..., tuple[Path, Path]]) -> None:
    _, report = load_melotts(*written(read_state(), model={"use_wavlm": True}))
    assert report.unused_options == ("use_wavlm",)


@pytest.mark.parametrize(
    ("model", "data"),
    [
        ({"resblock": "2"}, {}),
        ({"use_transformer_flow": False}, {}),
        ({"use_transformer_flow": False, "n_flow_layer": 2}, {}),
        ({"upsample_initial_channel": 27}, {}),
        ({"n_flow_layer": 2}, {}),
        ({}, {"n_speakers": 0}),
        ({"norm_refenc": True}, {"n_speakers": 0}),
        ({"use_vc": True}, {}),
        ({"use_spk_conditioned_encoder": False, "n_layers": 2}, {}),
    ],
)
def test_other_topologies_round_trip(tmp_path: Path, model: dict[str, Any], data: dict[str, Any]) -> None:
    config = read_config()
    config["model"].update(model)
    config["data"].update(data)
    torch.manual_seed(0)
    synthesizer = Synthesizer(settings_from_config(config, where=PARITY_DATA)).eval()
    save_melotts(synthesizer, tmp_path, config=config)
    again, report = load_melotts(tmp_path / "checkpoint.pth", tmp_path / "config.json")
    state = synthesizer.state_dict()
    assert len(report.loaded) == len(state)
    assert all(torch.equal(tensor, state[name]) for name, tensor in again.state_dict().items())


def test_round_trip_is_bit_exact(tmp_path: Path) -> None:
    synthesizer, _ = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    save_melotts(synthesizer, tmp_path)
    saved = torch.load(tmp_path / "checkpoint.pth", weights_only=True)["model"]
    original = read_state()
    assert sorted(saved) == sorted(original)
    assert all(torch.equal(saved[name], tensor) for name, tensor in original.items())
    assert json.loads((tmp_path / "config.json").read_text()) == read_config()


def test_what_the_original_reads_at_the_top_is_written_where_it_was_missing(tmp_path: Path) -> None:
    config = read_config()
    del config["num_tones"], config["num_languages"]
    synthesizer, _ = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    save_melotts(synthesizer, tmp_path, config=config)
    assert json.loads((tmp_path / "config.json").read_text()) == read_config()


def emotional() -> Synthesizer:
    """Return the reference model with emotions that are heard."""
    synthesizer, _ = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    torch.manual_seed(0)
    wide = synthesizer.with_emotions(7, 5)
    with torch.no_grad():
        for name, parameter in wide.named_parameters():
            if "voice_projection" in name and parameter.shape[1:2] == (29,):
                parameter[:, 24:] = torch.randn_like(parameter[:, 24:]) * 0.2
    return wide.eval()


@pytest.mark.parametrize(
    ("emotion", "intensity", "weights"),
    [
        (None, 1.0, [1.0, 0, 0, 0, 0, 0, 0]),
        ("happy", 1.0, [0.0, 1.0, 0, 0, 0, 0, 0]),
        (2, 0.5, [0.5, 0, 0.5, 0, 0, 0, 0]),
        ("happy:0.7+surprised:0.3", 1.5, [-0.5, 1.05, 0, 0, 0, 0.45, 0]),
        ([0.0, 0.25, 0.75], 1.0, [0.0, 0.25, 0.75, 0, 0, 0, 0]),
    ],
)
def test_an_emotion_folded_into_a_plain_checkpoint(
    tmp_path: Path, emotion: Any, intensity: float, weights: list[float]
) -> None:
    model = emotional()
    save_melotts(model, tmp_path, emotion=emotion, intensity=intensity)
    plain, _ = load_melotts(tmp_path / "checkpoint.pth", tmp_path / "config.json")
    expected = speak(model, emotion=torch.tensor([weights, weights]))
    assert plain.settings.n_emotions == 0
    assert torch.allclose(speak(plain), expected, atol=1e-5)
    assert sorted(torch.load(tmp_path / "checkpoint.pth", weights_only=True)["model"]) == sorted(read_state())


def test_folded_emotions_differ(tmp_path: Path) -> None:
    model = emotional()
    states = []
    for emotion in ("happy", "sad"):
        save_melotts(model, tmp_path / emotion, emotion=emotion)
        states.append(torch.load(tmp_path / emotion / "checkpoint.pth", weights_only=True)["model"])
    differing = {name for name, tensor in states[0].items() if not torch.equal(tensor, states[1][name])}
    endings = ("spk_emb_linear.bias", "cond_layer.bias", "cond.bias")
    assert differing == {name for name in states[0] if name.endswith(endings)}
    assert len(differing) == 9


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    model = emotional()
    with pytest.raises(CheckpointError, match="does not know this emotion"):
        save_melotts(model, tmp_path, emotion=7)
    with pytest.raises(CheckpointError, match="the emotion cannot be read"):
        save_melotts(model, tmp_path, emotion="hungry")
    plain, _ = load_melotts(PARITY_DATA / "checkpoint.pth", PARITY_DATA / "config.json")
    with pytest.raises(CheckpointError, match="knows no emotions"):
        save_melotts(plain, tmp_path, emotion="happy")
    other = read_config()
    other["data"]["n_speakers"] = 9
    with pytest.raises(CheckpointError, match=r"describes another model(?s:.*)n_speakers: 9 \(model: 4\)"):
        save_melotts(plain, tmp_path, config=other)
    plain.origin.clear()
    with pytest.raises(CheckpointError, match="no configuration to write"):
        save_melotts(plain, tmp_path)
    deep = read_config()
    deep["model"]["n_layers_trans_flow"] = 4
    with pytest.raises(CheckpointError, match=r"three layers a step(?s:.*)flow_n_layers: 4"):
        save_melotts(Synthesizer(settings_from_config(deep, where=PARITY_DATA)), tmp_path, config=deep)
    assert list(tmp_path.iterdir()) == []
