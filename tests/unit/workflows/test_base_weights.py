"""A training from a base voice as the pipeline sets it up: equal at the start, frozen as asked, identified."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from safetensors.torch import save_file
from support.hub_server import REPOSITORY as HUB_REPOSITORY
from support.hub_server import REVISION, serve, use_hub
from support.places import REPOSITORY
from torch import Tensor

from emotts.audio.io import write_wav
from emotts.checkpoint.base.folder import DISCRIMINATORS_FILE
from emotts.checkpoint.base.reading import base_digest, read_base
from emotts.checkpoint.load_report import LoadReport
from emotts.checkpoint.melotts.published import PublishedVoice, fetch
from emotts.checkpoint.voice_description import VoiceDescription
from emotts.checkpoint.voice_folder import write_voice
from emotts.corpus.lists import CorpusItem, write_list
from emotts.emotions.emotion_set import BASE_EMOTIONS
from emotts.errors import CheckpointError, ConfigError
from emotts.settings import Params
from emotts.text.frontend import front_end
from emotts.text.symbols import SYMBOLS
from emotts.training.batch import Batch, collate
from emotts.training.modules import TrainingNetworks, make_fabric, set_up_modules
from emotts.training.step import TrainingStep
from emotts.workflows import base_weights
from emotts.workflows.base_weights import base_folder, base_identity, networks_from_base
from emotts.workflows.networks import synthesizer_settings
from emotts.workflows.training import run_identity, voice_description
from emotts.workflows.training_data import read_training_data

pytestmark = pytest.mark.slow

DATA = REPOSITORY / "tests" / "parity" / "data"
TINY: dict[str, Any] = {
    "audio": {"sample_rate_hz": 16000, "n_fft": 256, "hop_length": 64, "win_length": 256, "n_mels": 20},
    "synthesizer": {
        "speaker_channels": 24,
        "emotion_channels": 6,
        "latent_channels": 32,
        "hidden_channels": 32,
        "text_filter_channels": 64,
        "posterior_channels": 32,
        "flow_channels": 32,
        "flow_filter_channels": 64,
        "hifigan": {
            "resblock": "1",
            "resblock_kernel_sizes": [3, 7, 11],
            "resblock_dilation_sizes": [[1, 3, 5]] * 3,
            "upsample_rates": [4, 4, 2, 2],
            "upsample_initial_channels": 32,
            "upsample_kernel_sizes": [8, 8, 4, 4],
        },
        "text_n_layers": 4,
    },
    "multi_period": {"periods": [2, 3], "period_channels": [4, 4], "scale_channels": [4, 4]},
    "duration_discriminator": {"filter_channels": 32},
}
"""What makes the full-size preset fit the small reference checkpoint."""


def settings(**changes: Any) -> Params:
    """Return the project's settings with the full-size preset shrunk to the reference checkpoint."""
    values = yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8"))
    preset = yaml.safe_load((REPOSITORY / "experiments/presets/melotts.yaml").read_text(encoding="utf-8"))
    values["audio"] |= preset["audio"] | TINY["audio"]
    values["model"]["synthesizer"] = preset["model"]["synthesizer"] | TINY["synthesizer"]
    values["model"]["multi_resolution"] = None
    values["model"]["multi_period"] |= TINY["multi_period"]
    values["model"]["duration_discriminator"] |= TINY["duration_discriminator"]
    values["speaking"] |= preset["speaking"]
    preset["train"]["weights"] = values["train"]["weights"] | preset["train"]["weights"]
    values["train"] |= preset["train"] | {"segment_frames": 16, "batch_size": 2, "precision": "32"}
    values["train"] |= changes.pop("train", {})
    return Params.model_validate(values | {"base": str(DATA)} | changes)


def write_corpus(folder: Path, *, speaker: str, texts: list[tuple[str, str]]) -> Path:
    reader = front_end("KR")
    random = np.random.default_rng(0)
    items = []
    for number, (text, emotion) in enumerate(texts):
        wav = f"wavs/{number}.wav"
        samples = random.normal(scale=0.1, size=6400 + 640 * number).astype(np.float32)
        write_wav(folder / wav, samples, sample_rate_hz=16000)
        read = reader.read(text)
        items.append(
            CorpusItem(wav, speaker, "KR", read.normalised_text, read.phones, read.tones, read.word2ph, emotion)
        )
    for side in ("train", "val", "test"):
        write_list(folder / f"{side}.list", items)
    emotions = {name: number for number, name in enumerate(BASE_EMOTIONS)}
    config = {"data": {"spk2id": {speaker: 0}}, "symbols": SYMBOLS, "emotions": emotions}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    texts = [("안녕하세요.", "neutral"), ("고마워요.", "happy"), ("반가워요.", "sad")]
    return write_corpus(tmp_path / "corpus", speaker="yuna", texts=texts)


