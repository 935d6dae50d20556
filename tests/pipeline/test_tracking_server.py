"""The documented tracking server: MLflow in front of a real PostgreSQL, with a folder for files; over http alone."""

from __future__ import annotations

import os
import re
import shutil
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
import psycopg
import pytest
import soundfile
import yaml
from support.postgresql import PostgreSQL, free_port
from support.project import REPOSITORY
from support.tiny_voice import DESCRIPTION, make_synthesizer

from emotts import Voice
from emotts.checkpoint.voice_folder import write_voice
from emotts.evaluation.comparison.compare import compare_results, read_results
from emotts.evaluation.plan import Task
from emotts.evaluation.spoken import Clip, save_clips
from emotts.serving.requirements import serving_requirements
from emotts.tracking import Tracker, log_source, register_voice, runs_page
from emotts.tracking.provenance import read_provenance
from emotts.tracking.runs import find_run
from emotts.workflows.code import package_folder
from emotts.workflows.promotion import plan_promotion, promote

pytestmark = pytest.mark.slow
START_TIMEOUT_S = 120
TEXTS = ("오늘 정말 기쁜 하루였어요!", "비가 와요.")


IMAGES = {"mlflow": "Dockerfile", "voice": "serve.Dockerfile"}
COMPOSE = yaml.safe_load((REPOSITORY / "deploy/compose.yaml").read_text(encoding="utf-8"))["services"]


