"""A fresh virtual environment with the requirements of a registered voice, served by MLflow: seconds and megabytes.

python benchmarks/serving.py [--model models:/emotts/1] [--folder /tmp/serving] [--speaker NAME]

"""

from __future__ import annotations

import argparse
import base64
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from emotts.tracking.store import at_store

PORT = 5081
WAIT_S = 180
ROW = {"text": "안녕하세요.", "emotion": "happy", "pitch_shift": 2.0, "pause_scale": 0.5, "seed": 3}
PREDICT = """
import base64, json, sys
import mlflow, pandas
model = mlflow.pyfunc.load_model(sys.argv[1])
print(len(base64.b64decode(model.predict(pandas.DataFrame([json.loads(sys.argv[2])]))["wav_base64"][0])))
try:
    model.predict(pandas.DataFrame([{"text": "네.", "pitch": 1}]))
except Exception as error:
    print(type(error).__name__, error)
"""


def main() -> None:
    """Build the environment, serve the voice, let it speak, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="models:/emotts/1")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/serving"))
    parser.add_argument("--speaker", help="where the voice has several")
    options = parser.parse_args()
    row = {**ROW, "speaker": options.speaker} if options.speaker else ROW
    shutil.rmtree(options.folder, ignore_errors=True)
    with at_store(Path()) as mlflow:
        model = Path(mlflow.artifacts.download_artifacts(options.model, dst_path=str(options.folder / "model")))
    start = time.perf_counter()
    python = install(model / "requirements.txt", options.folder / "environment")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"installed in {time.perf_counter() - start:.0f} s ({used.ru_utime + used.ru_stime:.0f} s of computing), ",
        end="",
    )
    print(f"{megabytes(options.folder / 'environment'):.0f} MB")
    start = time.perf_counter()
    predict = [str(python), "-c", PREDICT, str(model), json.dumps(row)]
    done = subprocess.run(predict, cwd=options.folder, stdout=subprocess.PIPE, check=True)
    n_bytes, refusal = done.stdout.decode().split("\n", 1)
    print(f"load_model: {n_bytes} bytes of wav {time.perf_counter() - start:.0f} s after the start; then {refusal}")
    start = time.perf_counter()
    command = [str(python.with_name("mlflow")), "models", "serve", "--model-uri", str(model)]
    command += ["--env-manager", "local", "--port", str(PORT)]
    environment = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    with subprocess.Popen(command, cwd=options.folder, env=environment) as server:
        try:
            n_bytes = speak(row)
            print(f"spoke {n_bytes} bytes of wav {time.perf_counter() - start:.0f} s after the start")
        finally:
            server.terminate()


def install(requirements: Path, folder: Path) -> Path:
    """Make a virtual environment with these requirements; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin/python"
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
    command += ["--requirement", str(requirements)]
    subprocess.run(command, check=True)
    return python


def megabytes(folder: Path) -> float:
    """Return the size of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


def speak(row: dict[str, object]) -> int:
    """Ask the server for a row as soon as it answers; return the size of its sound in bytes."""
    content = json.dumps({"dataframe_records": [row]}).encode()
    address = f"http://127.0.0.1:{PORT}/invocations"
    request = urllib.request.Request(address, data=content, headers={"Content-Type": "application/json"})
    end = time.monotonic() + WAIT_S
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                (row,) = json.loads(answer.read())["predictions"]
                return len(base64.b64decode(row["wav_base64"]))
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


if __name__ == "__main__":
    main()