Started = tuple[TrainingNetworks, LoadReport | None, VoiceDescription]


def start(params: Params, corpus: Path) -> Started:
    description = voice_description(params, read_training_data(params, corpus))
    networks, report = networks_from_base(
        params, synthesizer_settings(params, n_speakers=len(description.speakers)), description=description
    )
    return networks, report, description


def test_a_training_starts_where_melotts_stands(corpus: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        networks, report, description = start(settings(), corpus)
    base = read_base(DATA).synthesizer
    synthesizer = networks.synthesizer.eval()
    clip = read_training_data(settings(), corpus).clips(settings()).training[0]
    spoken = [speak(base, clip.tokens, clip.tones, clip.languages)]
    for emotion in range(len(description.emotion_names)):
        spoken.append(speak(synthesizer, clip.tokens, clip.tones, clip.languages, emotion=torch.tensor([emotion])))
        torch.testing.assert_close(spoken[-1], spoken[0], atol=1e-6, rtol=0)
    assert len(spoken) == 8
    assert spoken[0].abs().max() > 1e-3
    assert report is not None
    assert "voice.speakers.weight" in report.fresh, "yuna is not among the base's speakers"
    assert any(name.startswith("multi_period.") for name in report.fresh)
    assert f"starting from {DATA}: {report.summary}" in caplog.text
    assert "voice.speakers.weight: 0 of 1 rows by name; from the mean of 1: yuna" in caplog.text


def test_a_narrower_embedding_starts_where_the_base_stands(corpus: Path, tmp_path: Path) -> None:
    networks, _, description = start(settings(), corpus)
    for name, value in networks.synthesizer.named_parameters():
        if "voice_projection" in name and value.dim() > 1:
            torch.nn.init.normal_(value, std=0.1)
        if name == "voice.emotions.table":
            torch.nn.init.zeros_(value[4:])
    write_voice(tmp_path / "own", networks.synthesizer, description)
    own = settings(base=str(tmp_path / "own"), train={"freeze_steps": 0})
    assert own.model.synthesizer.emotion_channels == 6
    narrow = own.model.synthesizer.model_copy(update={"emotion_channels": 4})
    params = own.model_copy(update={"model": own.model.model_copy(update={"synthesizer": narrow})})
    narrower, report, _ = start(params, corpus)
    assert narrower.synthesizer.settings.emotion_channels == 4
    assert report is not None
    assert (report.widened, report.skipped) == ((), ())
    clip = read_training_data(own, corpus).clips(own).training[0]
    base = read_base(tmp_path / "own").synthesizer
    for emotion in (0, 3):
        asked = {"emotion": torch.tensor([emotion])}
        expected = speak(base, clip.tokens, clip.tones, clip.languages, **asked)
        found = speak(narrower.synthesizer.eval(), clip.tokens, clip.tones, clip.languages, **asked)
        torch.testing.assert_close(found, expected, atol=2e-6, rtol=0)


def test_a_decoder_of_its_own_shape_learns_while_the_rest_is_frozen(corpus: Path, tmp_path: Path) -> None:
    base, _, description = start(settings(), corpus)
    write_voice(tmp_path / "own", base.synthesizer, description)
    heard = discriminator_weights(base, "multi_period") | discriminator_weights(base, "duration")
    save_file(heard, tmp_path / "own" / DISCRIMINATORS_FILE)
    own = settings(base=str(tmp_path / "own"), train={"freeze_steps": 3, "base_decoder": False})
    assert own.model.synthesizer.hifigan is not None
    other = own.model.synthesizer.hifigan.model_copy(update={"upsample_initial_channels": 64})
    wider = own.model.synthesizer.model_copy(update={"hifigan": other})
    params = own.model_copy(update={"model": own.model.model_copy(update={"synthesizer": wider})})
    before, after, networks, _ = trained(params, corpus, steps=1)
    _, report, _ = start(params, corpus)
    assert report is not None
    decoder = {name for name in before if name.startswith("decoder.")}
    assert decoder
    assert networks.fresh == dict.fromkeys(decoder, 0)
    assert {name for name, _ in report.skipped} == {
        name for name in base.synthesizer.state_dict() if name.startswith("decoder.")
    }
    assert {reason for _, reason in report.skipped} == {"the model has a decoder of its own"}
    assert set(discriminator_weights(networks, "multi_period")) <= set(report.fresh)
    assert set(discriminator_weights(networks, "duration")) <= set(report.loaded)
    for name, value in before.items():
        if name not in decoder:
            assert torch.equal(after[name], value), name
    assert any(not torch.equal(after[name], before[name]) for name in decoder)


def discriminator_weights(networks: TrainingNetworks, name: str) -> dict[str, Tensor]:
    network = {**networks.waveform_discriminators, "duration": networks.duration_discriminator}[name]
    assert network is not None
    return {f"{name}.{key}": value for key, value in network.state_dict().items()}


def speak(synthesizer: Any, tokens: Tensor, tones: Tensor, languages: Tensor, **changes: Any) -> Tensor:
    torch.manual_seed(0)
    waveform, _ = synthesizer.synthesize(
        tokens[None],
        torch.tensor([len(tokens)]),
        speaker=torch.tensor([0]),
        tone=tones[None],
        language=languages[None],
        **changes,
    )
    return waveform


def batch_of(params: Params, corpus: Path) -> Batch:
    clips = read_training_data(params, corpus).clips(params).training
    audio = params.audio
    mirror = (audio.n_fft - audio.hop_length) // 2
    picked = [clips[number] for number in range(len(clips))]
    return collate(picked, hop_length=audio.hop_length, mirror_samples=mirror, min_frames=params.train.segment_frames)


def trained(
    params: Params, corpus: Path, *, steps: int
) -> tuple[dict[str, Tensor], dict[str, Tensor], Any, TrainingStep]:
    """Return the synthesizer's weights before and after some steps, the networks and the step."""
    networks, _, _ = start(params, corpus)
    train = params.train
    fabric = make_fabric(train)
    modules = set_up_modules(fabric, networks, settings=train)
    step = TrainingStep(fabric, modules, settings=train)
    before = {name: value.detach().clone() for name, value in modules.synthesizer.named_parameters()}
    batch = batch_of(params, corpus)
    for number in range(steps):
        step.run(batch, step=number)
    return before, dict(modules.synthesizer.named_parameters()), networks, step


def test_the_backbone_rests_bit_for_bit_while_new_columns_learn(corpus: Path) -> None:
    before, after, networks, step = trained(settings(train={"freeze_steps": 3}), corpus, steps=3)
    fresh = networks.fresh
    assert set(fresh) == {
        "voice.emotions.table",
        "voice.speakers.weight",
        *(
            name
            for name in before
            if "voice_projection" in name and before[name].dim() > 1 and before[name].shape[1] == 30
        ),
    }
    assert sorted(set(fresh.values())) == [0, 24]
    for name, value in before.items():
        if name not in fresh:
            assert torch.equal(after[name], value), name
    widened = [name for name, first in fresh.items() if first]
    assert len(widened) == 9
    for name in widened:
        assert torch.equal(after[name][:, :24], before[name][:, :24]), name
        assert not before[name][:, 24:].any(), name
        assert after[name][:, 24:].any(), name
    for name in ("voice.emotions.table", "voice.speakers.weight"):
        assert not torch.equal(after[name], before[name]), name
    assert step.learning_rates(2)["backbone"] == 0.0
    assert step.learning_rates(2)["fresh"] > 0.0


def test_then_the_backbone_learns_at_its_own_rate(corpus: Path) -> None:
    before, after, _, step = trained(settings(train={"freeze_steps": 1, "backbone_lr_scale": 0.5}), corpus, steps=2)
    rates = step.learning_rates(1)
    assert set(rates) == {"backbone", "fresh", "discriminators"}
    assert rates["backbone"] == pytest.approx(0.5 * rates["fresh"])
    resting = {name for name, value in before.items() if torch.equal(after[name], value)}
    bert = {f"text_encoder.{kind}_projection.weight" for kind in ("bert", "ja_bert")}
    assert resting <= bert, "without features their weights get no gradient"


def test_without_a_base_everything_is_fresh(corpus: Path) -> None:
    networks, report, _ = start(settings(base="none"), corpus)
    assert (networks.fresh, report) == (None, None)


def test_frozen_steps_in_which_nothing_would_learn(corpus: Path, tmp_path: Path) -> None:
    networks, _, description = start(settings(), corpus)
    write_voice(tmp_path / "own", networks.synthesizer, description)
    own = settings(base=str(tmp_path / "own"), train={"freeze_steps": 5})
    with pytest.raises(ConfigError, match=r"nothing would learn in the frozen steps(?s:.*)found: 5"):
        start(own, corpus)
    networks, report, _ = start(settings(base=str(tmp_path / "own"), train={"freeze_steps": 0}), corpus)
    assert networks.fresh == {}
    assert report is not None
    assert report.widened == ()


# ---- what a run depends on


def test_the_identity_follows_the_files_of_the_base(corpus: Path, tmp_path: Path) -> None:
    def identity(params: Params) -> Any:
        base = base_identity(params)
        data = read_training_data(params, corpus)
        return run_identity(params, synthesizer_settings(params, n_speakers=1), data=data, base=base)

    copy = tmp_path / "base"
    copy.mkdir()
    for name in ("checkpoint.pth", "config.json"):
        shutil.copy(DATA / name, copy / name)
    # the reference folder also has the published kind of duration discriminator beside the checkpoint
    shutil.copy(DATA / "duration_discriminator.pth", copy / "duration_discriminator.pth")
    assert identity(settings(base=str(copy))) == identity(settings())
    assert identity(settings(base="none"))["base"] == "none"
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"note": "changed"}))
    assert identity(settings(base=str(copy)))["base"] != identity(settings())["base"]
    replayed = identity(settings(train={"replay_corpus": str(corpus), "replay_fraction": 0.2}))
    assert len(replayed["replay"]) == 64
    assert identity(settings())["replay"] is None


