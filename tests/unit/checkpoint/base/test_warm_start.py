"""Warm starts: equal before the first step, every tensor accounted for, rows by name, nothing unexpected."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from support.places import PARITY_DATA
from support.tiny_voice import speaking_style
from torch import Tensor

from emotts.checkpoint.base.reading import BaseVoice, base_digest, read_base
from emotts.checkpoint.base.warm_start import warm_start, warm_start_discriminators
from emotts.checkpoint.load_report import LoadReport
from emotts.checkpoint.melotts.discriminators import read_multi_period_discriminator
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import write_voice
from emotts.emotions.emotion_set import BASE_EMOTIONS
from emotts.errors import CheckpointError, ConfigError
from emotts.model.discriminator_duration import DurationDiscriminator
from emotts.model.discriminator_period import MultiPeriodDiscriminator
from emotts.model.synthesizer import Synthesizer
from emotts.text.symbols import SYMBOLS

pytestmark = pytest.mark.slow

AUDIO = {"sample_rate_hz": 16000, "n_fft": 256, "hop_length": 64, "win_length": 256}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a MeloTTS checkpoint and its configuration."""
    base = tmp_path / "base"
    base.mkdir()
    for name in ("checkpoint.pth", "config.json"):
        shutil.copy(PARITY_DATA / name, base / name)
    return base


@pytest.fixture(scope="module")
def base() -> BaseVoice:
    return read_base(PARITY_DATA)


def started(
    base: BaseVoice, *, symbols: Sequence[str] = SYMBOLS, speakers: Sequence[str] = ("KR",), **changes: Any
) -> tuple[Synthesizer, LoadReport]:
    """Return a synthesizer with seven emotions that starts from ``base``."""
    values = {"n_emotions": 7, "emotion_channels": 5, "n_symbols": len(symbols), "n_speakers": len(speakers)} | changes
    emotions = (*BASE_EMOTIONS, "proud", "bored")[: values["n_emotions"]]
    torch.manual_seed(1)
    synthesizer = Synthesizer(base.synthesizer.settings.changed(**values))
    report = warm_start(synthesizer, base, symbols=symbols, speakers=speakers, emotions=emotions, audio=AUDIO)
    return synthesizer.eval(), report


def speak(synthesizer: Synthesizer, *, speaker: int = 0, bert: bool = True, **changes: Any) -> Tensor:
    cases = load_file(PARITY_DATA / "cases.safetensors")
    features = {"bert": cases["in_bert"][:1], "ja_bert": cases["in_ja_bert"][:1]} if bert else {}
    torch.manual_seed(2)
    waveform, _ = synthesizer.synthesize(
        cases["in_tokens"][:1],
        cases["in_token_lengths"][:1],
        speaker=torch.tensor([speaker]),
        tone=cases["in_tone"][:1],
        language=cases["in_language"][:1],
        **features,
        **changes,
    )
    return waveform


@pytest.mark.parametrize("emotion_channels", [1, 5, 24, 64])
def test_every_emotion_speaks_as_the_base_before_the_first_step(base: BaseVoice, emotion_channels: int) -> None:
    synthesizer, _ = started(base, emotion_channels=emotion_channels)
    expected = speak(base.synthesizer)
    assert expected.abs().max() > 1e-2
    assert synthesizer.voice.emotions is not None
    assert synthesizer.voice.emotions.table.std() > 0.1
    for emotion in range(7):
        found = speak(synthesizer, emotion=torch.tensor([emotion]))
        torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)


def test_the_start_is_that_of_a_widened_model(base: BaseVoice) -> None:
    synthesizer, _ = started(base)
    wider = base.synthesizer.with_emotions(7, 5).state_dict()
    for name, tensor in synthesizer.state_dict().items():
        if name not in ("voice.speakers.weight", "voice.emotions.table"):
            assert torch.equal(tensor, wider[name]), name


def test_the_report_names_every_tensor_once(base: BaseVoice) -> None:
    synthesizer, report = started(base)
    state = synthesizer.state_dict()
    assert sorted((*report.loaded, *report.widened, *report.fresh)) == sorted(state)
    assert report.fresh == ("voice.emotions.table",)
    widened = {
        name for name in state if "voice_projection.weight" in name or "voice_projection.parametrizations" in name
    }
    assert set(report.widened) == {name for name in widened if not name.endswith("original0")}
    assert len(report.widened) == 9
    assert report.skipped == ()
    notes = dict(report.notes)
    assert notes["decoder.voice_projection.weight"] == "input channels from 24 are zero"
    assert notes["voice.speakers.weight"] == "1 of 1 rows by name; 3 rows of the base left out"
    assert notes["voice.emotions.table"] == "random: the base has no emotions; what reads them is zero"
    assert report.summary == f"{len(state) - 10} loaded, 9 widened, 1 fresh, 0 skipped"
    assert "widened: decoder.voice_projection.weight (input channels from 24 are zero)" in report.lines()
    assert len(report.lines()) == 11


