"""The documented tracking server: MLflow in front of a real PostgreSQL, with a folder for files; over http alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import soundfile
import yaml
from support.postgresql import PostgreSQL, free_port
from support.project import REPOSITORY
from support.tiny_voice import SETTINGS

from emotts import Voice, build
from emotts.checkpoint.voice_folder import SpeakingStyle, VoiceDescription, write_voice
from emotts.comparison.compare import compare_results, read_results
from emotts.comparison.promotion import plan_promotion, promote
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip, save_clips
from emotts.model.settings import SynthesizerSettings
from emotts.model.synthesizer import Synthesizer
from emotts.reproduction.ingredients import read_ingredients
from emotts.text.symbols import SYMBOLS
from emotts.tracking import Tracker, log_source, register_voice, runs_page
from emotts.tracking.runs import find_run

pytestmark = pytest.mark.slow
START_TIMEOUT_S = 120
TEXTS = ("오늘 정말 기쁜 하루였어요!", "비가 와요.")


def documented_command(*, database: str, files: Path, port: int) -> list[str]:
    """Return the server's command of ``deploy/compose.yaml`` with addresses of this machine in place of containers'."""
    text = (REPOSITORY / "deploy/compose.yaml").read_text(encoding="utf-8")
    command = [str(word) for word in yaml.safe_load(text)["services"]["mlflow"]["command"]]
    assert command[:2] == ["mlflow", "server"]
    values = {
        "--backend-store-uri": database,
        "--artifacts-destination": str(files),
        "--host": "127.0.0.1",
        "--port": str(port),
        "--workers": "1",
        "--allowed-hosts": f"localhost,localhost:*,127.0.0.1,127.0.0.1:{port}",
    }
    words = []
    for word in command[2:]:
        name, _, _ = word.partition("=")
        words.append(f"{name}={values.pop(name)}" if name in values else word)
    assert not values, f"the compose file does not set {', '.join(values)}"
    return [sys.executable, "-m", *command[:2], *words]


def wait_until_it_answers(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            said = log.read_text(encoding="utf-8")
            assert server.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.2)


@pytest.fixture(scope="module")
def server(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a running tracking server; the environment names it as the store."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    address, log = f"http://127.0.0.1:{port}", folder / "log"
    command = documented_command(database=postgresql.create_database(), files=folder / "files", port=port)
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    environment.pop("MLFLOW_TRACKING_URI", None)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_until_it_answers(process, address, log)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MLFLOW_TRACKING_URI", address)
            yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@pytest.fixture(scope="module")
def small_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a voice so small that it speaks at once."""
    folder = tmp_path_factory.mktemp("voice") / "export"
    description = VoiceDescription(
        language="KR",
        sample_rate_hz=16000,
        emotion_names=("neutral", "happy", "sad", "angry", "depressed", "surprised", "fearful"),
        trained_emotions=("neutral", "happy", "sad"),
        speakers=("yuna",),
        symbols=tuple(SYMBOLS),
        speaking=SpeakingStyle(
            noise_scale=0.5, duration_noise_scale=0.5, sdp_ratio=0.0, length_scale=1.0, pause_s=0.25
        ),
        audio={"hop_length": 16},
    )
    write_voice(folder, Synthesizer(SynthesizerSettings.from_dict(SETTINGS)), description)
    return folder


def evaluated(root: Path, name: str, heard: str) -> Tracker:
    """Make a run as the pipeline does, with the clips of an evaluation."""
    sound = 0.25 * np.sin(np.arange(4000) / 20).astype(np.float32)
    tasks = [Task(number, text, "happy", own=True, shared=False) for number, text in enumerate(TEXTS)]
    save_clips([Clip(task, sound, 8000, None, heard, 0.5, None) for task in tasks], root / "reports/samples")
    with Tracker(root, experiment="voices", name=name) as tracker:
        tracker.params({f"model.width_{number}": number for number in range(250)})
        tracker.metrics({f"train/loss/{number}": 1.0 for number in range(1200)}, 7)
        tracker.metrics({"emotion_accuracy.balanced": float(heard == "happy")})
        tracker.tags({"data.corpus": "12.dir"})
        tracker.dataset(root / "data/corpus", name="nezumi", digest="1234", profile={"clips": 2})
        log_source(tracker, root, {"train": {"steps": 6}})
        figure = plt.figure()
        tracker.figure(figure, "pictures/empty.png")
        plt.close(figure)
        tracker.folder(root / "reports", "evaluation")
    return tracker


def register(tracker: Tracker, export: Path) -> str:
    return register_voice(
        tracker,
        export,
        name="emotts",
        loader_module="emotts.serve.pyfunc",
        code=build.package_folder(),
        requirements=build.package_requirements(),
        example={"text": "안녕하세요.", "emotion": "happy", "intensity": 1.0, "speed": 1.0},
    )


def test_everything_over_http(server: str, postgresql: PostgreSQL, small_export: Path, tmp_path: Path) -> None:
    first, second = evaluated(tmp_path, "before", "happy"), evaluated(tmp_path, "later", "sad")
    assert [path.name for path in tmp_path.iterdir()] == ["reports"], "nothing of the store lies here"
    run = find_run(tmp_path, "before", model="emotts")
    assert (run.run_id, run.status, len(run.params), run.data) == (first.run_id, "FINISHED", 250, {"nezumi": "1234"})
    assert len([name for name in run.metrics if name.startswith("train/loss/")]) == 1200
    assert read_ingredients(tmp_path, run).settings == "train:\n  steps: 6\n"
    assert runs_page(tmp_path, experiment="voices").startswith("#/experiments/")

    read = read_results(tmp_path, ["before", "later"], model="emotts", folder=tmp_path / "clips")
    (row,) = compare_results(read).figures
    assert (row.name, row.values) == ("emotion_accuracy.balanced", (1.0, 0.0))
    for each in read:
        assert [clip.key[0] for clip in each.clips] == list(TEXTS)
        samples, rate_hz = soundfile.read(each.clips[0].sound)
        assert (samples.size, rate_hz) == (4000, 8000)

    assert [register(tracker, small_export) for tracker in (first, second)] == ["1", "2"]
    promote(tmp_path, plan_promotion(tmp_path, "before", model="emotts", by="emotion_accuracy.balanced"))
    plan = plan_promotion(tmp_path, "later", model="emotts", by="emotion_accuracy.balanced")
    assert plan.objection == "emotion_accuracy.balanced is 0.000; the present champion has 1.000"
    voice, here = Voice.load("models:/emotts@champion"), Voice.load(small_export)
    assert np.array_equal(voice.speak("안녕하세요.").samples, here.speak("안녕하세요.").samples)
