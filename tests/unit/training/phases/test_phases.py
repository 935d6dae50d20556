"""The phases: which parts are trained, which stay the same bit for bit and are not even run; resuming in each."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import ModuleType

import pytest
import torch

from emotts.checkpoint.store import CheckpointStore, read_trainer_state
from emotts.errors import ConfigError
from emotts.model.synthesizer import Synthesizer
from emotts.training.batch import Batch, collate
from emotts.training.loop import TrainingHooks
from emotts.training.modules import TrainingModules, make_fabric, set_up_modules
from emotts.training.phases import autoencoder
from emotts.training.phases.phase import PhaseContext
from emotts.training.phases.registry import PHASES
from emotts.training.step import TrainingStep
from emotts.training.validation import validation_score

pytestmark = pytest.mark.slow

TEXT = {"text_encoder", "flow", "duration_predictor", "stochastic_duration_predictor"}
SOUND = {"voice", "posterior_encoder", "decoder"}
WAVEFORM_DISCRIMINATORS = {"multi_period", "multi_resolution"}
DISCRIMINATORS = {"autoencoder": WAVEFORM_DISCRIMINATORS, "decoder": WAVEFORM_DISCRIMINATORS, "prior": {"duration"}}
LEARNING = {"autoencoder": SOUND, "decoder": {"decoder"}, "prior": TEXT}
IDLE = {"autoencoder": TEXT, "decoder": TEXT, "prior": {"decoder"}}
EACH = pytest.mark.parametrize("phase", ["autoencoder", "decoder", "prior"])


def batch_of(toy: ModuleType) -> Batch:
    clips = toy.ToyClips(3, seed=1)
    return collate([clips[number] for number in range(3)], hop_length=toy.HOP, mirror_samples=16, min_frames=8)


def set_up(toy: ModuleType, **changes: object) -> tuple[TrainingModules, TrainingStep]:
    settings = toy.toy_settings(**changes)
    fabric = make_fabric(settings)
    modules = set_up_modules(fabric, toy.toy_networks(), settings=settings)
    return modules, TrainingStep(fabric, modules, settings=settings)


def test_the_joint_phase_has_every_part(toy: ModuleType) -> None:
    names = {name for name, _ in Synthesizer(toy.SYNTHESIZER).named_children()}
    assert PHASES["joint"].parts == names == TEXT | SOUND
    assert not PHASES["autoencoder"].parts & PHASES["prior"].parts


@EACH
def test_frozen_parts_stay_bit_for_bit_and_the_others_are_trained(toy: ModuleType, phase: str) -> None:
    modules, step = set_up(toy, phase=phase, discriminator_every=1)
    before = {
        f"{name}.{key}": value.clone()
        for name, network in modules.networks.items()
        for key, value in network.state_dict().items()
    }
    for number in range(2):
        metrics = step.run(batch_of(toy), step=number)
    for name, network in modules.networks.items():
        for key, value in network.state_dict().items():
            learns = key.split(".")[0] in LEARNING[phase] if name in ("model", "ema") else name in DISCRIMINATORS[phase]
            assert torch.equal(value, before[f"{name}.{key}"]) != learns, f"{name}.{key}"
    assert {name.removeprefix("loss/discriminator/") for name in metrics if "discriminator" in name} == DISCRIMINATORS[
        phase
    ]
    assert {name.removeprefix("gradient_norm/") for name in metrics if "norm" in name} == {
        "generator"
    } | DISCRIMINATORS[phase]


@EACH
def test_frozen_parts_have_no_optimizer_state(toy: ModuleType, phase: str) -> None:
    modules, step = set_up(toy, phase=phase)
    step.run(batch_of(toy), step=0)
    learning = [
        value for name, value in modules.synthesizer.named_parameters() if name.split(".")[0] in LEARNING[phase]
    ]
    optimized = [value for group in modules.generator_optimizer.param_groups for value in group["params"]]
    assert {id(value) for value in optimized} == {id(value) for value in learning}
    assert len(modules.generator_optimizer.state_dict()["state"]) == len(learning)
    discriminators = [value for name in DISCRIMINATORS[phase] for value in modules.discriminators[name].parameters()]
    assert len(modules.discriminator_optimizer.state_dict()["state"]) == len(discriminators)


@EACH
def test_parts_that_a_phase_does_not_need_are_not_run(toy: ModuleType, phase: str) -> None:
    modules, step = set_up(toy, phase=phase)

    def refuse(*_: object) -> None:
        raise AssertionError("it was run")

    for name in IDLE[phase]:
        modules.synthesizer.get_submodule(name).register_forward_pre_hook(refuse)
    for name in set(modules.discriminators) - DISCRIMINATORS[phase]:
        modules.discriminators[name].register_forward_pre_hook(refuse)
    step.run(batch_of(toy), step=0)


@pytest.mark.parametrize(("phase", "drawn"), [("decoder", False), ("autoencoder", True)])
def test_only_the_decoder_phase_may_take_the_means_of_the_latents(toy: ModuleType, phase: str, drawn: bool) -> None:
    networks, settings = toy.toy_networks(), toy.toy_settings(phase=phase, decoder_noise_scale=0.0)
    generator = PHASES[phase].call(networks.synthesizer)
    decoded: list[torch.Tensor] = []
    means: list[torch.Tensor] = []
    networks.synthesizer.decoder.register_forward_pre_hook(lambda _, inputs: decoded.append(inputs[0]))
    generator.register_forward_hook(lambda _, inputs, output: means.append(output["mean"]))
    PHASES[phase].run(generator, batch_of(toy), PhaseContext(networks.spectrogram, networks.mel, settings))
    assert torch.equal(decoded[0], means[0]) != drawn


def test_a_window_gives_the_latents_of_the_whole_clip(toy: ModuleType) -> None:
    networks = toy.toy_networks()
    synthesizer = networks.synthesizer.eval()
    call = autoencoder.AutoencoderCall(synthesizer)
    assert call.context_frames == 2
    batch = batch_of(toy)
    voice = synthesizer.voice(batch.speaker, emotion=batch.emotion)
    _, whole, _, _ = synthesizer.posterior_encoder(
        networks.spectrogram(batch.waveform), batch.frame_lengths, voice_embedding=voice
    )
    last = int(batch.frame_lengths.min()) - 8
    for first in (0, 1, 5, last):
        starts = torch.tensor([first, 0, last])
        window = autoencoder.window(batch, starts, spectrogram=networks.spectrogram, reach=2, segment_frames=8)
        assert window["spectrogram"].shape[2] == 12
        output = call(**window, speaker=batch.speaker, emotion=batch.emotion, segment_frames=8)
        assert output["waveform"].shape == (3, 1, 8 * toy.HOP)
        for row, start in enumerate(starts.tolist()):
            torch.testing.assert_close(output["mean"][row], whole[row, :, start : start + 8], atol=1e-5, rtol=0)
        assert output["mask"].all()


@EACH
def test_a_run_that_was_stopped_goes_on_bit_for_bit(toy: ModuleType, phase: str, tmp_path: Path) -> None:
    straight = toy.toy_train(tmp_path / "straight", phase=phase)

    with pytest.raises(toy.Stopped):
        toy.toy_train(tmp_path / "cut", phase=phase, hooks=toy.stop_at(3))
    again = toy.toy_train(tmp_path / "cut", phase=phase, networks=toy.toy_networks(seed=99))
    assert again.resumed_from == 3
    last = CheckpointStore(tmp_path / "cut").path(6)
    toy.assert_same_checkpoint(straight.last_folder, last)
    groups = read_trainer_state(last)["generator_optimizer"]["param_groups"]
    named = Synthesizer(toy.SYNTHESIZER).named_parameters()
    assert sum(len(group["params"]) for group in groups) == sum(
        name.split(".")[0] in LEARNING[phase] for name, _ in named
    )


def test_the_best_checkpoint_is_chosen_by_what_the_phase_computes(toy: ModuleType, tmp_path: Path) -> None:
    rows: dict[str, dict[str, float]] = {}
    for phase in LEARNING:
        metrics: dict[str, float] = rows.setdefault(phase, {})
        hooks = TrainingHooks(log=lambda values, step, into=metrics: into.update(values))
        toy.toy_train(tmp_path / phase, phase=phase, steps=2, weights={"mel": 10.0, "kl": 0.5}, hooks=hooks)
    sound, text = rows["autoencoder"], rows["prior"]
    assert {name for name in sound if name.startswith("val/")} == {
        "val/loss/mel",
        "val/loss/kl",
        "val/loss/pitch",
        "val/score",
    }
    assert sound["val/score"] == pytest.approx(10.0 * sound["val/loss/mel"] + 0.5 * sound["val/loss/kl"])
    durations = {f"val/loss/{name}" for name in ("duration", "duration_frames", "stochastic_duration")}
    assert {name for name in text if name.startswith("val/")} == {"val/loss/kl", *durations, "val/score"}
    assert text["val/score"] == pytest.approx(0.5 * text["val/loss/kl"])
    assert validation_score({"kl": 3.0}, settings=toy.toy_settings(best_kl_weight=2.0)) == 6.0


def test_known_times_hold_the_alignment_in_both_phases_with_text(toy: ModuleType) -> None:
    clips = toy.ToyClips(3, seed=1)
    timed = []
    for number in range(3):
        clip = clips[number]
        # all tokens but the last last two frames each
        edges = torch.tensor([2.0 * place for place in range(len(clip.tokens))] + [float(clip.n_frames)])
        timed.append(dataclasses.replace(clip, token_spans=torch.stack([edges[:-1], edges[1:]], dim=1)))
    batch = collate(timed, hop_length=toy.HOP, mirror_samples=16, min_frames=8)
    for phase in ("prior", "joint"):
        modules, _ = set_up(toy, phase=phase, alignment_slack_frames=0)
        settings = toy.toy_settings(phase=phase, alignment_slack_frames=0)
        context = PhaseContext(modules.spectrogram, modules.mel, settings)
        generated = PHASES[phase].run(modules.generator, batch, context)
        assert generated.alignment is not None
        for row, clip in zip(generated.alignment, timed, strict=True):
            durations = row.sum(dim=0)[: len(clip.tokens)]
            assert durations[:-1].tolist() == [2.0] * (len(clip.tokens) - 1)


def test_a_phase_that_is_not_known(toy: ModuleType) -> None:
    with pytest.raises(ConfigError, match=r"phase = 'both': Input should be 'joint', 'autoencoder', 'decoder'"):
        toy.toy_settings(phase="both")


def test_the_noise_on_the_alignment_falls_and_a_whole_clip_has_none(toy: ModuleType) -> None:
    networks = toy.toy_networks()
    settings = toy.toy_settings(alignment_noise=0.01, alignment_noise_decay=0.004)
    context = PhaseContext(networks.spectrogram, networks.mel, settings)
    noises = [context.at_step(step).alignment_noise_scale for step in range(4)]
    assert noises == pytest.approx([0.01, 0.006, 0.002, 0.0])
    whole = context.of_whole_clip(batch_of(toy))
    assert whole.alignment_noise_scale == 0.0
    assert whole.settings == settings.changed(segment_frames=int(batch_of(toy).frame_lengths.max()))