def documented_command(*, files: Path, port: int) -> list[str]:
    """Return the server's command of ``deploy/compose.yaml`` with addresses of this machine in place of containers'."""
    command = [str(word) for word in COMPOSE["mlflow"]["command"]]
    assert command[:2] == ["mlflow", "server"]
    values = {
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


def create_roles(postgresql: PostgreSQL) -> dict[str, str]:
    """Run ``deploy/roles.sql`` as the container does; return the roles' passwords."""
    passwords = {"mlflow": "one-of-mlflow", "studies": "one-of-studies"}
    environment = {f"{role.upper()}_PASSWORD": password for role, password in passwords.items()}
    postgresql.run_file(REPOSITORY / "deploy/roles.sql", environment=environment)
    return passwords


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
    passwords = create_roles(postgresql)
    command = documented_command(files=folder / "files", port=port)
    documented = COMPOSE["mlflow"]["environment"]
    assert documented["MLFLOW_BACKEND_STORE_URI"] == "postgresql://mlflow:${MLFLOW_PASSWORD}@postgresql:5432/mlflow"
    environment = {**os.environ, **documented}
    environment["MLFLOW_BACKEND_STORE_URI"] = postgresql.url("mlflow", user="mlflow", password=passwords["mlflow"])
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
    write_voice(folder, make_synthesizer(), DESCRIPTION)
    return folder


def evaluated(root: Path, name: str, heard: str) -> Tracker:
    """Make a run as the pipeline does, with the clips of an evaluation."""
    sound = 0.25 * np.sin(np.arange(4000) / 20).astype(np.float32)
    tasks = [Task(number, text, "happy", own=True, shared=False) for number, text in enumerate(TEXTS)]
    save_clips([Clip(task, sound, 8000, None, heard, 0.5, None) for task in tasks], root / "reports/samples")
    with Tracker(root, experiment="voices", name=name) as tracker:
        tracker.params({f"model.width_{number}": number for number in range(250)})
        tracker.metrics({f"train/loss/{number}": 1.0 for number in range(1200)}, 7)
        right = float(heard == "happy")
        tracker.metrics({"emotion_accuracy.balanced": right, "emotion_accuracy.happy": right})
        tracker.tags({"data.corpus": "12.dir"})
        tracker.dataset(root / "data/corpus", name="nezumi", digest="1234", profile={"clips": 2})
        log_source(tracker, root, {"train": {"steps": 6}})
        figure = plt.figure()
        tracker.picture(figure, "empty", step=3)
        plt.close(figure)
        tracker.folder(root / "reports", "evaluation")
    return tracker


def register(tracker: Tracker, export: Path) -> str:
    return register_voice(
        tracker,
        export,
        name="emotts",
        loader_module="emotts.serving.pyfunc",
        code=package_folder(),
        requirements=serving_requirements(bert=False),
        example={"text": "안녕하세요.", "emotion": "happy", "intensity": 1.0, "speed": 1.0},
    )


def test_everything_over_http(server: str, postgresql: PostgreSQL, small_export: Path, tmp_path: Path) -> None:
    first, second = evaluated(tmp_path, "before", "happy"), evaluated(tmp_path, "later", "sad")
    assert [path.name for path in tmp_path.iterdir()] == ["reports"], "nothing of the store lies here"
    run = find_run(tmp_path, "before", model="emotts")
    assert (run.run_id, run.status, len(run.params), run.data) == (first.run_id, "FINISHED", 250, {"nezumi": "1234"})
    assert len([name for name in run.metrics if name.startswith("train/loss/")]) == 1200
    assert read_provenance(tmp_path, run).settings == "train:\n  steps: 6\n"
    assert runs_page(tmp_path, experiment="voices", metrics=("rtf",)).startswith("#/experiments/")

    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    command = [sys.executable, "-m", "emotts.cli", "ui"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"MLflow: {server}/ ")

    read = read_results(tmp_path, ["before", "later"], model="emotts", folder=tmp_path / "clips", former_keys={})
    rows = {row.name: row.values for row in compare_results(read).metrics}
    assert rows == {"emotion_accuracy.balanced": (1.0, 0.0), "emotion_accuracy.happy": (1.0, 0.0)}
    for each in read:
        assert [clip.key[0] for clip in each.clips] == list(TEXTS)
        samples, rate_hz = soundfile.read(each.clips[0].sound)
        assert (samples.size, rate_hz) == (4000, 8000)

    assert [register(tracker, small_export) for tracker in (first, second)] == ["1", "2"]
    promote(tmp_path, plan_promotion(tmp_path, "before", model="emotts"))
    plan = plan_promotion(tmp_path, "later", model="emotts")
    assert plan.objection is not None
    assert plan.objection.startswith("emotion_accuracy.balanced is 0.000, the present champion has 1.000: -1.000 [")
    voice, here = Voice.load("models:/emotts@champion"), Voice.load(small_export)
    assert np.array_equal(voice.speak("안녕하세요.").samples, here.speak("안녕하세요.").samples)


def test_a_role_reaches_its_own_database_and_no_program(server: str, postgresql: PostgreSQL) -> None:
    studies = postgresql.url("studies", user="studies", password="one-of-studies")
    with psycopg.connect(studies, autocommit=True) as connection:
        connection.execute("CREATE TABLE trials (number integer)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="to COPY to or from an external program"):
            connection.execute("COPY trials TO PROGRAM 'cat'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="to create role"):
            connection.execute("CREATE ROLE other")
    for database in ("mlflow", "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match=f'permission denied for database "{database}"'):
            psycopg.connect(postgresql.url(database, user="studies", password="one-of-studies"))


def test_the_containers_run_with_few_rights_and_report_their_health() -> None:
    images = {name: (REPOSITORY / "deploy" / file).read_text(encoding="utf-8") for name, file in IMAGES.items()}
    for name, service in COMPOSE.items():
        if name in images:
            assert re.search(r"^USER (?!root)\w+$", images[name], re.MULTILINE)
        assert "healthcheck" in service or "\nHEALTHCHECK " in images[name]
        assert service["security_opt"] == ["no-new-privileges:true"]
        for port in service["ports"]:
            assert port.startswith("${BIND:-127.0.0.1}:"), "nobody else is let in unless BIND says so"
    assert "PASSWORD" not in " ".join(COMPOSE["mlflow"]["command"]), "every user of the machine can read a command"
    assert "/deploy/.env" in (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
