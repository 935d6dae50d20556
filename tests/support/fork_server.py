"""A program that has imported the large libraries and forks: a Python process that starts at once.

It reads requests from its standard input, a line of JSON each, and answers with the exit status of what was asked for.
A fork runs ``python -m MODULE ARGUMENTS`` with folder, environment and streams of its own; the modules of the project
are imported by the fork, from its folder.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import sys
import threading
import traceback
from importlib import import_module
from typing import Any

import numpy as np

LIBRARIES = (
    "alembic",
    "lightning_fabric",
    "matplotlib.figure",
    "mlflow",
    "numba",
    "optuna",
    "pandas",
    "plotly.graph_objects",
    "scipy.signal",
    "scipy.stats",
    "sklearn.discriminant_analysis",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sqlalchemy",
    "torch",
)


def serve() -> dict[str, Any] | None:
    """Answer requests until there are no more, and return None; a fork returns its request."""
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            request: dict[str, Any] = json.loads(line)
            return request
        _, status = os.waitpid(process, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    return None


def run(request: dict[str, Any]) -> None:
    """Become the process that was asked for."""
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    for number, path in enumerate((os.devnull, request["stdout"], request["stderr"])):
        file = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115  (it stays open; the other one has read ahead)
    paths = request["environment"].get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:1] = [request["folder"], *(path for path in paths if path)]
    sys.argv = [request["module"], *request["arguments"]]
    np.random.seed()  # no two processes have the same random numbers
    end(call(request["module"]))


def call(module: str) -> int:
    """Run a module as the main one and return its exit status."""
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        sys.stderr.write(f"{error.code}\n")
        return 1
    except BaseException:  # noqa: BLE001  (as Python ends)
        traceback.print_exc()
        return 1
    return 0


def end(status: int) -> None:
    """End this process as Python does, without taking down the libraries' objects, which takes half a second."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    for library in LIBRARIES:
        import_module(library)
    gc.freeze()  # no fork goes through all these objects once more
    wanted = serve()
    if wanted is not None:
        run(wanted)