def test_a_published_base_that_was_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_hub(monkeypatch, address="http://127.0.0.1:9", cache=tmp_path)
    with pytest.raises(CheckpointError, match=r"melotts-kr is not on this machine(?s:.*)emotts base fetch KR"):
        base_folder(settings(base="melotts-kr"))


def test_a_published_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_hub(monkeypatch, address="http://127.0.0.1:9", cache=tmp_path)
    files = {name: (DATA / name).read_bytes() for name in ("checkpoint.pth", "config.json")}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    voice = PublishedVoice("melotts-kr", "KR", HUB_REPOSITORY, REVISION, sha256=digests)
    monkeypatch.setattr(base_weights, "PUBLISHED", {"melotts-kr": voice})
    with serve(files, tmp_path) as hub:
        fetch(voice)
    assert base_folder(settings(base="melotts-kr")) == hub.snapshot
    assert base_identity(settings(base="melotts-kr")) == base_digest(hub.snapshot)


@pytest.mark.parametrize("base", ["models/voice", "./models/export", "models/voice/step_00000100"])
def test_the_pipelines_own_output_is_no_base(base: str) -> None:
    with pytest.raises(ConfigError, match="copy it elsewhere first"):
        base_folder(settings(base=base))


def test_a_base_of_other_widths(corpus: Path) -> None:
    params = settings()
    wrong = params.model_copy(update={"audio": params.audio.model_copy(update={"sample_rate_hz": 22050})})
    with pytest.raises(CheckpointError, match=r"sample_rate_hz: 22050 \(base: 16000\)"):
        start(wrong, corpus)