def test_new_symbols_and_speakers_start_from_the_mean(base: BaseVoice) -> None:
    symbols = ("新", *reversed(SYMBOLS[:-1]))
    named = dataclasses.replace(base, speakers={"KR": 0, "second": 2})
    synthesizer, report = started(named, symbols=symbols, speakers=("yuna", "second"))
    old, new = base.synthesizer.state_dict(), synthesizer.state_dict()
    table = "text_encoder.symbols.weight"
    torch.testing.assert_close(new[table][0], old[table].mean(dim=0))
    assert torch.equal(new[table][1:], old[table][:-1].flip(0))
    speakers = "voice.speakers.weight"
    torch.testing.assert_close(new[speakers][0], (old[speakers][0] + old[speakers][2]) / 2)
    assert torch.equal(new[speakers][1], old[speakers][2])
    assert {table, speakers} <= set(report.widened)
    notes = dict(report.notes)
    assert notes[table] == "218 of 219 rows by name; from the mean of 219: 新; 1 rows of the base left out"
    assert notes[speakers] == "1 of 2 rows by name; from the mean of 2: yuna; 3 rows of the base left out"


def test_a_speaker_table_without_a_known_name_is_fresh(base: BaseVoice) -> None:
    synthesizer, report = started(base, speakers=("yuna",))
    old, new = base.synthesizer.state_dict(), synthesizer.state_dict()
    assert torch.equal(new["voice.speakers.weight"][0], old["voice.speakers.weight"][0]), "KR is the only named one"
    assert "voice.speakers.weight" in report.fresh
    nameless = dataclasses.replace(base, speakers={})
    synthesizer, _ = started(nameless, speakers=("yuna",))
    torch.testing.assert_close(
        synthesizer.state_dict()["voice.speakers.weight"][0], old["voice.speakers.weight"].mean(dim=0)
    )


def test_without_bert_the_bias_of_its_absence_stays(base: BaseVoice) -> None:
    synthesizer, report = started(base, bert_channels=0, ja_bert_channels=0)
    found = speak(synthesizer, bert=False, emotion=torch.tensor([4]))
    torch.testing.assert_close(found, speak(base.synthesizer, bert=False), atol=1e-5, rtol=0)
    assert found.shape != speak(base.synthesizer).shape, "the features would be heard"
    assert {name for name, _ in report.skipped} == {
        f"text_encoder.{kind}.{part}"
        for kind in ("bert_projection", "ja_bert_projection")
        for part in ("weight", "bias")
    }


def test_fault_5_other_networks_are_refused_with_every_difference(base: BaseVoice) -> None:
    before = Synthesizer(base.synthesizer.settings.changed(n_emotions=7, emotion_channels=5, flow_n_steps=2))
    state = {name: tensor.clone() for name, tensor in before.state_dict().items()}
    with pytest.raises(CheckpointError) as caught:
        warm_start(
            before,
            base,
            symbols=SYMBOLS,
            speakers=("a", "b", "c", "d"),
            emotions=BASE_EMOTIONS,
            audio=AUDIO | {"sample_rate_hz": 22050},
        )
    message = str(caught.value)
    assert "flow_n_steps: 2 (base: 4)" in message
    assert "sample_rate_hz: 22050 (base: 16000)" in message
    assert "emotts preset experiments/presets/melotts.yaml" in message
    assert all(torch.equal(tensor, state[name]) for name, tensor in before.state_dict().items())


def test_names_that_do_not_fit_the_tables(base: BaseVoice) -> None:
    synthesizer = Synthesizer(base.synthesizer.settings.changed(n_emotions=7, emotion_channels=5))
    with pytest.raises(ConfigError, match=r"voice.speakers.weight\s+found: 1\s+wanted: 4 names"):
        warm_start(synthesizer, base, symbols=SYMBOLS, speakers=("KR",), emotions=BASE_EMOTIONS, audio=AUDIO)


# ---- a voice of our own


@pytest.fixture
def own(tmp_path: Path, base: BaseVoice) -> Path:
    """Return a voice of two speakers in eight emotions that are heard."""
    torch.manual_seed(3)
    synthesizer = Synthesizer(base.synthesizer.settings.changed(n_emotions=8, emotion_channels=5, n_speakers=2))
    for parameter in synthesizer.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.1)
    description = VoiceDescription(
        language="KR",
        sample_rate_hz=16000,
        emotion_names=(*BASE_EMOTIONS, "bored"),
        trained_emotions=("neutral", "bored"),
        speakers=("yuna", "mina"),
        symbols=tuple(SYMBOLS),
        speaking=speaking_style(sdp_ratio=0.2, pause_s=0.3),
        audio={**AUDIO, "n_mels": 20},
    )
    write_voice(tmp_path / "own", synthesizer, description)
    return tmp_path / "own"


