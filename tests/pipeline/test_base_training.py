"""The making of a base voice: phases that follow each other, stops and goes on, and the folder at the end."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import mlflow
import pytest
import safetensors.torch
import torch
from support.rendered import write_recipe, write_rendered

from emotts.checkpoint.base.folder import write_base
from emotts.checkpoint.base.reading import base_digest, read_base
from emotts.checkpoint.store import CheckpointStore, read_meta, read_weights
from emotts.checkpoint.voice_folder import read_voice
from emotts.errors import CheckpointError, ConfigError
from emotts.settings import load_recipe
from emotts.workflows.base_voice import BaseTraining
from emotts.workflows.base_weights import base_folder, networks_from_base
from emotts.workflows.networks import build_networks, synthesizer_settings
from emotts.workflows.training import voice_description
from emotts.workflows.training_data import read_training_data

LANGUAGES = "text_encoder.languages.weight"
SOUND = ("voice.", "posterior_encoder.", "decoder.")


def ignore(done: int, total: int, note: str) -> None:
    """Show nothing."""


def training(root: Path, **changes: object) -> BaseTraining:
    return BaseTraining(load_recipe(write_recipe(root, **changes), root=root), root)


def forget_store(patch: pytest.MonkeyPatch) -> None:
    """Leave MLflow's store to the project, and what MLflow notes in the environment to this module."""
    patch.setenv("MLFLOW_TRACKING_URI", "")
    patch.delenv("MLFLOW_TRACKING_URI")


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_store(monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> BaseTraining:
    """A base voice that was stopped in its second phase, and gone on with."""
    root = tmp_path_factory.mktemp("base")
    write_rendered(root / "rendered")
    job = training(root)

    def stop(done: int, total: int, note: str) -> None:
        assert not note.startswith("all")
        if note.startswith("text") and done == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    seen: list[tuple[int, str]] = []
    with pytest.MonkeyPatch.context() as patch:
        forget_store(patch)
        with pytest.raises(KeyboardInterrupt, match="stopped after step 3"):
            job.run(progress=stop)
        assert not job.folder.exists(), "the last phase has not begun"
        assert job.run(progress=lambda done, total, note: seen.append((done, note.split()[0])))
    assert seen == [(4, "text"), *((step, "all") for step in (1, 2, 3, 4))]
    return job


def test_a_base_in_three_languages(tmp_path: Path) -> None:
    others = {"JP": ("おはよう。", "ありがとう。", "またね。"), "EN": ("Good morning.", "Thank you.", "See you.")}
    write_rendered(tmp_path / "rendered", languages=others)
    everything = {
        "train": {"phase": "joint", "sampler": "balanced_voices", "sample_every": 2, "steps": 2, "batch_size": 12}
    }
    corpus = {"languages": ["KR", "JP", "EN"]}
    job = training(tmp_path, corpus=corpus, phases=[{"name": "all", "params": everything}])
    job.run(progress=ignore)
    _, description = read_voice(job.folder)
    assert (description.language, description.speakers) == ("KR", ("alpha", "kumo"))
    assert description.trained_emotions == ("neutral", "happy")
    params = job.recipe.phases[0].params
    start = build_networks(params, synthesizer_settings(params, n_speakers=2)).synthesizer.state_dict()
    trained = read_weights(best(job, "all"), "model")
    moved = (trained[LANGUAGES] - start[LANGUAGES]).abs().amax(dim=1)
    assert [row for row, distance in enumerate(moved) if distance > 1e-6] == [0, 1, 2, 4], (
        "blanks, Japanese, English, Korean"
    )
    samples = sorted(path.name for path in tmp_path.rglob("samples/step_000002/*.wav"))
    assert samples == ["happy.wav", "neutral.wav"], "in the language of the project"


def best(job: BaseTraining, phase: str) -> Path:
    store = CheckpointStore(job.workplace / phase / "voice")
    step = store.marked("best")
    assert step is not None
    return store.path(step)


def test_each_phase_starts_where_the_one_before_ended(made: BaseTraining) -> None:
    sound, text = (read_weights(best(made, name), "ema") for name in ("sound", "text"))
    resting = [name for name in sound if name.startswith(SOUND)]
    assert resting
    for name, value in sound.items():
        assert torch.equal(text[name], value) == (name in resting), name
    for classifier in ("multi_period", "multi_resolution"):
        before, after = (read_weights(best(made, name), classifier) for name in ("sound", "text"))
        assert all(torch.equal(after[name], value) for name, value in before.items())
    report = json.loads((made.workplace / "all/voice/warm_start.json").read_text())
    assert not report["fresh"]
    assert not report["widened"]


def test_the_voice_is_in_half_precision_with_its_discriminators(made: BaseTraining) -> None:
    assert made.folder == made.root / "models/base/small"
    assert {path.name for path in made.folder.iterdir()} == {
        "config.json",
        "model.safetensors",
        "discriminators.safetensors",
    }
    weights = safetensors.torch.load_file(made.folder / "model.safetensors")
    averaged = read_weights(best(made, "all"), "ema")
    assert all(torch.equal(value, averaged[name].half()) for name, value in weights.items())
    synthesizer, description = read_voice(made.folder)
    assert {value.dtype for value in synthesizer.state_dict().values()} == {torch.float32}
    assert all(torch.equal(value.half(), weights[name]) for name, value in synthesizer.state_dict().items())
    assert description.speakers == ("alpha", "kumo")
    assert description.trained_emotions == ("neutral", "happy")


def test_it_can_be_started_from(made: BaseTraining, monkeypatch: pytest.MonkeyPatch) -> None:
    base = read_base(made.folder)
    assert set(base.discriminators) == {"multi_period", "multi_resolution", "duration"}
    for name, state in base.discriminators.items():
        trained = read_weights(best(made, "all"), name)
        assert state.keys() == trained.keys()
        for key, value in state.items():
            rows, kept = trained[key].reshape(len(value), -1), value.reshape(len(value), -1)
            if value.dim() > 1 and rows.shape[1] > 1:
                assert ((kept - rows).abs() <= rows.abs().amax(1, keepdim=True) / 253).all()
            else:
                assert torch.equal(value, trained[key].half().float())
    monkeypatch.chdir(made.root)
    (made.root / "models/base/compact-ko").symlink_to(made.folder)
    params = made.recipe.phases[2].params.model_copy(update={"base": "compact-ko"})
    assert base_folder(params) == Path("models/base/compact-ko")
    corpus = made.workplace / "all/corpus"
    description = voice_description(params, read_training_data(params, corpus))
    settings = synthesizer_settings(params, n_speakers=2)
    networks, report = networks_from_base(params, settings, description=description)
    assert report is not None
    assert not report.fresh
    assert all(
        torch.equal(value, base.synthesizer.state_dict()[name])
        for name, value in networks.synthesizer.state_dict().items()
    )


def test_a_base_without_its_folder(made: BaseTraining, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    params = made.recipe.phases[2].params.model_copy(update={"base": "compact-ko"})
    with pytest.raises(
        CheckpointError, match=r"compact-ko is not there(?s:.*)emotts base train experiments/base-compact-ko\.yaml"
    ):
        base_folder(params)


def test_the_discriminators_are_part_of_the_digest(made: BaseTraining, tmp_path: Path) -> None:
    write_base(tmp_path / "again", best(made, "all"))
    assert base_digest(tmp_path / "again") == base_digest(made.folder)
    (tmp_path / "again/discriminators.safetensors").unlink()
    assert base_digest(tmp_path / "again") != base_digest(made.folder)
    assert read_base(tmp_path / "again").discriminators == {}


def test_no_more_bytes_than_the_repository_takes(
    made: BaseTraining, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice, classifiers = ((made.folder / f"{name}.safetensors").stat().st_size for name in ("model", "discriminators"))
    assert write_base(tmp_path, best(made, "all")) == voice + classifiers
    monkeypatch.setattr("emotts.checkpoint.base.folder.MOST_BYTES", voice + classifiers - 1)
    assert voice < write_base(tmp_path, best(made, "all")) < voice + classifiers
    kept, known = read_base(tmp_path).discriminators, read_base(made.folder).discriminators
    sizes = {name: sum(value.numel() for value in state.values()) for name, state in known.items()}
    assert kept.keys() == known.keys() - {min(sizes, key=sizes.__getitem__)}, "the smallest one finds no room"
    monkeypatch.setattr("emotts.checkpoint.base.folder.MOST_BYTES", voice + 100)
    assert write_base(tmp_path, best(made, "all")) == voice
    assert not (tmp_path / "discriminators.safetensors").exists()
    monkeypatch.setattr("emotts.checkpoint.base.folder.MOST_BYTES", voice - 1)
    with pytest.raises(CheckpointError, match=r"too large for the repository(?s:.*)model\.synthesizer narrower"):
        write_base(tmp_path, best(made, "all"))


def test_each_phase_is_a_run_below_one_parent(made: BaseTraining) -> None:
    client = mlflow.MlflowClient(f"sqlite:///{made.root / 'mlruns.db'}")
    experiment = client.get_experiment_by_name("emotts")
    assert experiment is not None
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    assert set(runs) == {"base small", "small sound", "small text", "small all"}
    parent = runs["base small"].info.run_id
    for name in ("sound", "text", "all"):
        run = runs[f"small {name}"]
        assert run.data.tags["mlflow.parentRunId"] == parent
        assert run.info.status == "FINISHED"
        assert run.data.params["train.phase"] == {"sound": "autoencoder", "text": "prior", "all": "joint"}[name]
        assert "val/score" in run.data.metrics
        assert run.inputs.dataset_inputs[0].dataset.name == "small"


def test_what_is_finished_is_not_done_again_and_a_changed_phase_is(made: BaseTraining) -> None:
    before = {name: read_meta(best(made, name)).fingerprint for name in ("sound", "text", "all")}
    assert made.run(progress=lambda done, total, note: pytest.fail("it trains again"))
    kinds = {"sound": "autoencoder", "text": "prior", "all": "joint"}
    phases = [{"name": name, "params": {"train": {"phase": kind}}} for name, kind in kinds.items()]
    phases[1]["params"]["train"] |= {"alignment_slack_frames": 3}
    phases[2]["params"]["train"] |= {"steps": 1, "validate_every": 1, "learning_rate": 1.0e-3}
    again = training(made.root, phases=phases)
    seen: list[str] = []
    assert again.run("all", progress=lambda done, total, note: seen.append(note.split()[0]))
    assert seen == ["all"]
    after = {name: read_meta(best(made, name)).fingerprint for name in ("sound", "text", "all")}
    assert {name for name in before if before[name] != after[name]} == {"all"}


def test_a_phase_without_the_one_before(tmp_path: Path) -> None:
    write_rendered(tmp_path / "rendered")
    job = training(tmp_path)
    with pytest.raises(CheckpointError, match=r"phase all starts from phase text, which was not trained"):
        job.run("all", progress=ignore)
    with pytest.raises(ConfigError, match=r"no such phase(?s:.*)found: every(?s:.*)sound, text, all"):
        job.run("every", progress=ignore)


def test_the_digest_of_a_base_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no base voice is there(?s:.*)correct base in params\.yaml"):
        base_digest(tmp_path / "nowhere")