# ---- replay


def test_replayed_speakers_get_ids_of_their_own(corpus: Path, tmp_path: Path) -> None:
    other = write_corpus(tmp_path / "other", speaker="KR", texts=[("잘 가요.", "neutral"), ("어서 오세요.", "angry")])
    params = settings(train={"replay_corpus": str(other), "replay_fraction": 0.25})
    networks, report, description = start(params, corpus)
    assert read_training_data(params, corpus).speakers == {"yuna": 0, "KR": 1}
    assert (description.speakers, description.replayed_speakers) == (("yuna", "KR"), ("KR",))
    assert description.trained_emotions == ("neutral", "happy", "sad"), "what is replayed does not count"
    assert (description.speaker_id(None), description.speaker_id("KR")) == (0, 1)
    assert VoiceDescription.from_dict(description.to_dict()) == description
    clips = read_training_data(params, corpus).clips(params)
    assert clips.replay is not None
    assert [clips.replay[number].speaker for number in range(2)] == [1, 1]
    assert [clips.training[number].speaker for number in range(3)] == [0, 0, 0]
    table = networks.synthesizer.state_dict()["voice.speakers.weight"]
    assert torch.equal(table[1], read_base(DATA).synthesizer.state_dict()["voice.speakers.weight"][0])
    assert report is not None
    assert params.train.replay_fraction == 0.25