def test_a_voice_of_our_own_keeps_speakers_and_emotions_by_name(own: Path) -> None:
    base = read_base(own)
    assert base.speakers == {"yuna": 0, "mina": 1}
    synthesizer, report = started(base, speakers=("mina",), n_emotions=9, emotion_channels=8)
    for theirs, ours in {0: 0, 3: 3, 7: 8}.items():  # bored was the eighth emotion and is the ninth
        expected = speak(base.synthesizer, speaker=1, emotion=torch.tensor([theirs]))
        found = speak(synthesizer, emotion=torch.tensor([ours]))
        torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)
    neutral = speak(base.synthesizer, speaker=1, emotion=torch.tensor([0]))
    assert found.shape != neutral.shape or (found - neutral).abs().max() > 1e-3
    old, new = (model.state_dict()["voice.emotions.table"] for model in (base.synthesizer, synthesizer))
    torch.testing.assert_close(new[7, :5], old.mean(dim=0))
    notes = dict(report.notes)
    assert notes["voice.emotions.table"] == ("8 of 9 rows by name; from the mean of 8: proud; columns from 5 random")


# ---- discriminators


def toy_discriminators(*, voice_channels: int) -> dict[str, torch.nn.Module]:
    return {
        "multi_period": MultiPeriodDiscriminator(
            periods=[2, 3], period_channels=[4, 4], scale_channels=[4, 4], use_spectral_norm=False
        ),
        "duration": DurationDiscriminator(32, 32, kernel_size=3, dropout=0.1, voice_channels=voice_channels),
    }


def as_melotts(network: torch.nn.Module) -> dict[str, Tensor]:
    """Return the state of a multi-period discriminator under MeloTTS's names."""
    renamed = {}
    for name, tensor in network.state_dict().items():
        foreign = name.replace("parts.", "discriminators.").replace("output_conv", "conv_post")
        renamed[foreign.replace("parametrizations.weight.original0", "weight_g")] = tensor.clone()
    return {name.replace("parametrizations.weight.original1", "weight_v"): value for name, value in renamed.items()}


def old_names(state: dict[str, Tensor], path: Path) -> Path:
    torch.save({"model": state, "iteration": 3, "optimizer": None, "learning_rate": 0.1}, path.with_suffix(".pth"))
    return path


def new_names(state: dict[str, Tensor], path: Path) -> Path:
    renamed = {name.replace("weight_g", "parametrizations.weight.original0"): value for name, value in state.items()}
    renamed = {name.replace("weight_v", "parametrizations.weight.original1"): value for name, value in renamed.items()}
    save_file(renamed, path.with_suffix(".safetensors"))
    return path


@pytest.mark.parametrize("write", [old_names, new_names])
def test_discriminators_beside_a_melotts_checkpoint(folder: Path, write: Callable[..., Path]) -> None:
    theirs = toy_discriminators(voice_channels=24)
    write(as_melotts(theirs["multi_period"]), folder / "discriminator")
    shutil.copy(PARITY_DATA / "duration_discriminator.pth", folder / "DUR.pth")
    base = read_base(folder, duration_discriminator=True)
    ours = toy_discriminators(voice_channels=29)
    report = warm_start_discriminators(ours, base.discriminators, where=folder)
    expected = theirs["multi_period"].state_dict()
    found = ours["multi_period"].state_dict()
    assert all(torch.equal(found[name], tensor) for name, tensor in expected.items())
    assert report.widened == ("duration.voice_projection.weight",)
    assert (report.fresh, report.skipped) == ((), ())
    assert len(report.loaded) == len(expected) + 21
    projection = ours["duration"].state_dict()["voice_projection.weight"]
    original = torch.load(PARITY_DATA / "duration_discriminator.pth", weights_only=True)["model"]["cond.weight"]
    assert torch.equal(projection[:, :24], original)
    assert not projection[:, 24:].any()


def test_the_duration_discriminator_is_fresh_unless_asked_for(folder: Path) -> None:
    shutil.copy(PARITY_DATA / "duration_discriminator.pth", folder / "DUR.pth")
    ours = toy_discriminators(voice_channels=29)
    before = {name: tensor.clone() for name, tensor in ours["duration"].state_dict().items()}
    report = warm_start_discriminators(ours, read_base(folder).discriminators, where=folder)
    assert all(torch.equal(tensor, before[name]) for name, tensor in ours["duration"].state_dict().items())
    assert report.loaded == ()
    assert dict(report.notes)["duration.output.bias"] == "the base comes without this discriminator"


def test_spectral_norm_under_its_former_names(tmp_path: Path) -> None:
    """The former ``weight_v`` is a vector there, not the direction that weight normalisation calls so."""
    torch.manual_seed(0)
    widths: dict[str, Any] = {"periods": [2, 3], "period_channels": [4, 4], "scale_channels": [4, 4]}
    theirs = MultiPeriodDiscriminator(**widths, use_spectral_norm=True)
    words = {"0._u": "weight_u", "0._v": "weight_v", "original": "weight_orig"}
    state = {}
    for name, tensor in theirs.state_dict().items():
        stem, _, end = name.partition("parametrizations.weight.")
        state[stem.replace("parts.", "discriminators.").replace("output_conv", "conv_post") + words.get(end, end)] = (
            tensor
        )
    assert {"discriminators.0.convs.0.weight_u", "discriminators.0.conv_post.weight_orig"} <= set(state)
    torch.save({"model": state}, tmp_path / "D.pth")
    ours = MultiPeriodDiscriminator(**widths, use_spectral_norm=True)
    ours.load_state_dict(read_multi_period_discriminator(tmp_path / "D.pth"))
    waveform = torch.randn(1, 1, 64)
    expected, found = theirs.eval()(waveform), ours.eval()(waveform)
    assert all(torch.equal(one, other) for one, other in zip(found.logits, expected.logits, strict=True))


def test_discriminators_of_other_widths_are_refused(folder: Path) -> None:
    theirs = MultiPeriodDiscriminator(
        periods=[2, 3], period_channels=[4, 8], scale_channels=[4, 4], use_spectral_norm=False
    )
    torch.save({"model": as_melotts(theirs)}, folder / "D.pth")
    ours = toy_discriminators(voice_channels=29)
    with pytest.raises(CheckpointError, match=r"multi_period.parts.1.convs.1.bias is \(8,\), the network has \(4,\)"):
        warm_start_discriminators(ours, read_base(folder).discriminators, where=folder)
    del ours["multi_period"]
    report = warm_start_discriminators(ours, read_base(folder).discriminators, where=folder)
    assert ("multi_period.parts.0.convs.0.bias", "this run has no such discriminator") in report.skipped


def test_a_discriminator_in_the_wrong_file(folder: Path) -> None:
    shutil.copy(PARITY_DATA / "duration_discriminator.pth", folder / "D.pth")
    with pytest.raises(CheckpointError, match="D.pth: this is not a multi-period discriminator"):
        read_base(folder)


# ---- folders


def test_folders_that_are_no_base(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(CheckpointError, match="nowhere: no base voice is there"):
        read_base(tmp_path / "nowhere")
    (folder / "model.safetensors").write_bytes(b"")
    with pytest.raises(CheckpointError, match=r"not clear which file is meant\s+found: checkpoint.pth, model.safet"):
        read_base(folder)
    for name in ("model.safetensors", "checkpoint.pth"):
        (folder / name).unlink()
    with pytest.raises(CheckpointError, match="has no weights"):
        read_base(folder)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CheckpointError, match="this is no MeloTTS configuration"):
        read_base(folder)
    (folder / "config.json").unlink()
    with pytest.raises(CheckpointError, match="no checkpoint here"):
        read_base(folder)


def test_a_published_configuration_holds_only_what_speaking_needs(folder: Path) -> None:
    """The published ones say nothing about the window, the mel bands or the discriminators."""
    config = json.loads((folder / "config.json").read_text())
    kept = ("sampling_rate", "filter_length", "hop_length", "add_blank", "n_speakers", "spk2id")
    config["data"] = {name: config["data"][name] for name in kept}
    config["train"] = {"segment_size": 1024}
    (folder / "config.json").write_text(json.dumps(config))
    base = read_base(folder)
    assert base.audio == AUDIO
    started(base)
    del config["data"]["sampling_rate"]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match=r"what sound the voice was trained on(?s:.*)data.sampling_rate"):
        read_base(folder)


@pytest.mark.parametrize("row", [4, -1, "0"])
def test_speakers_outside_of_the_table(folder: Path, row: object) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["data"]["spk2id"] = {"KR": row}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="the speakers do not fit the speaker table"):
        read_base(folder)


def test_the_digest_is_that_of_the_files_wherever_they_lie(folder: Path, tmp_path: Path, own: Path) -> None:
    digest = base_digest(folder)
    shutil.copytree(folder, tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "notes.txt").write_text("not read")
    assert base_digest(tmp_path / "elsewhere") == digest
    shutil.copy(PARITY_DATA / "duration_discriminator.pth", tmp_path / "elsewhere" / "DUR.pth")
    assert base_digest(tmp_path / "elsewhere") != digest
    assert base_digest(own) not in (digest, base_digest(tmp_path / "elsewhere"))
